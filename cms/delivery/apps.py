from django.apps import AppConfig


class DeliveryConfig(AppConfig):
    name = "cms.delivery"
    label = "delivery"
    verbose_name = "Delivery"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from cms.delivery import counts, signal_handlers
        from cms.delivery.media_hosts import forget_answers
        from cms.delivery.purge import delivered, line
        from cms.delivery.signals import response_delivered
        from media_library.api.counting import keep_counts_with
        from media_library.signals import media_host_changed

        signal_handlers.register()
        keep_counts_with(counts.keep)
        media_host_changed.connect(forget_answers)
        if line.forgets_by_url_only():
            response_delivered.connect(delivered.note)
