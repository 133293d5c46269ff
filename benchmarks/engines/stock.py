"""Stock Wagtail: ``get_renditions`` of a plain image model, as its documentation has it."""

import tempfile
from pathlib import Path

import django
from django.conf import settings
from django.core.files import File
from django.core.management import call_command

from benchmarks.engines import stopwatch
from benchmarks.engines.ladder import FORMATS, widths


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        _configure(Path(folder))
        stopwatch.report(_make)


def _configure(folder: Path) -> None:
    settings.configure(
        SECRET_KEY="benchmark only",  # noqa: S106
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": folder / "stock.sqlite3"}},
        MEDIA_ROOT=folder / "media",
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        INSTALLED_APPS=[
            "wagtail.images",
            "wagtail.users",
            "wagtail.admin",
            "wagtail.search",
            "wagtail",
            "taggit",
            "django.contrib.auth",
            "django.contrib.contenttypes",
        ],
        STATIC_URL="/static/",
        WAGTAILADMIN_BASE_URL="http://localhost",
    )
    django.setup()
    call_command("migrate", verbosity=0)


def _make(photo: Path) -> stopwatch.Files:
    from wagtail.images.models import Filter, Image

    with photo.open("rb") as file:
        image = Image(title=photo.name, file=File(file, name=photo.name))
        image.save()
    specs = [f"width-{width}|format-{form}" for width in widths(photo) for form in FORMATS]
    renditions = image.get_renditions(*[Filter(spec) for spec in specs])
    made = []
    for spec, rendition in renditions.items():
        with rendition.file.open("rb") as file:
            made.append((spec.rpartition("-")[2], file.read()))
    return made


if __name__ == "__main__":
    main()
