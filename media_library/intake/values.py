"""Numbers, places and moments out of raw tags: each in its unit, or None where it makes no sense."""

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from media_library.imaging.tags import RawTags
from media_library.intake.dates import parse_moment
from media_library.intake.text import decode

_FRACTION = re.compile(r"(\d{1,12}(?:\.\d{1,12})?)(?:/(\d{1,12}))?")


@dataclass(frozen=True)
class Location:
    """Where a photograph was taken, in degrees; south and west are negative."""

    latitude: float
    longitude: float


def exif_text(tags: RawTags, name: str) -> list[bytes]:
    """The text of an EXIF tag in bytes, in a list of one or none."""
    value = tags.exif.get(name)
    return [value] if isinstance(value, bytes) else []


def exif_numbers(tags: RawTags, name: str) -> tuple[float, ...]:
    """The numbers of an EXIF tag."""
    value = tags.exif.get(name)
    return value if isinstance(value, tuple) else ()


def number(tags: RawTags, exif: str, xmp: str = "", *, least: float, most: float) -> float | None:
    """The number of an EXIF tag, or of an XMP property (``"1/250"``), if it is within these bounds."""
    found = exif_numbers(tags, exif)[:1] or tuple(_fractions(tags.xmp.get(xmp, ())))[:1]
    return significant(found[0]) if found and least <= found[0] <= most else None


def whole(value: float | None) -> int | None:
    return None if value is None else round(value)


def significant(value: float) -> float:
    """Round to six significant digits: 0.1 that was stored as 0.10000000149 is 0.1."""
    return float(f"{value:.6g}")


def exposure_time(tags: RawTags) -> float | None:
    """Seconds, from ExposureTime, or from the APEX value Tv = -log2(t) (Exif 3.0, annex C)."""
    found = number(tags, "ExposureTime", "exif:ExposureTime", least=1e-7, most=86_400)
    speed = exif_numbers(tags, "ShutterSpeedValue")[:1]
    if found is None and speed and -16 <= speed[0] <= 23 and speed[0]:
        return significant(2 ** -speed[0])
    return found


def aperture(tags: RawTags) -> float | None:
    """The f-number, from FNumber, or from the APEX value Av = 2 log2(N) (Exif 3.0, annex C)."""
    found = number(tags, "FNumber", "exif:FNumber", least=0.1, most=1000)
    value = exif_numbers(tags, "ApertureValue")[:1]
    if found is None and value and 0 < value[0] <= 20:
        return round(2 ** (value[0] / 2), 1)
    return found


def flash_fired(tags: RawTags) -> bool | None:
    """The lowest bit of Flash (Exif 3.0, tag 9209)."""
    found = exif_numbers(tags, "Flash")[:1]
    return bool(int(found[0]) & 1) if found and 0 <= found[0] < 0x10000 else None


def moment_taken(tags: RawTags) -> datetime | None:
    """When the picture was taken: not when it was scanned, edited or saved (MWG 2.0, section 5.6)."""
    zone = next(iter(exif_text(tags, "OffsetTimeOriginal") or exif_text(tags, "OffsetTime")), b"")
    written = [decode(one).strip("\x00 ") for one in exif_text(tags, "DateTimeOriginal")]
    written += [*tags.xmp.get("exif:DateTimeOriginal", ()), *tags.xmp.get("photoshop:DateCreated", ())]
    day, time = tags.iptc.get((2, 55), ()), tags.iptc.get((2, 60), ())
    written += [f"{decode(one)} {decode(next(iter(time), b''))}" for one in day[:1]]
    moments = (parse_moment(one, decode(zone).strip("\x00 ")) for one in written)
    return next((one for one in moments if one is not None), None)


def location(tags: RawTags) -> Location | None:
    """The position of GPS: of EXIF, in degrees, minutes and seconds, or else of XMP (``"47,22.5N"``)."""
    latitude = _signed(exif_numbers(tags, "GPSLatitude"), _letter(tags, "GPSLatitudeRef"))
    longitude = _signed(exif_numbers(tags, "GPSLongitude"), _letter(tags, "GPSLongitudeRef"))
    if latitude is None or longitude is None:
        latitude, longitude = (
            _signed_text(next(iter(tags.xmp.get(name, ())), "")) for name in ("exif:GPSLatitude", "exif:GPSLongitude")
        )
    if latitude is None or longitude is None or abs(latitude) > 90 or abs(longitude) > 180:
        return None
    # Receivers without a fix write zeros.
    return Location(latitude, longitude) if latitude or longitude else None


def _letter(tags: RawTags, name: str) -> str:
    return decode(next(iter(exif_text(tags, name)), b"")).strip("\x00 ").upper()[:1]


def _signed(parts: tuple[float, ...], letter: str) -> float | None:
    if not 1 <= len(parts) <= 3 or letter not in ("N", "S", "E", "W") or not all(map(math.isfinite, parts)):
        return None
    degrees = sum(part / 60**place for place, part in enumerate(parts))
    # A millionth of a degree is some 10 cm.
    return round(-degrees if letter in "SW" else degrees, 6)


def _signed_text(text: str) -> float | None:
    """XMP's GPSCoordinate: ``DDD,MM,SSk`` or ``DDD,MM.mmk``, where k is N, S, E or W (XMP Part 2, section 1.2.7.4)."""
    found = re.fullmatch(r"(\d{1,3}),(\d{1,2}(?:\.\d{1,15})?)(?:,(\d{1,2}))?([NSEW])", text.strip())
    return _signed(tuple(float(one) for one in found.groups()[:3] if one), found[4]) if found else None


def _fractions(values: Iterable[str]) -> Iterable[float]:
    for value in values:
        found = _FRACTION.fullmatch(value.strip())
        if found and float(found[2] or 1):
            yield float(found[1]) / float(found[2] or 1)
