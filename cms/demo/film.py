"""Makes the demo's film: the sun rises over a lake between mountains while the camera pans."""

from __future__ import annotations

import math
import os
from collections.abc import Iterator
from fractions import Fraction

import av
from PIL import Image, ImageChops

from .backdrop import TRAVEL, WATERLINE, Backdrop, Layer, paint_backdrop
from .birds import draw_bird
from .boats import Boat, draw_boat
from .painting import RGB, Size, Stencil, add_light, curve, mix
from .sound import RATE, compose_sound
from .water import shifted

TITLE = "Sunrise over the lake"
ALT_TEXT = (
    "The sun rises behind misty mountains over a still lake. The camera glides past spruces on the shore; "
    "a sailing boat crosses the water, birds fly by, and the first light glitters on the ripples."
)
SUN_X = 0.484  # where the sun comes up, as a share of the width
# Colours before and after sunrise: of the mist, and of the three shores from far to near.
HAZE: tuple[RGB, RGB] = ((186, 136, 156), (255, 216, 166))
SHORES: tuple[tuple[RGB, RGB], ...] = (
    ((96, 78, 116), (198, 150, 124)),
    ((62, 56, 92), (128, 98, 92)),
    ((34, 36, 66), (64, 54, 58)),
)
# Which of two shifted mirror images shows where the ripples are high, and where they are low.
RIPPLE_LOW = curve(lambda t: max(0.0, (t - 0.5) * 3))
RIPPLE_HIGH = curve(lambda t: max(0.0, (0.42 - t) * 4))
CONTRAST = curve(lambda t: (t - 0.5) * 1.5 + 0.5)
LANE = Image.linear_gradient("L").rotate(90).point(curve(lambda t: max(0.0, 1 - abs(t * 2 - 1)) ** 1.5))
SPARK = curve(lambda t: max(0.0, (t - 0.42) * 2.6))


def write_film(path: str | os.PathLike[str], *, seconds: float = 8.0, size: Size = (1280, 720), fps: int = 24) -> None:
    """Write the film to `path` as MP4: H.264 pictures and AAC stereo sound, ready for streaming.

    `seconds` is its length, `size` (width, height) that of a frame in pixels, both even, and `fps` the
    number of frames in a second. However long it is, it shows the whole sunrise.
    """
    if size[0] % 2 or size[1] % 2 or min(size) < 16:
        raise ValueError(f"A frame needs an even width and height of at least 16 pixels, not {size!r}.")
    frames = max(1, round(seconds * fps))
    sound = compose_sound(frames / fps).tobytes()
    with av.open(os.fspath(path), "w", format="mp4", options={"movflags": "+faststart"}) as container:
        container.metadata["title"] = TITLE
        video = container.add_stream("libx264", rate=fps, options={"preset": "veryfast", "crf": "21"})
        video.width, video.height = size
        video.pix_fmt = "yuv420p"
        # Threads that work on whole frames go on encoding while the next frames are drawn.
        video.codec_context.thread_type = "FRAME"
        audio = container.add_stream("aac", rate=RATE, layout="stereo")
        audio.bit_rate = 128_000
        sounds = _sound_frames(sound)
        heard = 0.0
        for index, picture in enumerate(draw_frames(frames, size)):
            frame = av.VideoFrame.from_image(picture)
            frame.pts, frame.time_base = index, Fraction(1, fps)
            container.mux(video.encode(frame))
            while heard <= (index + 1) / fps and (chunk := next(sounds, None)) is not None:
                heard += chunk.samples / RATE
                container.mux(audio.encode(chunk))
        for chunk in sounds:
            container.mux(audio.encode(chunk))
        container.mux(video.encode(None))
        container.mux(audio.encode(None))


def _sound_frames(sound: bytes) -> Iterator[av.AudioFrame]:
    """Cut 16-bit stereo `sound` into frames of the 1024 samples AAC works on."""
    whole = 4 * 1024
    for start in range(0, len(sound), whole):
        piece = sound[start : start + whole]
        frame = av.AudioFrame(format="s16", layout="stereo", samples=len(piece) // 4)
        frame.planes[0].update(piece)
        frame.sample_rate = RATE
        frame.pts, frame.time_base = start // 4, Fraction(1, RATE)
        yield frame


def draw_frames(count: int, size: Size) -> Iterator[Image.Image]:
    """Yield the `count` frames of the film, RGB pictures of `size` pixels."""
    backdrop = paint_backdrop(size)
    for index in range(count):
        yield _compose(backdrop, index / max(1, count - 1))


def _compose(backdrop: Backdrop, now: float) -> Image.Image:
    """One frame; `now` runs from 0 at the beginning of the film to 1 at its end."""
    dawn = now * now * (3 - 2 * now)
    frame = Image.new("RGB", backdrop.size)
    frame.paste(Image.blend(*backdrop.skies, dawn))
    _show_clouds(frame, backdrop, now, dawn)
    sun = (SUN_X * frame.width / frame.height - 0.03 * now, 0.66 - 0.33 * now**0.9)
    _show_sun(frame, backdrop, sun)
    _show_land(frame, backdrop, now, dawn)
    _fly(frame, now, dawn)
    _show_water(frame, backdrop, now, dawn, sun[0])
    _drift(frame, backdrop, backdrop.mists[2], 1.1 - now, mix(*HAZE, dawn))
    _sail(frame, now, dawn)
    _show(frame, backdrop, backdrop.front, now, mix((16, 18, 38), (24, 22, 26), dawn))
    return frame


def _window(backdrop: Backdrop, now: float, pace: float) -> int:
    """How far the camera has moved over a layer, in pixels."""
    return round(now * pace * TRAVEL * backdrop.unit)


def _show(frame: Image.Image, backdrop: Backdrop, layer: Layer, now: float, colour: RGB) -> None:
    left = _window(backdrop, now, layer.pace)
    mask = layer.mask.crop((left, 0, left + backdrop.size[0], layer.mask.height))
    frame.paste(colour, (0, layer.top, backdrop.size[0], layer.top + mask.height), mask)


def _show_clouds(frame: Image.Image, backdrop: Backdrop, now: float, dawn: float) -> None:
    left = round((0.05 * now + 0.02) * backdrop.unit)
    mask = backdrop.clouds.crop((left, 0, left + backdrop.size[0], backdrop.clouds.height))
    frame.paste(mix((150, 92, 130), (255, 222, 190), dawn), (0, 0, *mask.size), mask)


def _show_sun(frame: Image.Image, backdrop: Backdrop, sun: tuple[float, float]) -> None:
    """Screen the sun's glow onto the sky."""
    radius = backdrop.glow.width // 2
    left, top = round(sun[0] * backdrop.unit) - radius, round(sun[1] * backdrop.unit) - radius
    box = (
        max(0, left),
        max(0, top),
        min(frame.width, left + radius * 2),
        min(round(WATERLINE * backdrop.unit), top + radius * 2),
    )
    glow = backdrop.glow.crop((box[0] - left, box[1] - top, box[2] - left, box[3] - top))
    frame.paste(ImageChops.screen(frame.crop(box), glow), box)


def _show_land(frame: Image.Image, backdrop: Backdrop, now: float, dawn: float) -> None:
    """Paint the mountains and the wooded shores with the mist between them."""
    left = _window(backdrop, now, backdrop.peaks_mask.pace)
    window = (left, 0, left + frame.width, backdrop.peaks_mask.mask.height)
    before, after = (picture.crop(window) for picture in backdrop.peaks)
    peaks = Image.blend(before, after, dawn)
    frame.paste(peaks, (0, 0), backdrop.peaks_mask.mask.crop(window))
    haze = mix(*HAZE, dawn)
    for row, (shore, (cold, warm)) in enumerate(zip(backdrop.shores, SHORES, strict=True)):
        if row < 2:
            _drift(frame, backdrop, backdrop.mists[row], now * (0.5 + row), haze)
        _show(frame, backdrop, shore, now, mix(cold, warm, dawn))


def _drift(frame: Image.Image, backdrop: Backdrop, mist: Layer, way: float, colour: RGB) -> None:
    left = round(way * 0.35 * backdrop.unit)
    mask = mist.mask.crop((left, 0, left + frame.width, mist.mask.height))
    frame.paste(colour, (0, mist.top, frame.width, mist.top + mask.height), mask)


def _show_water(frame: Image.Image, backdrop: Backdrop, now: float, dawn: float, sun_x: float) -> None:
    """Mirror what stands above the waterline, broken by two trains of ripples, with sparks on it."""
    line = round(WATERLINE * backdrop.unit)
    deep = frame.height - line
    mirror = frame.crop((0, line - deep, frame.width, line)).transpose(Image.Transpose.FLIP_TOP_BOTTOM)
    # One train runs to the left and one to the right: where they meet the surface changes its shape.
    ways = round(now * 0.42 * backdrop.unit), round((1 - now) * 0.36 * backdrop.unit)
    first, second = (
        waves.crop((left, 0, left + frame.width, deep)) for waves, left in zip(backdrop.waves, ways, strict=True)
    )
    ripples = Image.blend(first, second, 0.5).point(CONTRAST)
    stretch = max(1, round(backdrop.unit * 0.02))
    water = Image.composite(shifted(mirror, 0, -stretch), mirror, ripples.point(RIPPLE_LOW))
    water = Image.composite(shifted(mirror, 0, stretch), water, ripples.point(RIPPLE_HIGH))
    water.paste(mix((26, 32, 72), (112, 100, 104), dawn), (0, 0), backdrop.depth)
    frame.paste(_glitter(water, (first, second), sun_x * backdrop.unit, dawn), (0, line))


def _glitter(water: Image.Image, trains: tuple[Image.Image, Image.Image], middle: float, dawn: float) -> Image.Image:
    """Add sparks where both trains of ripples are high, in a lane below the sun."""
    sparks = ImageChops.multiply(trains[0].point(SPARK), trains[1].point(SPARK))
    half = round(water.height * (0.75 + 0.5 * dawn))
    wide = Image.new("L", water.size)
    wide.paste(LANE.resize((half * 2, water.height)), (round(middle) - half, 0))
    strength = min(1.0, dawn * 1.6)
    mask = ImageChops.multiply(sparks, wide).point(curve(lambda t: min(1.0, t * 2.4) * strength))
    return add_light(water, mask, (255, 206, 138))


def _sail(frame: Image.Image, now: float, dawn: float) -> None:
    """A sailing boat crosses the lake from right to left and rocks a little."""
    right = frame.width / frame.height
    keel = (right * (0.8 - 0.27 * now), 0.735 + 0.0015 * math.sin(now * 31))
    dark = mix((26, 26, 52), (52, 40, 46), dawn)
    boat = Boat(
        keel,
        0.1,
        mix((44, 38, 66), (96, 58, 50), dawn),
        mix((150, 120, 150), (255, 214, 160), dawn),
        mast=1.35,
        sail=mix((142, 122, 156), (255, 226, 184), dawn),
        heading=-1,
    )
    draw_boat(frame, boat, dark, reflection=0.5)


def _fly(frame: Image.Image, now: float, dawn: float) -> None:
    """Five birds in a loose line cross the sky from left to right."""
    lead = now * 1.15 - 0.04
    flock = Stencil(frame.size, (lead - 0.3, 0.2, lead + 0.05, 0.5))
    for index in range(5):
        way = lead - index * 0.05 - 0.014 * (index % 2)
        height = 0.4 - 0.13 * now + 0.022 * (index % 3) + 0.012 * math.sin(now * 9 + index)
        flap = math.sin(now * 66 + index * 1.7)
        draw_bird(flock, (way, height), 0.017 - 0.001 * index, lift=0.18 + 0.36 * flap)
    flock.paint(frame, mix((34, 30, 60), (70, 52, 56), dawn))
