"""Tags for captions and chapters in the admin: ``{% load media_library_tracks %}``."""

from django import template

from media_library.admin.tracks import furniture
from media_library.models import Asset, Track

register = template.Library()


@register.simple_tag
def asset_tracks(asset: Asset) -> list[Track]:
    """``{% asset_tracks asset as tracks %}``: its tracks, also those that have no cue yet."""
    return list(asset.tracks.all())


@register.filter
def kind_name(track: Track) -> str:
    """``{{ track|kind_name }}``: "Captions"."""
    return furniture.kind_name(track)
