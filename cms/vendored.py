"""Browser code of others that we serve ourselves: what npm installed, and of that only the files that pages load."""

import json
from collections.abc import Iterable, Iterator
from functools import cached_property
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.contrib.staticfiles.utils import matches_patterns
from django.core.checks import CheckMessage, Error
from django.core.files.storage import FileSystemStorage

PREFIX = "vendor/"

SERVED: dict[str, tuple[str, tuple[str, ...]]] = {
    "chart.js": ("dist", ("chart.umd.min.js", "chart.umd.min.js.map")),
    "sortablejs": (".", ("Sortable.min.js",)),
    "tus-js-client": ("dist", ("tus.min.js", "tus.min.js.map")),
    "video.js": ("dist", ("video.min.js", "video-js.min.css", "font/VideoJS.woff", "lang/*.json")),
}
"""By package: the folder below which its files are, and which of these are served, as
``vendor/<package>/<file>``."""


class PackageStorage(FileSystemStorage):
    """The folder of one package; ``collectstatic`` puts ``prefix`` before its names."""

    def __init__(self, package: str, folder: str):
        super().__init__(Path(settings.NODE_MODULES) / package / folder)
        self.prefix = f"{PREFIX}{package}"


class VendoredFinder(BaseFinder):
    """Finds the files of `SERVED` in ``NODE_MODULES``."""

    @cached_property
    def packages(self) -> dict[PackageStorage, tuple[str, ...]]:
        return {PackageStorage(name, folder): served for name, (folder, served) in SERVED.items()}

    def check(self, **kwargs: Any) -> list[CheckMessage]:
        """Refuse to start without the packages, or with others than those that package-lock.json names.

        An image holds what was collected of them, and no packages.
        """
        if not Path(settings.NODE_MODULES).exists() and (Path(settings.STATIC_ROOT) / PREFIX).exists():
            return []
        lock = json.loads((Path(settings.BASE_DIR) / "package-lock.json").read_text())["packages"]
        hint = "Run `make browser-code`, or `npm ci` where package.json is."
        return [
            Error(f"The package {name!r} for browsers is not there, or in another version.", hint=hint, id="cms.E001")
            for name in SERVED
            if _installed_version(name) != lock[f"node_modules/{name}"]["version"]
        ]

    # Django 5.2 calls the second argument find_all, and "all" before.
    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:
        for storage, served in self.packages.items():
            name = path.removeprefix(f"{storage.prefix}/")
            if name != path and matches_patterns(name, served) and storage.exists(name):
                return [storage.path(name)] if find_all else storage.path(name)
        return []

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, PackageStorage]]:
        ignored = tuple(ignore_patterns or ())
        for storage, served in self.packages.items():
            root = Path(storage.location)
            for pattern in served:
                for file in sorted(root.glob(pattern)):
                    name = str(file.relative_to(root))
                    if not matches_patterns(name, ignored):
                        yield name, storage


def _installed_version(package: str) -> str | None:
    try:
        return json.loads((Path(settings.NODE_MODULES) / package / "package.json").read_text())["version"]
    except (OSError, ValueError, KeyError):
        return None
