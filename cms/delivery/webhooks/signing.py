"""Signatures by the Standard Webhooks specification, https://github.com/standard-webhooks/standard-webhooks."""

import base64
import binascii
import hashlib
import hmac
import secrets
from collections.abc import Iterable

PREFIX = "whsec_"
SECRET_BYTES = 32
"""The specification asks for 24 to 64."""


def new_secret() -> str:
    """``whsec_`` and 32 random bytes in Base64."""
    return PREFIX + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def headers(message_id: str, timestamp: int, body: bytes, keys: Iterable[str]) -> dict[str, str]:
    """What tells a receiver who sent ``body``, and when: ``timestamp`` is in seconds since 1970.

    There is one signature for each of the ``keys``, so that a receiver may still have the former one.
    """
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join(sign(message_id, timestamp, body, key) for key in keys),
    }


def sign(message_id: str, timestamp: int, body: bytes, secret: str) -> str:
    """``v1,`` and the HMAC-SHA256 of id, timestamp and body, joined by full stops, in Base64."""
    try:
        key = base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except binascii.Error as error:
        raise ValueError("A secret is whsec_ and Base64.") from error
    signed = b".".join((message_id.encode(), str(timestamp).encode(), body))
    return "v1," + base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()
