"""What happens to an upload: it is created, grows, is taken in once, or is given up."""

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db import DatabaseError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail import hooks

from media_library.conf import conf
from media_library.deletion import nothing_left_behind
from media_library.exceptions import DamagedFile, MediaLibraryError, StorageAway, UnacceptableFile, UploadError
from media_library.models import Asset, UploadSession
from media_library.models.asset import RIGHTS, note_unsaved
from media_library.models.files import discard
from media_library.signals import storage_failed
from media_library.single_flight import single_flight
from media_library.uploads import direct, keys, parts
from media_library.uploads.names import clean_filename, storable

logger = logging.getLogger(__name__)

State = UploadSession.State

JUDGE_HOOK = "judge_upload"
"""Wagtail hook ``function(session, file) -> save``: reads a whole file and returns what saves it as an asset.

Raises ``UnacceptableFile`` when the file is to blame, ``UnwelcomeUpload`` when other details may help. ``save()`` is
called inside a transaction.
"""

FINISH_SECONDS = 60
"""For which a repeated last request waits for the one before it."""

DETAILS = (
    *("title", "description", "alt_text", "caption", "credit", "licence", *RIGHTS, "tags", "collection"),
    # What it may become, where only some kinds are wanted; the id of the asset whose file it replaces, and why.
    *("kinds", "replaces", "note"),
)
LONGEST_DETAIL = 10_000


def create(user: Any, filename: str, size: int, details: Mapping[str, Any] | None = None) -> UploadSession:
    """Begin an upload of ``size`` bytes. Raises ``DamagedFile`` for nothing at all, and ``NoRoom``."""
    if size == 0:
        raise DamagedFile(_("This file is empty. Choose the file again, or export it anew."))
    parts.require_room(size)
    return _create(user, clean_filename(filename), size=size, details=clean_details(details or {}))


def create_import(user: Any, url: str, filename: str, details: Mapping[str, Any] | None = None) -> UploadSession:
    """Begin an upload that a worker gets from an address (fetching.py)."""
    return _create(user, clean_filename(filename), source_url=url, details=clean_details(details or {}))


def _create(user: Any, filename: str, **fields: Any) -> UploadSession:
    return UploadSession.objects.create(user=user, filename=filename, expires_at=_expiry(), **fields)


def _expiry() -> Any:
    return timezone.now() + timedelta(days=conf.UPLOAD_DAYS)


def clean_details(details: Mapping[str, Any]) -> dict[str, str]:
    """The known ones of these details, as text."""
    known = {name: details[name] for name in DETAILS if details.get(name) is not None}
    return {name: storable(str(value)[:LONGEST_DETAIL]) for name, value in known.items()}


def offset(session: UploadSession) -> int:
    """How many bytes have arrived."""
    return session.size or 0 if session.is_over else parts.length(session.pk)


def receive(
    session: UploadSession, start: int, blocks: Iterable[bytes], checksum: tuple[str, bytes] | None = None
) -> int:
    """Add a part that begins at ``start``; return how many bytes there are. Raises what ``parts.append`` does."""
    if session.size is None or session.multipart_id:
        raise UploadError(_("This file is fetched from elsewhere. Nothing can be added to it here."))
    there = parts.append(session.pk, start, blocks, session.size - start, checksum)
    _note(session, there == session.size)
    return there


def _note(session: UploadSession, is_whole: bool) -> None:
    """It goes on, so it lives longer."""
    session.expires_at = _expiry()
    if is_whole:
        session.state = State.RECEIVED
    session.save(update_fields=["expires_at", "state", "updated_at"])


def amend(session: UploadSession, details: Mapping[str, Any]) -> int | None:
    """Keep what an editor writes about a file that is not an asset yet; return the id of its asset if it is one.

    Inside a transaction in which the caller then writes it to the asset.
    """
    with transaction.atomic():
        fresh = UploadSession.objects.select_for_update().get(pk=session.pk)
        if fresh.asset_id is None and not fresh.is_over:
            fresh.details = {**fresh.details, **clean_details(details)}
            fresh.save(update_fields=["details", "updated_at"])
    return fresh.asset_id


def finish(session: UploadSession) -> Asset | None:
    """Make an asset of an upload that has arrived, once: who asks again gets the same one, or the same refusal.

    None means that it has been deleted since. Raises ``UnacceptableFile`` when the file is refused for good, and its
    bytes are gone; ``UploadError`` when it may still become one, and then everything is kept.
    """
    with single_flight(f"upload-{session.pk}", timeout=FINISH_SECONDS):
        session.refresh_from_db()
        if session.state == State.REFUSED:
            raise UnacceptableFile(session.reason)
        if session.state != State.FINISHED:
            _take_in(session)
    return session.asset


def _take_in(session: UploadSession) -> None:
    try:
        with told_as_storage(session), parts.whole_file(session.pk, session.filename) as file:
            while not _save(session, _judge(session, file)):
                session.refresh_from_db()
    except UnacceptableFile as error:
        settle(session, State.REFUSED, str(error))
        parts.remove(session.pk)
        raise
    except UploadError as error:
        settle(session, session.state, str(error))
        raise
    parts.remove(session.pk)


@contextmanager
def told_as_storage(what: Any) -> Iterator[None]:
    """Tell what storages raise, which is whatever their drivers do, as an ``UploadError``, and log it.

    To be entered outside of any transaction: what may be left in a storage is written down to be removed.
    """
    try:
        with nothing_left_behind():
            yield
    except MediaLibraryError:
        raise
    except OSError as error:
        logger.exception("%s can't be stored", what)
        storage_failed.send_robust(None, doing="store")
        raise parts.storage_error(error) from error
    except Exception as error:
        logger.exception("%s can't be taken in", what)
        storage_failed.send_robust(None, doing="store")
        raise StorageAway(
            _("This file has arrived, but it can't be stored just now. Try again in a moment.")
        ) from error


def _judge(session: UploadSession, file: UploadedFile) -> Callable[[], Asset]:
    for judge in hooks.get_hooks(JUDGE_HOOK):
        return judge(session, file)
    raise LookupError(f"Nobody judges uploads: register the hook {JUDGE_HOOK!r}")


def _save(session: UploadSession, save: Callable[[], Asset]) -> bool:
    """Save the asset, and note that with its upload; False if its editor has written something else meanwhile."""
    with all_or_nothing() as saved:
        fresh = UploadSession.objects.select_for_update().get(pk=session.pk)
        # Machines that share a database don't see each other's locks.
        if fresh.is_over:
            raise StorageAway(_("This file has been taken in by another server."))
        if fresh.details != session.details:
            return False
        asset = save()
        saved.append(asset)
        fresh.state, fresh.asset_id, fresh.reason = State.FINISHED, asset.pk, ""
        fresh.save(update_fields=["state", "asset", "reason", "updated_at"])
    session.refresh_from_db()
    return True


@contextmanager
def all_or_nothing() -> Iterator[list[Asset]]:
    """A transaction; if it fails, the files of the assets that were put into its list go, too."""
    saved: list[Asset] = []
    try:
        with transaction.atomic():
            yield saved
    except BaseException as error:
        for asset in saved:
            discard(asset.file.storage, asset.file.name, error)
        note_unsaved(error, *saved)
        raise


def settle(session: UploadSession, state: str, reason: str) -> None:
    """Note what became of it, with a sentence for its editor."""
    session.state, session.reason = state, reason
    try:
        session.save(update_fields=["state", "reason", "updated_at"])
    except DatabaseError:
        # Deleted meanwhile; or the database is what is away, and the next try will find out the same.
        logger.warning("What became of %s could not be noted", session, exc_info=True)


def abandon(session: UploadSession) -> None:
    """Give an upload up. An asset that came of it stays."""
    direct.discard(session)
    UploadSession.objects.filter(pk=session.pk).delete()
    parts.remove(session.pk)


def remove_stale() -> int:
    """Remove uploads that were left alone for too long, and bytes that belong to none; return how many uploads."""
    stale = list(UploadSession.objects.filter(expires_at__lt=timezone.now())[:1000])
    for session in stale:
        abandon(session)
    known: list[UUID] = list(UploadSession.objects.values_list("pk", flat=True))
    # An upload has its row before its first byte: a day is more than enough.
    parts.remove_forgotten(known, (timezone.now() - timedelta(days=1)).timestamp())
    keys.forget_old()
    return len(stale)
