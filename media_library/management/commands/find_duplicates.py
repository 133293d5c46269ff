from argparse import ArgumentParser
from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand
from django.db.models import Count, F
from tqdm import tqdm

from media_library import duplicates, fingerprints
from media_library.exceptions import UnacceptableFile
from media_library.imaging.engine import fingerprints_in
from media_library.imaging.presets import LADDER
from media_library.models import Asset, CustomImage, Video

AT_A_TIME = 50
"""Assets that are written down, and told to caches, together; so many are looked at again after a stop."""


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
        with tqdm(total=len(ids), unit="asset", file=self.stderr, disable=options["verbosity"] == 0) as progress:
            for start in range(0, len(ids), AT_A_TIME):
                some = ids[start : start + AT_A_TIME]
                taken = {}
                for asset in Asset.objects.filter(pk__in=some).order_by("pk"):
                    try:
                        taken[asset.pk, asset.version] = _fingerprints_of(asset.specific)
                    except (UnacceptableFile, OSError) as error:
                        failed += 1
                        self.stderr.write(f"{asset.pk}: {error}")
                    except Asset.DoesNotExist:
                        # Deleted just now.
                        continue
                    progress.update()
                fingerprints.retake({key: values for key, values in taken.items() if values})
                for pk, _version in taken:
                    duplicates.find(pk)
        for pk in _same_files():
            duplicates.find(pk)
        self.stdout.write(f"{len(ids)} assets looked at" + (f", {failed} can't be read" if failed else "") + ".")


def _fingerprints_of(asset: Asset) -> tuple[int, ...]:
    """None of a film whose poster was chosen, or isn't there yet."""
    if isinstance(asset, CustomImage):
        with asset.open_file() as file:
            return fingerprints_in(file.file)
    if isinstance(asset, Video) and asset.poster_image is None and asset.poster_time is None:
        ladder = asset.poster_renditions.filter(version=F("asset__version"), preset=LADDER)
        if smallest := ladder.filter(filter_spec__endswith="|format-jpeg").order_by("width").first():
            with smallest.file.open("rb") as file:
                return fingerprints_in(file)
    return ()


def _same_files() -> Iterator[int]:
    """Ids of assets whose file is in the library more than once."""
    same = Asset.objects.exclude(file_hash="").order_by().values("file_hash").annotate(number=Count("pk"))
    hashes = same.filter(number__gt=1).values("file_hash")
    yield from list(Asset.objects.filter(file_hash__in=hashes).order_by("pk").values_list("pk", flat=True))
