from django.core.exceptions import ImproperlyConfigured
from django_cleanup import cache
from django_cleanup.apps import CleanupSelectedConfig


class FileRemovalConfig(CleanupSelectedConfig):
    """django-cleanup, which knows the models whose files go with their rows (``@cleanup.select``).

    How files go is ours: written down with the deletion, and tried again until a storage that fails has done it
    (deletion/removal.py). It takes the place of what Wagtail does about them, too, so it comes last in
    ``INSTALLED_APPS``.
    """

    def ready(self) -> None:
        from django.db.models.signals import post_delete
        from wagtail.documents import signal_handlers as documents
        from wagtail.images import signal_handlers as images

        from media_library.deletion.removal import remove_files_of_row
        from media_library.models import CustomDocument, CustomImage, CustomRendition

        for theirs, model in (
            (images.post_delete_file_cleanup, CustomImage),
            (images.post_delete_file_cleanup, CustomRendition),
            (documents.post_delete_file_cleanup, CustomDocument),
        ):
            if not post_delete.disconnect(theirs, sender=model):
                raise ImproperlyConfigured("FileRemovalConfig must be the last in INSTALLED_APPS.")
        cache.prepare(True)
        for selected in cache.cleanup_models():
            post_delete.connect(remove_files_of_row, sender=selected)
