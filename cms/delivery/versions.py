"""A version for each tag, in Django's cache: a response is fresh as long as the versions of its tags are the same.

Versions are random, so there is nothing to count and nothing that two processes could count alike. One that the cache
has lost is made anew, by which all that was made of it is stale: forgetting errs on the safe side. The generation
changes with every bump of any tag; where it has not, no tag needs to be looked at.

Whatever the cache raises, these functions raise: whoever bumps must know that it did not happen.
"""

import contextlib
import secrets
from collections.abc import Iterable

from django.core.cache import caches
from django.utils.connection import ConnectionProxy

cache = ConnectionProxy(caches, "delivery")

GENERATION = "delivery:generation"
PREFIX = "delivery:tag:"


def generation() -> str:
    """The version of everything. Read before tags are, it tells whether any of them was bumped since."""
    found = cache.get(GENERATION)
    return found if isinstance(found, str) else _make(GENERATION)


def read(tags: Iterable[str]) -> dict[str, str]:
    """The version of each tag; those that have none get one."""
    keys = {tag: f"{PREFIX}{tag}" for tag in tags}
    found = cache.get_many(keys.values())
    known = {tag: found.get(key) for tag, key in keys.items()}
    return {tag: one if isinstance(one, str) else _make(keys[tag]) for tag, one in known.items()}


def bump(tags: Iterable[str]) -> None:
    """Make stale all that was made of any of these tags.

    The generation changes before the tags, so that nobody keeps under new versions what was read before; and once more
    after them, so that whoever has compared versions meanwhile compares them again.
    """
    versions = {f"{PREFIX}{tag}": _new() for tag in tags}
    if not versions:
        return
    try:
        cache.set(GENERATION, _new(), timeout=None)
        if cache.set_many(versions, timeout=None):
            raise OSError("The cache has not taken all versions of tags.")
        cache.set(GENERATION, _new(), timeout=None)
    except Exception:
        # To forget is to bump, and a disk that is full still does that.
        with contextlib.suppress(Exception):
            cache.delete_many([*versions, GENERATION])
        raise


def _make(key: str) -> str:
    version = _new()
    if not cache.add(key, version, timeout=None):
        # Somebody has made it meanwhile, or what stands there is no version.
        found = cache.get(key)
        if isinstance(found, str):
            return found
        cache.set(key, version, timeout=None)
    return version


def _new() -> str:
    return secrets.token_hex(8)
