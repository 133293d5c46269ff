"""Signed addresses of what was made of one asset, good for a while.

    /files/<signature>/<expires>/12/1/w640-2c26b46b68ff.avif

The signature covers the asset and the moment, not the file: what a playlist names by relative addresses is then read
by the same right.
"""

import re
import time

from django.core.signing import Signer
from django.utils.crypto import constant_time_compare

from media_library.conf import conf

PREFIX = "/files/"

NAMES_OTHERS = re.compile(r"(\d+)/\d+/(?:[^/]+\.m3u8|storyboard-[^/]+\.vtt)", re.ASCII)
"""Playlists and storyboards: they name files beside them by relative addresses, to which no query is handed on."""


def private_address(asset_id: int) -> str:
    """What stands before the names of the files of an asset: a path that ends in "/".

    It stays the same for half of its life, so that browsers may keep what they got.
    """
    half = max(1, conf.PRIVATE_URL_SECONDS // 2)
    expires = (int(time.time()) // half + 2) * half
    return f"{PREFIX}{_signature(asset_id, expires)}/{expires}/"


def read_private_address(signature: str, expires: int, asset_id: int) -> bool:
    """Whether we have signed this; whether its time is over, the caller asks ``expires``."""
    return constant_time_compare(_signature(asset_id, expires), signature)


def _signature(asset_id: int, expires: int) -> str:
    return Signer(salt="media_library.serving").signature(f"{asset_id}:{expires}")
