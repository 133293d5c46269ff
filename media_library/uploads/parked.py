"""Uploads that Wagtail parks until an editor has said what is missing: originals, so not in public storage."""

from django.core.files.storage import default_storage
from django.utils.functional import SimpleLazyObject
from wagtail.models import UploadedFile

from media_library.models.files import originals_storage


def park_privately() -> None:
    field = UploadedFile._meta.get_field("file")
    field.storage = SimpleLazyObject(originals_storage)
    # Wagtail's migrations know of no other storage, and must not seem to differ.
    field._storage_callable = default_storage
