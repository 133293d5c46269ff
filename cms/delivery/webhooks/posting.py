"""One request to a receiver, as far as limits of time and size allow."""

import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

import urllib3
from django.conf import settings
from django.utils.translation import gettext as _

from media_library.exceptions import ImportFailed, NotPublic, UnknownHost
from media_library.uploads.addresses import resolve
from media_library.uploads.connections import PROBLEMS, ask, connection_to
from media_library.uploads.names import storable

SECONDS = 10
"""For everything, from the first packet to the last byte of the answer."""

CONNECT_SECONDS = 5
ANSWER_BYTES = 64 * 1024
"""As much is read of an answer."""

KEPT_CHARACTERS = 4000
"""As much is kept of it, for the log."""

UNCONNECTED = (urllib3.exceptions.NewConnectionError, urllib3.exceptions.ConnectTimeoutError, ssl.SSLError)
"""Nothing was sent before these."""


@dataclass(frozen=True)
class Answer:
    """What came of it. ``status`` is None where nobody has answered, and ``error`` empty where all is well.

    ``may_have_arrived`` is false where there was no connection; names of ``headers`` are in lower case.
    """

    status: int | None
    text: str
    seconds: float
    error: str
    wait: timedelta | None = None
    may_have_arrived: bool = True
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_gone(self) -> bool:
        """The receiver asks not to be told anything any more, as the Standard Webhooks specification has it."""
        return self.status == 410


def post(url: str, body: bytes, headers: Mapping[str, str]) -> Answer:
    """Send JSON to a receiver. Whatever goes wrong is told in the answer, as a sentence."""
    return send("POST", url, {**headers, "Content-Type": "application/json"}, body, SECONDS)


def send(
    method: str,
    url: str,
    headers: Mapping[str, str],
    body: bytes | None,
    seconds: float,
    kept: int = KEPT_CHARACTERS,
) -> Answer:
    """Ask another server, within ``seconds`` for everything; ``kept`` characters of its answer come back."""
    started = time.monotonic()
    deadline = started + seconds
    status, text, wait, may_have_arrived, told = None, "", None, True, {}
    try:
        target = resolve(url, settings.WEBHOOK_ALLOWED_HOSTS)
        with connection_to(target, deadline, CONNECT_SECONDS) as connection:
            response = ask(connection, target, seconds, method, headers, body=body)
            status, wait = response.status, retry_after(response.headers.get("Retry-After"))
            told = {name.lower(): value for name, value in response.headers.items()}
            text = _read(response, deadline, kept)
        error = "" if 200 <= status < 300 else _refusal(status, response.headers.get("Location"))
    except ImportFailed as problem:
        error, may_have_arrived = _wrong_address(problem), False
    except PROBLEMS as problem:
        error = _broken(problem, deadline, seconds) if status is None else _unread(status)
        may_have_arrived = not isinstance(problem, UNCONNECTED)
    return Answer(status, text, time.monotonic() - started, error, wait, may_have_arrived, told)


def retry_after(value: str | None) -> timedelta | None:
    """How long another server asks us to wait, in seconds or until a date (RFC 9110, 10.2.3); None for nonsense."""
    if not value:
        return None
    if value.isascii() and value.isdigit():
        return timedelta(seconds=min(int(value[:9]), 24 * 60 * 60))
    try:
        moment = parsedate_to_datetime(value)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    wait = moment - datetime.now(UTC)
    return min(wait, timedelta(days=1)) if wait > timedelta(0) else None


def _read(response: urllib3.BaseHTTPResponse, deadline: float, kept: int) -> str:
    """The beginning of the answer. A 2xx counts whether or not its body arrives."""
    content = b""
    try:
        while len(content) < ANSWER_BYTES and time.monotonic() < deadline:
            block = response.read1(ANSWER_BYTES - len(content))
            if not block:
                break
            content += block
    except PROBLEMS:
        pass
    return storable(content.decode(errors="replace"))[:kept]


def _refusal(status: int, location: str | None) -> str:
    if status == 410:
        return _("The receiver says that nothing shall be sent to this address any more (410).")
    if 300 <= status < 400 and location:
        return _("The receiver leads to another address (%(status)s), which isn't followed: %(location)s") % {
            "status": status,
            "location": storable(location)[:500],
        }
    return _("The receiver answers with status %(status)s.") % {"status": status}


def _wrong_address(problem: ImportFailed) -> str:
    if isinstance(problem, NotPublic):
        return _("This address is inside a private network. An operator can allow that in WEBHOOK_ALLOWED_HOSTS.")
    if isinstance(problem, UnknownHost):
        return str(problem)
    return _("This is no address that can be sent to.")


def _broken(problem: Exception, deadline: float, seconds: float) -> str:
    if time.monotonic() >= deadline or isinstance(problem, (TimeoutError, urllib3.exceptions.TimeoutError)):
        return _("The receiver has not answered within %(seconds)s seconds.") % {"seconds": f"{round(seconds, 1):g}"}
    if "CERTIFICATE_VERIFY_FAILED" in str(problem):
        return _("The certificate of the receiver can't be trusted. It must be valid, and made out for this host.")
    return _("The receiver can't be reached, or what it answers is no HTTP. Check host and port.")


def _unread(status: int) -> str:
    return _("The connection broke off after status %(status)s.") % {"status": status}
