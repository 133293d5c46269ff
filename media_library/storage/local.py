"""Files on a disk of this machine, or one that several machines share."""

from typing import NoReturn

from django.core.files.storage import FileSystemStorage


class PrivateFileSystemStorage(FileSystemStorage):
    """Local files that have no URL: originals hold EXIF and GPS, so nobody gets them by an address."""

    def url(self, name: str | None) -> NoReturn:
        # Django's word for a storage without addresses; Wagtail then hands documents out itself.
        raise NotImplementedError("Originals are private and have no URL. Use a rendition or the serve view.")
