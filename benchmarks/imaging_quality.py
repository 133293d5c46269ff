"""Which encoder settings look alike, and what each costs in bytes and processor time.

    DARKROOM_MEDIA=<folder> python -m benchmarks.imaging_quality [--suite core] [--widths 320,640] [--processes 2]

Every photograph is resized to ladder widths, encoded with every setting at several qualities, decoded, and scored with
SSIMULACRA2 against the very pixels that were encoded. Between the qualities that were measured, scores and the
logarithm of bytes are interpolated. What was measured once is kept in ``--cache`` and not measured again.
"""

import argparse
import json
import math
import statistics
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from itertools import pairwise
from pathlib import Path

from PIL import Image

from benchmarks import media
from benchmarks.imaging_settings import STOCK, SUITES, Setting
from benchmarks.score import Reference

CACHE = Path(tempfile.gettempdir()) / "darkroom-benchmarks" / "quality.jsonl"


@dataclass(frozen=True)
class Measure:
    photo: str
    width: int
    setting: str
    quality: int
    bytes: int
    score: float
    seconds: float


@lru_cache(maxsize=2)
def _source(path: Path) -> Image.Image:
    return media.pixels(path)


@lru_cache(maxsize=2)
def _reference(path: Path, width: int) -> tuple[Image.Image, Reference]:
    image = media.at_width(_source(path), width)
    return image, Reference(image)


def measure(path: Path, width: int, setting: Setting, quality: int) -> Measure:
    """Encode one photograph at one width; seconds are those of the processor, in one thread."""
    image, reference = _reference(path, width)
    image = image.copy()
    started = time.process_time()
    data = setting.encode(image, quality)
    seconds = time.process_time() - started
    with Image.open(BytesIO(data)) as decoded:
        score = reference.score(decoded)
    return Measure(path.name, width, setting.name, quality, len(data), score, seconds)


def _measure_all(path: Path, width: int, wanted: list[tuple[Setting, int]]) -> list[Measure]:
    return [measure(path, width, setting, quality) for setting, quality in wanted]


def sweep(
    settings: Iterable[Setting], paths: list[Path], widths: list[int], cache: Path, processes: int
) -> list[Measure]:
    """Measure what the cache lacks, a photograph and a width at a time, and return all that was asked for."""
    cache.parent.mkdir(parents=True, exist_ok=True)
    known = {}
    if cache.exists():
        for line in cache.read_text().splitlines():
            one = Measure(**json.loads(line))
            known[one.photo, one.width, one.setting, one.quality] = one
    wanted = [(setting, quality) for setting in settings for quality in setting.qualities]
    with ProcessPoolExecutor(processes) as pool, cache.open("a") as file:
        futures = []
        for width in widths:
            for path in paths:
                missing = [one for one in wanted if (path.name, width, one[0].name, one[1]) not in known]
                if missing:
                    futures.append(pool.submit(_measure_all, path, width, missing))
        for future in futures:
            for one in future.result():
                known[one.photo, one.width, one.setting, one.quality] = one
                file.write(json.dumps(one.__dict__) + "\n")
            file.flush()
    return [
        known[path.name, width, setting.name, quality]
        for path in paths
        for width in widths
        for setting, quality in wanted
    ]


@dataclass(frozen=True)
class Curve:
    """One setting on one photograph at one width, over its qualities."""

    points: list[Measure]

    def at_score(self, score: float) -> tuple[float, float]:
        """Bytes and quality at a score, from the two measured points next to it."""
        points = sorted(self.points, key=lambda one: one.quality)
        low, high = next(
            (pair for pair in pairwise(points) if score <= pair[1].score),
            (points[-2], points[-1]),
        )
        part = (score - low.score) / (high.score - low.score)
        bytes_ = math.exp(math.log(low.bytes) + part * (math.log(high.bytes) - math.log(low.bytes)))
        return bytes_, low.quality + part * (high.quality - low.quality)

    def seconds(self) -> float:
        return statistics.median(one.seconds for one in self.points)


def curves(measures: Iterable[Measure]) -> dict[str, dict[tuple[str, int], Curve]]:
    """By setting, then by photograph and width."""
    grouped: dict[str, dict[tuple[str, int], list[Measure]]] = defaultdict(lambda: defaultdict(list))
    for one in measures:
        grouped[one.setting][one.photo, one.width].append(one)
    return {name: {item: Curve(points) for item, points in items.items()} for name, items in grouped.items()}


def quality_for(items: Iterable[Curve], target: float) -> float:
    """The quality at which the median score over photographs and widths is ``target``."""
    by_quality = defaultdict(list)
    for curve in items:
        for one in curve.points:
            by_quality[one.quality].append(one.score)
    medians = sorted((quality, statistics.median(scores)) for quality, scores in by_quality.items())
    for (low, low_score), (high, high_score) in pairwise(medians):
        if target <= high_score or high == medians[-1][0]:
            return low + (target - low_score) / (high_score - low_score) * (high - low)
    raise ValueError("one quality only")


def table(measures: list[Measure], target: float) -> Iterator[str]:
    """Markdown, a row a setting: bytes are against stock's file of the same format at that file's own score."""
    title = f"quality for median score {target:.1f}"
    by_setting = curves(measures)
    yield f"| Setting | {title} | bytes at equal score, median | quarter to quarter | s/MP |"
    yield "|---|---|---|---|---|"
    area = _areas(measures)
    for name, items in by_setting.items():
        if name in (one.name for one in STOCK.values()):
            continue
        stock = by_setting[STOCK[name.split()[0]].name]
        ratios = []
        for item, curve in items.items():
            mark = stock[item].points[0]
            ratios.append(curve.at_score(mark.score)[0] / mark.bytes - 1)
        low, middle, high = statistics.quantiles(ratios, n=4)
        cost = statistics.median(curve.seconds() / area[item] for item, curve in items.items())
        quality = quality_for(items.values(), target)
        yield f"| {name} | {quality:.1f} | {middle:+.1%} | {low:+.1%} to {high:+.1%} | {cost:.2f} |"


def _areas(measures: Iterable[Measure]) -> dict[tuple[str, int], float]:
    sizes = {path.name: Image.open(path).size for path in media.photos()}
    turned = {path.name: Image.open(path).getexif().get(274, 1) >= 5 for path in media.photos()}
    result = {}
    for one in measures:
        width, height = reversed(sizes[one.photo]) if turned[one.photo] else sizes[one.photo]
        result[one.photo, one.width] = one.width * (one.width * height // width) / 1e6
    return result


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--suite", default="core", help="several with commas: " + ", ".join(SUITES))
    parser.add_argument("--widths", default="320,640,1280")
    parser.add_argument("--target", type=float, help="median score; stock's AVIF's if not given")
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--cache", type=Path, default=CACHE)
    arguments = parser.parse_args()
    chosen = [*STOCK.values(), *(one for suite in arguments.suite.split(",") for one in SUITES[suite])]
    settings = {one.name: one for one in chosen}
    widths = [int(one) for one in arguments.widths.split(",")]
    measures = sweep(settings.values(), media.distinct_photos(), widths, arguments.cache, arguments.processes)
    for one in STOCK.values():
        scores = [each.score for each in measures if each.setting == one.name]
        print(f"{one.name} {one.qualities[0]}: median score {statistics.median(scores):.2f}, of {len(scores)} files")
    target = arguments.target or statistics.median(one.score for one in measures if one.setting == "stock avif")
    print("\n".join(table(measures, target)))


if __name__ == "__main__":
    main()
