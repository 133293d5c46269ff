"""How many beacons a second are taken, and what they leave in the database.

    python -m benchmarks.beacons [--seconds 10] [--rounds 3]

Starts the web processes of the Procfile (gunicorn, two processes) over a library of pictures and a film, and has
``wrk`` send beacons of made-up visitors, each from an address of its own (``X-Forwarded-For``, ``TRUSTED_PROXIES=1``),
so that what holds floods back works as it does for visitors: one event in each, or six, as a page with pictures sends.
A share of all ids is forged. Then it waits until everything is written, and compares what was counted with what was
taken. Needs ``wrk`` (Debian: ``apt-get install wrk``), which makes its load on the same cores. With DATABASE_URL of
``python -m tests.services --`` it measures with PostgreSQL. Prints a table in Markdown.
"""

import argparse
import json
import os
import shutil
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from random import Random

import django

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cms.settings.test")
    django.setup()

import psutil

from benchmarks.delivery import CONNECTIONS, Load, load, median
from tests.stack import Stack

PICTURES = 50
BODIES = 2000
FORGED = 0.05

MAKE = f"""
import json, tempfile
from pathlib import Path
from django.core.files.base import ContentFile
from media_library.models import Video
from tests.blog.content import make_image
from tests.media import film_bytes
pictures = [make_image(f"Picture {{number}}").pk for number in range({PICTURES})]
film = Video(title="Tide", file=ContentFile(film_bytes(Path(tempfile.mkdtemp())), name="tide.mp4"))
film.save()
print(json.dumps([pictures, film.pk]))
"""

COUNT = """
import json
from django.db.models import Sum
from media_library.models import AssetEngagement, AssetStatistics
from media_library.statistics.engagement import summed
counts = summed(AssetEngagement.objects.values_list("counts", flat=True))
views = AssetStatistics.objects.aggregate(sum=Sum("views"))["sum"] or 0
rows = AssetStatistics.objects.count() + AssetEngagement.objects.count()
print(json.dumps([views + sum(counts["clicks"]) + sum(counts["tellings"]), rows]))
"""

SCRIPT = """
local bodies = {}
for line in io.lines("%s") do bodies[#bodies + 1] = line end
math.randomseed(%d)
request = function()
  local address = string.format("10.%%d.%%d.%%d", math.random(0, 255), math.random(0, 255), math.random(1, 254))
  local headers = { ["Content-Type"] = "text/plain;charset=UTF-8", ["X-Forwarded-For"] = address }
  return wrk.format("POST", nil, headers, bodies[math.random(#bodies)])
end
"""


@dataclass(frozen=True)
class Kind:
    name: str
    events: int


KINDS = (Kind("one event each", 1), Kind("six events each", 6))


def body(random: Random, pictures: list[int], film: int, events: int) -> str:
    """What a visitor tells: views with widths mostly, some clicks, and a film that is watched."""

    def event() -> dict[str, object]:
        picture = random.choice(pictures) if random.random() > FORGED else random.randrange(10**6, 10**9)
        chance = random.random()
        if chance < 0.7:
            return {"id": picture, "type": "view", "width": random.randrange(200, 3000)}
        if chance < 0.9:
            return {"id": picture, "type": "click", "x": round(random.random(), 3), "y": round(random.random(), 3)}
        return {"id": film, "type": "watch", "begins": True, "tenths": [0, 1], "seconds": [0.1, 0.05, *[0] * 8]}

    return json.dumps({"events": [event() for _ in range(events)]})


def written(stack: Stack) -> tuple[int, int]:
    """Events that the database has counted once nothing more comes, and rows that hold them."""
    found: tuple[int, int] = (-1, -1)
    while True:
        # Longer than a web process keeps what it has (STATISTICS_FLUSH_SECONDS).
        time.sleep(12)
        events, rows = json.loads(stack.manage("shell", "-v", "0", "-c", COUNT).strip().splitlines()[-1])
        if (events, rows) == found:
            return found
        found = (events, rows)


def measure(seconds: int, rounds: int, folder: Path) -> None:
    with Stack(folder / "data", {"TRUSTED_PROXIES": "1"}, names=["web"]) as stack:
        pictures, film = json.loads(stack.manage("shell", "-v", "0", "-c", MAKE).strip().splitlines()[-1])
        web = min(stack.family("web"), key=lambda one: one.pid)
        print("| beacons | a second | events a second | p50 ms | p99 ms | processor µs | counted of taken | rows |")
        print("|---|---|---|---|---|---|---|---|")
        before, _rows = written(stack)
        for kind in KINDS:
            random = Random(kind.events)
            told = folder / f"{kind.events}.txt"
            bodies = [body(random, pictures, film, kind.events) for _ in range(BODIES)]
            told.write_text("\n".join(bodies))
            genuine = sum(event["id"] < 10**6 for one in bodies for event in json.loads(one)["events"]) / BODIES
            loads = [shoot(web, stack, folder, told, seconds, number) for number in range(rounds)]
            events, rows = written(stack)
            middle = median(loads)
            counted = (events - before) / (genuine * sum(one.requests for one in loads))
            print(
                f"| {kind.name} | {middle.per_second:,.0f} | {middle.per_second * kind.events:,.0f} "
                f"| {middle.p50:.2f} | {middle.p99:.2f} | {middle.processor:.0f} | {counted:.1%} | {rows} |",
                flush=True,
            )
            before = events


def shoot(web: psutil.Process, stack: Stack, folder: Path, told: Path, seconds: int, number: int) -> Load:
    script = folder / "beacons.lua"
    script.write_text(SCRIPT % (told, number))
    return load(web, f"{stack.url}/api/media/beacon/", seconds, script=script)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=int, default=10)
    parser.add_argument("--rounds", type=int, default=3)
    asked = parser.parse_args()
    if shutil.which("wrk") is None:
        raise SystemExit("wrk is missing: apt-get install wrk")
    print(f"{CONNECTIONS} connections; load before: {os.getloadavg()[0]:.1f}\n")
    with tempfile.TemporaryDirectory(prefix="darkroom-beacons-") as folder:
        measure(asked.seconds, asked.rounds, Path(folder))


if __name__ == "__main__":
    main()
