"""Every file that was made of an asset, as one list of one shape."""

from collections.abc import Callable
from dataclasses import dataclass

from media_library.api.picture import Rendition
from media_library.api.queries import SidecarFile
from media_library.api.sound import PlayableFile
from media_library.imaging.presets import FORMATS_BY_EXTENSION, MIME_TYPES

OTHER_TYPES = {"json": "application/json", "vtt": "text/vtt"}

Address = Callable[[str], str]
"""Makes a file's name an address."""


@dataclass(frozen=True)
class Variant:
    """One file. Pixels, bits per second, bytes; None for what it doesn't have, or what nobody has noted.

    ``kind`` is ``rendition``, ``transcode``, ``poster`` or ``sidecar``. ``spec`` says how a picture was rendered, as a
    filter of Wagtail's.
    """

    kind: str
    preset: str
    spec: str
    format: str
    mime_type: str
    width: int | None
    height: int | None
    quality: int | None
    bitrate: int | None
    bytes: int | None
    url: str


def rendition_variant(one: Rendition, address: Address, kind: str = "rendition") -> Variant:
    return Variant(
        kind=kind,
        preset=one.preset,
        spec=one.filter_spec,
        format=one.format,
        mime_type=MIME_TYPES.get(one.format, ""),
        width=one.width,
        height=one.height,
        quality=one.quality,
        bitrate=None,
        bytes=one.file_size,
        url=address(one.name),
    )


def transcode_variant(one: PlayableFile, address: Address) -> Variant:
    """A rung is played by its playlist; its bytes are those of the film that this names."""
    played = one.playlist or one.name
    return Variant(
        kind="transcode",
        preset=one.preset,
        spec="",
        format=_extension(played),
        mime_type=one.mime_type,
        width=one.width,
        height=one.height,
        quality=None,
        bitrate=one.bitrate,
        bytes=one.file_size,
        url=address(played),
    )


def sidecar_variant(one: SidecarFile, address: Address) -> Variant:
    extension = _extension(one.name)
    form = FORMATS_BY_EXTENSION.get(extension, extension)
    return Variant(
        kind="sidecar",
        preset=one.kind,
        spec="",
        format=form,
        mime_type=MIME_TYPES.get(form) or OTHER_TYPES.get(form, ""),
        width=None,
        height=None,
        quality=None,
        bitrate=None,
        bytes=one.file_size,
        url=address(one.name),
    )


def _extension(name: str) -> str:
    return name.rpartition(".")[2]
