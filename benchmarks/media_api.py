"""How long programs wait for a page of media, wherever in the list it is, and however many assets there are.

    python -m benchmarks.media_api          # on the database of DATA_DIR or DATABASE_URL, filled before:
    manage.py fill_library 100000

Lists of 50 as a superuser with a token, through all of Django, in one process: the first page, one in the middle and
the last, in each order, in milliseconds of the processor (that of PostgreSQL's process included), the best of three
times five requests: others may use the machine. Prints a table in Markdown, with the number of queries. With
``--profile``, where the time of one list goes.
"""

import cProfile
import os
import pstats
import sys
import time
from typing import Any, get_args

import django
import psutil

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cms.settings.dev")
django.setup()

from django.db import connection  # noqa: E402
from django.db.models import F  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from wagtail.models import APIToken  # noqa: E402

from cms.models import User  # noqa: E402
from media_library.api.rest.cursors import cursor_of  # noqa: E402
from media_library.api.rest.filters import Order, ordered  # noqa: E402
from media_library.models import Asset  # noqa: E402

ROUNDS, REQUESTS = 3, 5
LIMIT = 50
URL = "/api/media/"


def cursor_at(order: str, offset: int) -> str:
    """The cursor of the page that begins after so many assets."""
    if not offset:
        return ""
    assets, columns = ordered(Asset.objects.filter(trashed_at__isnull=True), order)
    first, *others = columns
    value = F(first.name)
    by_value = value.desc(nulls_last=True) if first.descending else value.asc(nulls_last=True)
    rows = assets.order_by(by_value, *(column.ordering for column in others))
    return cursor_of(rows[offset - 1], columns)


def processor() -> float:
    """Seconds that this process and that of the database have worked so far."""
    worked = time.process_time()
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            times = psutil.Process(cursor.fetchone()[0]).cpu_times()
        worked += times.user + times.system
    return worked


def measure(client: Client, query: dict[str, Any]) -> tuple[float, int]:
    """Milliseconds, and queries."""
    took = []
    for _ in range(ROUNDS):
        before = processor()
        for _ in range(REQUESTS):
            response = client.get(URL, query)
        took.append((processor() - before) * 1000 / REQUESTS)
        if response.status_code != 200 or not response.json()["items"]:
            raise SystemExit(f"{query}: {response.status_code} {response.content[:200]!r}")
    with CaptureQueriesContext(connection) as captured:
        client.get(URL, query)
    return min(took), len(captured)


def main() -> None:
    user = User.objects.filter(is_superuser=True).first()
    token, plaintext = APIToken.create_token(user=user, name="Benchmark")
    client = Client(headers={"host": "localhost", "authorization": f"Bearer {plaintext}"})
    try:
        if "--profile" in sys.argv:
            profile(client)
        else:
            table(client)
    finally:
        token.delete()


def table(client: Client) -> None:
    number = Asset.objects.filter(trashed_at__isnull=True).count()
    print(f"{number:,} assets on {connection.display_name}\n")
    print("| order | first page | middle | last | with variants | queries |\n|---|--:|--:|--:|--:|--:|")
    for order in get_args(Order):
        cursors = [cursor_at(order, offset) for offset in (0, number // 2, number - LIMIT)]
        pages = [measure(client, {"order": order, "limit": LIMIT, "cursor": cursor}) for cursor in cursors]
        whole = measure(client, {"order": order, "limit": LIMIT, "include": "variants"})
        cells = " | ".join(f"{took:.1f}" for took, _queries in [*pages, whole])
        print(f"| `{order}` | {cells} | {max(queries for _took, queries in [*pages, whole])} |", flush=True)


def profile(client: Client) -> None:
    query = {"limit": LIMIT}
    client.get(URL, query)
    profiler = cProfile.Profile()
    profiler.enable()
    for _ in range(20):
        client.get(URL, query)
    profiler.disable()
    pstats.Stats(profiler).sort_stats("cumulative").print_stats(60)


if __name__ == "__main__":
    main()
