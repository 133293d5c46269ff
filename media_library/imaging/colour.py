"""From the colours of a file to sRGB."""

import re
from functools import lru_cache
from io import BytesIO
from typing import IO

from PIL import Image, ImageCms

from media_library.imaging.icc import gamma_profile, named_profile

_SRGB = ImageCms.createProfile("sRGB")
_NAMED = {
    "AVIF": re.compile(rb"colrnclx(..)(..)", re.DOTALL),
    "PNG": re.compile(rb"\0\0\0\x04cICP(.)(.)", re.DOTALL),
}
"""Where a format names primaries and transfer by their numbers (H.273); Pillow doesn't tell."""
_BAND = 256
_SPACES = {"RGB": ("RGB", "RGBA"), "GRAY": ("L",), "CMYK": ("CMYK",)}
"""Modes of pixels that a profile of this colour space can speak of."""


def describe_colours(image: Image.Image, file: IO[bytes]) -> bytes | None:
    """Return the ICC profile for an opened image: its own, or one written from what it says instead.

    That is ``cICP``, else ``gAMA`` with ``cHRM`` in PNG, which ``iCCP`` and ``sRGB`` come between (3rd edition, 4.3);
    ``nclx`` in AVIF and HEIC, behind a profile (ISO/IEC 14496-12, 12.1.5). None stands for sRGB.
    """
    info = image.info
    named = _named_colours(image, file)
    if named and image.format == "PNG":
        return named_profile(*named)
    if profile := info.get("icc_profile"):
        return profile
    if named:
        return named_profile(*named)
    if image.format == "PNG" and "gamma" in info and "srgb" not in info:
        return gamma_profile(info.get("chromaticity"), info["gamma"])
    return None


def _named_colours(image: Image.Image, file: IO[bytes]) -> tuple[int, int] | None:
    """Numbers of primaries and transfer."""
    if image.format == "HEIF" and (nclx := image.info.get("nclx_profile")):
        return nclx["color_primaries"], nclx["transfer_characteristics"]
    if image.format not in _NAMED:
        return None
    position = file.tell()
    file.seek(0)
    # What describes the picture itself comes before what describes its parts, and before all pixels.
    found = _NAMED[image.format].search(file.read(65536))
    file.seek(position)
    if found is None:
        return None
    primaries, transfer = (int.from_bytes(one, "big") for one in found.groups())
    return primaries, transfer


def to_plain_mode(image: Image.Image, alpha: bool) -> Image.Image:
    """Turn decoded pixels of any mode into 8 bits a channel: L, RGB or CMYK, or with ``alpha`` RGBA.

    The same image when it is so already.
    """
    if image.mode in ("I", "F") or image.mode.startswith("I;16"):
        image = _to_8_bits(image)
    if alpha:
        return image if image.mode == "RGBA" else image.convert("RGBA")
    if image.mode in ("L", "RGB", "CMYK"):
        return image
    return image.convert("L" if image.mode in ("1", "LA") else "RGB")


def _to_8_bits(image: Image.Image) -> Image.Image:
    """Grey of 16 bits, or floating point from 0 to 1. Pillow's own conversion clips instead of scaling.

    In bands, because on the way each pixel takes eight bytes.
    """
    scale = 255 if image.mode == "F" else 1 / 257
    grey = Image.new("L", image.size)
    for top in range(0, image.height, _BAND):
        band = image.crop((0, top, image.width, min(top + _BAND, image.height)))
        wide = band if image.mode == "F" else band.convert("I")
        grey.paste(wide.point(lambda value: value * scale + 0.5).convert("L"), (0, top))
    transparency = image.info.get("transparency")
    if isinstance(transparency, int):
        grey.info["transparency"] = transparency // 257
    return grey


def to_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """Convert plain pixels (``to_plain_mode``) with their ICC ``profile`` into RGB or RGBA in sRGB.

    Relative colorimetric with black point compensation (ISO 18619), as image editors do by default: neutral stays
    neutral, and colours that sRGB has stay what they are. A profile that is broken, or that speaks of another kind of
    pixels, says nothing; so does one that changes nothing. Changes the given image where it can.
    """
    goal = "RGBA" if image.mode == "RGBA" else "RGB"
    if profile:
        space = _colour_space(profile)
        if space == "RGB" and image.mode == "L":
            image = image.convert("RGB")
        if image.mode in _SPACES.get(space, ()):
            transform = _transform(profile, image.mode, goal)
            if transform is not None:
                in_place = image.mode == goal
                converted = ImageCms.applyTransform(image, transform, inPlace=in_place)
                image = image if converted is None else converted
    return image if image.mode == goal else image.convert(goal)


def moves_no_colour(profile: bytes | None) -> bool:
    """Whether RGB pixels with this ICC profile are those of sRGB."""
    return not profile or _transform(profile, "RGB", "RGB") is None


@lru_cache(maxsize=16)
def _colour_space(profile: bytes) -> str:
    try:
        return ImageCms.ImageCmsProfile(BytesIO(profile)).profile.xcolor_space.strip()
    except (ImageCms.PyCMSError, OSError, ValueError):
        return ""


@lru_cache(maxsize=16)
def _transform(profile: bytes, mode: str, goal: str) -> ImageCms.ImageCmsTransform | None:
    """The way from a profile to sRGB; None when there is none, or when it moves no colour."""
    try:
        transform = ImageCms.buildTransform(
            ImageCms.ImageCmsProfile(BytesIO(profile)),
            _SRGB,
            mode,
            goal,
            renderingIntent=ImageCms.Intent.RELATIVE_COLORIMETRIC,
            flags=ImageCms.Flags.BLACKPOINTCOMPENSATION,
        )
    except (ImageCms.PyCMSError, OSError, ValueError):
        return None
    if mode == goal:
        sample = _sample().convert(mode)
        if _largest_difference(sample, ImageCms.applyTransform(sample, transform)) <= 1:
            return None
    return transform


@lru_cache
def _sample() -> Image.Image:
    """Nine steps of each channel, in all combinations."""
    steps = bytes(min(255, step * 32) for step in range(9))
    return Image.frombytes(
        "RGB", (27, 27), bytes(one for r in steps for g in steps for b in steps for one in (r, g, b))
    )


def _largest_difference(one: Image.Image, other: Image.Image | None) -> int:
    if other is None:
        return 255
    pairs = zip(one.convert("RGB").tobytes(), other.convert("RGB").tobytes(), strict=True)
    return max(abs(a - b) for a, b in pairs)
