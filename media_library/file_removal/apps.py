from django.apps import AppConfig
from django.core.exceptions import ImproperlyConfigured


class FileRemovalConfig(AppConfig):
    """Takes the place of what Wagtail does about the files of deleted rows, so it comes last in INSTALLED_APPS."""

    name = "media_library.file_removal"
    label = "media_library_file_removal"

    def ready(self) -> None:
        from django.db.models.signals import post_delete
        from wagtail.documents import signal_handlers as documents
        from wagtail.images import signal_handlers as images

        from media_library.deletion.removal import models_with_files, remove_files_of_row
        from media_library.models import CustomDocument, CustomImage, CustomRendition

        for theirs, model in (
            (images.post_delete_file_cleanup, CustomImage),
            (images.post_delete_file_cleanup, CustomRendition),
            (documents.post_delete_file_cleanup, CustomDocument),
        ):
            if not post_delete.disconnect(theirs, sender=model):
                raise ImproperlyConfigured("media_library.file_removal must be the last in INSTALLED_APPS.")
        for with_files in models_with_files():
            post_delete.connect(remove_files_of_row, sender=with_files)
