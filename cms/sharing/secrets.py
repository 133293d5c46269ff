"""Tokens of accounts, as they lie in the database: encrypted with a key made of ``SECRET_KEY``."""

import base64
import hashlib

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.utils.translation import gettext as _


class Unreadable(Exception):
    """It was written with another ``SECRET_KEY``. ``str()`` says what to do."""


def lock(secret: str) -> str:
    return _fernet().encrypt(secret.encode()).decode()


def unlock(locked: str) -> str:
    """Raises ``Unreadable``. Former keys are those of ``SECRET_KEY_FALLBACKS``."""
    try:
        return _fernet().decrypt(locked.encode()).decode()
    except InvalidToken as error:
        told = _("Its token can't be read, since SECRET_KEY is another one now. Enter the token again.")
        raise Unreadable(told) from error


def _fernet() -> MultiFernet:
    keys = [str(key) for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]
    digests = (hashlib.sha256(f"cms.sharing:{key}".encode()).digest() for key in keys)
    return MultiFernet([Fernet(base64.urlsafe_b64encode(digest)) for digest in digests])
