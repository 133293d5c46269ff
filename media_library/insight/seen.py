"""What can be seen without knowing anything: faces, colours, and what a crop should keep."""

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from media_library.imaging.faces import SURE, Face, find_faces
from media_library.imaging.focus import focal_area
from media_library.imaging.palette import colour_shares, is_colourless
from media_library.insight.proposals import Field, Look, Proposal
from media_library.models import Asset, CustomImage, Video

MANY = 5
"""Faces from which they are a group."""

LARGE = 0.06
"""Share of the picture from which a single face makes a portrait."""

MUCH = 0.3
"""Share of the picture from which a colour is worth a tag."""

NAMES = {
    "red": gettext_lazy("red"),
    "orange": gettext_lazy("orange"),
    "yellow": gettext_lazy("yellow"),
    "green": gettext_lazy("green"),
    "turquoise": gettext_lazy("turquoise"),
    "blue": gettext_lazy("blue"),
    "violet": gettext_lazy("violet"),
    "pink": gettext_lazy("pink"),
}
"""Of colours that say something; most pictures have black, grey or white in them."""


def suggest_people(look: Look) -> Iterator[Proposal]:
    """Tags for faces."""
    faces = faces_of(look)
    if not faces:
        return
    confidence = max(face.confidence for face in faces)
    yield Proposal(Field.TAG, _("people"), confidence)
    if len(faces) == 1 and faces[0].size >= LARGE:
        yield Proposal(Field.TAG, _("portrait"), confidence)
    if len(faces) >= MANY:
        yield Proposal(Field.TAG, _("group"), confidence)


def suggest_colours(look: Look) -> Iterator[Proposal]:
    """Tags for what most of the picture is painted with."""
    if look.pixels is None:
        return
    if is_colourless(look.pixels):
        yield Proposal(Field.TAG, _("black and white"), 0.9)
        return
    for name, share in colour_shares(look.pixels).items():
        if share >= MUCH and name in NAMES:
            yield Proposal(Field.TAG, str(NAMES[name]), round(share, 3))


def suggest_focal_point(look: Look) -> Iterator[Proposal]:
    """Where crops of a picture, or of the poster of a film, should keep to, unless somebody has said so."""
    if look.pixels is None or _has_focus(look.asset):
        return
    if area := focal_area(look.pixels, faces_of(look)):
        x, y = area.center
        box = (round(area.x, 4), round(area.y, 4), round(area.width, 4), round(area.height, 4))
        yield Proposal(Field.FOCAL_POINT, f"{x:.0%} {y:.0%}", area.confidence, area=box)


def _has_focus(asset: Asset) -> bool:
    if isinstance(asset, Video):
        # A picture of the library has its own.
        return asset.poster_focus is not None or asset.poster_image_id is not None
    return not isinstance(asset, CustomImage) or asset.has_focal_point()


def faces_of(look: Look) -> list[Face]:
    """Those that are sure, the largest first. Found once, for all who ask."""
    if "faces" not in look.shared:
        found = [] if look.pixels is None else find_faces(look.pixels)
        look.shared["faces"] = [face for face in found if face.confidence >= SURE]
    return look.shared["faces"]  # type: ignore[return-value]
