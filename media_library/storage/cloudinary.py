"""Files on Cloudinary, by its SDK: https://cloudinary.com/documentation/image_upload_api_reference

Cloud name, key and secret are the SDK's to find, in ``CLOUDINARY_CLOUD_NAME``, ``CLOUDINARY_API_KEY`` and
``CLOUDINARY_API_SECRET``; they never stand in ``OPTIONS``, which Wagtail puts into its queue.
"""

import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import PurePosixPath
from typing import Any, NoReturn

import cloudinary.api
import cloudinary.uploader
import cloudinary.utils
import urllib3
from cloudinary.exceptions import Error, GeneralError, NotFound
from django.core.files.base import File
from django.core.files.storage import Storage
from django.utils.deconstruct import deconstructible

from media_library.storage.content_types import content_type
from media_library.storage.files import StoredFile

SECONDS = 60
"""For one request, a part of a large file among them."""

PART_BYTES = 20 * 1024**2
"""Cloudinary takes up to 100 MB in one request."""

RATE_LIMITED = {420, 429}

BLOCK = 256 * 1024

_http = urllib3.PoolManager(timeout=urllib3.Timeout(connect=5, read=SECONDS), retries=urllib3.Retry(2))


class CloudinaryError(OSError):
    """Cloudinary is away, refuses, or answers what it never should."""


@deconstructible
class CloudinaryFiles(Storage):
    """What both storages have in common. ``prefix`` is the folder in front of every public id."""

    delivery = "upload"
    """Cloudinary's delivery type: "upload" is read by anybody, "authenticated" at signed addresses only."""

    has_ending = False
    """Whether public ids of pictures and films end as the file's name does. Those of raw files always do."""

    types: dict[str, str] = {}
    """Cloudinary's resource type by the first part of the MIME type; "raw" for all others, byte for byte."""

    def __init__(self, prefix: str = "") -> None:
        self.prefix = f"{prefix.strip('/')}/" if prefix.strip("/") else ""

    def resource_type(self, name: str) -> str:
        """ "image", "video" (sounds, too) or "raw"."""
        return self.types.get(content_type(name).partition("/")[0], "raw")

    def public_id(self, name: str) -> str:
        """What Cloudinary calls a file."""
        if self.resource_type(name) != "raw" and not self.has_ending:
            name = str(PurePosixPath(name).with_suffix(""))
        return f"{self.prefix}{name}"

    def get_available_name(self, name: str, max_length: int | None = None) -> str:
        """A name holds a hash of the bytes, and asking for it counts against a limit of requests."""
        return name

    def _save(self, name: str, content: Any) -> str:
        content.seek(0)
        with _told("upload", name):
            answer = cloudinary.uploader.upload_large(
                _Unclosed(content),
                filename=PurePosixPath(name).name,
                public_id=self.public_id(name),
                chunk_size=PART_BYTES,
                overwrite=True,
                invalidate=True,
                **self._place(name),
            )
        if not isinstance(answer, dict) or answer.get("bytes") != content.size:
            raise CloudinaryError(f"Cloudinary did not keep {name} as it was sent: {str(answer)[:500]}")
        return name

    def _open(self, name: str, mode: str = "rb") -> File:
        if mode != "rb":
            raise ValueError("Files on Cloudinary are written whole, by save().")
        kept = tempfile.SpooledTemporaryFile(max_size=8 * 1024**2)  # noqa: SIM115 - closed by whoever opened it
        with _told("download", name):
            answer = _http.request("GET", self._download_url(name, 60 * 60), preload_content=False)
            try:
                if answer.status == 404:
                    raise FileNotFoundError(f"There is no {name} on Cloudinary")
                if answer.status in RATE_LIMITED or answer.status >= 500:
                    raise GeneralError(f"Cloudinary answers {answer.status} for {name}")
                if answer.status != 200:
                    raise CloudinaryError(f"Cloudinary answers {answer.status} for {name}")
                for block in answer.stream(BLOCK):
                    kept.write(block)
            finally:
                answer.release_conn()
        kept.seek(0)
        return File(kept, name)

    def delete(self, name: str) -> None:
        """Delete a file, and have Cloudinary's CDN forget it. Raises ``FileNotFoundError`` if there is none."""
        with _told("delete", name):
            answer = cloudinary.uploader.destroy(self.public_id(name), invalidate=True, **self._place(name))
        result = answer.get("result") if isinstance(answer, dict) else answer
        if result == "not found":
            raise FileNotFoundError(f"There is no {name} on Cloudinary")
        if result != "ok":
            raise CloudinaryError(f"Cloudinary did not delete {name}: {str(answer)[:500]}")

    def exists(self, name: str) -> bool:
        try:
            self._facts(name)
        except FileNotFoundError:
            return False
        return True

    def size(self, name: str) -> int:
        return int(self._facts(name)["bytes"])

    def get_modified_time(self, name: str) -> datetime:
        return datetime.fromisoformat(self._facts(name)["created_at"])

    def walk(self, folder: str = "") -> Iterator[StoredFile]:
        """Yield all files below ``folder``, five hundred in one request, with their sizes and times."""
        prefix = f"{self.prefix}{folder}/" if folder else self.prefix
        for kind in ("image", "video", "raw"):
            cursor = None
            while True:
                with _told("list", prefix):
                    answer = cloudinary.api.resources(
                        resource_type=kind,
                        type=self.delivery,
                        prefix=prefix,
                        max_results=500,
                        next_cursor=cursor,
                        timeout=SECONDS,
                    )
                for one in answer["resources"]:
                    yield StoredFile(
                        self._name(kind, one), int(one["bytes"]), datetime.fromisoformat(one["created_at"])
                    )
                cursor = answer.get("next_cursor")
                if not cursor:
                    break

    def listdir(self, path: str) -> tuple[list[str], list[str]]:
        inside = [one.name.removeprefix(f"{path}/" if path else "") for one in self.walk(path)]
        folders = {name.partition("/")[0] for name in inside if "/" in name}
        return sorted(folders), sorted(name for name in inside if "/" not in name)

    def _name(self, kind: str, told: dict[str, Any]) -> str:
        name = str(told["public_id"]).removeprefix(self.prefix)
        return name if kind == "raw" or self.has_ending else f"{name}.{told['format']}"

    def _place(self, name: str) -> dict[str, Any]:
        return {"resource_type": self.resource_type(name), "type": self.delivery, "timeout": SECONDS}

    def _facts(self, name: str) -> dict[str, Any]:
        with _told("look up", name):
            return cloudinary.api.resource(self.public_id(name), **self._place(name))

    def _download_url(self, name: str, seconds: int, *, as_attachment: bool = False) -> str:
        """Signed, and good for a while: the bytes as they were sent, whatever the resource type."""
        kind = self.resource_type(name)
        return cloudinary.utils.private_download_url(
            self.public_id(name),
            "" if kind == "raw" else PurePosixPath(name).suffix.lstrip("."),
            resource_type=kind,
            type=self.delivery,
            attachment=as_attachment or None,
            expires_at=int(time.time()) + seconds,
        )


@deconstructible
class CloudinaryOriginals(CloudinaryFiles):
    """What editors uploaded: delivered to nobody but who has a signed address."""

    delivery = "authenticated"
    # Cameras write .jpeg where Cloudinary says jpg: the name must be found again.
    has_ending = True
    types = {"image": "image", "video": "video", "audio": "video"}

    def url(self, name: str | None) -> NoReturn:
        raise NotImplementedError("Originals are private and have no URL. Use a rendition or the serve view.")

    def signed_url(self, name: str, seconds: int, filename: str, mime_type: str, *, as_attachment: bool) -> str:
        """An address at which whoever has it gets the file for so many seconds."""
        return self._download_url(name, seconds, as_attachment=as_attachment)


@deconstructible
class CloudinaryRenditions(CloudinaryFiles):
    """What workers made, delivered by Cloudinary's CDN.

    Films are raw here: playlists name their files by relative addresses and ranges of bytes, and Cloudinary has no
    need to encode again what is encoded.
    """

    types = {"image": "image"}

    def url(self, name: str | None) -> str:
        name = str(name)
        kind = self.resource_type(name)
        ending = None if kind == "raw" else PurePosixPath(name).suffix.lstrip(".")
        address, _options = cloudinary.utils.cloudinary_url(
            self.public_id(name), resource_type=kind, type=self.delivery, format=ending, secure=True
        )
        return str(address)


class _Unclosed:
    """An open file that the SDK can't close: whoever opened it goes on reading."""

    def __init__(self, content: Any) -> None:
        self.read, self.seek, self.tell = content.read, content.seek, content.tell

    def __enter__(self) -> "_Unclosed":
        return self

    def __exit__(self, *args: object) -> None:
        """Leave it open."""


@contextmanager
def _told(what: str, name: str) -> Iterator[None]:
    try:
        yield
    except NotFound as error:
        raise FileNotFoundError(f"There is no {name} on Cloudinary") from error
    except (Error, urllib3.exceptions.HTTPError, ValueError, LookupError, AttributeError, TypeError) as error:
        # The last ones are the SDK's, when an answer is not of the shape that it expects.
        raise CloudinaryError(f"Cloudinary could not {what} {name}: {error}") from error
