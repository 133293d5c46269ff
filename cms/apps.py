from django.apps import AppConfig


class CmsConfig(AppConfig):
    name = "cms"
    verbose_name = "Darkroom"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from cms.operations import checks  # noqa: F401
