"""How well and how fast near duplicates are found.

    DARKROOM_MEDIA=<folder> python -m benchmarks.near_duplicates [--assets 100000] [--lookups 200]

Recall: every photograph is resized, recompressed, lightened and cropped by up to 6% of each edge, and compared with
itself. Mistakes: ninths of the photographs, flipped and turned, are compared with each other; these share skies and
walls, and no two are the same picture. Speed: the fingerprints of invented pictures are written to the database of
DATABASE_URL (an empty SQLite file without it), then some of them are looked up as fingerprints.near does, with the
counting of queries and the permissions left out. Prints tables in Markdown.
"""

import argparse
import itertools
import os
import statistics
import time
from collections import defaultdict
from collections.abc import Iterator
from io import BytesIO
from random import Random

import django
import numpy as np
from PIL import Image, ImageEnhance

from benchmarks import media

WITHIN = (6, 8, 10, 12)


def recompressed(image: Image.Image, quality: int = 75) -> Image.Image:
    output = BytesIO()
    image.save(output, "JPEG", quality=quality)
    return Image.open(output).convert("RGB")


def cropped(image: Image.Image, left: float, top: float, right: float, bottom: float) -> Image.Image:
    width, height = image.size
    box = (left * width, top * height, (1 - right) * width, (1 - bottom) * height)
    return recompressed(image.crop(tuple(map(round, box))))


def changed(image: Image.Image, random: Random) -> Iterator[tuple[str, Image.Image]]:
    """What people do to a picture before they upload it again."""
    small = image.copy()
    small.thumbnail((160, 160))
    yield "160 pixels", recompressed(small)
    yield "JPEG of quality 30", recompressed(image, 30)
    yield "15% lighter", recompressed(ImageEnhance.Brightness(image).enhance(1.15))
    for share in (0.03, 0.06):
        yield f"all edges cropped by {share:.0%}", cropped(image, share, share, share, share)
        for edges in itertools.product((0, share), repeat=4):
            if sum(edges) in (share, 2 * share):
                kind = "one edge" if sum(edges) == share else "two edges"
                yield f"{kind} cropped by {share:.0%}", cropped(image, *edges)
    for _ in range(8):
        yield "every edge cropped by 0 to 6%", cropped(image, *(random.random() * 0.06 for _ in range(4)))


def ninths(image: Image.Image) -> Iterator[Image.Image]:
    width, height = image.size
    for number, (x, y) in enumerate(itertools.product(range(3), range(3))):
        part = image.crop((width * x // 3, height * y // 3, width * (x + 1) // 3, height * (y + 1) // 3))
        yield part.transpose(Image.Transpose(number % 5))


def apart(ours: tuple[int, ...], theirs: tuple[int, ...]) -> int:
    """The distance that fingerprints.near_values finds; 65 where there is nothing to compare."""
    from media_library.imaging.fingerprint import distance

    if not ours or not theirs:
        return 65
    return min(*(distance(ours[0], one) for one in theirs), *(distance(one, theirs[0]) for one in ours))


def quality() -> None:
    """Print recall and mistakes."""
    from media_library.imaging.fingerprint import fingerprints

    random = Random(1)
    distances: dict[str, list[int]] = defaultdict(list)
    parts = []
    for path in media.distinct_photos():
        image = media.pixels(path)
        image.thumbnail((1024, 1024))
        original = fingerprints(image)
        for change, other in changed(image, random):
            distances[change].append(apart(original, fingerprints(other)))
        parts += [fingerprints(part) for part in ninths(image)]
    mistakes = [apart(*pair) for pair in itertools.combinations(parts, 2)]
    print("| | pictures |" + "".join(f" within {bits} |" for bits in WITHIN))
    print("|---|---|" + "---|" * len(WITHIN))
    for change, found in [*distances.items(), ("**all of it**", list(itertools.chain(*distances.values())))]:
        shares = [sum(one <= bits for one in found) / len(found) for bits in WITHIN]
        print(f"| {change} | {len(found)} |" + "".join(f" {share:.1%} |" for share in shares))
    counts = [sum(one <= bits for one in mistakes) for bits in WITHIN]
    print(f"| mistakes | {len(mistakes)} pairs |" + "".join(f" {count} |" for count in counts))


def invented(number: int) -> np.ndarray:
    """Fingerprints of pictures that never were: waves whose strength falls with their frequency, as in photographs.

    Without pixels, which would take an hour: what cropping changes is drawn along with it. Unsigned, a row for each.
    """
    generator = np.random.default_rng(1)
    waves = generator.normal(size=(number, 1, 64)) + generator.normal(0, 0.15, size=(number, 6, 64))
    # Skies are lighter than what is below them: some bits are nearly always the same.
    waves += generator.normal(0, 0.6, size=64)
    bits = waves > np.median(waves, axis=2, keepdims=True)
    return np.packbits(bits, axis=2).view(">u8")[:, :, 0].astype(np.uint64)


def fill(number: int) -> np.ndarray:
    from wagtail.models import Collection

    from media_library import fingerprints
    from media_library.models import Asset, Fingerprint

    values = invented(number)
    root = Collection.get_first_root_node()
    batch = 2000
    for start in range(0, number, batch):
        assets = Asset.objects.bulk_create(
            Asset(kind="image", title=f"Picture {start + n}", collection=root) for n in range(batch)
        )
        Fingerprint.objects.bulk_create(
            row
            for asset, several in zip(assets, values[start : start + batch].tolist(), strict=True)
            for row in fingerprints.rows(asset.pk, several)
        )
    return values


def speed(number: int, lookups: int) -> None:
    from django.db import connection

    from media_library import fingerprints

    values = fill(number)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    took, found = [], 0
    for several in values[:: max(1, number // lookups)].tolist():
        started = time.perf_counter()
        found += len(fingerprints.near_values(several))
        took.append((time.perf_counter() - started) * 1000)
    took.sort()
    print(
        f"\n{connection.vendor}, {number} assets, {len(took)} lookups, {found} found; load {os.getloadavg()[0]:.1f}\n"
    )
    print("| median | 95th percentile | longest |\n|---|---|---|")
    print(f"| {statistics.median(took):.0f} ms | {took[int(len(took) * 0.95)]:.0f} ms | {took[-1]:.0f} ms |")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--assets", type=int, default=100_000)
    parser.add_argument("--lookups", type=int, default=200)
    arguments = parser.parse_args()
    os.environ["DJANGO_SETTINGS_MODULE"] = "cms.settings.test"
    django.setup()
    from django.core.management import call_command

    quality()
    call_command("migrate", verbosity=0)
    speed(arguments.assets, arguments.lookups)


if __name__ == "__main__":
    main()
