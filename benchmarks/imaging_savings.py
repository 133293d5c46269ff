"""How many bytes a visitor is spared: the best rendition against the original, at the size shown.

    DARKROOM_MEDIA=<folder> python -m benchmarks.imaging_savings [--polished]

A page shows a photograph in a box of some width in CSS pixels. A browser takes the smallest rung of the ladder that
covers the box, in the best format: here AVIF, at a box of 1280, which is as wide as articles get, and of 640, a phone.
Its bytes are set against those of the original, which is what would be sent without a ladder. Quality is that at which
the engine develops, or polishes; see imaging_quality.py.
"""

import argparse
import os
import statistics
from pathlib import Path

import django

from benchmarks import media

BOXES = (640, 1280, 1920)


def savings(photo: Path, boxes: tuple[int, ...], polished: bool) -> list[tuple[int, float]]:
    """For each box: bytes of the best rendition, and the share of the original's bytes that is spared."""
    from media_library.imaging.engine import polish, render
    from media_library.imaging.orders import Subject, ladder_orders
    from media_library.imaging.source import as_seen_size, has_alpha, open_image

    original = photo.stat().st_size
    with photo.open("rb") as file:
        with open_image(file) as image:
            subject = Subject(*as_seen_size(image), has_alpha(image))
        wanted = [one for one in ladder_orders(subject) if one.size[0] in _rungs(subject.width, boxes)]
        made = list(polish(file, subject, wanted)) if polished else render(file, subject, wanted)
    result = []
    for box in boxes:
        rung = next(iter(_rungs(subject.width, (box,))))
        best = min(len(one.data) for one in made if one.width == rung)
        result.append((best, 1 - best / original))
    return result


def _rungs(width: int, boxes: tuple[int, ...]) -> set[int]:
    """The widths that a browser picks for these boxes: the ladder has them, or the picture's own is less."""
    return {min(box, width) for box in boxes}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--polished", action="store_true", help="of the slow pass")
    arguments = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cms.settings.test")
    django.setup()
    found = {photo: savings(photo, BOXES, arguments.polished) for photo in media.photos()}
    print("| Photograph | kB | " + " | ".join(f"at {box} kB | saved" for box in BOXES) + " |")
    print("|---" * (2 + 2 * len(BOXES)) + "|")
    for photo, boxes in found.items():
        cells = " | ".join(f"{size / 1000:.0f} | {share:.1%}" for size, share in boxes)
        print(f"| {photo.name} | {photo.stat().st_size / 1000:.0f} | {cells} |")
    medians = (statistics.median(boxes[number][1] for boxes in found.values()) for number in range(len(BOXES)))
    print("| median | | | " + " | | ".join(f"**{one:.1%}**" for one in medians) + " |")


if __name__ == "__main__":
    main()
