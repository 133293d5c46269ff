"""From rows to what a ``<picture>`` or a ``<video>`` is made of. Reads stored columns only, and opens no file."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import NamedTuple

import orjson
from django.utils.encoding import filepath_to_uri

from media_library import hosts
from media_library.api.rendering import WrittenDict, WrittenList
from media_library.imaging.presets import FORMATS_BY_EXTENSION, MIME_TYPES, SRC_WIDTH, Preset
from media_library.models.files import public_storage

MODERN_FORMATS = ("avif", "webp")
"""Formats that become ``sources``, best first."""

_LADDER_SPEC = re.compile(r"width-\d+\|format-(?P<format>[a-z]+)")
_SVG = "svg"
_PLAIN = re.compile(r"[\w.~/-]+", re.ASCII)
_SOME_NAMES = ("1/1/width-320-0123456789ab.avif", "1/1/720p-0123456789ab.mp4")


class Rendition(NamedTuple):
    """The columns of a rendition that its public form needs; ``name`` is that of its file in public storage. Bytes."""

    filter_spec: str
    width: int
    height: int
    name: str
    preset: str = ""
    quality: int | None = None
    file_size: int | None = None

    @property
    def format(self) -> str:
        """What the file really holds: where a better format would be larger, another stands in for it."""
        return FORMATS_BY_EXTENSION.get(self.name.rpartition(".")[2], "")


@dataclass(frozen=True)
class Source:
    """One ``<source>`` of a ``<picture>``."""

    type: str
    srcset: str


@dataclass(frozen=True)
class Crop:
    """A named preset of a picture. Pixels; ``srcset`` is empty where there is one width only."""

    src: str
    width: int
    height: int
    sources: tuple[Source, ...] = ()
    srcset: str = ""


@dataclass(frozen=True)
class Picture:
    """What a ``<picture>`` is made of. Pixels; ``src`` is empty when there is no rendition at all."""

    src: str = ""
    srcset: str = ""
    sources: tuple[Source, ...] = ()
    width: int | None = None
    height: int | None = None
    largest: str = ""
    crops: dict[str, Crop] = field(default_factory=dict)

    @cached_property
    def shown_sources(self) -> WrittenList:
        """``sources`` as the API shows them."""
        return WrittenList(vars(source) for source in self.sources)

    @cached_property
    def shown_crops(self) -> WrittenDict:
        """``crops`` as the API shows them."""
        return WrittenDict(
            (name, vars(crop) | {"sources": [vars(source) for source in crop.sources]})
            for name, crop in self.crops.items()
        )


@dataclass(frozen=True)
class FilmSource:
    """One ``<source>`` of a ``<video>``. Pixels; bits per second."""

    src: str
    type: str
    width: int
    height: int
    bitrate: int


@dataclass(frozen=True)
class TextTrack:
    """One ``<track>``, by the names of its attributes."""

    kind: str
    src: str
    srclang: str
    label: str
    default: bool


@dataclass(frozen=True)
class Film:
    """What a ``<video>`` is made of; ``poster`` is None until it is drawn.

    ``storyboard`` is the address of a WebVTT file, or empty. ``progress`` and its ``parts`` are 0 to 1 each.
    """

    poster: Picture | None
    sources: tuple[FilmSource, ...]
    storyboard: str
    progress: float
    parts: Mapping[str, float]


def make_picture(
    renditions: Iterable[Rendition],
    fallback: str,
    url: Callable[[str], str],
    size: tuple[int | None, int | None] | None = None,
    presets: Iterable[Sequence[Preset]] = (),
) -> Picture:
    """Sort renditions into the sources of a ``<picture>``, and into named crops.

    A source is chosen by its type and must then have all widths, so a rung that another format stands in for is listed
    too: whoever takes AVIF takes WebP. A source in which nothing is of its type is left out.

    ``fallback`` is the format for clients that know neither AVIF nor WebP, ``url`` makes a file's name an address,
    ``size`` is the original's as seen; without it, the largest rendition stands for it. ``presets`` are named crops,
    each in one or several widths.
    """
    # By specification, too: where one format stands in for another, two of a size are of one format.
    by_spec = {one.filter_spec: one for one in sorted(renditions, key=lambda one: (one.width, one.filter_spec))}
    ladders: dict[str, list[Rendition]] = {}
    for rendition in by_spec.values():
        if rendition.format == _SVG:
            ladders.setdefault(_SVG, []).append(rendition)
        elif match := _LADDER_SPEC.fullmatch(rendition.filter_spec):
            ladders.setdefault(match["format"], []).append(rendition)
    # A drawing has one file for all sizes; an animation that has just come, a still.
    rungs = next((ladders[form] for form in (fallback, _SVG, "jpeg", "png") if form in ladders), [])
    if not rungs:
        return Picture(width=size[0] if size else None, height=size[1] if size else None)
    chosen = max((one for one in rungs if one.width <= SRC_WIDTH), default=rungs[0], key=lambda one: one.width)
    width, height = size if size and all(size) else (rungs[-1].width, rungs[-1].height)
    return Picture(
        src=url(chosen.name),
        srcset="" if rungs[0].format == _SVG else _srcset(rungs, url),
        sources=tuple(
            Source(MIME_TYPES[form], _srcset(ladders[form], url))
            for form in MODERN_FORMATS
            if any(one.format == form for one in ladders.get(form, ()))
        ),
        width=width,
        height=height,
        largest=url(rungs[-1].name),
        crops=_crops(presets, by_spec, width or rungs[-1].width, url),
    )


def _crops(
    presets: Iterable[Sequence[Preset]], by_spec: dict[str, Rendition], width: int, url: Callable[[str], str]
) -> dict[str, Crop]:
    """The presets that are there, each with the widths that there are of it.

    Where a name comes again, it is that of an earlier manifest, and stands in until what the current one says is made.
    """
    made: dict[str, list[tuple[str, Rendition]]] = {}
    for spec, one in by_spec.items():
        operation, _bar, form = spec.partition("|format-")
        made.setdefault(operation, []).append((form, one))
    crops: dict[str, Crop] = {}
    for several in presets:
        name, operations = several[0].name, [one.operation for one in several]
        if name in crops:
            continue
        widths = [int(one.removeprefix("width-")) for one in operations if one.startswith("width-")]
        if widths and width < max(widths):
            # In the ladder, a picture's own width stands for those that it is too small for.
            operations.append(f"width-{width}")
        found = [one for operation in dict.fromkeys(operations) for one in made.get(operation, ())]
        if crop := _crop(found, url):
            crops[name] = crop
    return crops


def _crop(made: list[tuple[str, Rendition]], url: Callable[[str], str]) -> Crop | None:
    """One preset, of renditions with the format each was wanted in; its last format is the one for every client."""
    by_format: dict[str, dict[int, Rendition]] = {}
    for form, one in sorted(made, key=lambda each: each[1].width):
        by_format.setdefault(form, {}).setdefault(one.width, one)
    # Where another format stands in for all of one, that one is not there.
    real = {
        form: list(rungs.values())
        for form, rungs in by_format.items()
        if any(one.format == form for one in rungs.values())
    }
    fallback = next((form for form in ("jpeg", "png", "webp", "avif") if form in real), None)
    if fallback is None:
        return None
    rungs = real[fallback]
    chosen = max((one for one in rungs if one.width <= SRC_WIDTH), default=rungs[0], key=lambda one: one.width)
    return Crop(
        url(chosen.name),
        chosen.width,
        chosen.height,
        tuple(
            Source(MIME_TYPES[form], _widths(real[form], url))
            for form in MODERN_FORMATS
            if form in real and form != fallback
        ),
        _srcset(rungs, url) if len(rungs) > 1 else "",
    )


def _widths(rungs: list[Rendition], url: Callable[[str], str]) -> str:
    return _srcset(rungs, url) if len(rungs) > 1 else url(rungs[0].name)


class Addresses(NamedTuple):
    """Addresses in a storage in which all begin alike and go on with the name of the file."""

    prefix: str

    def __call__(self, name: str) -> str:
        return f"{self.prefix}{name if _PLAIN.fullmatch(name) else filepath_to_uri(name)}"

    @classmethod
    def of_storage(cls, absolute: Callable[[str], str]) -> "Addresses | None":
        """Those of public storage; None where addresses are more than that, as signed ones are."""
        found = {absolute(stored_url(name)).removesuffix(name) for name in _SOME_NAMES}
        # Each goes on with the name, and both begin alike: Cloudinary keeps films elsewhere.
        return cls(found.pop()) if len(found) == 1 else None


def picture_of_rows(
    rows: str,
    fallback: str,
    url: Callable[[str], str],
    size: tuple[int | None, int | None],
    presets: tuple[tuple[Preset, ...], ...],
) -> Picture:
    """``make_picture`` of what ``load_shown_renditions`` has found of one picture."""
    return make_picture((Rendition(*row) for row in orjson.loads(rows)), fallback, url, size, presets)


# The same rows at the same addresses are the same picture, whoever asks: nothing that could be stale. Some 10 kB each.
kept_picture_of_rows = lru_cache(maxsize=2048)(picture_of_rows)


def stored_url(name: str) -> str:
    """The address of a file in public storage, on the CDN host in use; without any host when storage is local."""
    return hosts.placed(public_storage().url(name))


def _srcset(rungs: list[Rendition], url: Callable[[str], str]) -> str:
    return ", ".join(f"{url(one.name)} {one.width}w" for one in rungs)
