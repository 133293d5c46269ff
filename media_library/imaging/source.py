"""From a file to pixels that can be trusted: as seen, in sRGB, without metadata."""

import struct
import warnings
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import IO

import pillow_heif
from django.conf import settings
from django.utils.translation import gettext as _
from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

from media_library.exceptions import DamagedFile, FileTooLarge
from media_library.imaging.exif import forgive_broken_exif

pillow_heif.register_heif_opener()
forgive_broken_exif()

FORMATS = ("JPEG", "PNG", "WEBP", "AVIF", "GIF", "HEIF")
"""Decoders that an upload may reach. Pillow knows many more, each with bugs of its own."""

_DECODER_ERRORS = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    EOFError,
    LookupError,
    OSError,
    RuntimeError,
    SyntaxError,
    TypeError,
    ValueError,
    struct.error,
    zlib.error,
)
"""What decoders have been seen to raise over damaged files. Not ``Exception``: a time limit must get through."""

_SRGB = ImageCms.createProfile("sRGB")


@contextmanager
def _in_words() -> Iterator[None]:
    """Turn whatever a decoder raises over hostile bytes into an error that an editor understands."""
    try:
        with warnings.catch_warnings():
            # Ours is the limit that counts; it is checked before pixels are decoded.
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            # A broken EXIF block is no reason to refuse the picture.
            warnings.simplefilter("ignore", UserWarning)
            yield
    except Image.DecompressionBombError as error:
        raise _too_many_pixels() from error
    except UnidentifiedImageError as error:
        raise DamagedFile(_("This picture can't be read: its first bytes are damaged. Export it anew.")) from error
    except _DECODER_ERRORS as error:
        raise DamagedFile(
            _("This picture is damaged or cut off, so it can't be shown whole. Export or copy it anew.")
        ) from error


def _too_many_pixels() -> FileTooLarge:
    millions = settings.WAGTAILIMAGES_MAX_IMAGE_PIXELS // 1_000_000
    return FileTooLarge(
        _("This picture has too many pixels; at most %(millions)s million are accepted. Export a smaller one.")
        % {"millions": millions}
    )


@contextmanager
def open_image(file: IO[bytes]) -> Iterator[Image.Image]:
    """Open an image without decoding it, after a look at its dimensions.

    Raises ``DamagedFile`` or ``FileTooLarge``, also for what goes wrong inside the block.
    """
    file.seek(0)
    with _in_words(), Image.open(file, formats=FORMATS) as image:
        if image.width * image.height > settings.WAGTAILIMAGES_MAX_IMAGE_PIXELS:
            raise _too_many_pixels()
        yield image
    file.seek(0)


def as_seen_size(image: Image.Image) -> tuple[int, int]:
    """Width and height in pixels with EXIF orientation applied; 5 to 8 lie on their side (EXIF 2.32, tag 274)."""
    if image.getexif().get(274, 1) in (5, 6, 7, 8):
        return image.height, image.width
    return image.size


def has_alpha(image: Image.Image) -> bool:
    """Whether the format could carry transparency here: an alpha channel, or a transparent colour."""
    return image.has_transparency_data


def shrink_on_load(image: Image.Image, size: tuple[int, int]) -> None:
    """Let JPEG decode at 1/2, 1/4 or 1/8, not below ``size``. Other formats decode whole."""
    if image.format in ("JPEG", "MPO"):
        image.draft(None, size)


def decode(image: Image.Image) -> Image.Image:
    """Decode an opened image into RGB or RGBA pixels in sRGB, as seen, without EXIF, XMP, ICC or comments.

    Of an animation, the first frame.
    """
    image.load()
    profile = image.info.get("icc_profile")
    image = ImageOps.exif_transpose(image)
    image = to_srgb(image, profile)
    clean = Image.new(image.mode, image.size)
    clean.paste(image)
    return clean


def to_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """Convert decoded pixels with their ICC ``profile`` into RGB or RGBA in sRGB."""
    mode = "RGBA" if image.has_transparency_data else "RGB"
    if image.mode.startswith("I;16") or image.mode == "I":
        # 16 bits a channel: Pillow's own conversion clips instead of scaling.
        image = image.convert("I").point(lambda value: value / 256).convert("L")
    if not profile or image.mode not in ("RGB", "RGBA", "L", "CMYK"):
        return image.convert(mode)
    alpha = image.getchannel("A") if image.mode == "RGBA" else None
    try:
        source = ImageCms.ImageCmsProfile(BytesIO(profile))
        base = image.convert("RGB") if image.mode == "RGBA" else image
        converted = ImageCms.profileToProfile(base, source, _SRGB, outputMode="RGB")
    except (ImageCms.PyCMSError, OSError, ValueError):
        # A profile that is broken, or of another colour space than the pixels, says nothing.
        return image.convert(mode)
    if converted is None:
        return image.convert(mode)
    if alpha is not None:
        converted.putalpha(alpha)
    return converted
