"""What the database knows of all machines, for Prometheus: it is right even where no worker runs."""

import time
from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models import Count, F, Min, QuerySet, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric

from cms.delivery.models import Change, Purge, State, WebhookDelivery
from cms.operations.parts import queue_age
from cms.operations.readiness import OK, Readiness
from cms.sharing.models import Posting
from media_library.models import Asset, FileRemoval, ProcessingJob

STATES = ProcessingJob.State
SLOW_SECONDS = 60.0

SENDINGS: dict[str, tuple[type[Any], str]] = {
    "purges": (Purge, "created_at"),
    "webhooks": (WebhookDelivery, "created_at"),
    "postings": (Posting, "queued_at"),
}
"""What is sent to other servers, and since when it waits. What somebody posts again begins anew."""


def jobs() -> Iterator[Metric]:
    """How many jobs there are, and for how long the oldest that waits could have been begun."""
    family = GaugeMetricFamily(
        "darkroom_jobs", "Jobs by what they do and how they are.", labels=["operation", "state"]
    )
    counted = {
        (row["operation"], row["state"]): row["number"]
        for row in ProcessingJob.objects.order_by().values("operation", "state").annotate(number=Count("pk"))
    }
    for operation in ProcessingJob.Operation.values:
        for state in STATES.values:
            family.add_metric([operation, state], counted.get((operation, state), 0))
    yield family
    yield GaugeMetricFamily("darkroom_queue_age_seconds", "For how long work has waited.", value=queue_age())
    length = sum(number for (_operation, state), number in counted.items() if state == STATES.QUEUED)
    yield GaugeMetricFamily("darkroom_queue_length", "Jobs that wait.", value=length)


def backlog() -> Iterator[Metric]:
    """What is still to be told or done elsewhere, since when the oldest of it waits, and what came of the rest."""
    number = GaugeMetricFamily("darkroom_backlog", "What is still to be sent or done elsewhere.", labels=["what"])
    age = GaugeMetricFamily("darkroom_backlog_age_seconds", "Since when the oldest of it waits.", labels=["what"])
    failed = GaugeMetricFamily("darkroom_sendings_failed", "What was given up, as far as it is kept.", labels=["what"])
    done = GaugeMetricFamily("darkroom_sendings_done", "What has arrived, as far as it is kept.", labels=["what"])
    waiting: dict[str, tuple[QuerySet[Any], str]] = {
        "changes": (Change.objects.all(), "created_at"),
        "file_removals": (FileRemoval.objects.filter(attempts__gt=0), "created_at"),
    }
    for name, (model, since) in SENDINGS.items():
        waiting[name] = model.objects.filter(state=State.QUEUED), since
        failed.add_metric([name], model.objects.filter(state=State.FAILED).count())
        done.add_metric([name], model.objects.filter(state=State.DONE).count())
    for name, (rows, since) in waiting.items():
        found = rows.order_by().aggregate(number=Count("pk"), since=Min(since))
        number.add_metric([name], found["number"])
        oldest = found["since"]
        age.add_metric([name], max((timezone.now() - oldest).total_seconds(), 0) if oldest else 0)
    yield from (number, age, failed, done)


def library() -> Iterator[Metric]:
    """How many assets there are, what they take, and what visitors are spared."""
    number = GaugeMetricFamily("darkroom_assets", "Assets by kind and status.", labels=["kind", "status"])
    for row in Asset.objects.order_by().values("kind", "status").annotate(number=Count("pk")):
        number.add_metric([row["kind"], row["status"]], row["number"])
    sums = Asset.objects.order_by().aggregate(
        originals=Sum("file_size"),
        renditions=Sum("storage__renditions"),
        transcodes=Sum("storage__transcodes"),
        versions=Sum("storage__versions"),
        # What is not measured yet is neither saved nor wasted.
        spared=Sum(F("file_size") - Coalesce(F("storage__shown"), F("file_size"))),
        polished=Sum("bytes_saved"),
    )
    stored = GaugeMetricFamily("darkroom_stored_bytes", "What files take.", labels=["what"])
    for name in ("originals", "renditions", "transcodes", "versions"):
        stored.add_metric([name], sums[name] or 0)
    saved = GaugeMetricFamily(
        "darkroom_saved_bytes",
        "What visitors don't load: by renditions in place of originals, by polishing.",
        labels=["by"],
    )
    saved.add_metric(["renditions"], sums["spared"] or 0)
    saved.add_metric(["polishing"], sums["polished"] or 0)
    yield from (number, stored, saved)


class Figures:
    """Asks the database at most every few seconds, and waits for it a while only: metrics come without it, too."""

    def __init__(self) -> None:
        self._quick: list[Metric] = []
        self._slow: list[Metric] = []
        self._slow_at = 0.0
        self._asking = Readiness({"figures": self._read}, patience=5.0)

    def describe(self) -> Iterable[Metric]:
        """Nothing to be asked while the registry is put together."""
        return ()

    def collect(self) -> Iterator[Metric]:
        is_there = self._asking.ask()["figures"].state == OK
        yield GaugeMetricFamily("darkroom_database_up", "Whether the database has answered in time.", value=is_there)
        if is_there:
            yield from (*self._quick, *self._slow)

    def _read(self) -> str:
        self._quick = [*jobs(), *backlog()]
        if time.monotonic() - self._slow_at > SLOW_SECONDS or not self._slow:
            self._slow, self._slow_at = [*library()], time.monotonic()
        return ""
