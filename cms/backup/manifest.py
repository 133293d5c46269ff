"""The manifest of a backup, which makes it one: what there is, and the SHA-256 and size of all of it."""

import json
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from typing import Any, Self

import django
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import Storage
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from cms.backup.errors import BackupError

FORMAT = 1
FOLDER = "backups"
NAME = "manifest.json"
STAMP = "%Y-%m-%dT%H-%M-%SZ"
A_SECOND = timedelta(seconds=1)


@dataclass
class Part:
    """A file that was written for this backup alone."""

    file: str
    size: int
    sha256: str


@dataclass
class Table(Part):
    """The rows of one model. ``digest`` is of what they say, however they are ordered (rows.py)."""

    model: str
    columns: list[str]
    rows: int
    digest: str


@dataclass
class FileList(Part):
    """Some of the files, as JSON lines: storage, name, SHA-256, size, and when it was written there."""

    files: int
    bytes: int


@dataclass
class Manifest:
    stamp: str
    made_at: str
    database: str
    with_derived: bool
    # Why it was made, where nobody asked for a backup: before a restore.
    reason: str = ""
    format: int = FORMAT
    versions: dict[str, str] = field(default_factory=dict)
    migrations: list[list[str]] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    lists: list[FileList] = field(default_factory=list)
    # Files that rows name and that are gone from the site's storage: "originals: image/12/1/…". The first hundred.
    missing: list[str] = field(default_factory=list)
    missing_count: int = 0

    @property
    def folder(self) -> str:
        return f"{FOLDER}/{self.stamp}"

    @property
    def rows(self) -> int:
        return sum(table.rows for table in self.tables)

    @property
    def files(self) -> int:
        return sum(one.files for one in self.lists)

    @property
    def bytes(self) -> int:
        return sum(one.bytes for one in self.lists)

    @property
    def parts(self) -> Iterator[Part]:
        yield from self.tables
        yield from self.lists

    @property
    def applied(self) -> set[tuple[str, str]]:
        return {(app, name) for app, name in self.migrations}

    def write(self, place: Storage) -> None:
        """The last thing that a backup writes."""
        place.save(f"{self.folder}/{NAME}", ContentFile(json.dumps(asdict(self), indent=1).encode()))

    @classmethod
    def read(cls, place: Storage, stamp: str) -> Self:
        """Raises ``BackupError`` for one of another kind, or none."""
        with place.open(f"{FOLDER}/{stamp}/{NAME}") as file:
            try:
                data: dict[str, Any] = json.loads(file.read())
                if data["format"] > FORMAT:
                    raise BackupError(
                        f"Backup {stamp} was written by a later Darkroom ({data['versions'].get('darkroom')}), in a "
                        "format that this one can't read. Install that version, and restore with it."
                    )
                data["tables"] = [Table(**one) for one in data["tables"]]
                data["lists"] = [FileList(**one) for one in data["lists"]]
                return cls(**data)
            except (ValueError, KeyError, TypeError) as error:
                raise BackupError(
                    f"The manifest of backup {stamp} is damaged: {error}. Choose another (--at)."
                ) from error


def moment_of(stamp: str) -> datetime:
    return datetime.strptime(stamp, STAMP).replace(tzinfo=UTC)


def stamps(place: Storage) -> list[str]:
    """All backups of a place, the oldest first; what has no manifest is none."""
    try:
        folders, _files = place.listdir(FOLDER)
    except FileNotFoundError:
        return []
    return sorted(one for one in folders if _is_stamp(one) and place.exists(f"{FOLDER}/{one}/{NAME}"))


def _is_stamp(name: str) -> bool:
    try:
        moment_of(name)
    except ValueError:
        return False
    return True


def newest(place: Storage, at: str = "") -> Manifest:
    """The backup of that stamp, or the latest that somebody asked for. Raises ``BackupError``."""
    found = stamps(place)
    if at and at not in found:
        there = ", ".join(found[-5:]) or "none at all"
        raise BackupError(f"There is no backup {at} here. The latest are: {there}.")
    for stamp in [at] if at else reversed(found):
        manifest = Manifest.read(place, stamp)
        if at or not manifest.reason:
            return manifest
    raise BackupError("There is no backup here. What was interrupted is none: run the backup once more.")


def begin(
    connection: BaseDatabaseWrapper, with_derived: bool, reason: str = "", former: Iterable[str] = ()
) -> Manifest:
    """A manifest with nothing in it yet. It comes after the ``former`` ones, even if the clock was put back."""
    now = datetime.now(UTC)
    latest = max(map(moment_of, former), default=now - A_SECOND)
    return Manifest(
        stamp=max(now, latest + A_SECOND).strftime(STAMP),
        made_at=now.isoformat(),
        database=connection.vendor,
        with_derived=with_derived,
        reason=reason,
        versions=versions(),
    )


def versions() -> dict[str, str]:
    project = tomllib.loads((settings.BASE_DIR / "pyproject.toml").read_text())
    return {
        "darkroom": project["project"]["version"],
        "django": django.get_version(),
        "wagtail": version("wagtail"),
    }


def unapplied(connection: BaseDatabaseWrapper) -> list[str]:
    """The migrations that the code has and the database hasn't seen."""
    loader = MigrationLoader(connection)
    return sorted(f"{app}.{name}" for app, name in set(loader.graph.nodes) - set(loader.applied_migrations))


def applied_migrations(connection: BaseDatabaseWrapper) -> list[list[str]]:
    return sorted([app, name] for app, name in MigrationRecorder(connection).applied_migrations())
