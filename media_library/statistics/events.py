"""What front ends tell of what their visitors saw: read from the body of a beacon, whoever sent it."""

import json
from collections.abc import Callable, Iterator
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


TENTHS = 10
"""Parts of a film or sound that are watched or not."""

GRID = 10
"""Rows and columns of the grid over a picture in which clicks are counted."""

MOST_PIXELS = 16_384
"""Widest that an event may tell a picture was shown: two screens of 8K side by side."""

MOST_LETTERS = 32
"""Of the name of a slot (imaging/slots.py)."""

MOST_SECONDS = 24 * 60 * 60
"""Longest that one event may tell of one tenth; what is counted is bounded by the film's length (engagement.py)."""


class EventType(TextChoices):
    VIEW = "view"
    PLAY = "play"
    DOWNLOAD = "download"
    WATCH = "watch"
    CLICK = "click"


@dataclass(frozen=True, slots=True)
class Event:
    """Something was shown, played, watched, clicked or downloaded.

    ``bytes`` is what was sent for it, or None where nobody knows; ``width`` in pixels of the screen, of a view or a
    play; ``slot`` the place of a view in the front end, as its manifest names it; ``tenths`` those of a film of which
    something was watched for the first time, ``seconds`` how long each of the ten was watched since the event before,
    and ``begins`` whether that is the first of this viewing; ``cell`` the one of the grid that was clicked, counted
    row by row from the top left.
    """

    asset_id: int
    type: EventType
    bytes: int | None = None
    width: int | None = None
    slot: str = ""
    begins: bool = False
    tenths: tuple[int, ...] = ()
    seconds: tuple[float, ...] = ()
    cell: int | None = None


def read_events(body: bytes) -> list[Event]:
    """Read a list of events, of whatever types::

        {"events": [
            {"id": 12, "type": "view", "width": 1280, "slot": "hero"},
            {"id": 12, "type": "click", "x": 0.42, "y": 0.9},
            {"id": 31, "type": "play", "bytes": 123456},
            {"id": 31, "type": "watch", "begins": true, "tenths": [0, 1], "seconds": [3, 1.5, 0, 0, 0, 0, 0, 0, 0, 0]},
        ]}

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
        details = DETAILS[kind](event)
        if len(asset_id) <= MAX_DIGITS:
            yield Event(int(asset_id), EventType(kind), told, **details)


def _shown(event: dict[str, Any]) -> dict[str, Any]:
    width = event.get("width")
    if width is not None and not (type(width) is int and 0 < width <= MOST_PIXELS):
        raise InvalidBeacon(
            _("The width of an event is a whole number of pixels up to %(pixels)s, or is left out.")
            % {"pixels": MOST_PIXELS}
        )
    slot = event.get("slot", "")
    if not isinstance(slot, str) or len(slot) > MOST_LETTERS:
        raise InvalidBeacon(
            _("The slot of an event is a name of %(letters)s letters at most, or is left out.")
            % {"letters": MOST_LETTERS}
        )
    return {"width": width, "slot": slot}


def _watched(event: dict[str, Any]) -> dict[str, Any]:
    begins, tenths, seconds = event.get("begins", False), event.get("tenths", []), event.get("seconds", [])
    if type(begins) is not bool:
        raise InvalidBeacon(_("“begins” of a watch event is true or false, or is left out."))
    if not (isinstance(tenths, list) and all(type(one) is int and 0 <= one < TENTHS for one in tenths)):
        raise InvalidBeacon(_("The tenths of a watch event are whole numbers from 0 to 9."))
    if len(set(tenths)) < len(tenths):
        raise InvalidBeacon(_("The tenths of a watch event are each named once."))
    if not (isinstance(seconds, list) and len(seconds) in (0, TENTHS) and all(map(_is_seconds, seconds))):
        raise InvalidBeacon(
            _("The seconds of a watch event are ten numbers, each up to %(seconds)s, or are left out.")
            % {"seconds": MOST_SECONDS}
        )
    return {"begins": begins, "tenths": tuple(tenths), "seconds": tuple(seconds)}


def _clicked(event: dict[str, Any]) -> dict[str, Any]:
    places: list[Any] = [event.get("x"), event.get("y")]
    if not all(type(one) in (int, float) and 0 <= one <= 1 for one in places):
        raise InvalidBeacon(_("A click has x and y, from 0 to 1, of the picture's width and height."))
    # The right and the lower edge belong to the last cells.
    column, row = (min(GRID - 1, int(one * GRID)) for one in places)
    return {"cell": row * GRID + column}


def _is_seconds(value: Any) -> bool:
    # Neither NaN nor Infinity, which Python's JSON has, is between anything.
    return type(value) in (int, float) and 0 <= value <= MOST_SECONDS


DETAILS: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    EventType.VIEW: _shown,
    EventType.PLAY: _shown,
    EventType.DOWNLOAD: lambda event: {},
    EventType.WATCH: _watched,
    EventType.CLICK: _clicked,
}
"""What else events of each type tell."""
