"""The log of what becomes of files: a line for each step, and the stack trace with what failed.

    asset=12 storage=originals backend=S3Originals cloudinary=False public_id='' what='image' file='…' result='removed'

``cloudinary`` is the setting ``USE_CLOUDINARY``.
"""

import logging

from django.conf import settings
from django.core.files.storage import storages

from media_library.models import FileRemoval

# Of the room, as operators filter it.
logger = logging.getLogger("media_library.deletion")


def log_step(removal: FileRemoval, name: str, result: str) -> None:
    logger.info(step(removal, name, result))


def step(removal: FileRemoval, name: str, result: str) -> str:
    """The line of a step."""
    storage = storages[removal.storage]
    name_there = getattr(storage, "public_id", None)
    facts = {
        "asset": removal.asset_id,
        "storage": removal.storage,
        "backend": type(storage).__name__,
        "cloudinary": getattr(settings, "USE_CLOUDINARY", False),
        # Of a folder there is none.
        "public_id": repr(name_there(name) if name_there and not name.endswith("/") else ""),
        "what": repr(str(removal.what)),
        "file": repr(name),
        "result": repr(result),
    }
    return " ".join(f"{key}={value}" for key, value in facts.items())
