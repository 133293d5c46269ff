"""What no engine on two threads can go below: one decode, then our encoders on pixels that are there already."""

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import django

from benchmarks.engines import stopwatch
from benchmarks.engines.ladder import FORMATS, widths

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cms.settings.test")


def main() -> None:
    django.setup()
    stopwatch.report(_make)


def _make(photo: Path) -> tuple[stopwatch.Files, float, float]:
    """The files, and the seconds of the clock and of the processor that decoding and encoding took, not resizing."""
    from benchmarks.media import at_width
    from media_library.imaging.encoder import encode
    from media_library.imaging.source import decode, open_image, shrink_on_load

    started = stopwatch.now()
    with photo.open("rb") as file, open_image(file) as image:
        scale = min(1.0, max(widths(photo)) / min(image.size))
        shrink_on_load(image, (int(image.width * scale), int(image.height * scale)))
        pixels = decode(image)
    wall, processor = stopwatch.since(started)
    jobs = [(at_width(pixels, width), form) for width in reversed(widths(photo)) for form in FORMATS]
    del pixels
    started = stopwatch.now()
    with ThreadPoolExecutor(2) as pool:
        files = list(pool.map(lambda job: (job[1], encode(*job)), jobs))
    more_wall, more_processor = stopwatch.since(started)
    return files, wall + more_wall, processor + more_processor


if __name__ == "__main__":
    main()
