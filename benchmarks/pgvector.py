"""How pgvector's index of neighbours compares with looking at all vectors in memory (docs/decisions/0046).

    python -m tests.services --from wheels -- python -m benchmarks.pgvector [--assets 85000] [--dimensions 512]

Invented vectors, in bunches, as halfvec with an HNSW index of its defaults; what is there already in the database of
DATABASE_URL is taken. Both are asked for the fifty nearest to a vector beside one of them, in turns. Right is what the
same vectors in full precision say. Milliseconds by the clock and of the processor (of this process and the server's).
Prints Markdown.
"""

import argparse
import os
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import psycopg

NEAREST = 50
WARMED = 10


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--assets", type=int, default=85_000)
    parser.add_argument("--dimensions", type=int, default=512)
    parser.add_argument("--lookups", type=int, default=100)
    options = parser.parse_args()
    random = np.random.default_rng(1)
    middles = random.normal(size=(500, options.dimensions))
    vectors = middles[random.integers(500, size=options.assets)]
    vectors = vectors + random.normal(size=vectors.shape)
    vectors = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as server:
        built = fill(server, vectors)
        print(f"{built}; load {os.getloadavg()[0]:.1f}\n")
        print("| | clock: median | 95% | processor: median | 95% | of the fifty nearest |\n|---|--:|--:|--:|--:|--:|")
        ways: dict[str, Callable[[Any], list[int]]] = in_memory(vectors)
        for ef_search in (50, 100, 200):
            ways[f"HNSW, ef_search = {ef_search}"] = by_hnsw(server, ef_search)
        compare(server, ways, vectors, options.lookups)


def fill(server: psycopg.Connection, vectors: Any) -> str:
    server.execute("CREATE EXTENSION IF NOT EXISTS vector")
    server.execute(f"CREATE TABLE IF NOT EXISTS v (id int PRIMARY KEY, e halfvec({vectors.shape[1]}))")
    start = time.perf_counter()
    if server.execute("SELECT count(*) FROM v").fetchone() == (0,):
        with server.cursor().copy("COPY v FROM STDIN") as copy:
            for number, one in enumerate(vectors):
                copy.write_row([number, f"[{','.join(f'{value:.5f}' for value in one)}]"])
        server.execute("SET maintenance_work_mem = '512MB'")
        server.execute("CREATE INDEX v_e_idx ON v USING hnsw (e halfvec_cosine_ops)")
        server.execute("ANALYZE v")
    [version] = server.execute("SELECT extversion FROM pg_extension WHERE extname = 'vector'").fetchone() or [""]
    [size] = server.execute("SELECT pg_relation_size('v_e_idx') / 1000000").fetchone() or [0]
    took = time.perf_counter() - start
    return f"{len(vectors):,} vectors, pgvector {version}, an index of {size} MB made in {took:.0f} s"


def in_memory(vectors: Any) -> dict[str, Callable[[Any], list[int]]]:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cms.settings.dev")
    django.setup()
    from media_library.insight.embedding import index

    scales = np.abs(vectors).max(axis=1) / 127
    codes = np.round(vectors / scales[:, None]).astype(np.int8)
    ids = np.arange(len(vectors))
    held = index.Held(ids, np.ones_like(ids), codes, scales.astype(np.float32))
    # Without the look at the table.
    index._held = lambda dimensions: held
    return {
        "all of them, in memory": lambda vector: [pk for pk, _cosine in index.nearest(vector, limit=NEAREST)],
        "by their signs first, in memory": lambda vector: [pk for pk, _share in index.standing_out(vector, NEAREST)],
    }


def by_hnsw(server: psycopg.Connection, ef_search: int) -> Callable[[Any], list[int]]:
    def ask(vector: Any) -> list[int]:
        given = f"[{','.join(f'{value:.5f}' for value in vector)}]"
        server.execute(f"SET hnsw.ef_search = {ef_search}")
        rows = server.execute("SELECT id FROM v ORDER BY e <=> %s::halfvec LIMIT %s", [given, NEAREST])
        return [one for (one,) in rows]

    return ask


def compare(server: psycopg.Connection, ways: dict[str, Callable[[Any], list[int]]], vectors: Any, count: int) -> None:
    schedule = Path(f"/proc/{server.info.backend_pid}/schedstat")

    def worked() -> float:
        return time.process_time() + (int(schedule.read_text().split()[0]) / 1e9 if schedule.exists() else 0)

    random = np.random.default_rng(2)
    clock: dict[str, list[float]] = {name: [] for name in ways}
    work: dict[str, list[float]] = {name: [] for name in ways}
    right = dict.fromkeys(ways, 0)
    for number, beside in enumerate(random.integers(len(vectors), size=count + WARMED)):
        wanted = vectors[beside] + 0.3 * random.normal(size=vectors.shape[1]) / np.sqrt(vectors.shape[1])
        wanted = (wanted / np.linalg.norm(wanted)).astype(np.float32)
        exact = set(np.argpartition(-(vectors @ wanted), NEAREST)[:NEAREST].tolist())
        for name, ask in ways.items():
            start, start_work = time.perf_counter(), worked()
            found = ask(wanted)
            if number >= WARMED:
                clock[name].append((time.perf_counter() - start) * 1000)
                work[name].append((worked() - start_work) * 1000)
                right[name] += len(exact & set(found))
    for name in ways:
        cells = (f"{one:.1f}" for times in (clock[name], work[name]) for one in _spread(times))
        print(f"| {name} | {' | '.join(cells)} | {right[name] / count / NEAREST:.1%} |")


def _spread(times: list[float]) -> tuple[float, float]:
    return statistics.median(times), statistics.quantiles(times, n=20)[-1]


if __name__ == "__main__":
    main()
