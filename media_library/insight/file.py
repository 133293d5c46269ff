"""What the file tells of itself: keywords, place, camera, shape, and whether a film has sound."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from media_library.insight.proposals import Field, Look, Proposal
from media_library.models import Asset, Video
from media_library.video.ladder import SOUND

PANORAMA, WIDE = 2.0, 1.05
"""Width by height from which a picture is a panorama, and wide; as far the other way it is upright."""


def suggest(look: Look) -> Iterator[Proposal]:
    """No pixel is looked at, and no file opened. Confidence says how much somebody has meant it."""
    asset = look.asset
    metadata = asset.metadata
    for word in metadata.get("keywords", ()):
        yield Proposal(Field.TAG, word, 0.95)
    for name in ("city", "country"):
        if name in metadata:
            yield Proposal(Field.TAG, metadata[name], 0.9)
    if "camera_model" in metadata:
        make, model = metadata.get("camera_make", ""), metadata["camera_model"]
        yield Proposal(Field.TAG, model if model.startswith(make) else f"{make} {model}", 0.3)
    if shape := _shape(asset):
        yield Proposal(Field.TAG, shape, 0.3)
    if not asset.alt_text and (text := metadata.get("caption") or metadata.get("title")):
        yield Proposal(Field.ALT_TEXT, text, 0.5)
    if isinstance(asset, Video) and not asset.transcodes.filter(version=asset.version, preset=SOUND).exists():
        yield Proposal(Field.TAG, _("silent film"), 0.9)
    if language := metadata.get("language"):
        yield Proposal(Field.TAG, _("language: %(code)s") % {"code": language}, 0.8)


def _shape(asset: Asset) -> str:
    if not (asset.width and asset.height):
        return ""
    ratio = asset.width / asset.height
    if ratio >= PANORAMA:
        return _("panorama")
    if ratio >= WIDE:
        return _("wide format")
    return _("upright format") if ratio <= 1 / WIDE else _("square format")
