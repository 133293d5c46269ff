from django.apps import AppConfig


class SharingConfig(AppConfig):
    name = "cms.sharing"
    label = "sharing"
    verbose_name = "Sharing"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from cms.sharing import signal_handlers

        signal_handlers.register()
