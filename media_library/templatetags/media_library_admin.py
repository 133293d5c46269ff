"""Tags for the admin's templates: ``{% load media_library_admin %}``."""

from typing import Any

from django import template
from django.template import Context
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from wagtail.permissions import policy_registry

from media_library import rights
from media_library.admin import crops, facts
from media_library.admin import photo_facts as facts_of_photos
from media_library.admin import sound_facts as facts_of_sounds
from media_library.admin.asset_links import AssetLink, asset_links
from media_library.admin.duplicates.asked import look_up
from media_library.admin.motion_facts import motion_photo
from media_library.admin.presets import sizes
from media_library.admin.resembling import resembling
from media_library.admin.suggestions.views import open_suggestions
from media_library.api.html import player_html, sphere_html, sphere_viewer_html
from media_library.models import Asset, Audio, CustomImage, MediaCollection, PosterRendition, Suggestion, Video
from media_library.usage import usage_counts

register = template.Library()

SHOWN_COLLECTIONS = 10
"""Media collections that the page of an asset leads to."""


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


@register.simple_tag
def asset_usage(asset: Asset) -> int:
    """``{% asset_usage asset as number %}``: how many objects use it, live, in drafts or scheduled."""
    return usage_counts([asset.pk])[asset.pk]


@register.filter
def share(done: float) -> str:
    """``{{ 0.31|share }}``: "31%", as the language writes it."""
    return _("%(number)s%%") % {"number": round(done * 100)}


@register.inclusion_tag("media_library/admin/asset_thumbnail.html")
def asset_thumbnail(asset: Asset) -> dict[str, Any]:
    """``{% asset_thumbnail asset %}``: a small picture of it, or an icon that gives way to one once it is there."""
    is_recording = asset.KIND in (Asset.Kind.VIDEO, Asset.Kind.AUDIO)
    return {
        "id": asset.pk,
        "poster_url": facts.thumbnail_url(asset),
        "icon_name": facts.KIND_ICONS[asset.KIND],
        "is_awaited": is_recording,
        "is_replaced": is_recording and asset.status != Asset.Status.READY,
    }


@register.simple_tag
def asset_icon(asset: Asset) -> SafeString:
    """``{% asset_icon asset %}``: what stands in for it where there is no picture."""
    return render_to_string("wagtailadmin/shared/icon.html", {"name": facts.KIND_ICONS[asset.kind]})


@register.simple_tag(takes_context=True)
def media_collections_of(context: dict[str, Any], asset: Asset) -> list[MediaCollection]:
    """``{% media_collections_of asset as collections %}``: those that it is in and that the user may change."""
    policy = policy_registry.get_by_type(MediaCollection)
    mine = policy.instances_user_has_permission_for(context["request"].user, "change")
    return list(mine.filter(items__asset=asset.pk).order_by("title")[:SHOWN_COLLECTIONS])


@register.simple_tag(takes_context=True)
def links_of_others(context: dict[str, Any], asset: Asset) -> list[AssetLink]:
    """``{% links_of_others asset as links %}``: to pages that other apps have about it."""
    return asset_links(asset, context["request"].user)


@register.simple_tag
def rights_panel(form: Any) -> SafeString:
    """``{% rights_panel form as rights %}`` before walking through the form; then ``{{ rights }}`` at its place."""
    fields = form.set_rights_aside()
    wrong = any(field.errors for field in fields)
    warning = rights.describe(form.instance)
    context = {"fields": fields, "is_open": wrong or bool(warning), "warning": warning}
    return render_to_string("media_library/admin/rights_panel.html", context)


@register.inclusion_tag("media_library/duplicates/notice.html", takes_context=True)
def duplicates_notice(context: Context, asset: Asset) -> dict[str, Any]:
    """``{% duplicates_notice asset %}``: of what this is a duplicate, as far as the user may see it."""
    return {"duplicates": look_up([asset.pk], context["request"].user)[asset.pk]}


@register.inclusion_tag("media_library/suggestions/panel.html", takes_context=True)
def suggestions_panel(context: Context, asset: Asset) -> dict[str, Any]:
    """``{% suggestions_panel asset %}``: what is suggested for it, outside the page's own form."""
    request = context["request"]
    suggestions = list(open_suggestions().filter(asset=asset.pk))
    thumbnail = facts.thumbnail_urls_of([asset]).get(asset.pk, "") if suggestions else ""
    return {"suggestions": suggestions, "thumbnail": thumbnail, "here": request.get_full_path()}


@register.inclusion_tag("media_library/presets/size_warnings.html")
def size_warnings(asset: Asset) -> dict[str, Any]:
    """``{% size_warnings asset %}``: where in the front end this picture is too small, if anywhere."""
    return {"warnings": sizes.size_warnings(asset)}


@register.inclusion_tag("media_library/admin/resembling.html", takes_context=True)
def resembling_media(context: Context, asset: Asset) -> dict[str, Any]:
    """``{% resembling_media asset %}``: a list of what resembles it, if anything does."""
    return {"items": resembling(asset, context["request"].user)}


@register.inclusion_tag("media_library/crops/panel.html")
def crops_panel(image: CustomImage) -> dict[str, Any]:
    """``{% crops_panel image %}``: all its crops beside one another, with the focal point of the page's form."""
    return crops.preview(image, list(open_suggestions(Suggestion.Field.FOCAL_POINT).filter(asset=image.pk)))


@register.inclusion_tag("media_library/crops/poster_panel.html")
def poster_crops_panel(video: Video) -> dict[str, Any]:
    """``{% poster_crops_panel video %}``: all crops of its poster, and the area that they keep."""
    return {"video": video} | crops.poster_preview(video)


@register.inclusion_tag("media_library/admin/photo_facts.html")
def photo_facts(asset: Asset) -> dict[str, Any]:
    """``{% photo_facts image %}``: what the file says of itself, if anything."""
    return {"facts": facts_of_photos.photo_facts(asset)}


@register.inclusion_tag("media_library/admin/special_media.html", takes_context=True)
def special_media(context: Context, image: CustomImage) -> dict[str, Any]:
    """``{% special_media image %}``: the film of a motion photo, and a panorama to look around in."""
    largest = image.largest_rendition() if image.projection else None
    sphere = ""
    if largest:
        still = format_html('<picture><img src="{}" alt="{}"></picture>', largest.url, image.alt)
        sphere = sphere_html(image.projection, still, image.alt, largest.url)
    return {"image": image, "motion": motion_photo(image), "sphere": sphere, "csrf_token": context["csrf_token"]}


@register.inclusion_tag("media_library/admin/stills.html")
def stills_of(video: Video) -> dict[str, Any]:
    """``{% stills_of video %}``: the motion photos whose film it is."""
    return {"stills": video.stills.filter(trashed_at=None)}


@register.simple_tag
def sphere_viewer() -> SafeString:
    """``{% sphere_viewer %}``: what makes panoramas of the page something to look around in."""
    return sphere_viewer_html()


@register.simple_tag
def film_player() -> SafeString:
    """``{% film_player %}``: the script that makes players of the films of a page, those that come later too."""
    return player_html()


@register.simple_tag
def video_facts(video: Video) -> list[tuple[str, str]]:
    """``{% video_facts video as facts %}``: pairs of name and value."""
    return facts.video_facts(video)


@register.simple_tag
def asset_poster(asset: Asset) -> PosterRendition | None:
    """``{% asset_poster asset as poster %}``: the small poster or cover, or None."""
    return facts.thumbnail(asset)


@register.simple_tag
def sound_facts(audio: Audio) -> list[tuple[str, str]]:
    """``{% sound_facts audio as facts %}``: pairs of name and value."""
    return facts_of_sounds.sound_facts(audio)
