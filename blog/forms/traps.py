"""What tells programs from people, without asking people anything.

Two traps. A field that people don't see, which programs fill in. And a token that says when the form was opened, since
programs answer at once. Who is caught gets the same thanks as everybody, and nothing is kept.
"""

import time
from collections.abc import Container

from django.conf import settings
from django.core import signing

TOKEN = "form-token"  # noqa: S105
"""The name of the field of the token. Wagtail's names of questions have no hyphen."""

_SALT = "blog.forms.traps"
_BAIT = ("website", "homepage", "web_address", "your_website")


def honeypot_name(names: Container[str]) -> str:
    """The name of the field that must stay empty, which is none of the form's own ``names``."""
    return next((bait for bait in _BAIT if bait not in names), "leave-this-empty")


def make_token(page_id: int) -> str:
    """A signed word that somebody opens the form of this page now."""
    return signing.dumps([page_id, int(time.time() * 1000)], salt=_SALT)


def age_of(token: str, page_id: int) -> float:
    """The seconds for which the form has been open. Raises ``signing.BadSignature`` for a token that isn't good."""
    signed_for, opened_at = signing.loads(token, salt=_SALT)
    if signed_for != page_id:
        raise signing.BadSignature("a token of another form")
    age = time.time() - opened_at / 1000
    if age > settings.FORM_TOKEN_MAX_AGE:
        raise signing.SignatureExpired("opened too long ago")
    return age
