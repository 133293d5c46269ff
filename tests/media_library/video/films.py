"""Films for these tests, made by ffmpeg: PyAV can't write all of them."""

import subprocess
from pathlib import Path

from media_library.video.ffmpeg import bundled_ffmpeg


def ffmpeg(*arguments: str | Path) -> None:
    """Run ffmpeg without its safety."""
    command = [bundled_ffmpeg(), "-v", "error", "-nostdin", "-y", *map(str, arguments)]
    subprocess.run(command, check=True, stdin=subprocess.DEVNULL)


def converted(source: Path, target: Path, *options: str) -> Path:
    """A variant of a film."""
    ffmpeg("-i", source, *options, target)
    return target


def generated(target: Path, picture: str, *options: str, sound: str = "") -> Path:
    """A film of a pattern of ffmpeg's, such as ``testsrc2=size=320x180:rate=10:duration=1``."""
    heard = ["-f", "lavfi", "-i", sound, "-shortest"] if sound else []
    ffmpeg("-f", "lavfi", "-i", picture, *heard, "-preset", "ultrafast", *options, target)
    return target


def turned(source: Path, target: Path, degrees: int = 90) -> Path:
    """The same film, to be shown turned."""
    ffmpeg("-display_rotation", str(degrees), "-i", source, "-c", "copy", target)
    return target


def colour_at(path: Path, x: float, y: float, seconds: float = 0.0) -> tuple[int, int, int]:
    """Red, green and blue at a place, 0 to 1 each way, of the first picture from a moment on."""
    import av

    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        for frame in container.decode(stream):
            if frame.time is None or frame.time >= seconds - 0.001:
                image = frame.to_image()
                return image.getpixel((int(x * (image.width - 1)), int(y * (image.height - 1))))
    raise AssertionError("the film is shorter")
