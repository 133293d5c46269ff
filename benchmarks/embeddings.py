"""How fast the nearest of many vectors are found, and what a process holds for it.

    python -m benchmarks.embeddings [--assets 100000] [--dimensions 512] [--lookups 200]

Invented vectors of invented pictures are written to an empty database, DATABASE_URL or a SQLite file, read into the
index as a process does when it first needs it, and looked up as a search does, with its look at the table for changes
every ten seconds. Right is what the same vectors in full precision say. Prints Markdown.
"""

import argparse
import os
import statistics
import tempfile
import time

import django
import numpy as np

AT_ONCE = 5_000


class OfNoFolder:
    """A model of which only the digest is asked."""

    digest = "0" * 64


def fill(vectors: np.ndarray) -> None:
    from django.db import connection

    from media_library.models import Asset, AssetEmbedding

    if not Asset.objects.exists():
        Asset.objects.bulk_create(
            (Asset(title=f"{number}", kind="image", status="ready") for number in range(len(vectors))),
            batch_size=AT_ONCE,
        )
    ids = list(Asset.objects.order_by("pk").values_list("pk", flat=True))
    rows = zip(ids, vectors.astype("<f2"), strict=True)
    AssetEmbedding.objects.bulk_create(
        (AssetEmbedding(asset_id=pk, version=1, model=OfNoFolder.digest, vector=one.tobytes()) for pk, one in rows),
        batch_size=AT_ONCE,
    )
    if connection.vendor == "sqlite":
        connection.cursor().execute("ANALYZE")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--assets", type=int, default=100_000)
    parser.add_argument("--dimensions", type=int, default=512)
    parser.add_argument("--lookups", type=int, default=200)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="darkroom-embeddings-") as folder:
        os.environ["DATA_DIR"] = folder
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cms.settings.dev")
        django.setup()
        measure(options)


def measure(options: argparse.Namespace) -> None:
    from django.core.management import call_command

    from media_library.insight.embedding import index

    index._model = OfNoFolder  # type: ignore[assignment]
    call_command("migrate", verbosity=0)
    random = np.random.default_rng(1)
    # As in real spaces, all of them lean to one side, and come in bunches.
    middles = random.normal(size=(500, options.dimensions))
    vectors = middles[random.integers(500, size=options.assets)]
    vectors = vectors + random.normal(size=vectors.shape)
    vectors = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)
    fill(vectors)
    started = time.perf_counter()
    index.nearest(vectors[0])
    first = time.perf_counter() - started
    times, right = [], 0
    for number in random.integers(options.assets, size=options.lookups):
        wanted = vectors[number] + 0.3 * random.normal(size=options.dimensions) / np.sqrt(options.dimensions)
        wanted = (wanted / np.linalg.norm(wanted)).astype(np.float32)
        started = time.perf_counter()
        found = index.nearest(wanted, limit=10)
        times.append((time.perf_counter() - started) * 1000)
        exact = np.argpartition(-(vectors @ wanted), 10)[:10]
        right += len({pk - 1 for pk, _ in found} & set(exact))
    held = index._index.held
    size = sum(getattr(held, name).nbytes for name in held.__dataclass_fields__) / 1e6
    print(f"{options.assets} vectors of {options.dimensions}, {options.lookups} lookups")
    print(f"| held | first | median | 95th percentile | longest | of the ten nearest |\n|{'--:|' * 6}")
    percentile = statistics.quantiles(times, n=20)[-1]
    share = right / (10 * options.lookups)
    print(
        f"| {size:.0f} MB | {first:.1f} s | {statistics.median(times):.1f} ms | {percentile:.1f} ms "
        f"| {max(times):.1f} ms | {share:.1%} |"
    )


if __name__ == "__main__":
    main()
