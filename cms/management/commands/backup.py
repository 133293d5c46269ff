from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.template.defaultfilters import filesizeformat

from cms.backup.errors import BackupError
from cms.backup.locking import alone
from cms.backup.making import make_backup
from cms.backup.manifest import Manifest, newest, stamps
from cms.backup.places import describe, place_at, told
from cms.backup.progress import Progress
from cms.backup.verifying import verify_files, verify_rows


class Command(BaseCommand):
    help = (
        "Back up the site, rows and files, to a folder or a bucket. Copies only what isn't there yet; can be stopped "
        "and started again at any time. docs/backup.md"
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("place", help="a folder, or s3://bucket/prefix")
        parser.add_argument("--keep", type=int, default=0, help="how many backups to keep; older ones go (all)")
        parser.add_argument("--with-derived", action="store_true", help="also what workers made and can make again")
        parser.add_argument("--list", action="store_true", help="make none, and say which there are")
        parser.add_argument(
            "--verify", action="store_true", help="make none: restore one into a scratch database, and compare"
        )
        parser.add_argument("--at", default="", help="which one to verify (the latest)")

    def handle(self, *args: Any, place: str, **options: Any) -> None:
        if options["keep"] < 0:
            raise CommandError("--keep is a number of backups, or 0 for all.")
        progress = Progress(self.stderr, options["verbosity"] > 0)
        try:
            storage = place_at(place)
            with told(describe(storage)):
                if options["list"]:
                    for stamp in stamps(storage):
                        self._tell(Manifest.read(storage, stamp))
                elif options["verify"]:
                    # A backup that is pruned meanwhile would look damaged.
                    with alone():
                        manifest = newest(storage, options["at"])
                        verify_files(storage, manifest, progress)
                        verify_rows(storage, manifest, progress)
                    self._tell(manifest, "is whole")
                else:
                    self._tell(
                        make_backup(
                            storage, with_derived=options["with_derived"], keep=options["keep"], progress=progress
                        )
                    )
        except BackupError as error:
            raise CommandError(str(error)) from error

    def _tell(self, manifest: Manifest, more: str = "") -> None:
        size = filesizeformat(manifest.bytes).replace("\xa0", " ")
        notes = [more, manifest.reason, "with what workers made" if manifest.with_derived else ""]
        self.stdout.write(
            f"{manifest.stamp}: {manifest.rows} rows, {manifest.files} files ({size})"
            + "".join(f", {note}" for note in notes if note)
        )
        if manifest.missing_count:
            self.stderr.write(f"{manifest.missing_count} files are gone from the site's storage and in no new backup:")
            for name in manifest.missing:
                self.stderr.write(f"    {name}")
