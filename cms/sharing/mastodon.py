"""Mastodon, and whatever speaks its API: https://docs.joinmastodon.org/methods/statuses/ and …/methods/media/."""

import json
import time
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from urllib3.filepost import encode_multipart_formdata

from blog.models import SharingAccount
from cms.delivery.webhooks.posting import ANSWER_BYTES, Answer, send
from cms.sharing.connectors import SECONDS, TEST_SECONDS, Busy, Message, Refused, TokenRefused, Unreachable
from media_library.uploads.names import storable

LONGEST_ALT = 1500
"""Characters of a description of a picture."""

LONGEST_ADDRESS = 2000
SCOPES = ("write:statuses", "write:media")
"""What posting takes, unless a token has all of ``write``."""

POLL_SECONDS = 1.0


class Mastodon:
    """A status with the text of the post, and its picture. The token needs ``write:statuses`` and ``write:media``;
    with ``profile``, too, a test says whose it is."""

    label = "Mastodon"
    network = "mastodon"
    # Idempotency keys are kept for up to one hour; some minutes less, for clocks and for us.
    remembers = timedelta(minutes=50)
    token_help = gettext_lazy(
        "Preferences, Development, New application, with write:statuses, write:media and profile; then its token."
    )

    def check_token(self, token: str) -> None:
        if not token.isascii() or not token.isprintable() or " " in token:
            raise ValidationError(_("This is no access token: it has no spaces, and nothing but ASCII."))

    def post(self, account: SharingAccount, token: str, message: Message, key: str) -> str:
        server = _Server(account.address, token, time.monotonic() + SECONDS)
        status: dict[str, Any] = {"status": message.text, "visibility": account.visibility}
        if message.language:
            # ISO 639-1: no regions.
            status["language"] = message.language.split("-")[0]
        if message.picture is not None and (media := _upload(server, message)):
            status["media_ids"] = [media]
        answer = server.ask(
            "POST",
            "/api/v1/statuses",
            json.dumps(status).encode(),
            {"Content-Type": "application/json", "Idempotency-Key": key},
        )
        _require_accepted(answer)
        posted = _read(answer)
        if not posted.get("id"):
            raise Unreachable(_no_mastodon(), True)
        return web_address(posted.get("url"))

    def test(self, account: SharingAccount, token: str) -> str:
        """Asks https://docs.joinmastodon.org/methods/accounts/#verify_credentials, and …/methods/apps/ likewise."""
        server = _Server(account.address, token, time.monotonic() + TEST_SECONDS)
        user = server.ask("GET", "/api/v1/accounts/verify_credentials")
        # What posting takes doesn't open that; the other one every token does.
        is_told = user.status != 403
        if is_told:
            _require_accepted(user)
        application = server.ask("GET", "/api/v1/apps/verify_credentials")
        if not is_told:
            _require_accepted(application)
        name = _read(user).get("acct") if is_told else _read(application).get("name")
        if not isinstance(name, str) or not name:
            raise Unreachable(_no_mastodon())
        scopes = _read(application).get("scopes")
        if isinstance(scopes, list) and "write" not in scopes and not {*SCOPES} <= {*map(str, scopes)}:
            raise TokenRefused(
                _("The token may not post. Make a new one with %(scopes)s, and enter it.")
                % {"scopes": ", ".join(SCOPES)}
            )
        if not is_told:
            reason = str(_read(user).get("error") or "-")[:300]
            return _("The server takes the token, and doesn't say whose it is: “%(reason)s”") % {"reason": reason}
        return _("The server takes the token. Posts appear as those of @%(name)s.") % {"name": name[:100]}


class _Server:
    def __init__(self, address: str, token: str, deadline: float):
        self._base, self._token, self._deadline = address.rstrip("/"), token, deadline

    @property
    def left(self) -> float:
        """Seconds."""
        return self._deadline - time.monotonic()

    def ask(self, method: str, path: str, body: bytes | None = None, headers: dict[str, str] | None = None) -> Answer:
        if self.left <= 0:
            raise Unreachable(_("The server is too slow."))
        ours = {"Authorization": f"Bearer {self._token}", "Accept": "application/json"}
        return send(method, self._base + path, ours | (headers or {}), body, min(self.left, 15), ANSWER_BYTES)


def _no_mastodon() -> str:
    return _("What answers there is no Mastodon. Check the address of the account.")


def _upload(server: _Server, message: Message) -> str:
    """The id of the picture there; "" if the server doesn't take it, since the link shows one, too."""
    assert message.picture is not None  # noqa: S101 asked before
    picture = message.picture
    body, content_type = encode_multipart_formdata(
        [("file", ("picture.jpg", picture.content, "image/jpeg")), ("description", picture.alt[:LONGEST_ALT])]
    )
    answer = server.ask("POST", "/api/v2/media", body, {"Content-Type": content_type})
    if answer.status in (400, 413, 415, 422, 404):
        return ""
    try:
        _require_accepted(answer)
    except Unreachable as problem:
        # Of a picture that may be there nobody sees anything.
        raise Unreachable(str(problem)) from problem
    media = str(_read(answer).get("id") or "")
    if not media.isdigit() or len(media) > 40:
        return ""
    while answer.status in (202, 206):
        if server.left < 10:
            return ""
        time.sleep(POLL_SECONDS)
        answer = server.ask("GET", f"/api/v1/media/{media}")
    return media if answer.status == 200 else ""


def _require_accepted(answer: Answer) -> None:
    match answer.status:
        case 401 | 403:
            raise TokenRefused(
                _("The server doesn't take the access token (%(status)s). Make a new one there, and enter it.")
                % {"status": answer.status}
            )
        case 429:
            raise Busy(_("The server asks to wait: there were too many requests."), answer.wait or _reset(answer))
        case 404 | 410:
            raise Refused(_("There is no Mastodon at this address. Check the account."))
        case status if status is not None and 300 <= status < 400:
            raise Refused(answer.error)
        case status if status is not None and 400 <= status < 500 and status not in (408, 425):
            raise Refused(
                _("The server refuses it (%(status)s): %(reason)s")
                % {"status": status, "reason": str(_read(answer).get("error") or "-")[:300]}
            )
    if answer.error:
        raise Unreachable(answer.error, answer.may_have_arrived)


def _read(answer: Answer) -> dict[str, Any]:
    """Nonsense is an empty answer."""
    try:
        found = json.loads(answer.text)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _reset(answer: Answer) -> timedelta | None:
    """When requests count anew, by https://docs.joinmastodon.org/api/rate-limits/; None for nonsense."""
    try:
        moment = datetime.fromisoformat(answer.headers.get("x-ratelimit-reset", ""))
        wait = moment - datetime.now(UTC)
    except (ValueError, TypeError):
        return None
    return min(wait, timedelta(days=1)) if wait > timedelta(0) else None


def web_address(found: object) -> str:
    """An address that may be linked to; "" for anything else that a server may say."""
    if not isinstance(found, str) or len(found) > LONGEST_ADDRESS or storable(found) != found:
        return ""
    try:
        parts = urlsplit(found)
    except ValueError:
        return ""
    return found if parts.scheme in ("http", "https") and parts.hostname and found.isprintable() else ""
