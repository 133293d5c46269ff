"""What a front end needs of each picture, as it says itself: its manifest, ``presets.json``::

    {"slots": {
      "hero": {"aspect": "16:9", "widths": [640, 1280, 1920], "description": "On top of a post", "minimum": 1600},
      "card": {"aspect": "3:2", "widths": [320, 640], "formats": ["webp", "fallback"]},
      "text": {"aspect": null, "widths": [640, 1280]}
    }}

``aspect`` is width to height, null for a picture as it is. ``widths`` are in pixels. ``minimum`` is the least width
in pixels that a picture should give there, the largest of ``widths`` if it is left out. ``formats`` are ``avif``,
``webp``, ``jpeg``, ``png``, and ``fallback`` for what every client knows; all of avif, webp and fallback if left out.
"""

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from difflib import get_close_matches
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _

from media_library.exceptions import InvalidManifest
from media_library.imaging.presets import (
    ADMIN,
    DEFAULT_FORMATS,
    FALLBACK,
    FIRST_WIDTH,
    KNOWN_FORMATS,
    LADDER,
    MAX_SIDE,
    ORIGINAL,
    SRC_WIDTH,
    STILL,
    Preset,
    Presets,
    named_presets,
)

MAX_BYTES = 64 * 1024
MAX_SLOTS = 50
MAX_WIDTHS = 12
"""Of one slot. A step of a fifth from 320 to 2560 pixels takes as many."""

MAX_FILES = 300
"""Of one picture, in all slots, widths and formats: each takes a worker some tenths of a second."""

MAX_DESCRIPTION = 200
MAX_ASPECT = 20
"""How many times as wide as high a slot may be, or as high as wide."""

MOST_ERRORS = 20
"""Told of one manifest."""

SHARING = "og"
"""The crop that Darkroom itself hands to networks, whatever a front end needs."""

RESERVED = (LADDER, ADMIN, STILL.name, ORIGINAL)
OPERATIONS = ("width", "height", "max", "min", "fill", "scale", "bgcolor", "format")
"""Begin filter specs, so that a signed address with ``fill-600x400`` never means a slot."""

_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,31}", re.ASCII | re.IGNORECASE)
_ASPECT = re.compile(r"(\d{1,5}(?:\.\d{1,3})?):(\d{1,5}(?:\.\d{1,3})?)", re.ASCII)
_FIELDS = ("aspect", "widths", "formats", "description", "minimum")


@dataclass(frozen=True)
class Slot:
    """A place in a front end where pictures are shown. Pixels; ``aspect`` as "16:9", or None for pictures as they are.

    ``widths`` are in order.
    """

    name: str
    aspect: str | None
    widths: tuple[int, ...]
    formats: tuple[str, ...] = DEFAULT_FORMATS
    description: str = ""
    minimum: int = 0

    @classmethod
    def from_json(cls, name: str, stored: Mapping[str, Any]) -> "Slot":
        """Of what ``as_json`` gave."""
        return cls(
            name,
            stored["aspect"],
            tuple(stored["widths"]),
            tuple(stored["formats"]),
            stored["description"],
            stored["minimum"],
        )

    def as_json(self) -> dict[str, Any]:
        """All of it but its name, for JSON."""
        return {
            name: list(one) if isinstance(one, tuple) else one for name, one in asdict(self).items() if name != "name"
        }

    @property
    def presets(self) -> tuple[Preset, ...]:
        """One for each width, the smallest first."""
        return tuple(Preset(self.name, self._operation(width), self.formats) for width in self.widths)

    def missing(self, width: int, height: int) -> tuple[int, int]:
        """How many pixels a picture of this size lacks in width and in height, of what should be shown here."""
        needed = 0 if self.aspect is None else _height(self.aspect, self.minimum)
        return max(0, self.minimum - width), max(0, needed - height)

    def _operation(self, width: int) -> str:
        return f"width-{width}" if self.aspect is None else f"fill-{width}x{_height(self.aspect, width)}"


def presets_of(slots: Iterable[Slot]) -> Presets:
    """What is made where these are all that a front end needs: them, and what Darkroom itself shows.

    The ladder has the widths of the slots that show pictures as they are, one of 1280 pixels for ``src``, and the one
    that the upload makes.
    """
    slots = list(slots)
    whole = [slot for slot in slots if slot.aspect is None]
    crops = [preset for slot in slots if slot.aspect is not None for preset in slot.presets]
    if not any(slot.name == SHARING for slot in slots):
        crops += [preset for preset in named_presets() if preset.name == SHARING]
    # WebP is what the admin shows.
    formats = {"webp", FALLBACK}.union(*(slot.formats for slot in whole))
    return Presets(
        tuple(crops),
        tuple(sorted({FIRST_WIDTH, SRC_WIDTH}.union(*(slot.widths for slot in whole)))),
        tuple(form for form in KNOWN_FORMATS if form in formats),
    )


def read_slots(body: bytes) -> tuple[Slot, ...]:
    """Read a manifest; raises ``InvalidManifest``, whose ``errors`` name slot and field, and say what to do."""
    if len(body) > MAX_BYTES:
        raise _wrong(
            _("A manifest has %(bytes)s bytes at most. Name fewer slots, or fewer widths.") % {"bytes": MAX_BYTES}
        )
    try:
        data = json.loads(body, object_pairs_hook=_Object)
    except (ValueError, RecursionError):
        raise _wrong(_("This is no JSON. Send the contents of presets.json.")) from None
    slots = data.get("slots") if isinstance(data, _Object) else None
    if not isinstance(slots, _Object) or not slots:
        raise _wrong(_('Send {"slots": {"hero": {"aspect": "16:9", "widths": [640, 1280]}}}.'))
    reader = _Reader()
    for name in sorted(set(data) - {"slots", "$schema"}):
        reader.refuse(_shown(name), _("There is no such field. A manifest has “slots” and nothing else."))
    for name in data.repeated:
        reader.refuse(_shown(name), _("It is there twice. Leave one of them out."))
    for name in slots.repeated:
        reader.refuse(f"slots.{_shown(name)}", _("There are two slots of this name. Rename one, or leave it out."))
    if len(slots) > MAX_SLOTS:
        reader.refuse(
            "slots",
            _("There are %(number)s slots; %(most)s are allowed. Let places of like shape share one.")
            % {"number": len(slots), "most": MAX_SLOTS},
        )
    found = [reader.read(name, value) for name, value in list(slots.items())[:MAX_SLOTS]]
    read = tuple(slot for slot in found if slot is not None)
    files = sum(len(slot.widths) * len(slot.formats) for slot in read)
    if files > MAX_FILES:
        reader.refuse(
            "slots",
            _("This is %(number)s files for each picture; %(most)s are allowed. Name fewer widths or formats.")
            % {"number": files, "most": MAX_FILES},
        )
    if reader.errors:
        raise InvalidManifest(reader.errors[:MOST_ERRORS])
    return read


def digest(slots: Iterable[Slot]) -> str:
    """SHA-256 of what they say, whatever their order; hexadecimal."""
    said = {slot.name: slot.as_json() for slot in slots}
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


class _Reader:
    """Reads one slot after the other, and gathers what is wrong with them."""

    def __init__(self) -> None:
        self.errors: list[tuple[str, str]] = []

    def refuse(self, field: str, message: str) -> None:
        self.errors.append((field, f"{field}: {message}"))

    def read(self, name: str, value: Any) -> Slot | None:
        """A slot, or None where anything is wrong with it."""
        place, before = f"slots.{_shown(name)}", len(self.errors)
        if not _NAME.fullmatch(name):
            self.refuse(place, _("The name of a slot has letters, digits, - and _, 32 at most. Rename it."))
        elif name.lower() in RESERVED or name.lower().partition("-")[0] in OPERATIONS:
            self.refuse(place, _("That name is taken by Darkroom itself. Choose another."))
        if not isinstance(value, _Object):
            self.refuse(place, _('Write it as {"aspect": "16:9", "widths": [640, 1280]}.'))
            return None
        for key in value.repeated:
            self.refuse(f"{place}.{_shown(key)}", _("It is there twice. Leave one of them out."))
        for key in value:
            if key not in _FIELDS:
                meant = get_close_matches(_shown(key), _FIELDS, n=1)
                message = _("There is no such field.")
                hint = _("Did you mean “%(name)s”?") % {"name": meant[0]} if meant else _("Leave it out.")
                self.refuse(f"{place}.{_shown(key)}", f"{message} {hint}")
        aspect = self._aspect(place, value.get("aspect", ""))
        widths = self._widths(f"{place}.widths", value.get("widths"), aspect)
        formats = self._formats(f"{place}.formats", value.get("formats"))
        description = value.get("description", "")
        if not isinstance(description, str) or len(description) > MAX_DESCRIPTION or not description.isprintable():
            self.refuse(
                f"{place}.description",
                _("A description is one line of %(most)s characters at most.") % {"most": MAX_DESCRIPTION},
            )
        minimum = value.get("minimum")
        if minimum is not None and not _is_side(minimum):
            self.refuse(f"{place}.minimum", _out_of_bounds(_("The minimum")))
        if len(self.errors) > before:
            return None
        return Slot(name, aspect, widths, formats, description, minimum or widths[-1])

    def _aspect(self, place: str, aspect: Any) -> str | None:
        if aspect is None:
            return None
        match = _ASPECT.fullmatch(aspect) if isinstance(aspect, str) else None
        if not match or not Fraction(match[1]) or not Fraction(match[2]):
            self.refuse(
                f"{place}.aspect",
                _('Say width to height, as "16:9", or null for pictures as they are.'),
            )
        elif not Fraction(1, MAX_ASPECT) <= Fraction(match[1]) / Fraction(match[2]) <= MAX_ASPECT:
            self.refuse(f"{place}.aspect", _("This is too narrow: %(most)s:1 is the most.") % {"most": MAX_ASPECT})
        else:
            return match[0]
        return None

    def _widths(self, place: str, widths: Any, aspect: str | None) -> tuple[int, ...]:
        if not isinstance(widths, list) or not widths:
            self.refuse(place, _("Name the widths in pixels, as [640, 1280]."))
        elif len(widths) > MAX_WIDTHS:
            self.refuse(
                place,
                _("There are %(number)s widths; %(most)s are allowed. Browsers take the next larger one.")
                % {"number": len(widths), "most": MAX_WIDTHS},
            )
        elif not all(map(_is_side, widths)):
            self.refuse(place, _out_of_bounds(_("Each width")))
        elif len(set(widths)) < len(widths):
            self.refuse(place, _("A width is there twice. Leave one of them out."))
        elif aspect is not None and not _is_side(_height(aspect, max(widths))):
            self.refuse(place, _out_of_bounds(_("The height that follows from each width")))
        else:
            return tuple(sorted(widths))
        return ()

    def _formats(self, place: str, formats: Any) -> tuple[str, ...]:
        if formats is None:
            return DEFAULT_FORMATS
        if not isinstance(formats, list) or not formats or any(one not in KNOWN_FORMATS for one in formats):
            known = ", ".join(KNOWN_FORMATS)
            self.refuse(place, _("Name some of %(known)s, or leave it out.") % {"known": known})
            return ()
        # Best first, as browsers are offered them.
        return tuple(one for one in (*DEFAULT_FORMATS, "jpeg", "png") if one in formats)


class _Object(dict[str, Any]):
    """A JSON object that knows which of its names are there twice; Python's keeps the last and says nothing."""

    def __init__(self, pairs: Sequence[tuple[str, Any]]):
        super().__init__(pairs)
        self.repeated = sorted(name for name, times in Counter(name for name, _value in pairs).items() if times > 1)


def _shown(name: str) -> str:
    """What a message repeats of a name: as much of it as can be read, and as can be sent."""
    return name[:64].encode(errors="replace").decode()


def _height(aspect: str, width: int) -> int:
    across, down = map(Fraction, aspect.split(":"))
    return round(width * down / across)


def _is_side(value: Any) -> bool:
    return type(value) is int and 1 <= value <= MAX_SIDE


def _out_of_bounds(what: str) -> str:
    return _("%(what)s is a whole number of pixels from 1 to %(most)s.") % {"what": what, "most": MAX_SIDE}


def _wrong(message: str) -> InvalidManifest:
    return InvalidManifest([("body", message)])
