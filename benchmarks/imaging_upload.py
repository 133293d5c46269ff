"""From the drop to ``ready``: what the request takes that receives a photograph, and then the job that develops it.

    DARKROOM_MEDIA=<folder> python -m benchmarks.imaging_upload [--rounds 5]

The photograph nearest to 12 megapixels is posted to the admin's own view, and its job run as a worker would, in one
process on an empty SQLite database; the queue between them is left out. One round goes first and does not count.
Prints the best and the median round in Markdown.
"""

import argparse
import logging
import os
import statistics
from collections.abc import Callable
from pathlib import Path
from unittest.mock import patch

import django

from benchmarks import media
from benchmarks.engines import stopwatch
from benchmarks.engines.ladder import seen_size

MEGAPIXELS = 12
NAMED = ("thumbnail", "medium", "large", "hero")


def measured(work: Callable[[], object]) -> tuple[float, float]:
    """Seconds of the clock and of the processor, all threads together."""
    started = stopwatch.now()
    work()
    return stopwatch.since(started)


def one_round(client: object, photo: Path) -> dict[str, tuple[float, float]]:
    """Upload and develop once; seconds of the clock and of the processor for each step."""
    from django.core.files.uploadedfile import SimpleUploadedFile

    from media_library import jobs
    from media_library.jobs import record
    from media_library.models import CustomImage, ProcessingJob

    form = {"title": photo.name, "files[]": SimpleUploadedFile(photo.name, photo.read_bytes()), "collection": "1"}

    def upload() -> None:
        answer = client.post("/admin/images/multiple/add/", form)
        if not answer.json().get("success"):
            raise SystemExit(f"The upload was refused: {answer.content.decode()[:500]}")

    request = measured(upload)
    image = CustomImage.objects.latest("pk")
    at_once = image.renditions.count()
    queued = ProcessingJob.objects.filter(asset=image.pk, state=ProcessingJob.State.QUEUED)
    standing: list[tuple[float, float]] = []
    made = record.made

    def noted(*result: object) -> None:
        made(*result)
        if not standing and {*NAMED} <= set(image.renditions.values_list("preset", flat=True)):
            standing.append(stopwatch.since(started))

    started = stopwatch.now()
    with patch.object(record, "made", noted):
        job = measured(lambda: [jobs.run(one.pk) for one in queued])
    image.refresh_from_db()
    presets = set(image.renditions.values_list("preset", flat=True))
    if image.status != image.Status.READY or not presets.issuperset(NAMED):
        raise SystemExit(f"{photo.name} is {image.status}, with {sorted(presets)}.")
    files = image.renditions.count()
    image.delete()
    return {
        f"upload request, {at_once} renditions in it": request,
        f"develop job, {files} renditions in all": job,
        f"from the drop to {', '.join(NAMED)}": (request[0] + standing[0][0], request[1] + standing[0][1]),
        "from the drop to ready": (request[0] + job[0], request[1] + job[1]),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    arguments = parser.parse_args()
    os.environ["DJANGO_SETTINGS_MODULE"] = "cms.settings.test"
    django.setup()

    from django.core.management import call_command
    from django.test import Client

    from cms.models import User

    logging.disable(logging.INFO)
    call_command("migrate", verbosity=0)
    client = Client()
    client.force_login(User.objects.create_superuser("benchmark", "benchmark@example.org", None))

    def distance(photo: Path) -> float:
        width, height = seen_size(photo)
        return abs(width * height / 1e6 - MEGAPIXELS)

    photo = min(media.distinct_photos(), key=distance)
    one_round(client, photo)
    rounds = [one_round(client, photo) for _ in range(arguments.rounds)]
    width, height = seen_size(photo)
    print(f"{photo.name}, {width} x {height}; load {os.getloadavg()[0]:.1f}\n")
    print("| Step | s, best | s, median | processor s, best |\n|---|---|---|---|")
    for step in rounds[0]:
        wall = [one[step][0] for one in rounds]
        processor = min(one[step][1] for one in rounds)
        print(f"| {step} | {min(wall):.2f} | {statistics.median(wall):.2f} | {processor:.2f} |")


if __name__ == "__main__":
    main()
