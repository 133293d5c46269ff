from argparse import ArgumentParser
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm
from wagtail.models import Collection

from media_library.exceptions import ImportSourceError
from media_library.importing.importing import Duplicates, Import
from media_library.importing.sources import source_of
from media_library.models import ImportedFile

TOLD = 50
"""Failures that the summary names at most; ImportedFile has all of them."""


class Command(BaseCommand):
    help = (
        "Take all files of a folder or a bucket into the library, by the same intake as uploads. Can be stopped and "
        "started again at any time: what is done is left alone, and what failed is tried again."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("source", help="a folder, or s3://bucket/prefix")
        parser.add_argument("--collection", help="name or id of the collection (the root)")
        parser.add_argument(
            "--folders", action="store_true", help="make a collection of each folder, below that collection"
        )
        parser.add_argument("--tag", action="append", default=[], metavar="TAG", help="a tag for each; several times")
        parser.add_argument("--user", help="name of the user who is noted as the uploader")
        parser.add_argument(
            "--duplicates",
            choices=Duplicates.values,
            default=Duplicates.SKIP,
            help="what to do with files that the library has: "
            + ", ".join(f"{one.value} ({one.label})" for one in Duplicates),
        )

    def handle(self, *, source: str, folders: bool, tag: list[str], duplicates: str, **options: Any) -> None:
        if long := [one for one in tag if len(one) > 100]:
            raise CommandError(f"A tag has 100 characters at most: {long[0]}")
        failures: list[ImportedFile] = []
        try:
            files = source_of(source)
            quiet = options["verbosity"] == 0
            # Listing twice is cheap, and tells how long it will take.
            total = None if quiet else sum(1 for _found in files.files())
            with tqdm(total=total, unit="file", file=self.stderr, disable=quiet) as bar:
                run = Import(
                    files,
                    collection=self._collection(options["collection"]),
                    tags=tag,
                    user=self._user(options["user"]),
                    by_folder=folders,
                    duplicates=duplicates,
                    step=bar.update,
                )
                for failed in run.run():
                    if len(failures) < TOLD:
                        failures.append(failed)
        except ImportSourceError as error:
            raise CommandError(str(error)) from error
        counts = run.counts
        self.stdout.write(
            f"{counts['imported']} imported, {counts['duplicate']} in the library before, {counts['done']} done by an "
            f"earlier run, {counts['failed']} failed."
        )
        for row in failures:
            self.stdout.write(f"    {row.location}: {row.reason}")
        if counts["failed"] > len(failures):
            self.stdout.write(f"    and {counts['failed'] - len(failures)} more")

    def _collection(self, wanted: str | None) -> Collection:
        if not wanted:
            return Collection.get_first_root_node()
        found = Collection.objects.filter(name=wanted)
        if not found and wanted.isascii() and wanted.isdigit():
            found = Collection.objects.filter(pk=wanted)
        if len(found) != 1:
            raise CommandError(
                f"{len(found)} collections are called {wanted!r}. Make one, or name it by its id, as in its address."
            )
        return found[0]

    def _user(self, name: str | None) -> Any:
        if not name:
            return None
        model = get_user_model()
        try:
            return model._default_manager.get_by_natural_key(name)
        except model.DoesNotExist:
            raise CommandError(f"There is no user {name!r}.") from None
