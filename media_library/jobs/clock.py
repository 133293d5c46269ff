"""What was written while the clock was ahead, which nobody would look at before that time has come again."""

from datetime import timedelta

from django.db.models import F, Q, Value
from django.db.models.functions import Least
from django.utils import timezone

from media_library.conf import conf
from media_library.models import BulkOperation, ProcessingJob

SLACK = timedelta(minutes=2)
"""By so much the clocks of machines may differ."""

LONGEST_WAIT = timedelta(days=1)
"""However long another server asks to wait."""


def bring_back(model: type[ProcessingJob] | type[BulkOperation]) -> None:
    """Have queued rows wait no longer that were made, begun or sent later than now, or wait longer than any may.

    Leases that last longer than any are cut: who is still at work renews its own.
    """
    now = timezone.now()
    lease = timedelta(seconds=conf.JOB_LEASE_SECONDS)
    rows, latest = model._default_manager.all(), now + SLACK
    ends_late = rows.filter(state=model.State.RUNNING, lease_expires_at__gt=latest + lease)
    ends_late.update(lease_expires_at=now + lease)
    ahead = Q(created_at__gt=latest) | Q(sent_at__gt=latest) | Q(available_at__gt=latest + LONGEST_WAIT)
    earliest = {"created_at": Least(F("created_at"), Value(now))}
    if model is ProcessingJob:
        ahead |= Q(started_at__gt=latest)
        earliest["started_at"] = Least(F("started_at"), Value(now))
    rows.filter(ahead, state=model.State.QUEUED).update(available_at=now, sent_at=None, **earliest)
