from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from media_library.moving import Move


class Command(BaseCommand):
    help = (
        "Copy the library from one kind of storage to another, each file read back and compared by SHA-256. Can be "
        "broken off and run again; nothing is deleted unless it is told to. The steps: docs/storage.md."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        for name, what in (("--from", "where the files are"), ("--to", "where they go")):
            parser.add_argument(name, dest=name[2:] + "_kind", required=True, help=f"{what}: local, s3 or cloudinary")
        parser.add_argument(
            "--delete-source",
            action="store_true",
            help="delete what has been copied and read back; only once MEDIA_STORAGE is the target",
        )

    def handle(self, *, from_kind: str, to_kind: str, delete_source: bool, **options: Any) -> None:
        for kind in (from_kind, to_kind):
            if kind not in settings.MEDIA_STORAGES:
                known = ", ".join(settings.MEDIA_STORAGES)
                raise CommandError(f"{kind} is not set up. There is {known}; README.md says what to set for others.")
        if from_kind == to_kind:
            raise CommandError("The files are there already: name two kinds of storage.")
        if delete_source and to_kind != settings.MEDIA_STORAGE:
            raise CommandError(f"The library still uses {settings.MEDIA_STORAGE}: set MEDIA_STORAGE={to_kind} first.")
        move = Move(settings.MEDIA_STORAGES[from_kind], settings.MEDIA_STORAGES[to_kind], f"{from_kind}-{to_kind}")
        quiet = options["verbosity"] == 0
        with tqdm(total=move.size(), unit="B", unit_scale=True, file=self.stderr, disable=quiet) as bar:
            move.step = bar.update
            done = move.run(delete_source=delete_source)
        deleted = f", {done.deleted} deleted from {from_kind}" if delete_source else ""
        self.stdout.write(f"{done.copied} files copied, {done.there_before} there before{deleted}.")
        if done.failed:
            for line in done.failed[:20]:
                self.stdout.write(f"    {line}")
            raise CommandError(f"{len(done.failed)} files failed, the rest is done. Run it again.")
