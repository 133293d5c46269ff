"""From rows to what an ``<audio>`` is made of. Reads stored columns only, and opens no file."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import NamedTuple

from media_library.api.picture import Picture
from media_library.audio.develop import PRESETS

_ORDER = {preset.name: number for number, preset in enumerate(PRESETS)}
DOWNLOADED = "mp3"
"""The preset that every program plays."""


class PlayableFile(NamedTuple):
    """The columns of a transcode that its public form needs; ``name`` is that of its file in public storage.

    Pixels, null for sounds; bits per second; bytes. A rung of a ladder has a ``playlist``, and is played through the
    master playlist only.
    """

    preset: str
    name: str
    mime_type: str
    codecs: str
    width: int | None
    height: int | None
    bitrate: int
    playlist: str
    file_size: int


@dataclass(frozen=True)
class SoundSource:
    """One ``<source>`` of an ``<audio>``. Bits per second."""

    src: str
    type: str
    bitrate: int


@dataclass(frozen=True)
class Sound:
    """What an ``<audio>`` is made of; ``poster`` and ``waveform`` are None where there is none.

    ``progress`` is 0 to 1.
    """

    poster: Picture | None
    sources: tuple[SoundSource, ...]
    waveform: str | None
    download: str | None
    progress: float


def sound_sources(files: Iterable[PlayableFile], url: Callable[[str], str]) -> tuple[SoundSource, ...]:
    """Sources in the order in which a browser should try them; ``url`` makes a file's name an address."""
    ordered = sorted(files, key=lambda one: _ORDER.get(one.preset, len(_ORDER)))
    return tuple(SoundSource(url(one.name), _type(one), one.bitrate) for one in ordered)


def sound_download(files: Iterable[PlayableFile], url: Callable[[str], str]) -> str | None:
    """The address of the file to keep; ``url`` makes a file's name an address."""
    return next((url(one.name) for one in files if one.preset == DOWNLOADED), None)


def _type(file: PlayableFile) -> str:
    # RFC 6381; without codecs, browsers can but guess.
    return f'{file.mime_type}; codecs="{file.codecs}"' if file.codecs else file.mime_type
