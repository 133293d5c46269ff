"""What backends are given, and what they give."""

import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Protocol

from django.db import transaction
from django.db.models import QuerySet
from wagtail.search import index

from media_library.exceptions import UnacceptableFile
from media_library.imaging.looking import LONGEST_SIDE, Pixels, read_pixels
from media_library.imaging.presets import LADDER
from media_library.models import Asset, CustomImage, Suggestion, Video

Field = Suggestion.Field

MOST = 60
"""Open suggestions of one asset at most, the surest: nobody reads more, and a backend may be wrong without end."""

WIDE_ENOUGH, WIDE_ENOUGH_TO_READ = 640, 1920
"""Width in pixels of the rendition that is looked at, if there is one; and of one in which words are looked for."""

PIXELS_TO_READ = 1600 * 1200
"""Pixels in which words are looked for: a letter of a hundredth of the height has twelve."""


@dataclass(frozen=True)
class Proposal:
    """What a backend would write. ``confidence`` from 0 to 1; ``area`` of a focal point: left, top, width, height."""

    field: str
    text: str
    confidence: float
    language: str = ""
    area: tuple[float, float, float, float] | None = None


@dataclass
class Look:
    """An asset as backends see it: the row of its kind, and its pixels as visitors see them."""

    asset: Asset
    shared: dict[str, object] = field(default_factory=dict)
    """What one backend has found out and another one can use."""

    @cached_property
    def pixels(self) -> Pixels | None:
        """The edited picture, or the poster of a film, some 640 pixels wide; None where there is none to look at."""
        return self._read(WIDE_ENOUGH)

    @cached_property
    def large_pixels(self) -> Pixels | None:
        """The same with so many pixels that words can be read."""
        return self._read(WIDE_ENOUGH_TO_READ, PIXELS_TO_READ)

    def _read(self, width: int, most: int | None = None) -> Pixels | None:
        rows: QuerySet[Any]
        if isinstance(self.asset, CustomImage):
            rows = self.asset.renditions.filter(preset=LADDER)
        elif isinstance(self.asset, Video):
            rows = self.asset.poster_renditions.filter(version=self.asset.version, preset=LADDER)
        else:
            return None
        wide = sorted(
            (row for row in rows if not row.filter_spec.endswith(("avif", "svg", "original"))),
            # Of two as wide, always the same one: WebP smears fine letters.
            key=lambda row: (row.width < width, abs(row.width - width), row.filter_spec.endswith("webp")),
        )
        if not wide:
            return None
        longest = LONGEST_SIDE
        if most:
            # A page that is long and narrow keeps its letters.
            shrunk = min(1.0, math.sqrt(most / (wide[0].width * wide[0].height)))
            longest = round(shrunk * max(wide[0].width, wide[0].height))
        try:
            with wide[0].file.open("rb") as file:
                return read_pixels(file, longest)
        except (FileNotFoundError, UnacceptableFile):
            return None


class Backend(Protocol):
    """A function that looks at an asset and proposes; what it raises is noted, and keeps no other from its work."""

    def __call__(self, look: Look) -> Iterable[Proposal]: ...


def record(asset: Asset, source: str, proposals: Iterable[Proposal]) -> list[Suggestion]:
    """Write down what is new, in place of what the same source has said before and nobody has decided on.

    What has been decided on for this asset, in whatever spelling, is left out; so is what the asset says already.
    Returns the rows.
    """
    with transaction.atomic():
        # One at a time, so that none is written twice. The row belongs to the job's transaction.
        current = Asset.objects.select_for_update(of=("self",)).filter(pk=asset.pk).first()
        if current is None:
            return []
        mine = Suggestion.objects.filter(asset=asset.pk)
        former = mine.filter(source=source, state=Suggestion.State.OPEN)
        was_found_by_words = former.filter(field=Field.VISIBLE_TEXT).exists()
        former.delete()
        known = {_same(one.field, one.language, one.text) for one in mine}
        known |= {_same(Field.TAG, "", name) for name in asset.tags.names()}
        texts = (Field.ALT_TEXT, Field.CAPTION, Field.VISIBLE_TEXT)
        written = {field.value: getattr(current, field.value) for field in texts}
        fresh: dict[tuple[str, str, str], Suggestion] = {}
        for one in sorted(proposals, key=lambda one: -one.confidence):
            text = " ".join(one.text.split())[: Suggestion.LONGEST]
            key = _same(one.field, one.language, text)
            is_written = written.get(one.field, "").casefold() == text.casefold()
            if text and not is_written and key not in known and key not in fresh:
                confidence = min(1.0, max(0.0, one.confidence))
                area = list(one.area) if one.area else None
                fresh[key] = Suggestion(
                    asset_id=asset.pk,
                    version=asset.version,
                    field=one.field,
                    text=text,
                    language=one.language,
                    area=area,
                    confidence=confidence,
                    source=source,
                )
        room = MOST - mine.filter(state=Suggestion.State.OPEN).count()
        rows = Suggestion.objects.bulk_create(list(fresh.values())[: max(0, room)])
        if was_found_by_words or any(row.is_open_text for row in rows):
            index.insert_or_update_object(asset.specific)
        return rows


def _same(field: str, language: str, text: str) -> tuple[str, str, str]:
    # An asset has one set of tags, whatever language they are in.
    return field, "" if field == Field.TAG else language, text.casefold()
