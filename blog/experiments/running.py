"""When experiments start and end: the clock decides, and beat sees to it."""

import logging

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from blog.models import Experiment

logger = logging.getLogger(__name__)

State = Experiment.State


def tend_experiments() -> int:
    """Start and end what is due, each by itself; return how many. Whoever saves one tells caches of it."""
    now = timezone.now()
    over = Q(ends_at__lte=now) & ~Q(state=State.ENDED)
    due = Q(starts_at__lte=now, state=State.PLANNED)
    # Those that end first: another one may be waiting for its place.
    found = Experiment.objects.filter(over | due).order_by("starts_at", "pk").values_list("pk", flat=True)
    return sum(_tend_if_free(pk) for pk in list(found))


def _tend_if_free(pk: int) -> bool:
    try:
        return _tend(pk)
    except IntegrityError:
        logger.warning("Experiment %s waits: another one is running in its place of the post", pk)
        return False


@transaction.atomic
def _tend(pk: int) -> bool:
    experiment = Experiment.objects.select_for_update().filter(pk=pk).first()
    # Another beat, or an editor, may have been here.
    if experiment is None or experiment.state == experiment.state_at(timezone.now()):
        return False
    experiment.save()
    return True
