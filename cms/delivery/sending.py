"""What is common to everything that is sent to another server until it arrives.

A row is claimed by one conditional UPDATE, which also says when it is due again: a worker that dies holds it for no
longer than that, and one that comes back too late finds another lease and records nothing.
"""

import random
import uuid
from collections.abc import Sequence
from datetime import timedelta
from typing import Any, TypeVar

from django.db.models import F, Q, QuerySet
from django.utils import timezone

from cms.delivery.models import Sending, State

LEASE = timedelta(seconds=40)
"""For how long one request may take, with the look-up of a name before it; each further one extends it."""

WAITS = tuple(timedelta(seconds=one) for one in (5, 30, 120, 600, 1800, 3600, 3 * 3600, 6 * 3600, 12 * 3600))
"""Between one attempt and the next, as the Standard Webhooks specification suggests: 10 attempts within 23 hours."""

MAX_ATTEMPTS = len(WAITS) + 1
LONGEST_WAIT = timedelta(days=1)
"""However long another server asks us to wait."""

Row = TypeVar("Row", bound=Sending)


def due(rows: QuerySet[Row]) -> QuerySet[Row]:
    """Those whose time has come. One that is put off for longer than anything is: the clock was wrong then."""
    now = timezone.now()
    return rows.filter(state=State.QUEUED).filter(
        Q(next_attempt_at=None) | Q(next_attempt_at__lte=now) | Q(next_attempt_at__gt=now + 2 * LONGEST_WAIT)
    )


def claim(rows: QuerySet[Row], most: int = 1, order: Sequence[str] = ("created_at", "pk")) -> list[Row]:
    """Take at most so many of those that are due, by default the oldest first, for one attempt."""
    lease = uuid.uuid4()
    found = list(due(rows).order_by(*order).values_list("pk", flat=True)[:most])
    everything = rows.model._default_manager.all()
    due(everything.filter(pk__in=found)).update(
        lease=lease, attempts=F("attempts") + 1, next_attempt_at=timezone.now() + LEASE
    )
    return list(everything.filter(lease=lease, pk__in=found).order_by("created_at", "pk"))


def extend(rows: Sequence[Row]) -> int:
    """Go on with what takes several requests."""
    return _ours(rows).update(next_attempt_at=timezone.now() + LEASE)


def record_success(rows: Sequence[Row], **facts: Any) -> int:
    """Note that they have arrived; return how many of them were still ours."""
    return _ours(rows).update(
        state=State.DONE, finished_at=timezone.now(), next_attempt_at=None, lease=None, error="", **facts
    )


def record_failure(
    rows: Sequence[Row], error: str, wait: timedelta | None = None, is_final: bool = False, **facts: Any
) -> int:
    """Note why they have not arrived, and put them off, for ``wait`` if the other server has asked for it."""
    count = 0
    for row in rows:
        if is_final or row.attempts >= MAX_ATTEMPTS:
            fate: dict[str, Any] = {"state": State.FAILED, "finished_at": timezone.now(), "next_attempt_at": None}
        else:
            fate = {"next_attempt_at": timezone.now() + (wait or next_wait(row.attempts))}
        count += _ours([row]).update(lease=None, error=error, **fate, **facts)
    return count


def send_again(rows: QuerySet[Row]) -> int:
    """Queue anew, with all attempts, and at once; what is under way is left alone."""
    return rows.exclude(state=State.QUEUED, lease__isnull=False).update(
        state=State.QUEUED, attempts=0, next_attempt_at=timezone.now(), finished_at=None, lease=None, error=""
    )


def next_wait(attempts: int) -> timedelta:
    """How long to wait after so many attempts, give or take a tenth: what failed together shall not come together."""
    return WAITS[min(attempts, len(WAITS)) - 1] * random.uniform(0.9, 1.1)  # noqa: S311


def _ours(rows: Sequence[Row]) -> QuerySet[Row]:
    return rows[0]._meta.default_manager.filter(
        pk__in=[row.pk for row in rows], lease=rows[0].lease, state=State.QUEUED
    )
