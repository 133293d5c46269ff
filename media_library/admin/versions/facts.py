"""What the pages of versions say of each file."""

from dataclasses import dataclass

from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.translation import gettext as _

from media_library.admin.facts import clock
from media_library.models import Asset, AssetVersion, CustomImage
from media_library.models.files import public_storage
from media_library.replacement import picture_of


@dataclass(frozen=True)
class Fact:
    name: str
    value: str
    differs: bool = False


def facts(version: AssetVersion) -> list[Fact]:
    """Names and values; what a kind doesn't have, or nobody knows yet, is left out."""
    return [Fact(name, value) for name, value in _values(version).items() if value]


def compared(one: AssetVersion, other: AssetVersion) -> list[tuple[Fact, Fact]]:
    """The same of two versions, side by side."""
    ours, theirs = _values(one), _values(other)
    return [
        (Fact(name, ours[name], ours[name] != theirs[name]), Fact(name, theirs[name], ours[name] != theirs[name]))
        for name in ours
        if ours[name] or theirs[name]
    ]


def _values(version: AssetVersion) -> dict[str, str]:
    said = version.metadata
    camera = " ".join(dict.fromkeys(str(said[name]) for name in ("camera_make", "camera_model") if said.get(name)))
    return {
        _("File name"): version.filename,
        _("Type"): version.mime_type,
        _("File size"): filesizeformat(version.file_size) if version.file_size is not None else "",
        _("Dimensions"): f"{version.width} × {version.height}" if version.width and version.height else "",
        _("Duration"): clock(version.duration),
        _("Taken"): str(said.get("taken_at", ""))[:10],
        _("Camera"): camera,
        _("SHA-256"): version.file_hash[:12],
    }


def preview_url(version: AssetVersion, asset: Asset) -> str:
    """Where an editor sees a version: a rendition of the current one, or what was kept of a former; or nothing."""
    if version.is_current:
        name = picture_of(asset)
        return public_storage().url(name) if name else ""
    if not version.preview:
        return ""
    return reverse("media_library_version_preview", args=[version.asset_id, version.number])


def shown_width(version: AssetVersion, widest: int) -> str:
    """A share of its column for an ``<img>``: at the same scale for all whose widest is ``widest`` pixels."""
    return f"{max(1, round(100 * version.width / widest))}%" if version.width and widest else ""


def is_picture(asset: Asset) -> bool:
    return isinstance(asset, CustomImage)
