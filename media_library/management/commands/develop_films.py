from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.db.models import F, QuerySet

from media_library import jobs, tasks
from media_library.models import Transcode, Video


class Command(BaseCommand):
    help = (
        "Queue the work for films that have no HLS ladder, such as those that were uploaded before there was one. "
        "What they have is played until the ladder stands. Can be run at any time."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="only say how many films there are")

    def handle(self, *, dry_run: bool, **options: Any) -> None:
        films = list(without_ladder())
        if not dry_run:
            for film in films:
                tasks.send(jobs.enqueue(film))
        self.stdout.write(f"{len(films)} of {Video.objects.count()} films {'would be ' if dry_run else ''}queued.")


def without_ladder() -> QuerySet[Video]:
    """Ready films whose current version has no master playlist."""
    with_ladder = Transcode.objects.filter(preset="hls", version=F("asset__version")).values("asset")
    return Video.objects.filter(status=Video.Status.READY).exclude(pk__in=with_ladder).order_by("pk")
