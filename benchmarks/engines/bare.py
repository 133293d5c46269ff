"""What no engine on two threads can go below: one decode, then our encoders on pixels that are there already."""

import os
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import django

from benchmarks.engines import stopwatch
from benchmarks.engines.ladder import FORMATS, widths

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cms.settings.test")


def main() -> None:
    django.setup()
    stopwatch.report(_make)


def _make(photo: Path) -> tuple[stopwatch.Files, float]:
    """The files, and the seconds of the clock that decoding and encoding took, without those of resizing."""
    from benchmarks.media import at_width
    from media_library.imaging.encoder import encode
    from media_library.imaging.source import decode, open_image, shrink_on_load

    started = time.perf_counter()
    with photo.open("rb") as file, open_image(file) as image:
        scale = min(1.0, max(widths(photo)) / min(image.size))
        shrink_on_load(image, (int(image.width * scale), int(image.height * scale)))
        pixels = decode(image)
    seconds = time.perf_counter() - started
    jobs = [(at_width(pixels, width), form) for width in reversed(widths(photo)) for form in FORMATS]
    del pixels
    started = time.perf_counter()
    with ThreadPoolExecutor(2) as pool:
        files = list(pool.map(lambda job: (job[1], encode(*job)), jobs))
    return files, seconds + time.perf_counter() - started


if __name__ == "__main__":
    main()
