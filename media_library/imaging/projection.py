"""Pictures and films all around: which part of the sphere they show, and how it lies flat."""

import re
import struct
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

EQUIRECTANGULAR, CUBEMAP = "equirectangular", "cubemap"

MONO, TOP_BOTTOM, LEFT_RIGHT = "mono", "top-bottom", "left-right"

TOLERANCE = 0.02
"""By how much two ratios may differ that are to be the same: sizes are rounded, and some writers forget a pixel."""

_SPHERICAL = struct.Struct("=i3i4I")
"""FFmpeg's AVSphericalMapping (libavutil/spherical.h): projection; yaw, pitch and roll in 16.16 degrees; then left,
top, right and bottom, by which the picture falls short of the sphere, as fractions in 0.32."""
_STEREO = struct.Struct("=i")
"""The first field of FFmpeg's AVStereo3D (libavutil/stereo3d.h): how two views are packed."""
_EQUIRECTANGULAR, _CUBEMAP, _TILE, _HALF = 0, 1, 2, 3
_SIDE_BY_SIDE, _TOP_BOTTOM = 1, 2


@dataclass(frozen=True)
class Projection:
    """How a picture lies around whoever looks at it.

    ``left``, ``top``, ``width`` and ``height`` are the part of the whole sphere that is in the picture, as fractions:
    of 360° from the left, of 180° from the top. With two views (``stereo``), that of each.
    """

    type: str
    stereo: str = MONO
    left: float = 0.0
    top: float = 0.0
    width: float = 1.0
    height: float = 1.0

    def to_json(self) -> dict[str, Any]:
        """``{"type": "equirectangular", "stereo": "mono", "left": 0, "top": 0.25, "width": 1, "height": 0.5}``."""
        return {name: round(one, 5) if isinstance(one, float) else one for name, one in asdict(self).items()}


def photo_projection(xmp: Mapping[str, Sequence[str]], width: int, height: int) -> Projection | None:
    """What a photograph of this size in pixels, as seen, says of its projection; None for a flat one.

    Google's Photo Sphere XMP Metadata (GPano). Where it doesn't say which part of the sphere there is, or what can't
    be, a picture that is twice as wide as high, or wider, goes all around, with the horizon in its middle.
    """

    def said(name: str) -> str:
        return next(iter(xmp.get(f"GPano:{name}", ())), "").strip()

    if said("ProjectionType").lower() != EQUIRECTANGULAR or said("UsePanoramaViewer").lower() == "false":
        return None
    names = ("FullPanoWidth", "FullPanoHeight", "CroppedAreaLeft", "CroppedAreaTop")
    whole_width, whole_height, left, top = (_pixels(said(f"{name}Pixels")) for name in names)
    part_width, part_height = (_pixels(said(f"CroppedAreaImage{side}Pixels")) for side in ("Width", "Height"))
    if whole_width and whole_height and part_width and part_height and left is not None and top is not None:
        fits = left + part_width <= whole_width and top + part_height <= whole_height
        # It may have been scaled since, and not been cropped.
        if fits and _is_about(part_width / part_height, width / height):
            return Projection(
                EQUIRECTANGULAR,
                left=left / whole_width,
                top=top / whole_height,
                width=part_width / whole_width,
                height=part_height / whole_height,
            )
    share = 2 * height / width
    if share > 1 + TOLERANCE:
        return None
    share = min(1.0, share)
    return Projection(EQUIRECTANGULAR, top=(1 - share) / 2, height=share)


def film_projection(spherical: bytes, stereo: bytes = b"") -> Projection | None:
    """The same of a film, from the side data of its frames as FFmpeg has them; None for what is flat or not known."""
    if len(spherical) < _SPHERICAL.size:
        return None
    kind, _yaw, _pitch, _roll, *bounds = _SPHERICAL.unpack_from(spherical)
    packed = _STEREO.unpack_from(stereo)[0] if len(stereo) >= _STEREO.size else 0
    views = {_SIDE_BY_SIDE: LEFT_RIGHT, _TOP_BOTTOM: TOP_BOTTOM}.get(packed, MONO)
    if kind == _CUBEMAP:
        return Projection(CUBEMAP, views)
    if kind == _EQUIRECTANGULAR:
        return Projection(EQUIRECTANGULAR, views)
    if kind == _HALF:
        return Projection(EQUIRECTANGULAR, views, left=0.25, width=0.5)
    if kind != _TILE:
        return None
    left, top, right, bottom = (bound / 2**32 for bound in bounds)
    width, height = 1 - left - right, 1 - top - bottom
    return Projection(EQUIRECTANGULAR, views, left, top, width, height) if width > 0 and height > 0 else None


def _pixels(text: str) -> float | None:
    # Some write "4096.0".
    return float(text) if re.fullmatch(r"\d{1,7}(\.\d{1,6})?", text) else None


def _is_about(one: float, other: float) -> bool:
    return abs(one / other - 1) <= TOLERANCE
