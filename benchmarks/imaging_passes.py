"""Whether what is developed and polished looks alike, and what it saves against stock Wagtail's files.

    DARKROOM_MEDIA=<folder> python -m benchmarks.imaging_passes [--widths 320,640,1280] [--processes 2]

Every photograph is encoded by Darkroom's own encoder, in the fast pass and the slow one, and scored with SSIMULACRA2
against the pixels that were encoded. Its bytes are compared with those that stock's encoder needs for the same score:
stock's settings at several qualities, interpolated. Measurements are kept as by imaging_quality.py; those of our own
encoder until encoder.py changes.
"""

import argparse
import hashlib
import os
import statistics
from dataclasses import dataclass
from pathlib import Path

import django
from PIL import Image

from benchmarks import media
from benchmarks.engines.ladder import FORMATS
from benchmarks.imaging_quality import CACHE, curves, sweep
from benchmarks.imaging_settings import STOCK, Setting

QUALITIES = {"jpeg": (68, 74, 76, 80, 86), "webp": (68, 74, 80, 86), "avif": (54, 61, 68)}
PASSES = {"developed": False, "polished": True}


@dataclass(frozen=True)
class Own(Setting):
    """Darkroom's encoder, with the settings it has for the size of the picture."""

    slow: bool = False

    def encode(self, image: Image.Image, quality: int) -> bytes:
        from media_library.imaging.encoder import encode

        return encode(image, self.format, slow=self.slow)


def own(form: str, name: str, slow: bool) -> Own:
    from media_library.imaging import encoder

    digest = hashlib.sha256(Path(encoder.__file__).read_bytes()).hexdigest()[:8]
    quality = encoder.measured_settings(form, 1, slow).quality or 0
    return Own(f"{name} {form} {digest}", form, (quality,), slow=slow)


def stock_curve(form: str) -> Setting:
    return Setting(f"stock {form} curve", form, QUALITIES[form], STOCK[form].options)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--widths", default="320,640,1280")
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--cache", type=Path, default=CACHE)
    arguments = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cms.settings.test")
    django.setup()
    mine = {(name, form): own(form, name, slow) for form in FORMATS for name, slow in PASSES.items()}
    stock = {form: stock_curve(form) for form in FORMATS}
    widths = [int(one) for one in arguments.widths.split(",")]
    wanted = [*STOCK.values(), *stock.values(), *mine.values()]
    measured = curves(sweep(wanted, media.distinct_photos(), widths, arguments.cache, arguments.processes))

    print("| Files | quality | median score | bytes at equal score against stock's, median | quarter to quarter |")
    print("|---|---|---|---|---|")
    for form in FORMATS:
        scores = [curve.points[0].score for curve in measured[STOCK[form].name].values()]
        print(f"| stock {form} | {STOCK[form].qualities[0]} | {statistics.median(scores):.1f} | 0 | |")
    for (name, form), setting in mine.items():
        files = {item: curve.points[0] for item, curve in measured[setting.name].items()}
        ratios = [
            one.bytes / measured[stock[form].name][item].at_score(one.score)[0] - 1 for item, one in files.items()
        ]
        low, middle, high = statistics.quantiles(ratios, n=4)
        score = statistics.median(one.score for one in files.values())
        print(f"| {name} {form} | {setting.qualities[0]} | {score:.1f} | {middle:+.1%} | {low:+.1%} to {high:+.1%} |")


if __name__ == "__main__":
    main()
