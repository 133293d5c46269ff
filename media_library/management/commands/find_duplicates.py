from argparse import ArgumentParser
from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand
from django.db.models import Count, F
from tqdm import tqdm

from media_library import duplicates, fingerprints
from media_library.exceptions import UnacceptableFile
from media_library.imaging.engine import fingerprints_in
from media_library.models import Asset, CustomImage, Video


class Command(BaseCommand):
    help = (
        "Take the fingerprints of pictures and films that have none, such as those of before there were any, and find "
        "their duplicates. New files need no command. Can be stopped and started again at any time."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--all", action="store_true", help="take all fingerprints anew")

    def handle(self, *, all: bool, **options: Any) -> None:
        assets = Asset.objects.filter(kind__in=(Asset.Kind.IMAGE, Asset.Kind.VIDEO)).exclude(mime_type="image/svg+xml")
        if not all:
            assets = assets.filter(fingerprints=None)
        ids = list(assets.order_by("pk").values_list("pk", flat=True))
        failed = 0
        for pk in tqdm(ids, unit="asset", file=self.stderr, disable=options["verbosity"] == 0):
            try:
                self._fingerprint(pk)
            except (UnacceptableFile, OSError) as error:
                failed += 1
                self.stderr.write(f"{pk}: {error}")
            else:
                duplicates.find(pk)
        for pk in _same_files():
            duplicates.find(pk)
        self.stdout.write(f"{len(ids)} assets looked at" + (f", {failed} can't be read" if failed else "") + ".")

    def _fingerprint(self, pk: int) -> None:
        asset = Asset.objects.get(pk=pk).specific
        if isinstance(asset, CustomImage):
            with asset.open_file() as file:
                fingerprints.record(asset, fingerprints_in(file.file))
        elif isinstance(asset, Video) and asset.poster_image is None and asset.poster_time is None:
            poster = asset.poster_renditions.filter(version=F("asset__version"), filter_spec__endswith="|format-jpeg")
            if smallest := poster.order_by("width").first():
                with smallest.file.open("rb") as file:
                    fingerprints.record(asset, fingerprints_in(file))


def _same_files() -> Iterator[int]:
    """Ids of assets whose file is in the library more than once."""
    same = Asset.objects.exclude(file_hash="").order_by().values("file_hash").annotate(number=Count("pk"))
    hashes = same.filter(number__gt=1).values("file_hash")
    yield from list(Asset.objects.filter(file_hash__in=hashes).order_by("pk").values_list("pk", flat=True))
