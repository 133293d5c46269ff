from argparse import ArgumentParser
from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand
from django.db.models import QuerySet
from tqdm import tqdm

from media_library import jobs, posters, tasks
from media_library.models import Asset, CustomImage, ProcessingJob, Video
from media_library.renditions import has_dropped, missing_orders


class Command(BaseCommand):
    help = (
        "Make the renditions that presets ask for and images and posters of films don't have, or have from an older "
        "preset, and remove those of presets that were dropped. Can be stopped and started again at any time."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--batch", type=int, default=100, help="images that are looked at together (100)")
        parser.add_argument(
            "--queue", action="store_true", help="leave the work to the workers, instead of doing it here and now"
        )
        parser.add_argument("--dry-run", action="store_true", help="only say how many images there is work for")

    def handle(self, *, batch: int, queue: bool, dry_run: bool, **options: Any) -> None:
        images = CustomImage.objects.prefetch_related("renditions")
        # Posters of films that are not ready come by themselves.
        films = Video.objects.filter(status=Asset.Status.READY).prefetch_related("poster_renditions")
        for what, unit, assets in (("images", "image", images), ("posters", "poster", films)):
            total, stale, failed = assets.count(), 0, 0
            with tqdm(total=total, unit=unit, file=self.stderr, disable=options["verbosity"] == 0) as bar:
                for asset in _in_batches(assets, batch):
                    if _is_behind(asset):
                        stale += 1
                        if not dry_run:
                            failed += not self._warm(asset, queue)
                    bar.update()
            done = "would be warmed" if dry_run else "queued" if queue else "warmed"
            self.stdout.write(f"{stale} of {total} {what} {done}" + (f", {failed} failed" if failed else "") + ".")

    def _warm(self, asset: Asset, queue: bool) -> bool:
        queued = jobs.enqueue_posters([asset]) if isinstance(asset, Video) else jobs.enqueue(asset)
        if queue:
            tasks.send(queued)
            return True
        for job in queued:
            jobs.run(job.pk)
        return not asset.jobs.filter(state=ProcessingJob.State.FAILED).exists()


def _is_behind(asset: Asset) -> bool:
    if isinstance(asset, Video):
        return posters.is_behind(asset)
    return bool(missing_orders(asset)) or has_dropped(asset)


def _in_batches(assets: QuerySet, size: int) -> Iterator[Any]:
    """All by id, some at a time, with their renditions: memory stays bounded, and new ones don't disturb."""
    last = 0
    while batch := list(assets.filter(pk__gt=last).order_by("pk")[:size]):
        yield from batch
        last = batch[-1].pk
