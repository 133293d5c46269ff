"""What a photograph says of itself, in types that can be relied upon.

Several places of a file may hold the same fact. Of what people write, XMP is believed first, then IPTC, then EXIF:
text in EXIF is often the camera's own, and XMP alone is certain of its encoding. That is the order of the IPTC Photo
Metadata Standard, and for XMP and IPTC that agree also of MWG 2.0 (Guidelines for Handling Image Metadata, 2010,
section 5). Of what the camera measures, and of the moment, EXIF is believed first, as MWG 2.0 has it. The digest by
which MWG tells IPTC that is newer than XMP is left alone: in real files it was more often stale than right.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from functools import partial
from typing import Any

from media_library.imaging.tags import RawTags
from media_library.intake import values
from media_library.intake.camera import lens_by_specification, maker, model_without_maker
from media_library.intake.text import clean, decode_xp, split_keywords, written_by_a_person
from media_library.intake.values import Location

Source = Sequence[bytes | str] | None

MAX_NAME, MAX_ALT_TEXT, MAX_CAPTION, MAX_KEYWORD, MAX_KEYWORDS = 255, 500, 5000, 100, 50
"""Characters of a name, an alt text, a caption and a keyword, as many as the fields have; and how many keywords."""


@dataclass(frozen=True)
class PhotoMetadata:
    """What a photograph says of itself; None, or empty, where it says nothing.

    ``exposure_time`` is in seconds, ``aperture`` an f-number, ``focal_length`` and ``focal_length_35mm`` in
    millimetres, ``flash`` whether it fired, ``taken_at`` aware of its time zone.
    """

    camera_make: str = ""
    camera_model: str = ""
    lens: str = ""
    exposure_time: float | None = None
    aperture: float | None = None
    iso: int | None = None
    focal_length: float | None = None
    focal_length_35mm: int | None = None
    flash: bool | None = None
    taken_at: datetime | None = None
    title: str = ""
    caption: str = ""
    alt_text: str = ""
    keywords: tuple[str, ...] = ()
    creator: str = ""
    credit: str = ""
    source: str = ""
    copyright: str = ""
    city: str = ""
    country: str = ""
    software: str = ""
    gps: Location | None = None

    def to_json(self, *, with_location: bool) -> dict[str, Any]:
        """What is known, as ``Asset.metadata`` keeps it; the position only ``with_location``::

        {"camera_make": "Nikon", "camera_model": "D850", "exposure_time": 0.004, "aperture": 4.0, "iso": 200,
         "taken_at": "2024-05-17T08:31:09+02:00", "keywords": ["harbour"],
         "gps": {"latitude": 54.09, "longitude": 13.38}}
        """
        found = {one.name: getattr(self, one.name) for one in fields(self)}
        known = {name: value for name, value in found.items() if value is not None and value not in ("", ())}
        if self.taken_at is not None:
            known["taken_at"] = self.taken_at.isoformat()
        if self.keywords:
            known["keywords"] = list(self.keywords)
        location = known.pop("gps", None)
        if with_location and location is not None:
            known["gps"] = {"latitude": location.latitude, "longitude": location.longitude}
        return known


def photo_metadata(tags: RawTags) -> PhotoMetadata:
    """Make sense of raw tags. Each fact is judged by itself; what makes no sense is left out."""
    xmp, iptc = tags.xmp, tags.iptc
    exif = partial(values.exif_text, tags)
    written_make, model = (_first(MAX_NAME, exif(name), xmp.get(f"tiff:{name}")) for name in ("Make", "Model"))
    make = maker(written_make)
    by_a_person = partial(_by_a_person, f"{written_make} {make} {model}")
    return PhotoMetadata(
        camera_make=make,
        camera_model=model_without_maker(model, make),
        lens=_first(MAX_NAME, exif("LensModel"), xmp.get("exifEX:LensModel"), xmp.get("aux:Lens"))
        or lens_by_specification(values.exif_numbers(tags, "LensSpecification")),
        exposure_time=values.exposure_time(tags),
        aperture=values.aperture(tags),
        iso=values.whole(values.number(tags, "ISOSpeedRatings", "exif:ISOSpeedRatings", least=1, most=10_000_000)),
        focal_length=values.number(tags, "FocalLength", "exif:FocalLength", least=0.1, most=100_000),
        focal_length_35mm=values.whole(
            values.number(tags, "FocalLengthIn35mmFilm", "exif:FocalLengthIn35mmFilm", least=1, most=100_000)
        ),
        flash=values.flash_fired(tags),
        taken_at=values.moment_taken(tags),
        title=by_a_person(
            MAX_NAME,
            xmp.get("dc:title"),
            iptc.get((2, 5)),
            xmp.get("photoshop:Headline"),
            iptc.get((2, 105)),
            _xp(exif("XPTitle")),
            tags.text.get("Title"),
        ),
        caption=by_a_person(
            MAX_CAPTION,
            xmp.get("dc:description"),
            iptc.get((2, 120)),
            exif("ImageDescription"),
            _xp(exif("XPComment")),
            tags.text.get("Description"),
            lines=True,
        ),
        alt_text=by_a_person(MAX_ALT_TEXT, xmp.get("Iptc4xmpExt:AltTextAccessibility")),
        keywords=_keywords(xmp.get("dc:subject"), iptc.get((2, 25)), _xp(exif("XPKeywords"))),
        creator=_names(
            xmp.get("dc:creator"), iptc.get((2, 80)), exif("Artist"), _xp(exif("XPAuthor")), tags.text.get("Author")
        ),
        credit=_first(MAX_NAME, xmp.get("photoshop:Credit"), iptc.get((2, 110))),
        source=_first(MAX_NAME, xmp.get("photoshop:Source"), iptc.get((2, 115))),
        copyright=_first(
            MAX_NAME,
            xmp.get("dc:rights"),
            iptc.get((2, 116)),
            _copyright(exif("Copyright")),
            tags.text.get("Copyright"),
        ),
        city=_first(MAX_NAME, xmp.get("photoshop:City"), iptc.get((2, 90))),
        country=_first(MAX_NAME, xmp.get("photoshop:Country"), iptc.get((2, 101))),
        software=_first(MAX_NAME, exif("Software"), xmp.get("xmp:CreatorTool"), tags.text.get("Software")),
        gps=values.location(tags),
    )


def _cleaned(source: Source, limit: int, *, lines: bool = False) -> list[str]:
    found = (clean(one, limit, lines=lines) for one in source or ())
    return [one for one in found if one]


def _first(limit: int, *sources: Source, lines: bool = False) -> str:
    """The first text that says something."""
    return next((one for source in sources for one in _cleaned(source, limit, lines=lines)), "")


def _by_a_person(camera: str, limit: int, *sources: Source, lines: bool = False) -> str:
    """The first text that a person wrote, not the camera of this name."""
    found = (written_by_a_person(_first(limit, source, lines=lines), camera) for source in sources)
    return next((one for one in found if one), "")


def _names(*sources: Source) -> str:
    """The people of the first source that names any. EXIF separates them by semicolons (Exif 3.0, tag 13B)."""
    for source in sources:
        people = [part.strip() for one in _cleaned(source, MAX_NAME) for part in one.split(";")]
        if any(people):
            return ", ".join(dict.fromkeys(one for one in people if one))[:MAX_NAME]
    return ""


def _keywords(*sources: Source) -> tuple[str, ...]:
    """The keywords of the first source that has any."""
    found = (split_keywords(_cleaned(source, MAX_CAPTION), MAX_KEYWORD, MAX_KEYWORDS) for source in sources)
    return tuple(next((one for one in found if one), ()))


def _xp(source: list[bytes]) -> list[str]:
    return [decode_xp(one) for one in source]


def _copyright(source: list[bytes]) -> list[bytes]:
    """EXIF keeps the photographer's and the editor's copyright apart by a NUL (Exif 3.0, tag 8298)."""
    return [b", ".join(part.strip() for part in one.split(b"\x00") if part.strip()) for one in source]
