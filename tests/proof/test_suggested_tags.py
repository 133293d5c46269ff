"""What the backends that need no download suggest for real photographs, on a contact sheet to be read by people.

How it reads stands in benchmarks/README.md. ``CONTACT_SHEETS=docs/images`` keeps the sheet.
"""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from PIL import Image, ImageDraw

from media_library.jobs import enqueue_suggesting
from media_library.models import CustomImage, Suggestion
from tests.contact_sheet import ContactSheet

pytestmark = pytest.mark.django_db

PHOTOS = sorted((Path(os.environ["DARKROOM_MEDIA"]) / "photos").glob("*.jpg"))
LINES = 9


def test_each_photograph_has_tags_and_no_focal_area_goes_beyond_it(develop: Callable, capsys: pytest.CaptureFixture):
    sheet = ContactSheet(4, (300, 260), LINES)
    without = []
    for path in PHOTOS:
        image = CustomImage(title=path.stem, file=ContentFile(path.read_bytes(), path.name))
        image.save()
        develop()
        while not image.suggestions.exists():
            enqueue_suggesting()
            develop()
        found = list(image.suggestions.order_by("-confidence", "pk"))
        tags = [one for one in found if one.field == Suggestion.Field.TAG]
        points = [one for one in found if one.field == Suggestion.Field.FOCAL_POINT]
        lines = [f"{one.text} ({one.source} {one.confidence:.2f})" for one in tags]
        with capsys.disabled():
            print(f"\n{path.stem}: " + "; ".join(lines))  # noqa: T201
        sheet.add(with_point(image, points), path.stem.partition("__")[2], *lines)
        if not tags:
            without.append(path.stem)
    sheet.keep("suggested-tags")

    assert PHOTOS
    assert without == []


def with_point(image: CustomImage, points: list[Suggestion]) -> Image.Image:
    """The photograph as seen, and the focal area that is suggested; it must lie inside."""
    with image.renditions.get(filter_spec="width-640|format-jpeg").file.open("rb") as file:
        picture = Image.open(file).convert("RGB")
    for one in points:
        left, top, width, height = one.area
        assert 0 <= left <= left + width <= 1.001
        assert 0 <= top <= top + height <= 1.001
        box = (
            left * picture.width,
            top * picture.height,
            (left + width) * picture.width,
            (top + height) * picture.height,
        )
        ImageDraw.Draw(picture).rectangle(box, outline="lime", width=4)
    return picture
