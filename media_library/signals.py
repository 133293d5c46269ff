"""What the library tells others. Receivers of what is told after commit harm nobody if they fail."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import NamedTuple

from django.dispatch import Signal

job_ended = Signal()
"""A worker has ended its work on a job: ``operation``, ``seconds``, and ``outcome``, which is ``done``, ``failed``,
``cancelled``, ``handed_back``, ``divided`` when it is left to many, ``put_off`` when a storage is away, or
``lost`` when it was for somebody else by then. Sent after the commit."""

storage_failed = Signal()
"""A storage has answered with an error, or not at all: ``doing`` is ``store`` (an upload), ``remove`` or ``work``.
Each try of the same is one."""

asset_ready = Signal()
"""An asset is ready, or there is something of it that can be shown: ``asset_id``. May be sent several times.

After commit.
"""

asset_failed = Signal()
"""An asset could not be processed, after all attempts, or somebody has stopped the work on it: ``asset_id``.

After commit.
"""

assets_changed = Signal()
"""What visitors are told of assets is another: ``kind`` (``image``), ``asset_ids``, ``is_listed``,
``is_shown``, ``event``.

Sent inside the transaction that changes them, and by ``QuerySet.update()`` doors as well. ``is_listed`` says that
lists may have other assets in them now: new ones, moved, deleted, restored, or with other rights; without
``is_shown``, only the folder has changed, which nobody sees but who asks for what is in one. ``event`` is
``ready``, ``failed``, ``replaced`` or ``deleted``, where it is one of these; "" for the rest.
"""

collection_changed = Signal()
"""What is in a curated collection, or said of it, is another: ``collection_id``. Inside the transaction."""

looks_changed = Signal()
"""It is known anew what many assets look like that were there before. Inside the transaction."""

variants_changed = Signal()
"""A rendition was made of a picture because somebody asked for it: ``asset_id``. Nothing shows it by itself."""


presets_changed = Signal()
"""Another manifest is in force, so that pictures are shown in other crops. Inside the transaction."""

media_host_changed = Signal()
"""Media are fetched from another host now, so that all answers with their addresses are out of date: ``host``. Sent
until no receiver fails."""


class What(NamedTuple):
    """What has happened to assets: the arguments of ``assets_changed``."""

    kind: str
    is_listed: bool = False
    is_shown: bool = True
    event: str = ""


_gathered: ContextVar[dict[What, set[int]] | None] = ContextVar("changed_assets", default=None)


def tell_changed(
    kind: str, asset_ids: Iterable[int], *, is_listed: bool = False, is_shown: bool = True, event: str = ""
) -> None:
    """Send ``assets_changed``, or keep it for the end of ``together``."""
    what, ids = What(kind, is_listed, is_shown, event), set(asset_ids)
    if (gathered := _gathered.get()) is not None:
        gathered[what] |= ids
    elif ids:
        _send(what, ids)


@contextmanager
def together() -> Iterator[None]:
    """Tell of all that changes inside at its end, at once: for operations on many assets, inside their transaction.

    Nothing is told when it fails.
    """
    if _gathered.get() is not None:
        yield
        return
    gathered: dict[What, set[int]] = defaultdict(set)
    token = _gathered.set(gathered)
    try:
        yield
    finally:
        _gathered.reset(token)
    for what, ids in gathered.items():
        _send(what, ids)


def _send(what: What, ids: set[int]) -> None:
    assets_changed.send(None, asset_ids=sorted(ids), **what._asdict())
