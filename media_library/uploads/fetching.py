"""Get a file from an address, by a worker, as far as limits of size and time allow."""

import logging
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from email.message import Message
from typing import Any
from urllib.parse import unquote, urlsplit

import urllib3
from django.db.models import QuerySet
from django.template.defaultfilters import filesizeformat
from django.utils import timezone
from django.utils.translation import gettext as _
from urllib3.exceptions import IncompleteRead

from media_library import stopping
from media_library.conf import conf
from media_library.exceptions import Busy, FileTooLarge, HandedBack, ImportFailed, UnacceptableFile, UploadError
from media_library.intake.limits import max_bytes
from media_library.models import Asset, UploadSession
from media_library.uploads import direct, parts, sessions
from media_library.uploads.addresses import Target, follow, read_url, resolve
from media_library.uploads.connections import PROBLEMS, ask, connection_to
from media_library.uploads.names import clean_filename

logger = logging.getLogger(__name__)

REDIRECTS = (301, 302, 303, 307, 308)
MAX_REDIRECTS = 5
BLOCK = 64 * 1024


@dataclass(frozen=True)
class Answer:
    """What a server sends: the name of the file, its size if it says so, and its bytes as they come."""

    filename: str
    size: int | None
    blocks: Iterator[bytes]


def begin(user: Any, url: str, details: Mapping[str, Any] | None = None) -> UploadSession:
    """Note that a file is to be got from an address. Raises ``ImportFailed`` for one that can't be of a file."""
    name = unquote(read_url(url).path.rstrip("/").rpartition("/")[2])
    return sessions.create_import(user, url, name, details)


def is_due(session: UploadSession) -> bool:
    """Whether a worker has something to do about it: it is no asset yet, and nothing has gone wrong."""
    return bool(session.source_url and not session.is_over and not session.reason)


def waiting() -> QuerySet[UploadSession]:
    """Imports that nothing was heard of for long: the message to the workers may be lost, or the worker."""
    silent = timezone.now() - timedelta(seconds=conf.JOB_RESEND_SECONDS)
    return UploadSession.objects.exclude(source_url="").filter(
        state__in=(UploadSession.State.RECEIVING, UploadSession.State.RECEIVED), reason="", updated_at__lt=silent
    )


def try_again(session: UploadSession) -> None:
    """Let an import that has failed begin anew, or be taken in if it has arrived."""
    if session.source_url and not session.is_over:
        sessions.settle(session, session.state, "")


def bring(session: UploadSession) -> None:
    """Get the file of an import and take it in. What goes wrong stands with the upload, as a sentence."""
    if not is_due(session):
        return
    try:
        _bring(session)
    finally:
        if session.is_over:
            direct.discard(session)


def _bring(session: UploadSession) -> None:
    largest = max(max_bytes(kind) for kind in Asset.Kind.values)
    try:
        if session.state == UploadSession.State.RECEIVING:
            _fetch(session, largest)
        sessions.finish(session)
    except FileTooLarge as error:
        sessions.settle(session, UploadSession.State.REFUSED, str(error))
        parts.remove(session.pk)
    except (Busy, HandedBack):
        # Another worker is at it, or will be.
        return
    except UnacceptableFile:
        # It stands there already.
        return
    except UploadError as error:
        sessions.settle(session, session.state, str(error))


def _fetch(session: UploadSession, largest: int) -> None:
    # Of an attempt that was killed; few servers would let one go on in the middle.
    parts.clear(session.pk)
    with _answer(session) as answer:
        _require_size(answer.size, largest)
        parts.require_room(answer.size or 0)
        session.filename, session.size = answer.filename, answer.size
        session.save(update_fields=["filename", "size", "updated_at"])
        size = parts.append(session.pk, 0, _bounded(answer.blocks, largest), largest + 1)
    if answer.size is not None and size != answer.size:
        raise ImportFailed(_cut_off())
    if size == 0:
        raise ImportFailed(_("The file at this address is empty."))
    session.size, session.state = size, UploadSession.State.RECEIVED
    session.save(update_fields=["size", "state", "updated_at"])


@contextmanager
def _answer(session: UploadSession) -> Iterator[Answer]:
    if session.multipart_id:
        yield Answer(session.filename, session.size, direct.blocks(session))
        return
    with _open(session.source_url) as answer:
        yield answer


def _bounded(blocks: Iterator[bytes], largest: int) -> Iterator[bytes]:
    total = 0
    for block in blocks:
        stopping.check()
        total += len(block)
        _require_size(total, largest)
        yield block


def _require_size(size: int | None, largest: int) -> None:
    if size is not None and size > largest:
        raise FileTooLarge(
            _("The file at this address is too large: at most %(limit)s are accepted.")
            % {"limit": filesizeformat(largest)}
        )


@contextmanager
def _open(url: str) -> Iterator[Answer]:
    """Ask for the file, and go where the answer leads; each address is looked at before it is asked."""
    deadline = time.monotonic() + conf.IMPORT_SECONDS
    for _attempt in range(MAX_REDIRECTS + 1):
        with _connection(resolve(url), deadline) as response:
            location = response.headers.get("Location")
            if response.status in REDIRECTS and location:
                url = follow(url, location)
                continue
            if response.status != 200:
                raise ImportFailed(_refusal(response.status))
            yield Answer(filename_of(url, response.headers), _announced(response), _blocks(response, deadline))
            return
    raise ImportFailed(_("This address leads to others again and again. Use the address of the file itself."))


@contextmanager
def _connection(target: Target, deadline: float) -> Iterator[urllib3.BaseHTTPResponse]:
    """Send the request to the address that was checked, and to no proxy; break off at the deadline."""
    with connection_to(target, deadline, conf.IMPORT_CONNECT_SECONDS) as connection:
        with _told_as_import(deadline):
            response = ask(connection, target, conf.IMPORT_READ_SECONDS)
        yield response


def _blocks(response: Any, deadline: float) -> Iterator[bytes]:
    """What arrives, as it arrives: to wait for a full block would be to wait for a slow server's whole patience."""
    with _told_as_import(deadline):
        while block := response.read1(BLOCK):
            yield block
            if time.monotonic() > deadline:
                raise ImportFailed(_too_slow())
    if time.monotonic() > deadline:
        raise ImportFailed(_too_slow())


@contextmanager
def _told_as_import(deadline: float) -> Iterator[None]:
    try:
        yield
    except UploadError:
        raise
    except PROBLEMS as error:
        if time.monotonic() > deadline or isinstance(error, (TimeoutError, urllib3.exceptions.TimeoutError)):
            raise ImportFailed(_too_slow()) from error
        if isinstance(error, urllib3.exceptions.ProtocolError) and isinstance(error.args[-1], IncompleteRead):
            raise ImportFailed(_cut_off()) from error
        if "CERTIFICATE_VERIFY_FAILED" in str(error):
            raise ImportFailed(
                _("The certificate of this server can't be trusted, so nothing is taken from it.")
            ) from error
        logger.info("An import failed: %r", error)
        raise ImportFailed(_("The server at this address doesn't answer as it should. Try again later.")) from error


def _cut_off() -> str:
    return _("The connection broke off in the middle of the file. Try again.")


def _too_slow() -> str:
    return _("The server at this address is too slow. Try again later, or download the file and drop it here.")


def _announced(response: Any) -> int | None:
    announced = response.headers.get("Content-Length", "")
    # Of what is packed on the way, the length is another one.
    if "Content-Encoding" in response.headers or not (announced.isascii() and announced.isdigit()):
        return None
    return int(announced)


def _refusal(status: int) -> str:
    if status in (401, 403, 407, 451):
        return _("The server at this address gives this file to nobody without a login (%(status)s).") % {
            "status": status
        }
    if status in (404, 410):
        return _("There is no file at this address (%(status)s). Check the address.") % {"status": status}
    return _("The server at this address refuses with status %(status)s. Try again later.") % {"status": status}


def filename_of(url: str, headers: Any) -> str:
    """The name of a file from ``Content-Disposition`` (RFC 6266), else from the path of its address."""
    message = Message()
    message["Content-Disposition"] = str(headers.get("Content-Disposition", ""))
    name = ""
    with suppress(LookupError, UnicodeError, ValueError):
        name = (message.get_filename("") or "").strip('"')
    if not name:
        name = unquote(urlsplit(url).path.rstrip("/").rpartition("/")[2])
    return clean_filename(name)
