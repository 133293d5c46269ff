import hashlib
import logging
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import IO, Any

from django.core.files.base import File
from django.db import DatabaseError, transaction
from django.db.models import TextChoices
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from wagtail.models import Collection
from wagtail.search import index

from media_library.exceptions import FileTooLarge, MediaLibraryError
from media_library.importing.sources import Found, Source
from media_library.intake import inspect, likely_kind
from media_library.intake.limits import max_bytes
from media_library.models import Asset, Audio, CustomDocument, CustomImage, ImportedFile, Video

logger = logging.getLogger(__name__)

State = ImportedFile.State

MODELS: dict[str, type[Asset]] = {model.KIND: model for model in (CustomImage, Video, Audio, CustomDocument)}


class Duplicates(TextChoices):
    """What becomes of a file whose bytes the library has."""

    SKIP = "skip", "leave it out"
    LINK = "link", "give its tags to the one that is there"
    IMPORT = "import", "take it in once more"


@dataclass
class Import:
    """One run over a source. What an earlier run has done is left alone, unless the file has changed since; what
    failed is tried again.
    """

    source: Source
    collection: Collection
    tags: Sequence[str] = ()
    user: Any = None
    by_folder: bool = False
    """Whether folders become collections below ``collection``."""
    duplicates: str = Duplicates.SKIP
    step: Callable[[], Any] = lambda: None
    counts: Counter[str] = field(default_factory=Counter)
    """By state of ``ImportedFile``, and ``done`` for what an earlier run has done."""

    def __post_init__(self) -> None:
        self._folders: dict[PurePosixPath, Collection] = {PurePosixPath("."): self.collection}

    def run(self) -> Iterator[ImportedFile]:
        """Take in one file after the other; yield those that failed, with the reason. Each is noted at once.

        Raises ``ImportSourceError`` when the source can't be listed.
        """
        for found in self.source.files():
            row = self._row(found)
            if row.pk and (row.size, row.mark) == (found.size, found.mark) and row.state != State.FAILED:
                self.counts["done"] += 1
            else:
                row.size, row.mark, row.reason = found.size, found.mark, ""
                self._take(found, row)
                self.counts[row.state] += 1
                if row.state == State.FAILED:
                    yield row
            self.step()

    def _row(self, found: Found) -> ImportedFile:
        key = hashlib.sha256(found.location.encode(errors="surrogateescape")).hexdigest()
        # Names of files may hold bytes that are no text.
        location = found.location.encode(errors="replace").decode()
        return ImportedFile.objects.filter(key=key).first() or ImportedFile(key=key, location=location)

    def _take(self, found: Found, row: ImportedFile) -> None:
        """Take in one file, or note why not. Nothing of it stays where it fails."""
        try:
            largest = max(map(max_bytes, MODELS))
            if found.size > largest:
                # Before anything is fetched.
                message = _("This file is too large: %(size)s, and at most %(limit)s are accepted.")
                sizes = {"size": filesizeformat(found.size), "limit": filesizeformat(largest)}
                raise FileTooLarge(message % sizes)
            with self.source.open(found) as file, transaction.atomic():
                self._save(found, file, row)
                row.save()
            return
        except MediaLibraryError as error:
            row.reason = str(error)
        except OSError as error:
            row.reason = _("The file can't be read or stored: %(problem)s.") % {"problem": error.strerror or error}
        except DatabaseError:
            logger.exception("%s could not be imported", found.location)
            row.reason = _("The database refused it; the log says why.")
        row.state, row.asset = State.FAILED, None
        row.save()

    def _save(self, found: Found, file: IO[bytes], row: ImportedFile) -> None:
        name = found.path.name.encode(errors="replace").decode()
        kind = likely_kind(file, name)
        digest = inspect(kind, file, name).file_hash
        existing = Asset.objects.filter(kind=kind, file_hash=digest, trashed_at=None).order_by("pk").first()
        if existing is not None and self.duplicates != Duplicates.IMPORT:
            row.state, row.asset = State.DUPLICATE, existing
            if self.duplicates == Duplicates.LINK:
                self._tag(existing.specific)
            return
        asset = MODELS[kind](
            title=PurePosixPath(name).stem[:255],
            file=File(file, name=name),
            collection=self._collection(found.path),
            uploaded_by_user=self.user,
        )
        asset.save()
        self._tag(asset)
        row.state, row.asset = State.IMPORTED, asset

    def _tag(self, asset: Asset) -> None:
        if self.tags:
            asset.tags.add(*self.tags)
            # Saving the row put it in the index before its tags were there.
            index.insert_or_update_object(asset)

    def _collection(self, path: PurePosixPath) -> Collection:
        return self._folder(path.parent) if self.by_folder else self.collection

    def _folder(self, path: PurePosixPath) -> Collection:
        """The collection of a folder, made where it is missing."""
        if path not in self._folders:
            above = self._folder(path.parent)
            name = path.name.encode(errors="replace").decode()[:255]
            found = above.get_children().filter(name=name).first()
            if found is None:
                # Fresh: the tree counts children on its rows.
                found = Collection.objects.get(pk=above.pk).add_child(instance=Collection(name=name))
            self._folders[path] = found
        return self._folders[path]
