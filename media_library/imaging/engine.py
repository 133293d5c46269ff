"""Where a rendition is made: one decode, a pyramid of sizes, encoders side by side."""

import math
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from io import BytesIO
from itertools import groupby
from typing import IO, Protocol

from PIL import Image
from willow.plugins.pillow import PillowImage

from media_library.conf import conf
from media_library.imaging.encoder import encode, encode_animation, measured_settings
from media_library.imaging.fingerprint import fingerprints
from media_library.imaging.gain_map import GainMap, read_gain_map, with_gain_map
from media_library.imaging.orders import Box, Order, Subject, order, preset_orders
from media_library.imaging.placeholder import Placeholder, make_placeholder
from media_library.imaging.presets import (
    ADMIN,
    ADMIN_THUMBNAIL,
    FALLBACK,
    FIRST_WIDTH,
    LADDER,
    STILL,
    Preset,
)
from media_library.imaging.source import (
    as_seen_size,
    decode,
    decode_frames,
    frame_count,
    has_alpha,
    loop_count,
    open_image,
    shrink_on_load,
)

BEST_FIRST = ("avif", "webp", "jpeg", "png", "gif")
"""Formats in the order in which a client should be offered them."""

BOX_TOLERANCE = 0.5
"""Pixels by which a box may miss the whole picture and still be the whole picture: boxes are rounded."""


class Edits(Protocol):
    """What an editor did to a picture; see operations.py. Pixels are RGB or RGBA."""

    def apply(self, pixels: Image.Image) -> Image.Image:
        """Edit the whole picture, at whatever scale it was decoded."""
        ...

    def stamp(self, pixels: Image.Image) -> Image.Image:
        """Put on every finished size what belongs there, as a watermark does."""
        ...


class Unedited:
    """Leaves pixels as they are."""

    def apply(self, pixels: Image.Image) -> Image.Image:
        return pixels

    def stamp(self, pixels: Image.Image) -> Image.Image:
        return pixels


UNEDITED = Unedited()


@dataclass(frozen=True)
class _Finish:
    """What is done to every finished size of a picture."""

    subject: Subject
    edits: Edits = UNEDITED
    gain_map: GainMap | None = None

    @classmethod
    def of(cls, file: IO[bytes], subject: Subject, edits: Edits) -> "_Finish":
        return cls(subject, edits, read_gain_map(file) if subject.is_hdr else None)

    def brightened(self, data: bytes, one: Order, size: tuple[int, int]) -> bytes:
        """A JPEG with its part of the gain map; whatever else, and what filters have worked on, as it is."""
        if self.gain_map is None or one.format != "jpeg" or one.operations:
            return data
        left, top, right, bottom = one.box
        width, height = self.subject.width, self.subject.height
        part = self.gain_map.part((left / width, top / height, right / width, bottom / height), size)
        return with_gain_map(data, part, self.gain_map.values)


@dataclass(frozen=True)
class Encoded:
    """A finished file in memory.

    ``spec``, ``key`` and ``preset`` are those of its order, ``format`` is what ``data`` really holds: where another
    format of the same picture has fewer bytes, it stands in. ``quality`` is the encoder's own figure, None if it has
    none.
    """

    spec: str
    width: int
    height: int
    format: str
    data: bytes
    key: str = ""
    preset: str = ""
    quality: int | None = None


@dataclass(frozen=True)
class FirstLook:
    """What the upload request learns of a picture, and its first small renditions."""

    subject: Subject
    placeholder: Placeholder
    renditions: list[Encoded]
    fingerprints: tuple[int, ...]


def first_look(file: IO[bytes]) -> FirstLook:
    """Decode an upload at a small scale; make the first rung in the fallback format, and the admin's thumbnail.

    Raises ``DamagedFile`` or ``FileTooLarge``.
    """
    gain_map = read_gain_map(file)
    with open_image(file) as image:
        width, height = as_seen_size(image)
        subject = Subject(width, height, has_alpha(image), frame_count(image) > 1, is_hdr=gain_map is not None)
        still = Subject(width, height, subject.has_alpha)
        first = preset_orders(Preset(LADDER, f"width-{min(FIRST_WIDTH, width)}", (FALLBACK,)), still)
        wanted = [*first, order(ADMIN_THUMBNAIL, still, ADMIN)]
        # Twice the size, since draft mode is a rougher scaler than ours, and shows in small pictures.
        pixels = _decode_at(image, _scale(wanted), draft=2.0)
        made = [
            one
            for orders, part in _resized(pixels, subject, wanted)
            for one in _make_each(part, orders, _Finish(subject, gain_map=gain_map))
        ]
        return FirstLook(subject, make_placeholder(pixels), made, fingerprints(pixels))


def render(
    file: IO[bytes],
    subject: Subject,
    wanted: list[Order],
    report: Callable[[float], None] = lambda done: None,
    edits: Edits = UNEDITED,
) -> list[Encoded]:
    """Make all that is wanted of a picture from a single decode.

    ``subject`` describes the picture with its edits applied. ``report`` is called with 0 to 1 as files get done; what
    it raises ends the work. Memory: the decoded picture until the first size is made, then one third more than the
    largest size, and what ``IMAGE_THREADS`` encoders need. Raises ``DamagedFile`` or ``FileTooLarge``.
    """
    return [one for part in render_in_parts(file, subject, [wanted], report, edits) for one in part]


def render_in_parts(
    file: IO[bytes],
    subject: Subject,
    parts: Sequence[list[Order]],
    report: Callable[[float], None] = lambda done: None,
    edits: Edits = UNEDITED,
) -> Iterator[list[Encoded]]:
    """The same, but each part is handed over as soon as all of it is made, while encoders go on with the next.

    The parts share the decode and the pyramid. Closing the iterator, or an error, ends the work.
    """
    stills = [one for part in parts for one in part if not one.animated]
    total = sum(len(part) for part in parts)
    finish = _Finish.of(file, subject, edits)
    made: dict[tuple[str, str], Encoded] = {}

    def finished(one: Encoded) -> None:
        made[one.spec, one.key] = one
        report(len(made) / total)

    with _encoders() as pool:
        sizes = _resized(_edited_pixels(file, stills, edits), subject, stills) if stills else iter(())
        coming = _encode_side_by_side(pool, sizes, finish, parts)
        for part, futures in zip(parts, coming, strict=True):
            for future in futures:
                for one in future.result():
                    finished(one)
            for moving in (one for one in part if one.animated):
                finished(_make_animation(file, moving, subject, edits))
            yield never_larger([made[one.spec, one.key] for one in part])


def polish(file: IO[bytes], subject: Subject, wanted: list[Order], edits: Edits = UNEDITED) -> Iterator[Encoded]:
    """Make stills again, one by one, with settings that take long and save bytes at the same quality.

    Lets the caller stop between any two. Raises ``DamagedFile`` or ``FileTooLarge``.
    """
    finish = _Finish.of(file, subject, edits)
    for same, pixels in _resized(_edited_pixels(file, wanted, edits), subject, wanted):
        for one in same:
            yield _make(pixels, one, finish, slow=True)


def _edited_pixels(file: IO[bytes], wanted: list[Order], edits: Edits) -> Image.Image:
    # A function of its own, so that nothing of the decoder's is held while encoders work.
    with open_image(file) as image:
        return edits.apply(_decode_at(image, _scale(wanted)))


def placeholder_of(made: list[Encoded]) -> Placeholder | None:
    """The placeholder of what has just been made; None when the whole picture is not among it."""
    pixels = _smallest(made)
    return make_placeholder(pixels) if pixels else None


def fingerprints_of(made: list[Encoded]) -> tuple[int, ...]:
    """The fingerprints of what has just been made; none when the whole picture is not among it."""
    pixels = _smallest(made)
    return fingerprints(pixels) if pixels else ()


def fingerprints_in(file: IO[bytes]) -> tuple[int, ...]:
    """The fingerprints of a picture, decoded at a small scale. Raises ``DamagedFile`` or ``FileTooLarge``."""
    with open_image(file) as image:
        return fingerprints(_decode_at(image, FIRST_WIDTH / as_seen_size(image)[0], draft=2.0))


def _smallest(made: list[Encoded]) -> Image.Image | None:
    stills = [one for one in made if one.preset in (LADDER, STILL.name) and one.format in ("jpeg", "png")]
    if not stills:
        return None
    with open_image(BytesIO(min(stills, key=lambda one: one.width).data)) as image:
        return decode(image)


def _decode_at(image: Image.Image, scale: float, draft: float = 1.0) -> Image.Image:
    """Decode with ``scale`` pixels for one, or all where that is more than there are.

    JPEG scales by halves while it decodes, to at least ``draft`` times that size; we scale the rest.
    """
    scale = min(1.0, scale)
    width, height = as_seen_size(image)
    shrink_on_load(image, (math.ceil(image.width * scale * draft), math.ceil(image.height * scale * draft)))
    return decode(image, (max(1, round(width * scale)), max(1, int(height * scale))))


def _scale(wanted: list[Order]) -> float:
    return max(one.scale for one in wanted)


@contextmanager
def _encoders() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(conf.IMAGE_THREADS or min(4, os.cpu_count() or 1)) as pool:
        try:
            yield pool
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise


def _encode_side_by_side(
    pool: ThreadPoolExecutor,
    resized: Iterator[tuple[list[Order], Image.Image]],
    finish: "_Finish",
    parts: Sequence[list[Order]],
) -> list[list[Future[list[Encoded]]]]:
    """Queue the sizes for the encoders, those of the first part as they come; what is made of them, part by part.

    One size is one piece of work, of the first part that wants it: the largest costs about as much as all others
    together. Best format last in every other one, so that two large AVIFs, which need most memory, seldom meet.
    """
    part_of = {(one.spec, one.key): number for number, part in enumerate(parts) for one in part}
    waiting: list[list[tuple[list[Order], Image.Image]]] = [[] for _ in parts]
    futures: list[list[Future[list[Encoded]]]] = [[] for _ in parts]

    def submit(part: int, wanted: list[Order], pixels: Image.Image) -> None:
        best_last = sum(map(len, futures)) % 2
        futures[part].append(pool.submit(_make_each, pixels, wanted[:: -1 if best_last else 1], finish))

    for wanted, pixels in resized:
        part = min(part_of[one.spec, one.key] for one in wanted)
        if part == 0:
            submit(part, wanted, pixels)
        else:
            waiting[part].append((wanted, pixels))
    for part, sizes in enumerate(waiting):
        for wanted, pixels in sizes:
            submit(part, wanted, pixels)
    return futures


def _resized(pixels: Image.Image, subject: Subject, wanted: list[Order]) -> Iterator[tuple[list[Order], Image.Image]]:
    """Go down the pyramid: each size is made from the smallest whole picture that has the pixels for it."""
    level = pixels
    del pixels
    for (_, size, box), same in groupby(sorted(wanted, key=_shape, reverse=True), _shape):
        part = _resize(level, subject, box, size)
        if _is_whole(box, subject):
            level = part
        yield list(same), part


def _shape(one: Order) -> tuple[float, tuple[int, int], Box]:
    return one.scale, one.size, one.box


def _resize(level: Image.Image, subject: Subject, box: Box, size: tuple[int, int]) -> Image.Image:
    if level.size == size and _is_whole(box, subject):
        return level
    x, y = level.width / subject.width, level.height / subject.height
    left, top, right, bottom = box
    inside = (max(0, left * x), max(0, top * y), min(level.width, right * x), min(level.height, bottom * y))
    return level.resize(size, Image.Resampling.LANCZOS, box=inside, reducing_gap=3.0)


def _is_whole(box: Box, subject: Subject) -> bool:
    """Whether the box is the whole picture, so that smaller sizes can be made from this one."""
    whole = (0, 0, subject.width, subject.height)
    return all(abs(side - limit) <= BOX_TOLERANCE for side, limit in zip(box, whole, strict=True))


def _make_each(pixels: Image.Image, wanted: list[Order], finish: _Finish) -> list[Encoded]:
    """Encode one size in each format, one after the other.

    Not at the same time: parameters of ``save()`` live on the image, so that formats would take each other's quality.
    """
    return [_make(pixels, one, finish) for one in wanted]


def _make(pixels: Image.Image, one: Order, finish: _Finish, slow: bool = False) -> Encoded:
    if one.operations:
        # They are Wagtail's, and work on Willow's images.
        willow = PillowImage(pixels.copy())
        for operation in one.operations:
            willow = operation.run(willow, None, {}) or willow
        pixels = willow.image
    pixels = finish.edits.stamp(pixels)
    data = encode(pixels, one.format, quality=one.quality, lossless=one.lossless, slow=slow)
    data = finish.brightened(data, one, pixels.size)
    return _encoded(one, pixels.size, data, slow)


def _make_animation(file: IO[bytes], one: Order, subject: Subject, edits: Edits) -> Encoded:
    """Make one moving file; its frames are in memory at its own size only."""
    frames, durations = [], []
    with open_image(file) as image:
        loop = loop_count(image)
        for frame in decode_frames(image):
            frames.append(edits.stamp(_resize(edits.apply(frame.pixels), subject, one.box, one.size)))
            durations.append(frame.duration)
        data = encode_animation(frames, durations, one.format, quality=one.quality, loop=loop)
    return _encoded(one, one.size, data)


def _encoded(one: Order, size: tuple[int, int], data: bytes, slow: bool = False) -> Encoded:
    measured = measured_settings(one.format, size[0] * size[1], slow).quality
    quality = None if one.lossless else one.quality or measured
    return Encoded(one.spec, *size, one.format, data, one.key, one.preset, quality)


def never_larger(made: list[Encoded]) -> list[Encoded]:
    """Where a better format came out no smaller than a lesser one of the same preset, let that file stand in.

    What somebody asked for by name they get as they asked for it.
    """
    result: list[Encoded] = []
    best: dict[tuple[str, str], Encoded] = {}
    for one in sorted(made, key=lambda one: BEST_FIRST.index(one.format), reverse=True):
        picture = (one.spec.partition("|format-")[0], one.key)
        lesser = best.get(picture)
        if one.preset and lesser is not None and len(lesser.data) <= len(one.data):
            one = replace(one, format=lesser.format, data=lesser.data, quality=lesser.quality)
        best[picture] = one
        result.append(one)
    return result
