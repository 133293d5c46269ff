"""The newest public media, for whoever subscribes: JSON Feed 1.1 and Media RSS."""

import mimetypes
import re
from typing import Any, Literal
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.feedgenerator import Rss201rev2Feed
from django.utils.translation import gettext as _
from django.utils.xmlutils import SimplerXMLGenerator
from ninja import Field, Query, Router, Schema

from media_library.api.rest.auth import Anyone
from media_library.api.rest.filters import note_lists, require_known
from media_library.api.rest.reading import load, readable_assets, represent_assets
from media_library.api.rest.schemas import JsonFeed
from media_library.cache_tags import LISTS
from media_library.models import Asset

router = Router(tags=["media"])

JSON_FEED, RSS = "application/feed+json", "application/rss+xml"
RSS_TYPES = (RSS, "application/xml", "text/xml")

MAX_AGE = 5 * 60
"""Seconds for which readers and caches may keep it."""

NOT_IN_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


class Feed(Schema):
    format: Literal["json", "rss"] | None = Field(None, description="Without it, what `Accept` prefers.")
    limit: int = Field(20, ge=1, le=100)


@router.get(
    "/feed/",
    response=JsonFeed,
    auth=Anyone(),
    operation_id="get_media_feed",
    summary="Subscribe to the newest public media",
    openapi_extra={
        "x-media-type": JSON_FEED,
        "responses": {200: {"content": {RSS: {"schema": {"type": "string"}}}}},
    },
)
def get_media_feed(request: HttpRequest, params: Query[Feed]) -> HttpResponse:
    """As JSON Feed 1.1, or as RSS with Media RSS. The same for everybody."""
    require_known(request, Feed)
    note_lists(LISTS, by_content=True)
    ready = readable_assets(request).filter(status=Asset.Status.READY).order_by("-created_at", "-pk")
    ids = list(ready.values_list("pk", flat=True)[: params.limit])
    objects = {one["id"]: one for one in represent_assets(request, ids)}
    items = [feed_item(asset, objects[asset.pk], request) for asset in load(ids) if asset.pk in objects]
    response = _as_rss(items, request) if _wants_rss(request, params) else _as_json(items, request)
    response["Cache-Control"] = f"public, max-age={MAX_AGE}"
    response["Vary"] = "Accept"
    return response


def feed_item(asset: Any, found: dict[str, Any], request: HttpRequest) -> dict[str, Any]:
    """One asset as ``FeedItem``."""
    item: dict[str, Any] = {
        "id": f"media-{asset.pk}",
        "url": request.build_absolute_uri(f"/api/media/{asset.pk}/"),
        "title": asset.title,
        "content_text": found.get("caption") or found.get("alt") or asset.title,
        "date_published": asset.created_at,
        "date_modified": asset.updated_at,
        "tags": found["meta"]["tags"],
        "attachments": [],
    }
    picture = found if asset.kind == Asset.Kind.IMAGE else found.get("poster") or {}
    if picture.get("src"):
        item["image"] = request.build_absolute_uri(picture["src"])
    if found.get("credit"):
        item["authors"] = [{"name": found["credit"]}]
    if address := found["meta"]["download_url"]:
        attachment = {
            "url": request.build_absolute_uri(address),
            # What visitors get is not of the type of the original.
            "mime_type": mimetypes.guess_type(urlsplit(address).path)[0] or asset.mime_type,
            "title": asset.title,
        }
        if asset.duration is not None:
            attachment["duration_in_seconds"] = asset.duration
        item["attachments"].append(attachment)
    return item


def _wants_rss(request: HttpRequest, params: Feed) -> bool:
    if params.format:
        return params.format == "rss"
    return request.get_preferred_type([JSON_FEED, "application/json", *RSS_TYPES]) in RSS_TYPES


def _title() -> str:
    return _("%(site)s: new media") % {"site": settings.WAGTAIL_SITE_NAME}


def _as_json(items: list[dict[str, Any]], request: HttpRequest) -> HttpResponse:
    body = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": _title(),
        "home_page_url": request.build_absolute_uri("/"),
        "feed_url": request.build_absolute_uri(),
        "items": items,
    }
    return JsonResponse(body, content_type=JSON_FEED)


class MediaRss(Rss201rev2Feed):
    """RSS 2.0 with Media RSS (https://www.rssboard.org/media-rss)."""

    content_type = f"{RSS}; charset=utf-8"

    def rss_attributes(self) -> dict[str, str]:
        return super().rss_attributes() | {"xmlns:media": "http://search.yahoo.com/mrss/"}

    def add_item_elements(self, handler: SimplerXMLGenerator, item: dict[str, Any]) -> None:
        super().add_item_elements(handler, item)
        media = item["media"]
        for one in media["attachments"]:
            attributes = {"url": one["url"], "type": one["mime_type"], "medium": one["mime_type"].partition("/")[0]}
            if attributes["medium"] not in ("image", "audio", "video"):
                attributes["medium"] = "document"
            if "duration_in_seconds" in one:
                attributes["duration"] = str(round(one["duration_in_seconds"]))
            handler.addQuickElement("media:content", None, attributes)
        handler.addQuickElement("media:title", _plain(media["title"]), {"type": "plain"})
        handler.addQuickElement("media:description", _plain(media["content_text"]), {"type": "plain"})
        if "image" in media:
            handler.addQuickElement("media:thumbnail", None, {"url": media["image"]})
        for author in media.get("authors", ()):
            handler.addQuickElement("media:credit", _plain(author["name"]))


def _as_rss(items: list[dict[str, Any]], request: HttpRequest) -> HttpResponse:
    feed = MediaRss(
        title=_plain(_title()),
        link=request.build_absolute_uri("/"),
        description=_plain(_title()),
        feed_url=request.build_absolute_uri(),
    )
    for item in items:
        feed.add_item(
            title=_plain(item["title"]),
            link=item["url"],
            description=_plain(item["content_text"]),
            unique_id=item["id"],
            unique_id_is_permalink=False,
            pubdate=item["date_published"],
            updateddate=item["date_modified"],
            categories=[_plain(tag) for tag in item["tags"]],
            media=item,
        )
    return HttpResponse(feed.writeString("utf-8"), content_type=feed.content_type)


def _plain(text: str) -> str:
    """Without characters that XML can't say."""
    return NOT_IN_XML.sub("", text)
