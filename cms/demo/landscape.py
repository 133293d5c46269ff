"""Draws the demo's landscapes and writes them as a camera would."""

from __future__ import annotations

import math
import os
from typing import BinaryIO

from PIL import ExifTags, Image
from PIL.TiffImagePlugin import IFDRational

from .painting import Size, add_grain, dice
from .scenes import Scene

QUALITY = 88
SMALLEST = 360  # pixels across a canvas
MAKE = MODEL = "Darkroom Demo"

# What has to be done to a picture so that a viewer who honours the EXIF orientation sees it unchanged:
# the inverse of the table in `PIL.ImageOps.exif_transpose`.
STORE_AS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}


def draw_landscape(scene: Scene, size: Size) -> Image.Image:
    """Return `scene` as an RGB picture of `size` (width, height; pixels, at least 1 each).

    The same scene is the same picture at any size of one shape; a shape other than 3:2 is cropped from
    it around the scene's focus. The result does not depend on anything but the arguments.
    """
    width, height = size
    if width < 1 or height < 1:
        raise ValueError(f"A picture needs a width and a height of at least one pixel, not {size!r}.")
    across = max(width, math.ceil(height * 1.5))
    # Below this nearly every detail would be smaller than a pixel: draw larger, then scale down.
    scale = max(1, math.ceil(SMALLEST / across))
    canvas = (across * scale, max(height * scale, round(across * scale / 1.5)))
    picture = scene.paint(canvas, scene.seed)
    left = _start(canvas[0], width * scale, scene.focus[0])
    top = _start(canvas[1], height * scale, scene.focus[1])
    picture = picture.crop((left, top, left + width * scale, top + height * scale)).reduce(scale)
    # Grain that suits a large picture would be coarse in a small one.
    return add_grain(picture, dice(scene.seed, "grain"), 1.4 + min(1.0, width / 2400))


def _start(whole: int, part: int, focus: float) -> int:
    """Where a crop `part` long begins, so that its middle is as near to the focus as it can be."""
    return max(0, min(whole - part, round(whole * focus - part / 2)))


def write_photo(
    scene: Scene,
    size: Size,
    path_or_file: str | os.PathLike[str] | BinaryIO,
    *,
    orientation: int = 1,
    gps: tuple[float, float] | None = None,
) -> None:
    """Write `scene` as a JPEG with the metadata a camera records.

    `size` is that of the picture as it is seen. With an EXIF `orientation` of 2 to 8 the pixels are
    stored turned or mirrored, as a camera held that way stores them. `gps` is (latitude, longitude) in
    degrees, north and east positive; without it no position is written.
    """
    if orientation != 1 and orientation not in STORE_AS:
        raise ValueError(f"An EXIF orientation is 1 to 8, not {orientation!r}.")
    picture = draw_landscape(scene, size)
    if orientation in STORE_AS:
        picture = picture.transpose(STORE_AS[orientation])
    exif = _exif(scene, picture.size, orientation, gps)
    picture.save(path_or_file, "JPEG", quality=QUALITY, exif=exif, dpi=(300, 300), optimize=False)


def _exif(scene: Scene, stored: Size, orientation: int, gps: tuple[float, float] | None) -> Image.Exif:
    exif = Image.Exif()
    moment = scene.taken.strftime("%Y:%m:%d %H:%M:%S")
    seconds, aperture, speed, focal = scene.exposure
    exif[ExifTags.Base.ImageDescription] = scene.title
    exif[ExifTags.Base.Make] = MAKE
    exif[ExifTags.Base.Model] = MODEL
    exif[ExifTags.Base.Orientation] = orientation
    exif[ExifTags.Base.DateTime] = moment
    exif[ExifTags.Base.Artist] = scene.credit
    exif[ExifTags.Base.Copyright] = scene.credit
    details = exif.get_ifd(ExifTags.IFD.Exif)
    details[ExifTags.Base.DateTimeOriginal] = moment
    details[ExifTags.Base.DateTimeDigitized] = moment
    details[ExifTags.Base.ExposureTime] = _ratio(seconds)
    details[ExifTags.Base.FNumber] = _ratio(aperture)
    details[ExifTags.Base.ISOSpeedRatings] = speed
    details[ExifTags.Base.FocalLength] = _ratio(focal)
    details[ExifTags.Base.ColorSpace] = 1  # sRGB
    details[ExifTags.Base.ExifImageWidth], details[ExifTags.Base.ExifImageHeight] = stored
    if gps is not None:
        position = exif.get_ifd(ExifTags.IFD.GPSInfo)
        latitude, longitude = gps
        position[ExifTags.GPS.GPSVersionID] = b"\x02\x03\x00\x00"
        position[ExifTags.GPS.GPSLatitudeRef] = "N" if latitude >= 0 else "S"
        position[ExifTags.GPS.GPSLatitude] = _degrees(latitude)
        position[ExifTags.GPS.GPSLongitudeRef] = "E" if longitude >= 0 else "W"
        position[ExifTags.GPS.GPSLongitude] = _degrees(longitude)
    return exif


def _ratio(value: float) -> IFDRational:
    return IFDRational(1, round(1 / value)) if value < 1 else IFDRational(round(value * 10), 10)


def _degrees(angle: float) -> tuple[IFDRational, IFDRational, IFDRational]:
    """Degrees, minutes and seconds, the seconds to a hundredth (about 30 cm on the ground)."""
    hundredths = round(abs(angle) * 360_000)
    degrees, rest = divmod(hundredths, 360_000)
    minutes, seconds = divmod(rest, 6_000)
    return IFDRational(degrees, 1), IFDRational(minutes, 1), IFDRational(seconds, 100)
