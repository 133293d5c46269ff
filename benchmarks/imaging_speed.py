"""How long the ladder takes, engine against engine: stock Wagtail, sharp, Darkroom, and the bare encoders.

    DARKROOM_MEDIA=<folder> python -m benchmarks.imaging_speed [--rounds 5] [--photos A B] [--scores]

Every engine makes the same 18 files, six widths in AVIF, WebP and JPEG, from the same photographs, in a process of its
own for every round; rounds are interleaved, so that whatever else the machine does hits all of them. A small picture
goes first and does not count. The table has the best round of each; ratios are of those. Figures are reported and
never asserted.

sharp is installed from benchmarks/sharp at first use, which needs Node. Its qualities are those at which its files
score as Darkroom's do; ``--scores`` shows what each engine's files score.
"""

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from PIL import Image

from benchmarks import media
from benchmarks.engines.ladder import FORMATS, seen_size, widths

SHARP = Path(__file__).parent / "sharp"
SHARP_QUALITY = {"avif": 60, "webp": 80, "jpeg": 74}
"""Where effort 2 scores what stock's AVIF does, about 73 (imaging_quality.py)."""

ENGINES = ("stock", "sharp", "darkroom", "bare")
MEGAPIXELS = (8, 12, 24)
COLUMNS = (
    "Engine",
    "s, best",
    "s, median",
    "processor s",
    "peak MB (over idle)",
    "AVIF / WebP / JPEG kB",
    "s, processor s over ours",
)


def nearest(photos: list[Path]) -> list[Path]:
    """The photographs nearest to 8, 12 and 24 megapixels."""

    def area(photo: Path) -> float:
        width, height = seen_size(photo)
        return width * height / 1e6

    return [min(photos, key=lambda one: abs(area(one) - wanted)) for wanted in MEGAPIXELS]


def run(engine: str, photo: Path, small: Path, keep: Path | None = None) -> dict[str, Any]:
    """One round: a process that prints what it took; see benchmarks/engines."""
    command = [sys.executable, "-m", f"benchmarks.engines.{engine}", str(photo)]
    if engine == "sharp":
        sizes = ",".join(str(one) for one in widths(photo))
        command = ["node", str(SHARP / "ladder.mjs"), str(photo), str(small), sizes, json.dumps(SHARP_QUALITY)]
    environment = os.environ | ({"KEEP": str(keep)} if keep else {})
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    if done.returncode:
        raise SystemExit(f"{engine} failed on {photo.name}:\n{done.stderr}")
    return json.loads(done.stdout.splitlines()[-1])


def install_sharp() -> None:
    if not (SHARP / "node_modules").exists():
        subprocess.run(["npm", "ci", "--no-audit", "--no-fund"], cwd=SHARP, check=True)


def compare(photo: Path, engines: list[str], rounds: int) -> dict[str, list[dict[str, Any]]]:
    """Every engine once a round, in an order that turns from round to round."""
    taken: dict[str, list[dict[str, Any]]] = defaultdict(list)
    with tempfile.TemporaryDirectory() as folder:
        small = Path(folder) / "small.jpg"
        with Image.open(photo) as image:
            image.draft("RGB", (400, 400))
            image.thumbnail((400, 400))
            image.save(small, "JPEG")
        for number in range(rounds):
            turn = number % len(engines)
            for engine in engines[turn:] + engines[:turn]:
                taken[engine].append(run(engine, photo, small))
    return taken


def rows(photo: Path, taken: dict[str, list[dict[str, Any]]]) -> Iterator[str]:
    """Markdown: the best round of every engine, and stock's and sharp's times over ours."""
    width, height = seen_size(photo)
    best = {engine: min(rounds, key=lambda one: one["wall"]) for engine, rounds in taken.items()}
    ours = best.get("darkroom")
    for engine, one in best.items():
        middle = statistics.median(each["wall"] for each in taken[engine])
        peak = min(each["peak"] for each in taken[engine]) / 2**20
        idle = min(each["idle"] for each in taken[engine]) / 2**20
        sizes = " / ".join(f"{one['bytes'].get(form, 0) / 1000:.0f}" for form in FORMATS)
        ratio = f"{one['wall'] / ours['wall']:.2f} / {one['processor'] / ours['processor']:.2f}" if ours else ""
        yield (
            f"| {width * height / 1e6:.1f} MP | {engine} | {one['wall']:.2f} | {middle:.2f} | {one['processor']:.2f} "
            f"| {peak:.0f} ({peak - idle:.0f}) | {sizes} | {ratio} |"
        )


def scores(photo: Path, engines: list[str]) -> Iterator[str]:
    """Markdown: the median SSIMULACRA2 of each engine's files up to 1280 pixels wide, by format."""
    from benchmarks.score import Reference

    pixels = media.pixels(photo)
    references = {width: Reference(media.at_width(pixels, width)) for width in widths(photo) if width <= 1280}
    for engine in engines:
        with tempfile.TemporaryDirectory() as folder:
            run(engine, photo, photo, Path(folder))
            found = {
                form: [
                    reference.score(Image.open(Path(folder) / f"{width}.{form}"))
                    for width, reference in references.items()
                ]
                for form in FORMATS
            }
        yield f"| {photo.name} | {engine} | " + " / ".join(f"{statistics.median(found[form]):.1f}" for form in FORMATS)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--photos", nargs="*", type=Path, help="files; those nearest to 8, 12 and 24 MP if not given")
    parser.add_argument("--engines", default=",".join(ENGINES))
    parser.add_argument("--scores", action="store_true")
    arguments = parser.parse_args()
    engines = arguments.engines.split(",")
    if "sharp" in engines and not shutil.which("node"):
        engines.remove("sharp")
        print("Without Node there is no sharp to compare with.")
    if "sharp" in engines:
        install_sharp()
    photos = arguments.photos or nearest(media.distinct_photos())
    print("Load before:", " ".join(f"{one:.1f}" for one in os.getloadavg()))
    print("| | " + " | ".join(COLUMNS) + " |\n" + "|---" * (1 + len(COLUMNS)) + "|")
    for photo in photos:
        for row in rows(photo, compare(photo, engines, arguments.rounds)):
            print(row, flush=True)
    print("Load after:", " ".join(f"{one:.1f}" for one in os.getloadavg()))
    if arguments.scores:
        print("| Photograph | Engine | score of AVIF / WebP / JPEG |\n|---|---|---|")
        for photo in photos:
            for row in scores(photo, [one for one in engines if one != "bare"]):
                print(row, flush=True)


if __name__ == "__main__":
    main()
