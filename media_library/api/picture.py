"""From rows to what a ``<picture>`` or a ``<video>`` is made of. Reads stored columns only, and opens no file."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import NamedTuple

from media_library.imaging.presets import MIME_TYPES
from media_library.models.files import public_storage

SRC_WIDTH = 1280
"""Width in pixels of ``src``, which is for clients without ``srcset``; the largest below it where it is missing."""

MODERN_FORMATS = ("avif", "webp")
"""Formats that become ``sources``, best first."""

_LADDER_SPEC = re.compile(r"width-\d+\|format-(?P<format>[a-z]+)")


class Rendition(NamedTuple):
    """The columns of a rendition that its public form needs; ``name`` is that of its file in public storage."""

    filter_spec: str
    width: int
    height: int
    name: str


@dataclass(frozen=True)
class Source:
    """One ``<source>`` of a ``<picture>``."""

    type: str
    srcset: str


@dataclass(frozen=True)
class Picture:
    """What a ``<picture>`` is made of. Pixels; ``src`` is empty when there is no rendition at all."""

    src: str = ""
    srcset: str = ""
    sources: tuple[Source, ...] = ()
    width: int | None = None
    height: int | None = None
    largest: str = ""


@dataclass(frozen=True)
class FilmSource:
    """One ``<source>`` of a ``<video>``. Pixels; bits per second."""

    src: str
    type: str
    width: int
    height: int
    bitrate: int


@dataclass(frozen=True)
class Film:
    """What a ``<video>`` is made of; ``poster`` is None until it is drawn, ``progress`` is 0 to 1."""

    poster: Picture | None
    sources: tuple[FilmSource, ...]
    progress: float


def make_picture(
    renditions: Iterable[Rendition],
    fallback: str,
    url: Callable[[str], str],
    size: tuple[int | None, int | None] | None = None,
) -> Picture:
    """Sort the rungs of a ladder into sources.

    ``fallback`` is the format for clients that know neither AVIF nor WebP, ``url`` makes a file's name an address,
    ``size`` is the original's as seen; without it, the largest rendition stands for it.
    """
    ladders: dict[str, list[Rendition]] = {}
    for rendition in sorted(renditions, key=lambda one: one.width):
        if match := _LADDER_SPEC.fullmatch(rendition.filter_spec):
            ladders.setdefault(match["format"], []).append(rendition)
    rungs = ladders.get(fallback, [])
    if not rungs:
        return Picture(width=size[0] if size else None, height=size[1] if size else None)
    chosen = max((one for one in rungs if one.width <= SRC_WIDTH), default=rungs[0], key=lambda one: one.width)
    width, height = size if size and all(size) else (rungs[-1].width, rungs[-1].height)
    return Picture(
        src=url(chosen.name),
        srcset=_srcset(rungs, url),
        sources=tuple(
            Source(MIME_TYPES[form], _srcset(ladders[form], url)) for form in MODERN_FORMATS if form in ladders
        ),
        width=width,
        height=height,
        largest=stored_url(rungs[-1].name),
    )


def stored_url(name: str) -> str:
    """The address of a file in public storage: without a host when storage is local."""
    return public_storage().url(name)


def _srcset(rungs: list[Rendition], url: Callable[[str], str]) -> str:
    return ", ".join(f"{url(one.name)} {one.width}w" for one in rungs)
