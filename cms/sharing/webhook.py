"""Any server that takes a message by POST, signed as webhooks are (cms/delivery/webhooks/signing.py)."""

import base64
import binascii
import json
import time
import uuid
from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from blog.models import SharingAccount
from cms.delivery.webhooks import posting, signing
from cms.sharing.connectors import Busy, Message, Refused, TokenRefused, Unreachable
from cms.sharing.mastodon import web_address

EVENT = "post.share"
PING = "ping"


class Webhook:
    """A POST with text, address and picture of the post; the answer may name where it stands, as ``{"url": "…"}``.

    ``webhook-id`` stays the same when it is sent again, so that a receiver knows what it has had.
    """

    label = gettext_lazy("Webhook")
    # The longest text that there is: what is done with it is the receiver's affair.
    network = "email"
    remembers: timedelta | None = None
    token_help = gettext_lazy(
        "whsec_ and 24 to 64 random bytes in Base64. The receiver checks signatures with the same secret."
    )

    def check_token(self, token: str) -> None:
        try:
            length = len(base64.b64decode(token.removeprefix(signing.PREFIX), validate=True))
        except (binascii.Error, ValueError):
            length = 0
        if not token.startswith(signing.PREFIX) or not 24 <= length <= 64:
            raise ValidationError(_("A secret is whsec_ and 24 to 64 bytes in Base64."))

    def post(self, account: SharingAccount, token: str, message: Message, key: str) -> str:
        picture = message.picture
        said = {
            "title": message.title,
            "text": message.text,
            "url": message.url,
            "language": message.language,
            "picture": {"url": picture.url, "alt": picture.alt} if picture else None,
        }
        answer = self._send(account, token, key, EVENT, said)
        try:
            told = json.loads(answer.text)
        except (ValueError, RecursionError):
            return ""
        return web_address(told.get("url")) if isinstance(told, dict) else ""

    def test(self, account: SharingAccount, token: str) -> str:
        """Sends a ``ping``, which says nothing but the name of the account here."""
        answer = self._send(account, token, str(uuid.uuid4()), PING, {"account": account.name})
        return _("The receiver has taken a signed “ping” (%(status)s).") % {"status": answer.status}

    def _send(self, account: SharingAccount, token: str, key: str, event: str, said: dict[str, Any]) -> posting.Answer:
        body = json.dumps({"id": key, "event": event, **said}, ensure_ascii=False).encode()
        answer = posting.post(account.address, body, signing.headers(key, int(time.time()), body, [token]))
        match answer.status:
            case 401 | 403 | 410:
                raise TokenRefused(
                    _("The receiver takes nothing from here (%(status)s). Check the secret.")
                    % {"status": answer.status}
                )
            case 429:
                raise Busy(_("The receiver asks to wait."), answer.wait)
            case 400 | 404 | 413 | 415 | 422:
                raise Refused(answer.error)
        if answer.error:
            raise Unreachable(answer.error, answer.may_have_arrived)
        return answer
