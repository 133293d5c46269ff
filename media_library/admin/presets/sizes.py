"""Where in the front end a picture is too small, in words."""

from collections.abc import Iterator, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from media_library.imaging.presets import MIME_TYPES
from media_library.imaging.slots import Slot
from media_library.manifests import in_force
from media_library.models import Asset

NAMED = 2
"""Slots that the mark of a card names; it has room for a few words."""


def slots_in_force() -> Sequence[Slot]:
    """The slots of the manifest in force, by name; none without one."""
    return sorted(in_force().slots or (), key=lambda slot: slot.name)


def size_warnings(asset: Asset, slots: Sequence[Slot] | None = None) -> list[str]:
    """A sentence for each slot that a picture is too small for: “Too small for hero (On top of a post): 420 pixels …”.

    Whoever asks for several assets gives ``slots``, so that these are read once. Nothing is said of drawings, which
    have any size, nor of films and sounds.
    """
    return [
        _("Too small for %(slot)s: %(missing)s") % {"slot": _named(slot), "missing": _missing(width, height)}
        for slot, width, height in _too_small(asset, slots)
    ]


def size_warning(asset: Asset, slots: Sequence[Slot] | None = None) -> str:
    """All of it on one line; empty where the picture is large enough for everything."""
    return " ".join(size_warnings(asset, slots))


def size_mark(asset: Asset, slots: Sequence[Slot] | None = None) -> str:
    """The same in a few words, “Too small for hero, card”; empty where the picture is large enough for everything."""
    names = [slot.name for slot, _width, _height in _too_small(asset, slots)]
    if not names:
        return ""
    named, others = ", ".join(names[:NAMED]), len(names) - NAMED
    if others <= 0:
        return _("Too small for %(slots)s") % {"slots": named}
    return _("Too small for %(slots)s and %(number)s more") % {"slots": named, "number": others}


def _too_small(asset: Asset, slots: Sequence[Slot] | None) -> Iterator[tuple[Slot, int, int]]:
    """Each slot that a picture is too small for, and how many pixels of width and of height are missing."""
    if asset.kind != Asset.Kind.IMAGE or asset.mime_type == MIME_TYPES["svg"] or not asset.width or not asset.height:
        return
    for slot in slots_in_force() if slots is None else slots:
        width, height = slot.missing(asset.width, asset.height)
        if width or height:
            yield slot, width, height


def _named(slot: Slot) -> str:
    if not slot.description:
        return slot.name
    return _("%(name)s (%(description)s)") % {"name": slot.name, "description": slot.description}


def _missing(width: int, height: int) -> str:
    if width and height:
        return _("%(width)s pixels of width and %(height)s of height are missing.") % {
            "width": width,
            "height": height,
        }
    if width:
        text = ngettext("%(number)s pixel of width is missing.", "%(number)s pixels of width are missing.", width)
        return text % {"number": width}
    text = ngettext("%(number)s pixel of height is missing.", "%(number)s pixels of height are missing.", height)
    return text % {"number": height}
