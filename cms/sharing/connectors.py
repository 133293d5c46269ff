"""What posting to another server takes: a connector for each sort of server (``SHARING_CONNECTORS``).

A connector makes requests and knows no database: it is handed an account, its token and a message, and says where
the message stands, or raises one of the errors here.
"""

from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import Protocol

from django.conf import settings
from django.utils.functional import Promise
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from blog.models import SharingAccount


class PostingError(Exception):
    """Nothing was posted, as far as is known. ``str()`` is a sentence for editors."""


class Unreachable(PostingError):
    """The server doesn't answer, or nothing that makes sense: again later. ``may_have_arrived``: nobody knows."""

    def __init__(self, message: str, may_have_arrived: bool = False):
        super().__init__(message)
        self.may_have_arrived = may_have_arrived


class Busy(PostingError):
    """The server asks to wait; None is as long as we like."""

    def __init__(self, message: str, wait: timedelta | None = None):
        super().__init__(message)
        self.wait = wait


class Refused(PostingError):
    """The server takes the account, and not this message."""


class TokenRefused(PostingError):
    """The server doesn't take the token: nothing is posted to the account until somebody has seen to it."""


@dataclass(frozen=True)
class Picture:
    """``content`` is a JPEG; ``url`` is where everybody can load it."""

    content: bytes
    url: str
    alt: str


@dataclass(frozen=True)
class Message:
    """``text`` fits the network and has ``url`` in it; ``language`` is a code such as ``en``."""

    text: str
    title: str
    url: str
    language: str
    picture: Picture | None = None


class Connector(Protocol):
    label: str | Promise
    network: str
    """Whose text is posted (``blog.sharing.networks``)."""
    remembers: timedelta | None
    """For how long the same key is posted once only; None for ever."""
    token_help: str | Promise

    def check_token(self, token: str) -> None:
        """Raises ``ValidationError`` for what can be no token."""

    def post(self, account: SharingAccount, token: str, message: Message, key: str) -> str:
        """Post it once for each ``key``, and return the address there, or "" where it has none.

        Raises ``PostingError``. Takes less than ``SECONDS``.
        """

    def test(self, account: SharingAccount, token: str) -> str:
        """Ask whether posting would work, without posting, and return a sentence for editors that says so.

        Raises ``PostingError``. Takes less than ``TEST_SECONDS``.
        """


SECONDS = 35
"""For all requests of one posting together; a claim is held for a little longer (``sending.LEASE``)."""

TEST_SECONDS = 10
"""For all requests of one test, which somebody waits for."""


@cache
def connectors() -> dict[str, Connector]:
    """By the names under which accounts keep them."""
    return {name: import_string(path)() for name, path in settings.SHARING_CONNECTORS.items()}


def no_such_connector(account: SharingAccount) -> str:
    """What to say of an account whose connector is named no more."""
    return _("There is no connector named “%(name)s” (SHARING_CONNECTORS).") % {"name": account.connector}
