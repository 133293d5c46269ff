from django.apps import AppConfig
from django.conf import settings


class CmsConfig(AppConfig):
    name = "cms"
    verbose_name = "Darkroom"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from django.db.models.signals import post_delete, post_save
        from wagtail.models import CollectionViewRestriction

        from cms import media_files
        from cms.operations import checks, metrics, sentry, tracing  # noqa: F401
        from cms.security import inline_scripts

        inline_scripts.ready()
        for signal in (post_save, post_delete):
            signal.connect(media_files.forget_privacy, sender=CollectionViewRestriction)
        tracing.connect()
        metrics.connect()
        sentry.start(
            settings.SENTRY_DSN, settings.SENTRY_ENVIRONMENT, settings.SENTRY_RELEASE, settings.SENTRY_SAMPLE_RATE
        )
