"""Assets of any kind as choosers show them: a picture that is there already, and what tells them apart."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from wagtail.admin.admin_url_finder import AdminURLFinder

from media_library.admin.choosing.kinds import WORDS
from media_library.admin.facts import IMAGE_THUMBNAIL, LARGE_THUMBNAIL, clock, thumbnails
from media_library.admin.presets.sizes import size_warning, slots_in_force
from media_library.imaging.slots import Slot
from media_library.models import Asset, CustomDocument, CustomRendition, PosterRendition

Picture = CustomRendition | PosterRendition


def pictures(assets: Iterable[Asset], *, sharp: bool = False) -> dict[int, Picture]:
    """The small picture of each asset that has one, by id; with ``sharp``, one for any screen, where there is one.

    Two queries, whatever their number.
    """
    images, recordings = [], []
    for asset in assets:
        if asset.kind == Asset.Kind.IMAGE:
            images.append(asset.pk)
        elif asset.kind != Asset.Kind.DOCUMENT:
            recordings.append(asset.pk)
    found: dict[int, Picture] = {}
    if images:
        specs = (IMAGE_THUMBNAIL, LARGE_THUMBNAIL) if sharp else (IMAGE_THUMBNAIL,)
        for rendition in CustomRendition.objects.filter(image__in=images, filter_spec__in=specs):
            if rendition.image_id not in found or rendition.filter_spec == LARGE_THUMBNAIL:
                found[rendition.image_id] = rendition
    if recordings:
        found |= {poster.asset_id: poster for poster in thumbnails().filter(asset__in=recordings)}
    return found


@dataclass(frozen=True)
class Card:
    """An asset, and the address that chooses it. ``note`` says why it is offered, where that needs saying.

    ``size_mark`` says in a few words for which slots of the front end a picture is too small, ``size_warning`` how
    many pixels are missing.
    """

    asset: Asset
    url: str
    picture: Picture | None
    note: str = ""
    size_mark: str = ""
    size_warning: str = ""
    is_chosen: bool = False

    @property
    def icon(self) -> str:
        return WORDS[self.asset.kind].icon

    @property
    def duration(self) -> str:
        return clock(self.asset.duration)

    @property
    def facts(self) -> str:
        """Dimensions, or the size of the file."""
        asset = self.asset
        if asset.width and asset.height:
            return f"{asset.width} × {asset.height}"
        return filesizeformat(asset.file_size) if asset.file_size is not None else ""

    @property
    def is_waited_for(self) -> bool:
        return self.asset.status != Asset.Status.READY


def chosen_data(assets: Iterable[Asset], user: Any = None) -> list[dict[str, Any]]:
    """What a form shows of assets that have been chosen, in their order::

        {"id": 7, "title": "Harbour", "edit_url": "/admin/images/7/", "kind": "image", "kind_label": "Image",
         "status": "ready", "status_label": "Ready", "poster": "/media/7/1/thumb.webp", "default_alt_text": "Boats",
         "preview": {"url": "/media/7/1/thumb.webp", "width": 165, "height": 124}}

    A picture that is too small for a slot of the front end has ``size_warning``, a sentence. Documents have ``url``
    and ``filename`` besides. The names are those that Wagtail's own choosers give for images and documents, so that
    its scripts understand them. ``edit_url`` is None where ``user`` may not edit it.
    """
    assets = list(assets)
    found = pictures(assets)
    files = CustomDocument.objects.in_bulk([one.pk for one in assets if one.kind == Asset.Kind.DOCUMENT])
    finder, slots = AdminURLFinder(user), slots_in_force()
    return [
        _describe(asset, found.get(asset.pk), files.get(asset.pk), finder) | _warning(asset, slots) for asset in assets
    ]


def _warning(asset: Asset, slots: Sequence[Slot]) -> dict[str, str]:
    warning = size_warning(asset, slots)
    return {"size_warning": warning} if warning else {}


def _describe(
    asset: Asset, picture: Picture | None, document: CustomDocument | None, finder: AdminURLFinder
) -> dict[str, Any]:
    data = {
        "id": asset.pk,
        # "Harbour (in the trash)" in an old draft.
        "title": str(asset),
        "edit_url": reverse("media_library_trash") if asset.trashed_at else finder.get_edit_url(asset),
        "kind": asset.kind,
        "kind_label": str(asset.get_kind_display()),
        "status": asset.status,
        "status_label": str(asset.get_status_display()),
        "poster": picture.url if picture else "",
        "default_alt_text": asset.alt,
        "preview": {
            "url": picture.url if picture else "",
            "width": picture.width if picture else "",
            "height": picture.height if picture else "",
        },
    }
    if document is not None:
        data |= {"url": document.url, "filename": document.filename}
    return data
