"""What the page of the editor begins with: words for its controls, and what its script must know."""

import hashlib
import json
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from media_library.admin import crops
from media_library.imaging.operations import OwnWatermark
from media_library.imaging.watermark import MARGIN, PICTURE_BOX, SMALLEST, TEXT_BOX
from media_library.models import CollectionSettings, CustomImage

ASPECTS = ("1:1", "4:3", "3:2", "16:9", "1200:630")
"""Presets of the crop, beside none and the original's; the last is what networks show of a link (Open Graph)."""


def controls(image: CustomImage) -> dict[str, Any]:
    """Values and labels of the controls, for the template."""
    return {
        "aspects": [
            ("free", _("Free")),
            ("original", _("Original")),
            *((one, one) for one in ASPECTS[:-1]),
            (ASPECTS[-1], _("Link preview (1200:630)")),
        ],
        "tones": [("", _("None")), ("greyscale", _("Greyscale")), ("sepia", _("Sepia"))],
        "edges": [("left", _("Left")), ("top", _("Top")), ("width", _("Width")), ("height", _("Height"))],
        "handles": [
            ("nw", _("Top left corner of the crop")),
            ("n", _("Top edge of the crop")),
            ("ne", _("Top right corner of the crop")),
            ("w", _("Left edge of the crop")),
            ("e", _("Right edge of the crop")),
            ("sw", _("Bottom left corner of the crop")),
            ("s", _("Bottom edge of the crop")),
            ("se", _("Bottom right corner of the crop")),
        ],
        "collection_note": _collection_note(image),
        "shapes": crops.shapes(),
    }


def texts() -> str:
    """Sentences for the script, as JSON."""
    return json.dumps(
        {
            "save": _("Save the picture"),
            "saving": _("Saving…"),
            "saved": _("The picture is saved. Its sizes are being made anew; until then pages show the former ones."),
            "failed": _("That did not work. Check your connection, and try again; nothing is lost on this page."),
        }
    )


def setup(image: CustomImage, size: tuple[int, int]) -> str:
    """What the script begins with (picture-editor/controller.js), as JSON; ``size`` is that of the original."""
    mark = _mark_of_collection(image)
    return json.dumps(
        {
            "source": f"{reverse('media_library_picture_source', args=(image.pk,))}?{_version(image)}",
            "mark": reverse("media_library_watermark_preview"),
            "width": size[0],
            "height": size[1],
            "recipe": image.recipe,
            "focal": _focal_fractions(image, size),
            # It keeps its size in pixels wherever it goes.
            "focalArea": [image.focal_point_width or 0, image.focal_point_height or 0],
            "base": fingerprint(image),
            "collection": mark
            and {"image": mark.image, "text": mark.text, "position": mark.position, "opacity": mark.opacity},
            "rules": {"pictureBox": PICTURE_BOX, "textBox": TEXT_BOX, "margin": MARGIN, "smallest": SMALLEST},
        }
    )


def fingerprint(image: CustomImage) -> str:
    """A short name for the file, edits and focal point of an image, to notice that another editor was faster."""
    state = [image.file_hash, image.recipe, image.focal_point_x, image.focal_point_y]
    return hashlib.sha256(json.dumps(state, sort_keys=True).encode()).hexdigest()[:16]


def _version(image: CustomImage) -> str:
    return urlencode({"v": image.file_hash[:12]})


def _focal_fractions(image: CustomImage, size: tuple[int, int]) -> list[float] | None:
    """The focal point in fractions of the unedited picture, where the canvas keeps it."""
    if not image.has_focal_point():
        return None
    x, y = image.get_recipe().geometry.unmap_point(image.focal_point_x, image.focal_point_y, *size)
    return [x / size[0], y / size[1]]


def _mark_of_collection(image: CustomImage) -> OwnWatermark | None:
    settings = CollectionSettings.objects.filter(collection=image.collection_id).first()
    mark = settings.watermark if settings else None
    return mark if isinstance(mark, OwnWatermark) and mark.image != image.pk else None


def _collection_note(image: CustomImage) -> str:
    mark = _mark_of_collection(image)
    names = {"collection": image.collection.name}
    if mark is None:
        return _("The collection “%(collection)s” has no watermark.") % names
    if mark.image:
        return _("The collection “%(collection)s” stamps a picture on its images.") % names
    return _("The collection “%(collection)s” stamps “%(text)s” on its images.") % (names | {"text": mark.text})
