"""Names of files. Each holds the asset's id, its version and a hash of the bytes, so a name never changes meaning."""

import hashlib
import logging
import secrets
from pathlib import PurePosixPath
from typing import Any

from django.core.files.storage import Storage, storages
from django.utils.text import slugify

logger = logging.getLogger(__name__)

HASH_LENGTH = 12
"""Hexadecimal digits of the SHA-256 in a name: 48 bits, within the folder of one version of one asset."""


def originals_storage() -> Storage:
    """The private storage of what editors uploaded."""
    return storages["originals"]


def public_storage() -> Storage:
    """The public storage of what workers made."""
    return storages["default"]


def sha256(file: Any) -> str:
    """Hash an open binary file from its beginning, and leave it at its beginning. Returns 64 hexadecimal digits."""
    file.seek(0)
    digest = hashlib.file_digest(file, "sha256").hexdigest()
    file.seek(0)
    return digest


def original_name(kind: str, asset_id: int | None, version: int, digest: str, filename: str) -> str:
    """Name an uploaded file, e.g. ``image/12/1/9f86d081884c-harbour.jpg``.

    ``asset_id`` is None and ``digest`` empty when Wagtail stores a file before its row.
    """
    path = PurePosixPath(filename)
    stem = slugify(path.stem)[:60] or "file"
    folder = str(asset_id) if asset_id is not None else "new"
    mark = (digest or secrets.token_hex())[:HASH_LENGTH]
    return f"{kind}/{folder}/{version}/{mark}-{stem}{path.suffix.lower()}"


def developed_folder(asset_id: int, version: int) -> str:
    """The folder of everything that was made from one version of an asset, e.g. ``12/1``."""
    return f"{asset_id}/{version}"


def developed_name(asset_id: int, version: int, label: str, digest: str, extension: str) -> str:
    """Name something made from an asset, e.g. ``12/1/w640-2c26b46b68ff.avif``."""
    return f"{developed_folder(asset_id, version)}/{label}-{digest[:HASH_LENGTH]}.{extension}"


def discard(storage: Storage, name: str, error: BaseException) -> None:
    """Delete a file whose row was not committed because of ``error``, which is what the caller goes on to raise.

    A storage that fails now, too, is only logged: whoever catches the error at the door writes down what is left
    (``deletion.remove_left_behind``).
    """
    try:
        storage.delete(name)
    except FileNotFoundError:
        pass
    except Exception:
        logger.exception("%r can't be removed from %s after: %s", name, type(storage).__name__, error)
