"""Real media for tests, made on the spot: photographs with EXIF as a camera writes it, films with sound, sounds."""

import math
from array import array
from collections.abc import Sequence
from fractions import Fraction
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from random import Random
from typing import Any

import av
import numpy as np
from django.core.files.base import ContentFile
from PIL import Image, ImageDraw
from PIL.TiffImagePlugin import IFDRational

from tests.made_once import made_once

ORIENTATION, MAKE, GPS_IFD = 274, 271, 34853
CORNERS = {"red": (220, 40, 40), "green": (40, 180, 60), "blue": (40, 60, 220), "yellow": (230, 210, 40)}
"""Colours of the corners, as seen: top left, top right, bottom left, bottom right."""

# What undoes each EXIF orientation: stored pixels = this transposition of the picture as seen.
STORED_AS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}


def picture(width: int = 800, height: int = 600) -> Image.Image:
    """Something like a photograph, the same each time: clouds, edges, and a bright colour in each corner."""
    clouds = _texture(width, height, 3, max(width, height) // 2)
    image = Image.merge("RGB", [Image.blend(clouds, _texture(width, height, seed, 7), 0.35) for seed in range(3)])
    draw = ImageDraw.Draw(image)
    random = Random(1)
    for _ in range(60):
        x, y = random.randrange(width), random.randrange(height)
        ends = [(x + random.uniform(-0.25, 0.25) * width, y + random.random() * height / 3) for _ in range(2)]
        draw.polygon([(x, y), *ends], fill=tuple(random.randbytes(3)))
    patch = (max(1, width // 6), max(1, height // 6))
    places = ((0, 0), (width - patch[0], 0), (0, height - patch[1]), (width - patch[0], height - patch[1]))
    for colour, place in zip(CORNERS.values(), places, strict=True):
        image.paste(colour, (*place, place[0] + patch[0], place[1] + patch[1]))
    return image


@lru_cache(maxsize=16)
def _texture(width: int, height: int, seed: int, finest: int) -> Image.Image:
    """Octaves of noise, each weaker than the one before, as in the spectrum of natural pictures."""
    texture = Image.new("L", (width, height), 128)
    size, share = 3, 0.5
    while size <= finest:
        noise = Image.frombytes("L", (size, size), Random(seed * 1000 + size).randbytes(size * size))
        texture = Image.blend(texture, noise.resize((width, height), Image.Resampling.BICUBIC), share)
        size, share = size * 2, share * 0.6
    return texture


@made_once
def photo_bytes(width: int = 800, height: int = 600, *, orientation: int = 1, format: str = "JPEG") -> bytes:
    """A photograph ``width`` by ``height`` pixels as seen, with maker, orientation and GPS in its EXIF."""
    image = picture(width, height)
    if orientation in STORED_AS:
        image = image.transpose(STORED_AS[orientation])
    exif = Image.Exif()
    exif[MAKE] = "Darkroom Test Camera"
    exif[ORIENTATION] = orientation
    exif[GPS_IFD] = {1: "N", 2: (IFDRational(47), IFDRational(22), IFDRational(0))}
    output = BytesIO()
    # As bytes: HEIF writes its own orientation from those only, and TIFF stumbles over the GPS of the object.
    image.save(output, format, exif=exif.tobytes(), quality=90)
    return output.getvalue()


def smaller(photo: bytes, width: int = 320, *, crop: float = 0.0, quality: int = 60) -> bytes:
    """The same photograph resized and recompressed, without ``crop`` of its width and height at each edge."""
    with Image.open(BytesIO(photo)) as image:
        left, top = round(image.width * crop), round(image.height * crop)
        image = image.crop((left, top, image.width - left, image.height - top))
        output = BytesIO()
        image.resize((width, width * image.height // image.width)).save(output, "JPEG", quality=quality)
    return output.getvalue()


@made_once
def other_photo_bytes(seed: int, width: int = 96, height: int = 72) -> bytes:
    """A photograph of something else for each seed: no two of them look alike."""
    bands = [_texture(width, height, 100 + seed * 3 + band, 12) for band in range(3)]
    output = BytesIO()
    Image.merge("RGB", bands).save(output, "JPEG", quality=85)
    return output.getvalue()


@made_once
def transparent_png(width: int = 500, height: int = 300) -> bytes:
    """A picture whose left half can be seen through."""
    image = picture(width, height).convert("RGBA")
    image.paste((0, 0, 0, 0), (0, 0, width // 2, height))
    output = BytesIO()
    image.save(output, "PNG")
    return output.getvalue()


DRAWING = b'<svg xmlns="http://www.w3.org/2000/svg" width="200" height="100"><rect width="20" height="10"/></svg>'


def drawing_file(name: str = "logo.svg") -> ContentFile:
    return ContentFile(DRAWING, name=name)


def photo_file(name: str = "harbour.jpg", **options: int) -> ContentFile:
    return ContentFile(photo_bytes(**options), name=name)


def film_bytes(
    folder: Path, *, seconds: float = 1.0, width: int = 320, height: int = 180, fps: int = 12, sound: bool = True
) -> bytes:
    """A short MP4: a box that crosses a gradient, with a tone. It is left in ``folder``, too, as ``film.mp4``."""
    film = _film(seconds, width, height, fps, sound)
    (folder / "film.mp4").write_bytes(film)
    return film


@made_once
def _film(seconds: float, width: int, height: int, fps: int, sound: bool) -> bytes:
    output = BytesIO()
    with av.open(output, "w", format="mp4") as container:
        video = container.add_stream("libx264", rate=fps, options={"preset": "ultrafast"})
        video.width, video.height, video.pix_fmt = width, height, "yuv420p"
        audio = container.add_stream("aac", rate=44_100, layout="mono") if sound else None
        background = picture(width, height)
        frames = max(1, round(seconds * fps))
        for number in range(frames):
            image = background.copy()
            x = number * width // frames
            image.paste((255, 255, 255), (x, height // 3, x + width // 10, height // 2))
            container.mux(video.encode(av.VideoFrame.from_image(image)))
        container.mux(video.encode())
        if audio is not None:
            _add_tone(container, audio, seconds)
    return output.getvalue()


def _add_tone(container: av.container.OutputContainer, audio: av.AudioStream, seconds: float) -> None:
    size = 1024
    for start in range(0, int(seconds * 44_100), size):
        samples = array("h", (int(6000 * math.sin((start + n) * 0.05)) for n in range(size)))
        frame = av.AudioFrame(format="s16", layout="mono", samples=size)
        frame.planes[0].update(samples.tobytes())
        frame.sample_rate, frame.pts, frame.time_base = 44_100, start, Fraction(1, 44_100)
        container.mux(audio.encode(frame))
    container.mux(audio.encode())


def film_file(folder: Path, name: str = "tide.mp4", **options: float) -> ContentFile:
    return ContentFile(film_bytes(folder, **options), name=name)


SOUNDS = {
    # Ending: container and encoder, as PyAV calls them.
    "mp3": ("mp3", "libmp3lame"),
    "m4a": ("ipod", "aac"),
    "aac": ("adts", "aac"),
    "opus": ("opus", "libopus"),
    "ogg": ("ogg", "flac"),
    "flac": ("flac", "flac"),
    "wav": ("wav", "pcm_s16le"),
    "aiff": ("aiff", "pcm_s16be"),
    "weba": ("webm", "libopus"),
    "mka": ("matroska", "flac"),
}


@made_once
def sound_bytes(
    ending: str = "wav",
    *,
    seconds: float = 1.0,
    layout: str = "stereo",
    rate: int = 48_000,
    loudness: float = 0.25,
    noise: bool = False,
    tags: dict[str, str] | None = None,
    chapters: Sequence[tuple[float, float, str]] = (),
    cover: bytes = b"",
) -> bytes:
    """A tone of 440 Hz that is silent in its second half, or noise throughout; ``loudness`` is its peak, of 1.

    ``chapters`` are starts, ends and titles; ``cover`` is a JPEG.
    """
    output = BytesIO()
    container_format, encoder = SOUNDS[ending]
    times = np.arange(int(seconds * rate)) / rate
    tone = loudness * np.sin(2 * math.pi * 440 * times) * (times < seconds / 2)
    if noise:
        tone = loudness * np.random.default_rng(1).uniform(-1, 1, len(times))
    with av.open(output, "w", format=container_format) as container:
        container.metadata.update(tags or {})
        container.set_chapters(
            [
                {
                    "id": number,
                    "start": round(start * 1000),
                    "end": round(end * 1000),
                    "time_base": Fraction(1, 1000),
                    "metadata": {"title": title},
                }
                for number, (start, end, title) in enumerate(chapters)
            ]
        )
        stream = container.add_stream(encoder, rate=rate, layout=layout)
        if cover:
            _attach(container, cover)
        channels = stream.layout.nb_channels
        samples = np.repeat((tone * 32_767).astype(np.int16)[:, None], channels, axis=1).reshape(1, -1)
        frame = av.AudioFrame.from_ndarray(samples, format="s16", layout=layout)
        frame.sample_rate, frame.pts = rate, 0
        resampler = av.AudioResampler(stream.format, layout, rate, frame_size=stream.codec_context.frame_size or 1024)
        for part in [*resampler.resample(frame), *resampler.resample(None)]:
            container.mux(stream.encode(part))
        container.mux(stream.encode())
    return output.getvalue()


def _attach(container: av.container.OutputContainer, cover: bytes) -> None:
    """Put a picture into a sound, as programs for music do."""
    with av.open(BytesIO(cover), format="jpeg_pipe") as picture:
        stream = container.add_stream_from_template(picture.streams.video[0])
        stream.disposition = av.stream.Disposition.attached_pic
        packet = next(picture.demux(video=0))
        packet.stream = stream
        container.mux(packet)


def sound_file(name: str = "bells.mp3", **options: Any) -> ContentFile:
    return ContentFile(sound_bytes(name.rpartition(".")[2], **options), name=name)


def animation_bytes(
    format: str = "GIF", durations: Sequence[int] = (100, 100, 100, 100), *, loop: int | None = 0, **options: Any
) -> bytes:
    """An animation of 64 by 48 pixels that becomes redder with each frame, by 60 of 255."""
    frames = [Image.new("RGB", (64, 48), (number * 60, 20, 20)) for number in range(len(durations))]
    output = BytesIO()
    if loop is not None:
        options["loop"] = loop
    # A picture that is no frame has no duration.
    shown = list(durations)[1:] if options.get("default_image") else list(durations)
    frames[0].save(output, format, save_all=True, append_images=frames[1:], duration=shown, **options)
    return output.getvalue()
