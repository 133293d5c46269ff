from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.template.defaultfilters import filesizeformat
from tqdm import tqdm

from media_library import tasks
from media_library.housekeeping.orphans import Finding, Sweep


class Command(BaseCommand):
    help = (
        "Find files that no row knows, and rows whose file is gone, in both storages and in the folder for unfinished "
        "work. Only looks, unless it is told to act; the health board shows what was found."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--delete",
            action="store_true",
            help="delete the files, and the rows of what workers make; never a row of an original, nor captions",
        )
        parser.add_argument(
            "--repair", action="store_true", help="have workers make again what is missing, and write captions anew"
        )
        parser.add_argument(
            "--hours", type=float, default=24, help="leave alone what was written in the last so many hours (24)"
        )

    def handle(self, *, delete: bool, repair: bool, hours: float, **options: Any) -> None:
        with tqdm(unit="", file=self.stderr, disable=options["verbosity"] == 0) as bar:
            sweep = Sweep(hours=max(0.0, hours), delete=delete, repair=repair, send=tasks.send, step=bar.update)
            sweep.run()
        found = sweep.found
        self.stdout.write(f"{found.files} files and {found.rows} rows looked at.")
        done = "deleted" if delete else "found; --delete removes them"
        self._tell(f"public files without a row {done}", found.public)
        self._tell(f"originals without a row {done}", found.originals)
        self._tell(f"leftovers of unfinished work {done}", found.temporary)
        self._tell("rows whose file is gone" + ("" if repair else "; --repair has them made again"), found.missing)
        self._tell("originals whose file is gone: only a backup has them", found.lost)
        self._tell("files that could not be deleted", found.failed)
        if repair:
            self.stdout.write(f"{found.repaired} assets and captions are made again.")

    def _tell(self, what: str, finding: Finding) -> None:
        size = f" ({filesizeformat(finding.bytes)})" if finding.bytes else ""
        self.stdout.write(f"{finding.count}{size} {what}.")
        for name in finding.examples:
            self.stdout.write(f"    {name}")
