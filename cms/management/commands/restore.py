from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from cms.backup.errors import BackupError
from cms.backup.places import place_at
from cms.backup.progress import Progress
from cms.backup.restoring import restore


class Command(BaseCommand):
    help = (
        "Make this site what it was in a backup. Verifies everything first, and leaves the site as it is when "
        "anything goes wrong. Stop web, workers and beat before. docs/backup.md"
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("place", help="a folder, or s3://bucket/prefix")
        parser.add_argument("--at", default="", help="which backup, as `backup --list` calls it (the latest)")
        parser.add_argument(
            "--replace", action="store_true", help="over a site that isn't empty, which is backed up first"
        )
        parser.add_argument(
            "--safety", default="", help="where that backup goes (BACKUP_TO, or the folder backups in DATA_DIR)"
        )

    def handle(self, *args: Any, place: str, at: str, replace: bool, safety: str, **options: Any) -> None:
        progress = Progress(self.stderr, options["verbosity"] > 0)
        try:
            former = place_at(safety or settings.BACKUP_TO or str(settings.DATA_DIR / "backups")) if replace else None
            manifest, queued = restore(place_at(place), at=at, replace=replace, safety=former, progress=progress)
        except BackupError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{manifest.stamp}: {manifest.rows} rows and {manifest.files} files are back.")
        if queued:
            self.stdout.write(f"{queued} jobs wait for workers, which make again what is left out of backups.")
        self.stdout.write("Start web, workers and beat anew: what they remember is of the site before.")
