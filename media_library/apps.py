from django.apps import AppConfig
from django.db.models import ForeignKey


class MediaLibraryConfig(AppConfig):
    name = "media_library"
    verbose_name = "Media library"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from wagtail.admin.forms.models import register_form_field_override
        from wagtail.api.v3.api import api as api_v3
        from wagtail.models import ReferenceIndex
        from wagtail.permissions import register_permission_policy

        from media_library import checks, signal_handlers, watermarks  # noqa: F401
        from media_library.admin.chooser import AdminVideoChooser
        from media_library.admin.permissions import video_permission_policy
        from media_library.api import errors
        from media_library.imaging import willow_plugin
        from media_library.models import CollectionSettings, Video

        willow_plugin.register()
        signal_handlers.register(self)
        watermarks.register()
        errors.register(api_v3)
        register_permission_policy(Video, video_permission_policy)
        register_form_field_override(ForeignKey, to=Video, override={"widget": AdminVideoChooser})
        for model in (Video, CollectionSettings):
            ReferenceIndex.register_model(model)
