"""Where imported files come from: a folder of this machine, or a bucket."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import IO, Any, Protocol
from urllib.parse import urlsplit

from media_library.conf import conf
from media_library.exceptions import ImportSourceError


@dataclass(frozen=True)
class Found:
    """A file of a source: where it is, its path below the source, its bytes, and a mark that changes with it."""

    location: str
    path: PurePosixPath
    size: int
    mark: str


class Source(Protocol):
    def files(self) -> Iterator[Found]:
        """All files, one after the other, in the same order each time. Raises ``ImportSourceError``."""

    def open(self, found: Found) -> Any:
        """A context manager around the open file, on this machine. Raises ``OSError`` or ``ImportSourceError``."""


def source_of(address: str) -> Source:
    """The source at ``/srv/photos`` or ``s3://bucket/prefix``. Raises ``ImportSourceError`` where there is none."""
    if address.startswith("s3://"):
        parts = urlsplit(address)
        return Bucket(parts.netloc, parts.path.strip("/"))
    root = Path(address).expanduser()
    if not root.is_dir():
        raise ImportSourceError(f"There is no folder {root}. Name a folder, or s3://bucket/prefix.")
    return Folder(root.resolve())


@dataclass(frozen=True)
class Folder:
    root: Path

    def files(self) -> Iterator[Found]:
        for parent, folders, names in os.walk(self.root, onerror=_refuse):
            # In place: where to go on, and in which order. What is hidden is the system's own.
            folders[:] = sorted(name for name in folders if not name.startswith("."))
            for name in sorted(name for name in names if not name.startswith(".")):
                path = Path(parent, name)
                if path.is_file():
                    stat = path.stat()
                    relative = PurePosixPath(path.relative_to(self.root).as_posix())
                    yield Found(str(path), relative, stat.st_size, str(stat.st_mtime_ns))

    @contextmanager
    def open(self, found: Found) -> Iterator[IO[bytes]]:
        with Path(found.location).open("rb") as file:
            yield file


def _refuse(error: OSError) -> None:
    raise ImportSourceError(f"{error.filename} can't be read: {error.strerror}.")


@dataclass(frozen=True)
class Bucket:
    """S3, or what speaks like it; keys, region and endpoint are those of the environment (``AWS_…``)."""

    name: str
    prefix: str = ""

    @cached_property
    def client(self) -> Any:
        import boto3

        return boto3.client("s3")

    def files(self) -> Iterator[Found]:
        folder = f"{self.prefix}/" if self.prefix else ""
        with _explained():
            for page in self.client.get_paginator("list_objects_v2").paginate(Bucket=self.name, Prefix=folder):
                for one in page.get("Contents", ()):
                    path = PurePosixPath(one["Key"].removeprefix(folder))
                    if not one["Key"].endswith("/") and not any(part.startswith(".") for part in path.parts):
                        yield Found(f"s3://{self.name}/{one['Key']}", path, one["Size"], one["ETag"].strip('"'))

    @contextmanager
    def open(self, found: Found) -> Iterator[IO[bytes]]:
        key = found.location.removeprefix(f"s3://{self.name}/")
        with tempfile.TemporaryFile(dir=conf.work_dir) as file:
            with _explained():
                self.client.download_fileobj(self.name, key, file)
            file.seek(0)
            yield file


@contextmanager
def _explained() -> Iterator[None]:
    from boto3.exceptions import Boto3Error
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        yield
    except (Boto3Error, BotoCoreError, ClientError) as error:
        raise ImportSourceError(f"The bucket does not answer as it should: {error}") from error
