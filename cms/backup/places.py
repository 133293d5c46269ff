"""Where backups are kept: a folder, or a bucket of S3 or what speaks as it does. Both are storages of Django."""

import errno
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.conf import settings
from django.core.files.base import File
from django.core.files.storage import FileSystemStorage, Storage
from storages.backends.s3 import S3Storage

from cms.backup.errors import BackupError

SPOOL_BYTES = 8 * 1024**2
"""What is read from a bucket is kept in memory up to so much, then on disk."""

CONNECT_SECONDS, READ_SECONDS, ATTEMPTS = 10, 60, 5


class Folder(FileSystemStorage):
    """A folder in which a file is there whole or not at all, whatever happens while it is written."""

    def __init__(self, location: str):
        super().__init__(location=location, allow_overwrite=True, file_permissions_mode=0o600)

    def _save(self, name: str, content: File) -> str:
        path = Path(self.path(name))
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor, unfinished = tempfile.mkstemp(dir=path.parent, prefix=".unfinished-")
        try:
            with open(descriptor, "wb") as file:  # noqa: PTH123
                for chunk in content.chunks(1024**2):
                    file.write(chunk)
                file.flush()
                os.fsync(file.fileno())
            Path(unfinished).replace(path)
        except BaseException:
            with suppress(OSError):
                Path(unfinished).unlink()
            raise
        return name

    def delete(self, name: str) -> None:
        super().delete(name)
        # Empty folders go with what was in them.
        with suppress(OSError):
            for parent in Path(self.path(name)).parents:
                if parent == Path(self.location):
                    return
                parent.rmdir()


class Bucket(S3Storage):
    """A bucket. Keys are boto3's to find: AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or the role of the machine."""

    def __init__(self, bucket: str, prefix: str):
        endpoint = settings.BACKUP_S3_ENDPOINT_URL or None
        super().__init__(
            bucket_name=bucket,
            location=prefix,
            endpoint_url=endpoint,
            region_name=settings.BACKUP_S3_REGION or None,
            file_overwrite=True,
            default_acl=None,
            querystring_auth=True,
            custom_domain=None,
            max_memory_size=SPOOL_BYTES,
            client_config=Config(
                signature_version="s3v4",
                # Services other than Amazon's rarely have a host name for each bucket, and know no newer checksums.
                s3={"addressing_style": "path"} if endpoint else {},
                connect_timeout=CONNECT_SECONDS,
                read_timeout=READ_SECONDS,
                retries={"mode": "standard", "total_max_attempts": ATTEMPTS},
                request_checksum_calculation="when_required",
                response_checksum_validation="when_required",
            ),
        )


def place_at(address: str) -> Storage:
    """The folder or bucket at ``/mnt/backup``, ``s3://bucket`` or ``s3://bucket/prefix``. Raises ``BackupError``."""
    if "://" in address:
        parts = urlsplit(address)
        if parts.scheme != "s3" or not parts.netloc:
            raise BackupError(f"{address} is no place for backups: write a folder, or s3://bucket/prefix.")
        bucket = Bucket(parts.netloc, parts.path.strip("/"))
        with told(address):
            bucket.connection.meta.client.head_bucket(Bucket=parts.netloc)
        return bucket
    folder = Path(address).expanduser().absolute()
    # Not its parents: what is not mounted must not fill the disk below.
    with told(address):
        if not folder.parent.is_dir():
            raise BackupError(f"There is no folder {folder.parent}. Is the disk mounted? Make it, and try again.")
        folder.mkdir(exist_ok=True, mode=0o700)
    return Folder(str(folder))


@contextmanager
def told(address: str) -> Iterator[None]:
    """Turn what disks and buckets raise into what an operator can do about it."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise BackupError(
                f"No room is left ({error.filename or address}). Former backups are whole. Make room, or keep fewer "
                "(--keep), and start again: what has been copied stays."
            ) from error
        raise BackupError(f"{address} can't be read or written: {error}. Former backups are as they were.") from error
    except (ClientError, BotoCoreError) as error:
        raise BackupError(
            f"{address} doesn't take or give files: {error}. Look at the bucket's name, at AWS_ACCESS_KEY_ID and "
            "AWS_SECRET_ACCESS_KEY, at BACKUP_S3_ENDPOINT_URL and at the rights to list, read, write and delete. "
            "Former backups are as they were; start again, and what has been copied stays."
        ) from error


def sizes(place: Storage, folder: str) -> Iterator[tuple[str, int]]:
    """Names and sizes of all files below a folder of a place, one by one; a bucket tells a thousand at once."""
    if isinstance(place, Bucket):
        location = f"{place.location.strip('/')}/" if place.location else ""
        for one in place.bucket.objects.filter(Prefix=f"{location}{folder}/"):
            yield one.key.removeprefix(location), one.size
        return
    base = Path(place.path(""))
    for parent, _folders, names in os.walk(base / folder):
        for path in (Path(parent, name) for name in names):
            with suppress(FileNotFoundError):
                yield path.relative_to(base).as_posix(), path.stat().st_size


def describe(place: Storage) -> Any:
    return f"s3://{place.bucket_name}/{place.location}" if isinstance(place, Bucket) else place.path("")
