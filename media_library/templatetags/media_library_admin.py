"""Tags for the admin's templates: ``{% load media_library_admin %}``."""

from typing import Any

from django import template
from django.utils.safestring import SafeString

from media_library.admin import facts
from media_library.admin import photo_facts as facts_of_photos
from media_library.api.html import player_html
from media_library.models import Asset, PosterRendition, Video

register = template.Library()


@register.inclusion_tag("media_library/admin/asset_status.html")
def asset_status(asset: Asset) -> dict[str, Any]:
    """``{% asset_status asset %}``: a tag with the status of the asset that keeps itself up to date on the page."""
    return {
        "id": asset.pk,
        "title": asset.title,
        "status": asset.status,
        "label": asset.get_status_display(),
        "reason": asset.status_reason,
    }


@register.inclusion_tag("media_library/admin/video_thumbnail.html")
def video_thumbnail(video: Video) -> dict[str, Any]:
    """``{% video_thumbnail video %}``: the small poster, or an icon that gives way to it once it is there."""
    poster = facts.thumbnail(video)
    return {"id": video.pk, "poster_url": poster.url if poster else ""}


@register.inclusion_tag("media_library/admin/photo_facts.html")
def photo_facts(asset: Asset) -> dict[str, Any]:
    """``{% photo_facts image %}``: what the file says of itself, if anything."""
    return {"facts": facts_of_photos.photo_facts(asset)}


@register.simple_tag
def film_player() -> SafeString:
    """``{% film_player %}``: the script that makes players of the films of a page, those that come later too."""
    return player_html()


@register.simple_tag
def video_facts(video: Video) -> list[tuple[str, str]]:
    """``{% video_facts video as facts %}``: pairs of name and value."""
    return facts.video_facts(video)


@register.simple_tag
def video_poster(video: Video) -> PosterRendition | None:
    """``{% video_poster video as poster %}``: the small poster of this version, or None."""
    return facts.thumbnail(video)
