"""The bytes of unfinished uploads: one file each, that grows at its end.

Its length is how far the upload is, whatever happened before: a process that was killed, a disk that was full in the
middle of a block. There is one writer at a time. A request whose connection was lost without a word (a telephone that
left the house) may wait for its next byte for hours; so nobody holds a lock while waiting. A writer signs for the
file, looks at each block whether its signature still stands, and counts as gone when it was silent for
``UPLOAD_SILENCE_SECONDS``: then the next one signs, and the former stops at its next block, without having written.
"""

import errno
import fcntl
import hashlib
import os
import secrets
import shutil
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from media_library.conf import conf
from media_library.exceptions import Busy, ChecksumMismatch, NoRoom, StorageAway, UploadError, WrongOffset

BLOCK = 64 * 1024
CHECKSUMS = ("sha1", "sha256", "sha512", "md5")
"""Algorithms for parts; the first one is what tus asks of every server."""

Checksum = tuple[str, bytes]
"""One of `CHECKSUMS`, and the digest that a part must have."""

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


def path_of(upload: UUID) -> Path:
    return conf.upload_dir / f"{upload.hex}.part"


def length(upload: UUID) -> int:
    """How many bytes of the upload are there."""
    with suppress(FileNotFoundError):
        return path_of(upload).stat().st_size
    return 0


def require_room(size: int) -> None:
    """Raise ``NoRoom`` if the disk can't take this many bytes and leave some for the others."""
    with _told_as_storage():
        free = shutil.disk_usage(conf.upload_dir).free
    if size > free - conf.UPLOAD_SPARE_BYTES:
        raise NoRoom(_("There is not enough room on the server for this file. Ask an administrator to make room."))


def remove(upload: UUID) -> None:
    for path in (path_of(upload), _signature_path(upload)):
        path.unlink(missing_ok=True)


def clear(upload: UUID) -> None:
    """Forget what has arrived. Raises ``Busy`` when somebody is adding to it."""
    with _told_as_storage(), Writer(upload, length(upload)) as writer:
        os.ftruncate(writer.file, 0)


def append(upload: UUID, offset: int, blocks: Iterable[bytes], most: int, checksum: Checksum | None = None) -> int:
    """Write a part to the end of the upload and return the new length, once it is safely on disk.

    ``offset`` is where the part begins, ``most`` the number of bytes that it may have. What arrived before ``blocks``
    raises stays, unless there is a checksum.
    Raises ``WrongOffset``, ``Busy``, ``ChecksumMismatch``, ``NoRoom``, ``StorageAway``.
    """
    with _told_as_storage(), Writer(upload, offset) as writer:
        if checksum is None:
            writer.write_all(blocks, most)
        else:
            with tempfile.TemporaryFile(dir=conf.upload_dir) as whole:
                _gather(blocks, whole, most, checksum, writer)
                writer.write_all(iter(lambda: whole.read(BLOCK), b""), most)
        return writer.length


def _gather(blocks: Iterable[bytes], whole: IO[bytes], most: int, checksum: Checksum, writer: "Writer") -> None:
    """Put a part aside until it is known to be right."""
    algorithm, expected = checksum
    digest = hashlib.new(algorithm, usedforsecurity=False)
    for block in _at_most(blocks, most):
        writer.require_signature()
        digest.update(block)
        whole.write(block)
    if digest.digest() != expected:
        raise ChecksumMismatch(_("A part of this file was changed on its way. It is sent again."))
    whole.seek(0)


class Writer:
    """The one that may write to an upload just now; see the top of this module."""

    def __init__(self, upload: UUID, offset: int):
        self.path, self.signature_path = path_of(upload), _signature_path(upload)
        self.offset = offset
        self.signature = secrets.token_bytes(16)

    def __enter__(self) -> "Writer":
        # Not for others to read: it may become an original, and these are private.
        self.signed = os.open(self.signature_path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            with self._exclusively():
                self._sign()
            self.file = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
        except BaseException:
            os.close(self.signed)
            raise
        return self

    def _sign(self) -> None:
        silence = time.time() - os.fstat(self.signed).st_mtime
        if os.pread(self.signed, 16, 0) and silence < conf.UPLOAD_SILENCE_SECONDS:
            raise Busy(_("This file is being uploaded by another window or program already."))
        there = self.path.stat().st_size if self.path.exists() else 0
        if there != self.offset:
            raise WrongOffset(_("The server has another part of this file than was thought. It goes on from there."))
        os.ftruncate(self.signed, 0)
        os.pwrite(self.signed, self.signature, 0)

    def __exit__(self, *error: object) -> None:
        try:
            with self._exclusively():
                if self._is_signed():
                    os.ftruncate(self.signed, 0)
        finally:
            os.close(self.file)
            os.close(self.signed)

    @property
    def length(self) -> int:
        return os.fstat(self.file).st_size

    def write_all(self, blocks: Iterable[bytes], most: int) -> None:
        """Write what comes, and return or raise when it is on disk as far as it came."""
        try:
            for block in _at_most(blocks, most):
                self._write(block)
        finally:
            os.fsync(self.file)

    def _write(self, block: bytes) -> None:
        with self._exclusively():
            self._require_signature()
            rest = memoryview(block)
            while rest:
                rest = rest[os.write(self.file, rest) :]

    def require_signature(self) -> None:
        with self._exclusively():
            self._require_signature()

    def _require_signature(self) -> None:
        if not self._is_signed():
            raise Busy(_("This file is being uploaded by another window or program already."))
        os.utime(self.signed)

    def _is_signed(self) -> bool:
        # A file that was removed meanwhile has no name any more: the upload was cancelled.
        return os.fstat(self.signed).st_nlink > 0 and os.pread(self.signed, 16, 0) == self.signature

    @contextmanager
    def _exclusively(self) -> Iterator[None]:
        """For as long as one block takes. The lock belongs to the open file, so threads exclude each other."""
        fcntl.flock(self.signed, fcntl.LOCK_EX)
        try:
            yield
        finally:
            fcntl.flock(self.signed, fcntl.LOCK_UN)


class WholeFile(UploadedFile):
    """An upload that has arrived, as forms and storage take files: one that may be moved away, the bytes stay."""

    def __init__(self, path: Path, file: IO[bytes], name: str):
        super().__init__(file, name, size=path.stat().st_size)
        self._path = path

    def temporary_file_path(self) -> str:
        """Where local storage finds it, to move it in place of copying it."""
        return str(self._path)

    # What intake has found out stands with the open file, so that the bytes are read once (intake.inspect).
    @property
    def _inspection(self) -> Any:
        return self.file._inspection

    @_inspection.setter
    def _inspection(self, found: Any) -> None:
        self.file._inspection = found


@contextmanager
def whole_file(upload: UUID, name: str) -> Iterator[WholeFile]:
    """The bytes of an upload under a second name of their own: storage may take that one, and is free to fail."""
    path = path_of(upload).with_suffix(f".{secrets.token_hex(4)}.whole")
    with _told_as_storage():
        try:
            os.link(path_of(upload), path)
        except OSError:
            shutil.copyfile(path_of(upload), path)
    try:
        with path.open("rb") as file:
            yield WholeFile(path, file, name)
    finally:
        path.unlink(missing_ok=True)


def remove_forgotten(known: Iterable[UUID], before: float) -> int:
    """Delete what belongs to none of the ``known`` uploads and was last written before that moment (a timestamp)."""
    names = {upload.hex for upload in known}
    removed = 0
    for path in conf.upload_dir.iterdir():
        with suppress(FileNotFoundError):
            if path.name.partition(".")[0] not in names and path.stat().st_mtime < before:
                path.unlink()
                removed += 1
    return removed


def storage_error(error: OSError) -> UploadError:
    """The same in words for an editor."""
    kept = _("What has arrived is kept: try again in a moment, or ask an administrator.")
    if error.errno in _FULL:
        return NoRoom(_("The disk of the server is full.") + " " + kept)
    return StorageAway(_("The server can't store this file just now.") + " " + kept)


@contextmanager
def _told_as_storage() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise storage_error(error) from error


def _at_most(blocks: Iterable[bytes], most: int) -> Iterator[bytes]:
    """What is beyond the announced length is not part of the file."""
    for block in blocks:
        if len(block) >= most:
            yield block[:most]
            return
        most -= len(block)
        yield block


def _signature_path(upload: UUID) -> Path:
    return path_of(upload).with_suffix(".signed")
