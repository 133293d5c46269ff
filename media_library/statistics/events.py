"""What front ends tell of what their visitors saw: read from the body of a beacon, whoever sent it."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext as _

from media_library.exceptions import InvalidBeacon

MAX_BYTES = 16 * 1024
MAX_EVENTS = 50
"""Of one beacon. A page of a gallery has fewer pictures, and browsers send at most 64 KB of beacons at a time."""

MAX_DIGITS = 18
"""Longer ids don't fit the database's integers, so there is no such asset."""

MOST_TOLD = 10**12
"""Bytes that one event may tell; what is counted is bounded by the asset's own files (counting.py)."""


class EventType(TextChoices):
    VIEW = "view"
    PLAY = "play"
    DOWNLOAD = "download"


@dataclass(frozen=True)
class Event:
    """Something was shown, played or downloaded; ``bytes`` is what was sent for it, or None where nobody knows."""

    asset_id: int
    type: EventType
    bytes: int | None = None


def read_events(body: bytes) -> list[Event]:
    """Read ``{"events": [{"id": 12, "type": "view"}, {"id": 31, "type": "play", "bytes": 123456}]}``.

    Raises ``InvalidBeacon`` with a sentence for whoever writes a front end.
    """
    if len(body) > MAX_BYTES:
        raise InvalidBeacon(_("A beacon may have %(bytes)s bytes at most.") % {"bytes": MAX_BYTES})
    try:
        data = json.loads(body)
    except (ValueError, RecursionError):
        raise InvalidBeacon(_("The body is no JSON.")) from None
    events = data.get("events") if isinstance(data, dict) else None
    if not isinstance(events, list) or not events:
        raise InvalidBeacon(_('Send {"events": [{"id": 12, "type": "view"}]}.'))
    if len(events) > MAX_EVENTS:
        raise InvalidBeacon(_("Send at most %(number)s events at a time.") % {"number": MAX_EVENTS})
    return list(_read(events))


def _read(events: list[Any]) -> Iterator[Event]:
    for event in events:
        if not isinstance(event, dict):
            raise InvalidBeacon(_("Each event is an object with id and type."))
        asset_id, kind, told = str(event.get("id")), event.get("type"), event.get("bytes")
        if isinstance(event.get("id"), float) or not (asset_id.isascii() and asset_id.isdigit()):
            raise InvalidBeacon(_("The id of an event is a whole number."))
        if kind not in EventType.values:
            raise InvalidBeacon(
                _("The type of an event is one of: %(types)s.") % {"types": ", ".join(EventType.values)}
            )
        if told is not None and not (type(told) is int and 0 <= told <= MOST_TOLD):
            raise InvalidBeacon(_("The bytes of an event are a whole number, or are left out."))
        if len(asset_id) <= MAX_DIGITS:
            yield Event(int(asset_id), EventType(kind), told)
