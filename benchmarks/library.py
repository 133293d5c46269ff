"""How long the library takes with 100,000 assets: its page, each filter, search, suggestions, chooser, reports.

    manage.py fill_library 100000
    python -m benchmarks.library [word ...]     # on the database of DATA_DIR or DATABASE_URL

Each request goes through all of Django, as a superuser and as a writer with two folders, in one process; the median of
five is shown, after one that isn't counted, with the number of queries. Prints a table in Markdown, in milliseconds;
with words, only of requests whose names have one of them. What a server does by itself some minutes after so much was
added (autovacuum), or beat for SQLite, is done first.
"""

import os
import statistics
import sys
import time

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cms.settings.dev")
django.setup()

from django.contrib.auth.models import Group, Permission  # noqa: E402
from django.db import connection, reset_queries  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from wagtail.models import Collection, GroupCollectionPermission  # noqa: E402

from cms.models import User  # noqa: E402
from media_library.models import Asset  # noqa: E402

ROUNDS = 5
PAGE = "/admin/media/"
CHOOSER = f"{PAGE}chooser/"
REQUESTS = {
    "the page": PAGE,
    "page 1,000": f"{PAGE}?p=1000",
    "results alone": f"{PAGE}results/",
    "kind": f"{PAGE}?kind=video",
    "status": f"{PAGE}?status=failed",
    "folder": f"{PAGE}?collection={{collection}}",
    "tag": f"{PAGE}?tag=sea",
    "two tags": f"{PAGE}?tag=sea&tag=city",
    "uploader": f"{PAGE}?uploaded_by={{uploader}}",
    "added between": f"{PAGE}?created_from=2022-01-01&created_to=2022-06-30",
    "taken between": f"{PAGE}?taken_from=2022-01-01&taken_to=2022-06-30",
    "orientation": f"{PAGE}?orientation=portrait",
    "file size": f"{PAGE}?size=large",
    "unused": f"{PAGE}?unused=true",
    "used": f"{PAGE}?unused=false",
    "without alt text": f"{PAGE}?missing_alt=true",
    "duplicates": f"{PAGE}?duplicate=true",
    "needs attention": f"{PAGE}?attention=true",
    "rights end": f"{PAGE}?expiring=dated",
    "by title": f"{PAGE}?order=title",
    "by size": f"{PAGE}?order=largest",
    "by day taken": f"{PAGE}?order=taken",
    "search, many found": f"{PAGE}?q=harbour",
    "search, few found": f"{PAGE}?q=DSC_000123",
    "search and filters": f"{PAGE}?q=harbour&kind=image&unused=true&tag=sea",
    "suggestions": f"{PAGE}suggestions/?q=har",
    "chooser": CHOOSER,
    "chooser of one kind": f"{CHOOSER}?kinds=video",
    "chooser, what was chosen": f"{CHOOSER}?chosen={{chosen}}",
    "chooser, search": f"{CHOOSER}results/?q=harbour",
    "chooser, folder": f"{CHOOSER}results/?folder={{collection}}",
    "chooser, search one kind": f"{CHOOSER}results/?kinds=image&q=DSC_000123",
    "dashboard": f"{PAGE}dashboard/",
    "dashboard of a year": f"{PAGE}dashboard/?days=365",
    "health": f"{PAGE}health/",
    "report of duplicates": f"{PAGE}duplicates/",
    "trash": f"{PAGE}trash/",
}


def writer() -> User:
    """Somebody who may change everything in two folders."""
    user, _ = User.objects.get_or_create(username="benchmark-writer")
    group, is_new = Group.objects.get_or_create(name="benchmark-writers")
    if is_new:
        group.permissions.add(Permission.objects.get(codename="access_admin"))
        for collection in Collection.objects.filter(name__in=("Sports", "Press")):
            for permission in Permission.objects.filter(
                codename__regex="^(add|change|choose)_(image|document|video|audio)$"
            ):
                GroupCollectionPermission.objects.create(group=group, collection=collection, permission=permission)
    user.groups.add(group)
    return user


def measure(client: Client, address: str) -> tuple[float, int]:
    """Milliseconds (median), and queries."""
    client.get(address)
    took = []
    for _ in range(ROUNDS):
        reset_queries()
        start = time.perf_counter()
        response = client.get(address)
        took.append((time.perf_counter() - start) * 1000)
        if response.status_code != 200:
            raise SystemExit(f"{address}: {response.status_code}")
    with CaptureQueriesContext(connection) as captured:
        client.get(address)
    return statistics.median(took), len(captured)


def main() -> None:
    clients = []
    for user in (User.objects.filter(is_superuser=True).first(), writer()):
        client = Client(headers={"host": "localhost"})
        client.force_login(user)
        clients.append(client)
    folder = Collection.objects.filter(name="Sports").first()
    uploader = Asset.objects.filter(collection__path__startswith=folder.path).values_list(
        "uploaded_by_user", flat=True
    )
    chosen = Asset.objects.filter(collection__path__startswith=folder.path, kind="image").order_by("pk").first()
    values = {"collection": folder.pk, "uploader": uploader.first(), "chosen": chosen.pk}
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE" if connection.vendor == "sqlite" else "VACUUM (ANALYZE)")
    print(f"{Asset.objects.count():,} assets on {connection.display_name}; load {os.getloadavg()[0]:.1f}\n")
    print("| | superuser | queries | writer | queries |\n|---|--:|--:|--:|--:|")
    words = sys.argv[1:]
    for name, address in REQUESTS.items():
        if words and not any(word in name for word in words):
            continue
        cells = [
            f"{took:.0f} | {count}" for took, count in (measure(one, address.format(**values)) for one in clients)
        ]
        print(f"| {name} | {' | '.join(cells)} |", flush=True)
    print(f"\nload {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
