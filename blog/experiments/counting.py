"""How often either picture was shown and clicked: told by front ends, counted in bulk."""

import json
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.models import Page

from blog.models import Experiment, ExperimentCounts
from media_library.exceptions import InvalidBeacon
from media_library.statistics.adding import add_up
from media_library.statistics.buffer import Buffer, Key
from media_library.statistics.events import MAX_BYTES, MAX_DIGITS, MAX_EVENTS

VARIANTS = ("a", "b")
TYPES = ("shown", "clicked")
BATCH = 500


class Outcomes(NamedTuple):
    """Counts of one experiment on one day."""

    a_shown: int = 0
    a_clicked: int = 0
    b_shown: int = 0
    b_clicked: int = 0

    def __add__(self, other: "Outcomes") -> "Outcomes":  # type: ignore[override]
        return Outcomes(*map(sum, zip(self, other, strict=True)))


def read_outcomes(body: bytes) -> list[tuple[int, Outcomes]]:
    """Read ``{"events": [{"experiment": 3, "variant": "b", "type": "shown"}, …]}``.

    Raises ``InvalidBeacon`` with a sentence for whoever writes a front end.
    """
    if len(body) > MAX_BYTES:
        raise InvalidBeacon(_("A beacon may have %(bytes)s bytes at most.") % {"bytes": MAX_BYTES})
    try:
        data = json.loads(body)
    except (ValueError, RecursionError):
        raise InvalidBeacon(_("The body is no JSON.")) from None
    events = data.get("events") if isinstance(data, dict) else None
    if not isinstance(events, list) or not 0 < len(events) <= MAX_EVENTS:
        raise InvalidBeacon(
            _('Send {"events": [{"experiment": 3, "variant": "a", "type": "shown"}]}, at most %(number)s at a time.')
            % {"number": MAX_EVENTS}
        )
    return [_read(event) for event in events]


def _read(event: Any) -> tuple[int, Outcomes]:
    if not isinstance(event, dict):
        raise InvalidBeacon(_("Each event is an object with experiment, variant and type."))
    pk, variant, kind = event.get("experiment"), event.get("variant"), event.get("type")
    if type(pk) is not int or not 0 < pk < 10**MAX_DIGITS:
        raise InvalidBeacon(_("The experiment of an event is a whole number."))
    if variant not in VARIANTS:
        raise InvalidBeacon(_("The variant of an event is a or b."))
    if kind not in TYPES:
        raise InvalidBeacon(_("The type of an event is shown or clicked."))
    return pk, Outcomes(**{f"{variant}_{kind}": 1})


def count(outcomes: Iterable[tuple[int, Outcomes]]) -> None:
    """Count these soon. No query: whether there are such experiments is looked up when they are written."""
    buffer.add(outcomes)


def record(outcomes: Mapping[Key, Outcomes]) -> None:
    """Add to what the database has, three statements for each 500 experiments. What isn't running is left out."""
    rows = sorted(outcomes.items())
    for start in range(0, len(rows), BATCH):
        _record(rows[start : start + BATCH])


@transaction.atomic
def _record(rows: list[tuple[Key, Outcomes]]) -> None:
    running = Experiment.objects.filter(
        pk__in={pk for (pk, _day), _outcomes in rows},
        state=Experiment.State.RUNNING,
        post__in=Page.objects.live().public().values("pk"),
    )
    # Locked, so that none is deleted meanwhile.
    known = set(running.order_by("pk").select_for_update(of=["self"]).values_list("pk", flat=True))
    found = [(pk, day, *outcomes) for (pk, day), outcomes in rows if pk in known]
    if found:
        add_up(ExperimentCounts, ["experiment_id", "day"], Outcomes._fields, found)


buffer: Buffer[Outcomes] = Buffer(record)
"""Of this process."""
