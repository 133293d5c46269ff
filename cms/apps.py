from django.apps import AppConfig
from django.conf import settings


class CmsConfig(AppConfig):
    name = "cms"
    verbose_name = "Darkroom"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from cms.operations import checks, metrics, sentry, tracing  # noqa: F401
        from cms.security import inline_scripts

        inline_scripts.ready()
        tracing.connect()
        metrics.connect()
        sentry.start(
            settings.SENTRY_DSN, settings.SENTRY_ENVIRONMENT, settings.SENTRY_RELEASE, settings.SENTRY_SAMPLE_RATE
        )
