from django.apps import AppConfig


class MediaLibraryConfig(AppConfig):
    name = "media_library"
    verbose_name = "Media library"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from wagtail.models import ReferenceIndex

        from media_library import checks, rights, signal_handlers, watermarks  # noqa: F401
        from media_library.admin.permissions import register_policies
        from media_library.api.v3 import relations, streams
        from media_library.imaging import willow_plugin
        from media_library.models import Audio, CollectionSettings, MediaCollection, Video
        from media_library.uploads.parked import park_privately

        willow_plugin.register()
        park_privately()
        signal_handlers.register(self)
        watermarks.register()
        streams.register()
        relations.register()
        register_policies()
        for referring in (Video, Audio, CollectionSettings, MediaCollection):
            ReferenceIndex.register_model(referring)
