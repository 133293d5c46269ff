"""How long it takes to find what resembles an asset, and what fits a page that is being written, among 100,000.

    manage.py fill_library 100000
    python -m benchmarks.related [--vectors 512]     # on the database of DATA_DIR or DATABASE_URL

Pictures without fingerprints get invented ones first, ten near each other; some get a city and a position. With
``--vectors``, so many numbers for each are held as an embedding model's would be, so that the search among them is
counted, too. Of 100 pictures, and as many pages, after ten that aren't counted: median, 95% and the slowest in
milliseconds by the clock and of the processor (of this process and, on the same Linux, of the one of PostgreSQL's that
answers it), queries, and how many were found. Prints a table in Markdown.
"""

import argparse
import gc
import os
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cms.settings.dev")
django.setup()

import numpy as np  # noqa: E402
from django.db import connection  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402

from benchmarks.library import writer  # noqa: E402
from cms.crowd import rows as made_up  # noqa: E402
from media_library.admin.permissions import visible_assets  # noqa: E402
from media_library.fingerprints import rows  # noqa: E402
from media_library.insight.embedding import index  # noqa: E402
from media_library.models import Asset, Fingerprint  # noqa: E402
from media_library.related import Audience, fitting, related  # noqa: E402

WARMED, MEASURED = 10, 100
CLUSTER = 10
CITIES = ("Stralsund", "Hamburg", "Bergen")


def invent() -> None:
    """Fingerprints, cities and positions for what has none."""
    random = Random(7)
    ids = list(Asset.objects.filter(kind="image", fingerprints=None).order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(ids), 1_000):
        made: list[Fingerprint] = []
        for first in range(start, min(start + 1_000, len(ids)), CLUSTER):
            middle = random.getrandbits(64)
            for pk in ids[first : first + CLUSTER]:
                # Six fingerprints, each some bits from the others.
                made += rows(
                    pk, [middle ^ (1 << random.randrange(64)) ^ (1 << random.randrange(64)) for _ in range(6)]
                )
        Fingerprint.objects.bulk_create(made)
    for number, city in enumerate(CITIES):
        some = Asset.objects.filter(pk__in=ids[number::40])
        some.update(metadata={"city": city, "gps": {"latitude": 54.3 + number, "longitude": 13.09}})


def hold_vectors(dimensions: int) -> None:
    """As a model's index holds them in each process."""
    generator = np.random.default_rng(3)
    ids = np.array(list(Asset.objects.filter(kind="image").values_list("pk", flat=True)), np.int64)
    codes = generator.integers(-127, 128, (len(ids), dimensions), np.int8)
    held = index.Held(ids, np.ones_like(ids), codes, np.full(len(ids), 1 / 127 / dimensions**0.5, np.float32))
    index._held = lambda dimensions: held
    vector = generator.standard_normal(dimensions).astype(np.float32)
    from media_library.insight import embedding

    embedding.vector_of = lambda pk: vector / np.linalg.norm(vector)


def pages(random: Random) -> list[tuple[str, str]]:
    """Titles and texts of 300 words: half of nothing but words that thousands of assets have, half as people write."""
    common = [
        word for words in (made_up.PLACES, made_up.MOMENTS, made_up.SUBJECTS) for one in words for word in one.split()
    ]

    def name() -> str:
        return made_up.names(random.randrange(10**9))[0]

    made = []
    for number in range(2 * (WARMED + MEASURED)):
        subject, place, moment = (
            random.choice(words) for words in (made_up.SUBJECTS, made_up.PLACES, made_up.MOMENTS)
        )
        if number % 2:
            made.append((f"{subject}, {place} {moment}", " ".join(random.choices(common, k=300))))
        else:
            # What no asset says, by far the most.
            others = ["".join(random.choices("qxyj", k=random.randrange(4, 10))) for _ in range(230)]
            words = [*others, *random.choices(common, k=40), *(name() for _ in range(30))]
            made.append((f"{name()} and {name()}: {subject} of {name()}", " ".join(random.sample(words, len(words)))))
    return made


def measure(name: str, ask: Callable[[Any], Any], subjects: list[Any]) -> None:
    took, work, queries, found = [], [], set(), []
    for number, subject in enumerate(subjects):
        start, start_work = time.perf_counter(), worked()
        found.append(len(ask(subject)))
        if number >= WARMED:
            took.append((time.perf_counter() - start) * 1000)
            work.append((worked() - start_work) * 1000)
    for subject in subjects[:WARMED]:
        with CaptureQueriesContext(connection) as captured:
            ask(subject)
        queries.add(len(captured))
    cells = [f"{one:.0f}" for times in (took, work) for one in _spread(times)]
    print(
        f"| {name} | {' | '.join(cells)} | {min(queries)} to {max(queries)} | {statistics.mean(found):.0f} |",
        flush=True,
    )


def worked() -> float:
    """Seconds of the processor so far."""
    if connection.vendor == "sqlite":
        return time.process_time()
    # The first number is nanoseconds: Documentation/scheduler/sched-stats.rst of Linux.
    server = Path(f"/proc/{connection.connection.info.backend_pid}/schedstat")
    return time.process_time() + (int(server.read_text().split()[0]) / 1e9 if server.exists() else 0)


def _spread(times: list[float]) -> tuple[float, float, float]:
    times.sort()
    return statistics.median(times), times[round(0.95 * (len(times) - 1))], times[-1]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--vectors", type=int, default=0)
    asked = parser.parse_args()
    invent()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE" if connection.vendor == "sqlite" else "VACUUM (ANALYZE)")
    ids = list(Asset.objects.filter(kind="image").values_list("pk", flat=True))
    used = list(Asset.objects.filter(kind="image").order_by("-pk").values_list("pk", flat=True)[:9_000])
    random = Random(1)
    subjects = list(Asset.objects.filter(pk__in=[*random.sample(ids, 55), *random.sample(used, 55)]).order_by("?"))
    everything, some = Asset.objects.filter(trashed_at=None), visible_assets(writer())
    print(f"{Asset.objects.count():,} assets on {connection.display_name}; load {os.getloadavg()[0]:.1f}\n")
    print("| | median | 95% | slowest | processor: median | 95% | slowest | queries | found |")
    print("|---|--:|--:|--:|--:|--:|--:|--:|--:|")
    # As cms/wsgi.py does: else the collector of cycles walks through all of Django every now and then.
    gc.collect()
    gc.freeze()
    measure("for a superuser", lambda one: related(one, everything), subjects)
    measure("for a writer", lambda one: related(one, some), subjects)
    measure("for visitors", lambda one: related(one, everything, audience=Audience.VISITORS), subjects)
    texts = pages(random)
    measure("for a page, common words", lambda one: fitting(one[0], ["sea"], one[1], everything), texts[1::2])
    measure("for a page, as people write", lambda one: fitting(one[0], ["sea"], one[1], everything), texts[::2])
    measure("for a page, for a writer", lambda one: fitting(one[0], ["sea"], one[1], some), texts)
    if asked.vectors:
        hold_vectors(asked.vectors)
        measure(f"with {asked.vectors} dimensions of a model", lambda one: related(one, everything), subjects)


if __name__ == "__main__":
    main()
