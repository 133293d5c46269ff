"""Tags for the admin's templates: ``{% load media_library_admin %}``."""

from typing import Any

from django import template
from django.utils.translation import gettext as _

from media_library.admin import facts
from media_library.admin import photo_facts as facts_of_photos
from media_library.models import Asset, PosterRendition, Video

register = template.Library()


@register.inclusion_tag("media_library/admin/asset_status.html")
def asset_status(asset: Asset, controls: bool = False) -> dict[str, Any]:
    """``{% asset_status asset %}``: a tag with the status of the asset that keeps itself up to date on the page.

    With ``controls=True``, also how far its parts are, and buttons to stop the work or to start it again.
    """
    return {
        "controls": controls,
        "id": asset.pk,
        "title": asset.title,
        "status": asset.status,
        "label": asset.get_status_display(),
        "reason": asset.status_reason,
    }


@register.filter
def share(done: float) -> str:
    """``{{ 0.31|share }}``: "31%", as the language writes it."""
    return _("%(number)s%%") % {"number": round(done * 100)}


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
def video_facts(video: Video) -> list[tuple[str, str]]:
    """``{% video_facts video as facts %}``: pairs of name and value."""
    return facts.video_facts(video)


@register.simple_tag
def video_poster(video: Video) -> PosterRendition | None:
    """``{% video_poster video as poster %}``: the small poster of this version, or None."""
    return facts.thumbnail(video)
