"""Content-Security-Policy of what Darkroom answers: which scripts, pictures and frames a browser takes from where.

Nothing that stands in a page runs: scripts and styles are files of ours. Pictures, films and frames come from this
host, from where the media are, and from what is configured (`CSP_MEDIA_SOURCES`, `CSP_EMBED_SOURCES`, front ends).
The words are those of Content Security Policy Level 3, https://www.w3.org/TR/CSP3/.
"""

from base64 import b64encode
from functools import cache
from hashlib import sha256
from typing import Any
from urllib.parse import urlsplit

from botocore.exceptions import BotoCoreError
from csp.constants import NONE, SELF, UNSAFE_HASHES, UNSAFE_INLINE
from django.conf import settings
from django.core.files.storage import storages
from django.core.signals import setting_changed
from django.db import DatabaseError

from blog.models.front_end import front_end_origins

Directives = dict[str, Any]

ANSWER: Directives = {"default-src": [NONE], "frame-ancestors": [NONE]}
"""Of what is no page: JSON, feeds, errors of an API. If a browser shows it as one after all, it does nothing."""

JCROPS_QUESTION = f"'sha256-{b64encode(sha256(b'return;').digest()).decode()}'"
"""The one handler in an attribute that runs: Wagtail's Jcrop asks so, of an element that is in no page, whether the
browser knows touches."""


def origin(url: str) -> str:
    """``https://cdn.example.org`` of ``https://cdn.example.org/media/``; "" for what is on this host."""
    parts = urlsplit(url)
    return f"{parts.scheme or 'https'}://{parts.netloc}" if parts.netloc else ""


@cache
def media_sources() -> tuple[str, ...]:
    """Where pictures and films may come from, this host aside."""
    found = [origin(settings.STATIC_URL), *map(_origin_of_storage, ("default", "originals"))]
    return tuple(dict.fromkeys(filter(None, [*found, *settings.CSP_MEDIA_SOURCES])))


def _origin_of_storage(alias: str) -> str:
    try:
        return origin(storages[alias].url("name"))
    except (NotImplementedError, ValueError, BotoCoreError):
        # Its files have no address of their own.
        return ""


def page() -> Directives:
    """Of pages made from templates, as visitors see them."""
    media = media_sources()
    embeds = settings.CSP_EMBED_SOURCES
    return {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:", *media, *embeds],
        "media-src": [SELF, "blob:", *media],
        "font-src": [SELF, "data:"],
        # Films are fetched in pieces.
        "connect-src": [SELF, *media],
        "worker-src": [SELF, "blob:"],
        "frame-src": [SELF, *embeds],
        "frame-ancestors": [SELF],
        "form-action": [SELF],
        "base-uri": [SELF],
        "object-src": [NONE],
    }


def admin() -> Directives:
    """Of the admin: as of pages, and front ends in the frame of the preview."""
    directives = page()
    try:
        front_ends = sorted(front_end_origins())
    except DatabaseError:
        # The page that tells of it has a policy, too.
        front_ends = []
    return directives | {
        "script-src-attr": [UNSAFE_HASHES, JCROPS_QUESTION],
        # Draftail writes what stands in empty blocks, and the numbers of lists, as ``<style>`` without a nonce. It
        # may; attributes may not, so that nothing styles itself that comes with a text.
        "style-src-elem": [SELF, UNSAFE_INLINE],
        # What was just chosen or drawn is shown before it is sent.
        "img-src": [*directives["img-src"], "blob:"],
        "frame-src": [*directives["frame-src"], *front_ends],
        # Some forms lead on to what was published.
        "form-action": [*directives["form-action"], *front_ends],
    }


def _forget(setting: str, **kwargs: Any) -> None:
    if setting in ("MEDIA_URL", "STATIC_URL", "STORAGES", "CSP_MEDIA_SOURCES"):
        media_sources.cache_clear()


setting_changed.connect(_forget)
