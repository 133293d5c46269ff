"""Whether answers take longer where there are more pages.

    python -m benchmarks.growth /tmp/thousand /tmp/hundred-thousand    # folders (DATA_DIR) that newsroom.py has filled
    python -m benchmarks.growth postgres://…/thousand postgres://…/hundred_thousand    # or databases (DATABASE_URL)

Every request goes through all of Django, in one process for each site, which take turns; the response cache is off,
or on with ``--cached``. Printed are medians in milliseconds, of thirty requests, and their ratios: of the processor
on SQLite, by the clock on PostgreSQL, which works in processes of its own.
``total_count`` is kept under the tags of its list, so the first count is measured by itself, as are deep offsets.
"""

import argparse
import contextlib
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parents[1]
ROUNDS = 3

INSIDE = """
import json, statistics, sys, time, django
django.setup()
from django.db import connection
from django.test import Client
from blog.models import PostPage
from cms.delivery import versions
from wagtail.models import Page
client = Client(headers={"host": "localhost"})
posts = PostPage.objects.order_by("pk")
number, middle = posts.count(), posts[posts.count() // 2]
listing = "/api/v2/pages/?type=blog.PostPage&fields=*&limit=20"
urls = {
    "list": listing, "list, newest first": listing + "&order=-date", "list of a category": listing + "&category=news",
    "list of a tag": listing + "&tag=harbour-gull", "post": f"/api/v2/pages/{middle.pk}/",
    "find": f"/api/v2/pages/find/?html_path=/{middle.slug}/", "deep offset": f"{listing}&offset={number - 20}",
}
now = time.process_time if connection.vendor == "sqlite" else time.perf_counter
def once(url):
    start = now()
    response = client.get(url)
    took = (now() - start) * 1000
    assert response.status_code in (200, 302), response.content[:200]
    return took
def first_count():
    versions.bump(["pages-blog.postpage"])
    return once(urls["list"])
took = {}
for name, url in urls.items():
    once(url)
    took[name] = [once(url) for _ in range(10)]
took["list, counted anew"] = [first_count() for _ in range(5)]
print(json.dumps({"pages": Page.objects.count(), "took": took}))
"""


def measure(site: str, cached: bool, folder: str) -> dict[str, Any]:
    place = {"DATABASE_URL": site, "DATA_DIR": folder} if "://" in site else {"DATA_DIR": str(Path(site).resolve())}
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "cms.settings.dev",
        **place,
        "RESPONSE_CACHE": str(cached).lower(),
        "LOG_LEVEL": "WARNING",
    }
    done = subprocess.run(
        [sys.executable, "-c", INSIDE], cwd=FOLDER, env=environment, check=True, stdout=subprocess.PIPE, text=True
    )
    return json.loads(done.stdout.splitlines()[-1])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("small")
    parser.add_argument("large")
    parser.add_argument("--cached", action="store_true")
    asked = parser.parse_args()
    took: dict[str, list[list[float]]] = {}
    pages = [0, 0]
    sites = (asked.small, asked.large)
    with contextlib.ExitStack() as opened:
        folders = [opened.enter_context(tempfile.TemporaryDirectory()) for _site in sites]
        for _round in range(ROUNDS):
            for which, site in enumerate(sites):
                found = measure(site, asked.cached, folders[which])
                pages[which] = found["pages"]
                for name, each in found["took"].items():
                    took.setdefault(name, [[], []])[which] += each
    print(f"response cache {'on' if asked.cached else 'off'}; load {os.getloadavg()[0]:.1f}\n")
    print(f"| | {pages[0]:,} pages | {pages[1]:,} pages | ratio |\n|---|--:|--:|--:|")
    for name, both in took.items():
        small, large = (sorted(each)[len(each) // 2] for each in both)
        print(f"| {name} | {small:.1f} | {large:.1f} | {large / small:.2f} |")


if __name__ == "__main__":
    main()
