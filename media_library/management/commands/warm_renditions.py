from argparse import ArgumentParser
from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand
from tqdm import tqdm

from media_library import jobs, tasks
from media_library.models import CustomImage, ProcessingJob
from media_library.renditions import has_dropped, missing_orders


class Command(BaseCommand):
    help = (
        "Make the renditions that presets ask for and images don't have, or have from an older preset, and remove "
        "those of presets that were dropped. Can be stopped and started again at any time."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--batch", type=int, default=100, help="images that are looked at together (100)")
        parser.add_argument(
            "--queue", action="store_true", help="leave the work to the workers, instead of doing it here and now"
        )
        parser.add_argument("--dry-run", action="store_true", help="only say how many images there is work for")

    def handle(self, *, batch: int, queue: bool, dry_run: bool, **options: Any) -> None:
        total, stale, failed = CustomImage.objects.count(), 0, 0
        with tqdm(total=total, unit="image", file=self.stderr, disable=options["verbosity"] == 0) as bar:
            for images in _batches(batch):
                for image in images:
                    if missing_orders(image) or has_dropped(image):
                        stale += 1
                        if not dry_run:
                            failed += not self._warm(image, queue)
                    bar.update()
        done = "would be warmed" if dry_run else "queued" if queue else "warmed"
        self.stdout.write(f"{stale} of {total} images {done}" + (f", {failed} failed" if failed else "") + ".")

    def _warm(self, image: CustomImage, queue: bool) -> bool:
        queued = jobs.enqueue(image)
        if queue:
            tasks.send(queued)
            return True
        for job in queued:
            jobs.run(job.pk)
        return not image.jobs.filter(state=ProcessingJob.State.FAILED).exists()


def _batches(size: int) -> Iterator[list[CustomImage]]:
    """All images by id, some at a time, with their renditions: memory stays bounded, and new ones don't disturb."""
    last = 0
    while images := list(CustomImage.objects.filter(pk__gt=last).order_by("pk").prefetch_related("renditions")[:size]):
        yield images
        last = images[-1].pk
