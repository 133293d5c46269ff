"""What resembles an asset, on its page: those that the one who looks may see, each with the reasons."""

from dataclasses import dataclass

from wagtail.admin.admin_url_finder import AdminURLFinder

from media_library.admin.choosing.cards import Picture, pictures
from media_library.admin.choosing.kinds import WORDS
from media_library.admin.permissions import User, visible_assets
from media_library.models import Asset
from media_library.related import Related, related

SHOWN = 6


@dataclass(frozen=True)
class Resembling:
    """One of them. ``url`` is its page, or None for those who may only choose it."""

    related: Related
    picture: Picture | None
    url: str | None

    @property
    def icon(self) -> str:
        return WORDS[self.related.asset.kind].icon


def resembling(asset: Asset, user: User) -> list[Resembling]:
    """The nearest first; nothing of an asset that is in the trash."""
    if asset.trashed_at:
        return []
    found = related(asset, visible_assets(user).select_related("collection", "uploaded_by_user"), SHOWN)
    shown, finder = pictures([one.asset for one in found]), AdminURLFinder(user)
    return [Resembling(one, shown.get(one.asset.pk), finder.get_edit_url(one.asset)) for one in found]
