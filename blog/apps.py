from django.apps import AppConfig


class BlogConfig(AppConfig):
    name = "blog"
    verbose_name = "Blog"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from wagtail.signals import page_published

        from blog.editorial import people
        from blog.editorial.permissions import register_policy
        from blog.editorial.publication import note_copy
        from blog.experiments import permissions as experiments
        from blog.seo import signal_handlers
        from blog.signal_handlers import connect

        people.register()
        register_policy()
        experiments.register()
        signal_handlers.register()
        connect()
        page_published.connect(note_copy)
