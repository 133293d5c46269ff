"""Where files lie, and the little that differs between kinds of storage: local, S3, Cloudinary.

Two storages hold the library, the aliases ``originals`` (private) and ``default`` (public). Which kind they are is
for the environment to say (cms/media_storages.py). See docs/decisions/0037.
"""

from media_library.storage.away import is_away
from media_library.storage.files import (
    StoredFile,
    forget_copy,
    kept_path,
    list_folder,
    local_path,
    remove_unreferenced,
    walk,
    work_folder,
)
from media_library.storage.local import PrivateFileSystemStorage

__all__ = [
    "PrivateFileSystemStorage",
    "StoredFile",
    "forget_copy",
    "is_away",
    "kept_path",
    "list_folder",
    "local_path",
    "remove_unreferenced",
    "walk",
    "work_folder",
]
