"""Darkroom's own engine, the fast pass."""

import os
from pathlib import Path

import django

from benchmarks.engines import stopwatch

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cms.settings.test")


def main() -> None:
    django.setup()
    stopwatch.report(_make)


def _make(photo: Path) -> stopwatch.Files:
    from media_library.imaging.engine import render
    from media_library.imaging.orders import Subject, ladder_orders
    from media_library.imaging.source import as_seen_size, has_alpha, open_image

    with photo.open("rb") as file:
        with open_image(file) as image:
            subject = Subject(*as_seen_size(image), has_alpha(image))
        return [(one.format, one.data) for one in render(file, subject, ladder_orders(subject))]


if __name__ == "__main__":
    main()
