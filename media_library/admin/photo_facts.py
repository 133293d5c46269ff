"""What the admin shows of a photograph's metadata: names and values, for editors only."""

from datetime import datetime
from typing import Any

from django.utils.formats import date_format, localize
from django.utils.translation import gettext as _

from media_library.models import Asset


def photo_facts(asset: Asset) -> list[tuple[str, str]]:
    """Names and values for the edit page, in the editor's language; what the file doesn't say is left out.

    Title and caption are shown where the asset has others. The position is there only if its collection keeps it.
    """
    metadata = asset.metadata
    camera = " ".join(metadata[name] for name in ("camera_make", "camera_model") if name in metadata)
    place = ", ".join(metadata[name] for name in ("city", "country") if name in metadata)
    title, caption = metadata.get("title", ""), metadata.get("caption", "")
    facts = [
        (_("Taken"), _moment(metadata.get("taken_at", ""))),
        (_("Camera"), camera),
        (_("Lens"), metadata.get("lens", "")),
        (_("Exposure"), ", ".join(_exposure(metadata))),
        (_("Title in the file"), title if title != asset.title else ""),
        (_("Caption in the file"), caption if caption != asset.caption else ""),
        (_("Keywords"), ", ".join(metadata.get("keywords", ()))),
        (_("Photographer"), metadata.get("creator", "")),
        (_("Credit line"), metadata.get("credit", "")),
        (_("Copyright"), metadata.get("copyright", "")),
        (_("Place"), place),
        (_("Location"), _position(metadata.get("gps"))),
        (_("Software"), metadata.get("software", "")),
    ]
    return [(name, value) for name, value in facts if value]


def _exposure(metadata: dict[str, Any]) -> list[str]:
    """``1/250 s``, ``f/4``, ``ISO 200``, ``35 mm``, ``flash``: as photographers read them."""
    facts = []
    if seconds := metadata.get("exposure_time"):
        # Cameras write fractions for what is shorter than about a third of a second.
        time = f"1/{round(1 / seconds)}" if seconds < 0.29 else _short(seconds)
        facts.append(_("%(time)s s") % {"time": time})
    if aperture := metadata.get("aperture"):
        facts.append(f"f/{_short(aperture)}")
    if iso := metadata.get("iso"):
        facts.append(f"ISO {iso}")
    if length := metadata.get("focal_length"):
        facts.append(_("%(length)s mm") % {"length": _short(length)})
    equivalent = metadata.get("focal_length_35mm")
    if equivalent and equivalent != round(length or 0):
        facts.append(_("like %(length)s mm in full frame") % {"length": equivalent})
    if metadata.get("flash"):
        facts.append(_("with flash"))
    return facts


def _short(number: float) -> str:
    """At most one digit behind the point, and none where it would be zero."""
    rounded = round(number, 1)
    return str(localize(int(rounded) if rounded == int(rounded) else rounded))


def _moment(text: str) -> str:
    """The date and time as the clock showed it where the picture was taken."""
    return date_format(datetime.fromisoformat(text), "DATETIME_FORMAT") if text else ""


def _position(gps: dict[str, float] | None) -> str:
    """Degrees of latitude and longitude, as maps take them: ``54.0897, 13.3812``."""
    return f"{gps['latitude']:.4f}, {gps['longitude']:.4f}" if gps else ""
