"""From a file to pixels that can be trusted: as seen, in sRGB, without metadata."""

import struct
import warnings
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO

import pillow_heif
from django.conf import settings
from django.utils.translation import gettext as _
from PIL import Image, UnidentifiedImageError

from media_library.conf import conf
from media_library.exceptions import DamagedFile, FileTooLarge
from media_library.imaging.colour import describe_colours, to_plain_mode, to_srgb
from media_library.imaging.exif import forgive_broken_exif

pillow_heif.register_heif_opener()
forgive_broken_exif()

FORMATS = ("JPEG", "PNG", "WEBP", "AVIF", "GIF", "HEIF", "TIFF", "BMP")
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

ORIENTATION = 274
"""EXIF tag (EXIF 2.32): 1 is upright."""

_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""What turns stored pixels upright, by orientation."""
_ON_THEIR_SIDE = {_TURNS[number] for number in (5, 6, 7, 8)}


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


def _too_much_animation() -> FileTooLarge:
    return FileTooLarge(
        _(
            "This animation is too long for its size; at most %(frames)s frames and %(millions)s million pixels in "
            "all of them are accepted. Shorten it, make it smaller, or upload it as a video."
        )
        % {"frames": conf.MAX_ANIMATION_FRAMES, "millions": conf.MAX_ANIMATION_PIXELS // 1_000_000}
    )


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
        frames = frame_count(image)
        if frames > conf.MAX_ANIMATION_FRAMES or (
            frames > 1 and frames * image.width * image.height > conf.MAX_ANIMATION_PIXELS
        ):
            raise _too_much_animation()
        # Now, since decoders close what they have read.
        image.info["icc_profile"] = describe_colours(image, file)
        yield image
    file.seek(0)


def orientation(image: Image.Image) -> int:
    """How stored pixels must be turned, 1 to 8 (EXIF 2.32, tag 274, or the same in XMP); 1 when that can't be read.

    Of TIFF and HEIF the decoders see to it themselves.
    """
    if image.format in ("TIFF", "HEIF"):
        return 1
    if image.format == "PNG":
        # Its EXIF may stand behind the pixels, so Pillow decodes them; what goes wrong there is no matter of EXIF.
        image.load()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)
            found = image.getexif().get(ORIENTATION, 1)
    except _DECODER_ERRORS:
        return 1
    return found if found in _TURNS else 1


def as_seen_size(image: Image.Image) -> tuple[int, int]:
    """Width and height in pixels with EXIF orientation applied; 5 to 8 lie on their side (EXIF 2.32, tag 274)."""
    if orientation(image) in (5, 6, 7, 8):
        return image.height, image.width
    return image.size


def upright(pixels: Image.Image, image: Image.Image) -> Image.Image:
    """Turn pixels that belong to an opened image as that is turned."""
    turn = _TURNS.get(orientation(image))
    return pixels if turn is None else pixels.transpose(turn)


def has_alpha(image: Image.Image) -> bool:
    """Whether the format could carry transparency here: an alpha channel, or a transparent colour."""
    return image.has_transparency_data


def shrink_on_load(image: Image.Image, size: tuple[int, int]) -> None:
    """Let JPEG decode at 1/2, 1/4 or 1/8, not below ``size``. Other formats decode whole."""
    if image.format in ("JPEG", "MPO"):
        image.draft(None, size)


def decode(image: Image.Image, size: tuple[int, int] | None = None) -> Image.Image:
    """Decode an opened image into RGB or RGBA pixels in sRGB, as seen, without EXIF, XMP, ICC or comments.

    With ``size`` (width and height in pixels, as seen) scaled to it; that is cheaper here, before colours are
    converted, than afterwards. Of an animation, the first frame; of several pages, the first. The opened image must
    not be used any more: where nothing has to be done to its pixels, it is what is returned.
    """
    profile = image.info.get("icc_profile")
    turn = _TURNS.get(orientation(image))
    alpha = has_alpha(image)
    image.load()
    pixels = to_plain_mode(image, alpha)
    if size is not None:
        stored = size[::-1] if turn in _ON_THEIR_SIDE else size
        if pixels.size != stored:
            pixels = pixels.resize(stored, Image.Resampling.LANCZOS, reducing_gap=3.0)
    pixels = to_srgb(pixels, profile)
    if turn is not None:
        pixels = pixels.transpose(turn)
    _forget(pixels)
    return pixels


def _forget(pixels: Image.Image) -> None:
    """Leave nothing but pixels: ``save()`` would write what it finds."""
    pixels.info.clear()
    pixels.getexif().clear()


@dataclass(frozen=True)
class Frame:
    """One picture of an animation: whole, as seen, RGB or RGBA in sRGB; and for how long it shows, in ms."""

    pixels: Image.Image
    duration: int


def frame_count(image: Image.Image) -> int:
    """Count the frames of an opened animation; 1 for a still. Pages of a TIFF and pictures of a burst are no frames.

    Cheap, whatever the file says: counting ends above ``MAX_ANIMATION_FRAMES``.
    """
    if image.format == "GIF":
        return max(1, _count_gif_frames(image.fp, conf.MAX_ANIMATION_FRAMES + 1))
    if image.format in ("WEBP", "AVIF"):
        return image.n_frames
    if image.format == "PNG":
        return max(1, image.n_frames - _first_frame(image))
    return 1


def loop_count(image: Image.Image) -> int:
    """How many times an opened animation plays; 0 is for ever.

    GIF counts repetitions after the first time, and plays once when it says nothing (NETSCAPE2.0 extension); WebP and
    APNG count all times. Pillow doesn't tell of AVIF, whose animations nearly all play for ever.
    """
    if image.format == "GIF":
        loops = image.info.get("loop")
        return 1 if loops is None else loops and loops + 1
    return image.info.get("loop", 0)


def decode_frames(image: Image.Image) -> Iterator[Frame]:
    """Decode an opened animation frame by frame, each whole and in one mode, without holding more than one.

    Durations of 10 ms or less become 100 ms, as browsers do. Frames of GIF and PNG are RGBA, since any of them may
    have holes. Raises what ``open_image`` turns into words, so stay inside its block.
    """
    first = _first_frame(image)
    count = frame_count(image)
    size = image.size
    profile = image.info.get("icc_profile")
    alpha = has_alpha(image) or image.format in ("GIF", "PNG")
    turn = _TURNS.get(orientation(image))
    for number in range(first, first + count):
        image.seek(number)
        if image.width * image.height > settings.WAGTAILIMAGES_MAX_IMAGE_PIXELS:
            raise _too_many_pixels()
        image.load()
        duration = round(image.info.get("duration") or 0)
        # A copy: the decoder paints the next frame over this one. A frame that exceeds the canvas is cut to it.
        pixels = to_srgb(to_plain_mode(image.crop((0, 0, *size)), alpha), profile)
        if turn is not None:
            pixels = pixels.transpose(turn)
        _forget(pixels)
        yield Frame(pixels, duration if duration > 10 else 100)


def _first_frame(image: Image.Image) -> int:
    """An APNG may begin with a picture for those who can't play it, which is no frame (PNG 3rd ed., 11.3.2)."""
    return 1 if image.format == "PNG" and image.info.get("default_image") and image.n_frames > 1 else 0


def _count_gif_frames(file: IO[bytes], at_most: int) -> int:
    """Walk over the blocks of a GIF (GIF89a, 18 to 26) and count its image descriptors."""
    position = file.tell()
    count = 0
    file.seek(10)
    flags = file.read(3)[0]
    file.seek(_colour_table_length(flags), 1)
    while count < at_most and (block := file.read(1)) in (b"!", b","):
        if block == b"!":
            file.seek(1, 1)
        else:
            descriptor = file.read(9)
            if len(descriptor) < 9:
                break
            count += 1
            file.seek(_colour_table_length(descriptor[8]) + 1, 1)
        while length := file.read(1).strip(b"\0"):
            file.seek(length[0], 1)
    file.seek(position)
    return count


def _colour_table_length(flags: int) -> int:
    """Bytes of the colour table that the packed field of a descriptor announces."""
    return 3 << (flags & 7) + 1 if flags & 128 else 0
