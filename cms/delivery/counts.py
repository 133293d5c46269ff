"""How many objects lists have, kept in the cache until a tag of the list goes stale."""

import contextlib
import hashlib
from collections.abc import Callable, Iterable

from cms.delivery import versions

SECONDS = 60 * 60
"""How long one is kept at most: what nobody asks for any more goes by itself."""


def keep(query: str, tags: Iterable[str], count: Callable[[], int]) -> int:
    """The number that ``count`` gives for a query, as of the present versions of these tags.

    Versions are read first, so what changes while it is counted is counted again. Without a cache, it always is.
    """
    try:
        seen = sorted(versions.read(tags).items())
        key = f"delivery:count:{hashlib.blake2b(f'{query} {seen}'.encode(), digest_size=16).hexdigest()}"
        kept = versions.cache.get(key)
    except Exception:  # noqa: BLE001 whatever a cache raises, the list is answered
        return count()
    if not isinstance(kept, int):
        kept = count()
        with contextlib.suppress(Exception):
            versions.cache.set(key, kept, SECONDS)
    return kept
