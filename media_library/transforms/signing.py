"""Who may ask for renditions: whoever knows the key. docs/front-end.md tells the same to other languages."""

import hmac
from base64 import urlsafe_b64encode

from django.conf import settings
from django.utils.crypto import constant_time_compare, salted_hmac

from media_library.conf import conf

_SALT = "media_library.transforms"


def sign(message: str, key: bytes | None = None) -> str:
    """HMAC-SHA256 (RFC 2104) of the message in UTF-8, as base64url (RFC 4648, section 5) without padding: 43 letters.

    Without a ``key``, the one that signs.
    """
    digest = hmac.digest(keys()[0] if key is None else key, message.encode(), "sha256")
    return urlsafe_b64encode(digest).rstrip(b"=").decode()


def is_signed(message: str, signature: str) -> bool:
    """Whether one of our keys has signed this very message; no comparison tells by its time how close a guess is."""
    return any(constant_time_compare(sign(message, key), signature) for key in keys())


def keys() -> list[bytes]:
    """The keys that are accepted; the first one signs."""
    if conf.TRANSFORM_KEYS:
        return [key.encode() for key in conf.TRANSFORM_KEYS]
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return [salted_hmac(_SALT, "key", secret=secret, algorithm="sha256").digest() for secret in secrets]
