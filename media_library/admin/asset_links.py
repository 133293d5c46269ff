"""Links on the page of an asset, to what others have about it."""

from dataclasses import dataclass

from django.utils.functional import Promise
from wagtail import hooks

from media_library.admin.permissions import User
from media_library.models import Asset

LINKS_HOOK = "register_asset_links"
"""Whoever has a page about single assets leads there: ``fn(asset, user) -> list[AssetLink]``."""


@dataclass(frozen=True)
class AssetLink:
    icon_name: str
    label: str | Promise
    url: str


def asset_links(asset: Asset, user: User) -> list[AssetLink]:
    return [link for lead in hooks.get_hooks(LINKS_HOOK) for link in lead(asset, user)]
