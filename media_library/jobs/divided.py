"""Work that many do: a job that is cut into parts runs without a worker until the last of them is done.

Parts are jobs like others, with the ``parent`` that waits for them. It is ``running`` without a lease meanwhile, and
whoever takes its lease, by a conditional UPDATE, goes on with it. Parts and what they made live for as long as that.
"""

from typing import Any

from django.db import transaction
from django.db.models import Avg, Case, Exists, F, FloatField, OuterRef, Q, QuerySet, When
from django.db.models.functions import Coalesce
from django.utils import timezone

from media_library.models import ProcessingJob
from media_library.video.parts import Part

State = ProcessingJob.State

WAITING = Q(state=State.RUNNING, lease=None)
"""Of a job in parts: nobody works on it, only on them."""


def joinable() -> QuerySet[ProcessingJob]:
    """Jobs all of whose parts are done, and that nobody goes on with."""
    unfinished = ProcessingJob.objects.filter(parent=OuterRef("pk")).exclude(state=State.DONE)
    return ProcessingJob.objects.filter(WAITING, ~Exists(unfinished), cancel_requested_at=None)


def following(job_id: int) -> QuerySet[ProcessingJob]:
    """What can be begun because somebody has worked on this job: its parts, or what these are parts of."""
    now = timezone.now()
    parts = Q(parent=job_id, state=State.QUEUED, available_at__lte=now)
    whole = Q(pk__in=joinable().filter(parts_of_it=job_id).values("pk"))
    return ProcessingJob.objects.filter(parts | whole, sent_at=None).order_by("number")


def tell_progress(part: ProcessingJob) -> None:
    """Write down how far the whole is, from all of its parts."""
    share = Case(When(state=State.DONE, then=1.0), default=F("progress"), output_field=FloatField())
    done = ProcessingJob.objects.filter(parent=part.parent_id).aggregate(done=Coalesce(Avg(share), 0.0))["done"]
    place = Part.from_json(part.arguments["part"])
    whole = ProcessingJob.objects.filter(WAITING, pk=part.parent_id)
    for parts in whole.values_list("parts", flat=True):
        named = parts | {name: round(done, 3) for name in place.rungs}
        whole.update(progress=place.base + place.share * done, parts=named)


def end_whole(job_id: int, **columns: Any) -> bool:
    """Let a job that waits for its parts be something else, and forget these; return whether it did wait.

    Whoever works on one of them finds the lease gone.
    """
    columns = {"finished_at": timezone.now()} | columns
    ended = ProcessingJob.objects.filter(WAITING, pk=job_id).update(**columns)
    if ended:
        forget(job_id)
    return bool(ended)


def forget(job_id: int) -> None:
    """Delete the parts of a job; what was made of them goes along.

    Locked first: a worker may be about to commit what it made of one.
    """
    parts = ProcessingJob.objects.filter(parent=job_id)
    with transaction.atomic():
        list(parts.select_for_update().order_by("pk").values_list("pk"))
        parts.delete()
