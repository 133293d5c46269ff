"""The one door for all that makes answers stale.

A ``Change`` is written in the transaction of what it is about. After commit the process that made it tells of all
changes of the transaction at once; what it could not tell, because it was killed or the cache was away, beat does.
"""

import logging
from collections.abc import Iterable
from typing import Any

from asgiref.local import Local
from django.db import transaction

from cms.delivery import others, versions
from cms.delivery.models import Change
from cms.delivery.tags import ALL

logger = logging.getLogger(__name__)

MOST_TAGS = 1000
"""Tags of one change; what concerns more objects than that makes everything stale."""

AT_A_TIME = 500
"""Changes that beat tells in one transaction."""

_pending = Local()


def announce(tags: Iterable[str], event: str = "", subject: dict[str, Any] | None = None) -> None:
    """Tell caches, CDN and webhooks, once the transaction is committed, that what was made of ``tags`` is stale.

    ``event`` is what webhooks call it (``page.published``), and ``subject`` what it happened to. Nothing is written
    where there is nothing to tell.
    """
    announce_all([(tags, event, subject or {})])


def announce_all(changes: Iterable[tuple[Iterable[str], str, dict[str, Any]]]) -> None:
    """Announce several changes, each ``(tags, event, subject)``, in one statement."""
    rows = [
        Change(tags=_bounded(tags), event=event, subject=subject)
        for found, event, subject in changes
        if (tags := set(found)) or event
    ]
    if rows:
        Change.objects.bulk_create(rows)
        _mine().extend(rows)
        transaction.on_commit(_tell_mine, robust=True)


def tell(changes: Iterable[Change]) -> None:
    """Tell everybody of these, and forget them; those that another process has told meanwhile are left out.

    Whatever fails, they stay until somebody has told them.
    """
    changes = list(changes)
    # Outside of the transaction, which a cache that is slow would hold up. Twice is as good as once.
    versions.bump({tag for change in changes for tag in change.tags})
    with transaction.atomic():
        ids = [change.pk for change in changes]
        # A row may have gone with a savepoint, too.
        rows = list(Change.objects.select_for_update(skip_locked=True).filter(pk__in=ids).order_by("pk"))
        if rows:
            others.queue(rows)
            Change.objects.filter(pk__in=[row.pk for row in rows]).delete()


def tell_rest() -> int:
    """From beat: tell what is left, oldest first; returns how many changes. Two at once do no harm."""
    told = 0
    while changes := list(Change.objects.order_by("pk")[:AT_A_TIME]):
        tell(changes)
        told += len(changes)
    return told


def _bounded(tags: set[str]) -> list[str]:
    return sorted(tags) if len(tags) <= MOST_TAGS else [ALL]


def _mine() -> list[Change]:
    """What this thread has announced and not told. What was rolled back is among it."""
    if not hasattr(_pending, "changes"):
        _pending.changes = []
    return _pending.changes


def _tell_mine() -> None:
    """After commit. The first of several hooks tells for all of them; what was rolled back is not in the table."""
    if changes := _mine():
        _pending.changes = []
        tell(Change.objects.filter(pk__in=[change.pk for change in changes]))
