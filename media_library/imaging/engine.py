"""Where a rendition is made: one decode, a pyramid of sizes, encoders side by side."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import IO

from PIL import Image

from media_library.imaging.encoder import encode
from media_library.imaging.presets import (
    ADMIN_THUMBNAIL,
    FIRST_WIDTH,
    MAX_WIDTH,
    Rung,
    fallback_format,
    formats,
    ladder_widths,
)
from media_library.imaging.source import as_seen_size, decode, has_alpha, open_image, shrink_on_load

THREADS = 2
"""Encoders at work at the same time. WebP and AVIF let go of the GIL; a third thread gains nothing on two cores."""


@dataclass(frozen=True)
class Encoded:
    """A finished file in memory: the filter spec it answers to, its pixels, its format and its bytes."""

    spec: str
    width: int
    height: int
    format: str
    data: bytes


@dataclass(frozen=True)
class FirstLook:
    """What the upload request learns of a picture: its as-seen size, and its first small renditions."""

    width: int
    height: int
    has_alpha: bool
    renditions: list[Encoded]


def first_look(file: IO[bytes]) -> FirstLook:
    """Decode an upload at a small scale; make the first rung in the fallback format, and the admin's thumbnail.

    Raises ``DamagedFile`` or ``FileTooLarge``.
    """
    with open_image(file) as image:
        width, height = as_seen_size(image)
        alpha = has_alpha(image)
        first_width = min(FIRST_WIDTH, width)
        shrink_on_load(image, _scaled_to_cover(image.size, first_width * 2))
        pixels = decode(image)
        form = fallback_format(alpha)
        small = _resize(pixels, first_width, _height_at(first_width, width, height))
        thumbnail = small.copy()
        thumbnail.thumbnail((165, 165), Image.Resampling.LANCZOS)
        return FirstLook(
            width,
            height,
            alpha,
            [
                _encode(small, Rung(first_width, form).spec, form),
                _encode(thumbnail, ADMIN_THUMBNAIL, form),
            ],
        )


def develop(file: IO[bytes], report: Callable[[float], None] = lambda done: None) -> list[Encoded]:
    """Make the whole ladder of a picture from a single decode.

    ``report`` is called with 0 to 1 as files get done; what it raises ends the work. Raises ``DamagedFile`` or
    ``FileTooLarge``.
    """
    with open_image(file) as image:
        width, height = as_seen_size(image)
        alpha = has_alpha(image)
        shrink_on_load(image, _scaled_to_cover(image.size, MAX_WIDTH))
        pixels = decode(image)
    widths = ladder_widths(width)
    total = len(widths) * len(formats(alpha))
    done: list[Encoded] = []
    with ThreadPoolExecutor(THREADS) as pool:
        futures = list(_submit_ladder(pool, pixels, widths, width, height, formats(alpha)))
        del pixels
        try:
            for future in futures:
                done.append(future.result())
                report(len(done) / total)
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise
    return done


def _submit_ladder(
    pool: ThreadPoolExecutor,
    pixels: Image.Image,
    widths: list[int],
    width: int,
    height: int,
    forms: tuple[str, ...],
) -> Iterator["Future[Encoded]"]:
    """Resize down the pyramid, each size from the one above, and hand every size to the encoders."""
    for one in widths:
        pixels = _resize(pixels, one, _height_at(one, width, height))
        for form in forms:
            # A copy each: parameters of save() live on the image, and formats would take each other's quality.
            yield pool.submit(_encode, pixels.copy(), Rung(one, form).spec, form)


def _encode(pixels: Image.Image, spec: str, form: str) -> Encoded:
    return Encoded(spec, pixels.width, pixels.height, form, encode(pixels, form))


def _resize(pixels: Image.Image, width: int, height: int) -> Image.Image:
    if pixels.size == (width, height):
        return pixels
    return pixels.resize((width, height), Image.Resampling.LANCZOS, reducing_gap=3.0)


def _height_at(width: int, original_width: int, original_height: int) -> int:
    """Height in pixels, rounded down as Wagtail's ``width-`` operation does, but never none."""
    return max(1, int(original_height * width / original_width))


def _scaled_to_cover(size: tuple[int, int], width: int) -> tuple[int, int]:
    """The size in which ``size`` is at least ``width`` wide whichever way it is turned."""
    scale = min(1.0, width / min(size))
    return max(1, int(size[0] * scale)), max(1, int(size[1] * scale))
