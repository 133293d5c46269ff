"""Whether the face is in every crop once the suggested focal point was accepted, through the whole library.

What is printed stands in benchmarks/README.md. ``CONTACT_SHEETS=docs/images`` keeps the contact sheet that is there.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from django.core.files.base import ContentFile
from PIL import Image, ImageDraw

from media_library.imaging.orders import order
from media_library.imaging.presets import named_presets
from media_library.insight.deciding import accept
from media_library.jobs import enqueue_suggesting
from media_library.models import CustomImage
from tests.contact_sheet import ContactSheet
from tests.portraits import PORTRAITS, Portrait

pytestmark = pytest.mark.django_db

Box = tuple[float, float, float, float]

MISSED = {"barack-obama-half": "half a face, which the cascades don't know; what stands out is his tie"}
"""What is known to be cut off."""

AS_MUCH = 0.85
"""Share of the most that could be seen, where a face is larger than the crop: ``fill`` keeps to an edge then."""


def test_face_is_in_every_crop_after_the_suggestion_was_accepted(
    develop: Callable, admin_user: Any, capsys: pytest.CaptureFixture
):
    sheet = ContactSheet(len(named_presets()) + 1, (150, 150))
    wrong = {}
    for portrait in PORTRAITS:
        image = focused(portrait, develop, admin_user)
        seen = {name: share for name, share in crops(image, portrait, sheet).items() if share < 1}
        with capsys.disabled():
            print(f"\n{portrait.name}: " + (", ".join(f"{k} {v:.0%}" for k, v in seen.items()) or "all"))  # noqa: T201
        if any(share < AS_MUCH for share in seen.values()):
            wrong[portrait.name] = seen
    sheet.keep("focal-points")

    assert wrong.keys() == MISSED.keys()


def focused(portrait: Portrait, develop: Callable, user: Any) -> CustomImage:
    """Uploaded, developed and looked at; its focal point accepted, and its crops made anew."""
    image = CustomImage(title=portrait.name, file=ContentFile(portrait.path.read_bytes(), portrait.path.name))
    image.save()
    develop()
    while not image.suggestions.exists():
        enqueue_suggesting()
        develop()
    for suggestion in image.suggestions.filter(field="focal_point"):
        accept(suggestion, user)
    develop()
    image.refresh_from_db()
    return image


def crops(image: CustomImage, portrait: Portrait, sheet: ContactSheet) -> dict[str, float]:
    """How much of the face each preset shows, of what it could show at most."""
    with image.file.open("rb") as file:
        picture = Image.open(file).convert("RGB")
    left, top, width, height = portrait.face
    face = (
        left * image.width,
        top * image.height,
        (left + width) * image.width,
        (top + height) * image.height,
    )
    framed = picture.copy()
    ImageDraw.Draw(framed).rectangle(face, outline="lime", width=5)
    sheet.add(framed, portrait.name)
    shown = {}
    for preset in named_presets():
        rendition = image.renditions.get(filter_spec=f"{preset.operation}|format-jpeg")
        with rendition.file.open("rb") as file:
            crop = Image.open(file).convert("RGB")
        box = order(rendition.filter_spec, image).box
        assert difference(picture.crop(box), crop) < 10
        shown[preset.name] = overlap(box, face) / most(box, face)
        sheet.add(crop, f"{preset.name}: {overlap(box, face):.0%}")
    return shown


def difference(wanted: Image.Image, got: Image.Image) -> float:
    """Mean difference of pixels, 0 to 255: whether the file really shows what was ordered."""
    small = [np.asarray(one.resize((64, 64), Image.Resampling.BOX), dtype=float) for one in (wanted, got)]
    return float(np.abs(small[0] - small[1]).mean())


def overlap(box: Box, face: Box) -> float:
    """Share of the face that is in the box."""
    width = max(0.0, min(box[2], face[2]) - max(box[0], face[0]))
    height = max(0.0, min(box[3], face[3]) - max(box[1], face[1]))
    return width * height / ((face[2] - face[0]) * (face[3] - face[1]))


def most(box: Box, face: Box) -> float:
    """Share of the face that a box of this size could show."""
    width, height = face[2] - face[0], face[3] - face[1]
    return min(box[2] - box[0], width) * min(box[3] - box[1], height) / (width * height)
