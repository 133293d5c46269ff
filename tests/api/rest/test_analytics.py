"""Figures of the library, what nothing uses, and the feed of what is new."""

import json
import xml.etree.ElementTree as ET
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from wagtail.models import Collection, CollectionViewRestriction

from blog.models import BlogIndexPage
from cms.models import User
from media_library.models import Asset, AssetEngagement, AssetStatistics, CustomImage, Video
from tests.api.rest.conftest import ApiClient, api_client
from tests.api.rest.test_assets import ids, make_document
from tests.blog.content import make_image, make_person

pytestmark = pytest.mark.django_db

ANALYTICS = "/api/media/analytics/"
FEED = "/api/media/feed/"
MEDIA = "{http://search.yahoo.com/mrss/}"


def test_figures_are_those_of_the_dashboard(admin_api: ApiClient, press: Collection) -> None:
    image, other = make_image("Seen", collection=press), make_image("Unseen")
    document = make_document(collection=press)
    today = timezone.localdate()
    for day, views in ((today, 3), (today - timedelta(days=2), 4), (today - timedelta(days=60), 100)):
        AssetStatistics.objects.create(asset=image.asset_ptr, day=day, views=views, downloads=1, bytes=10)
    response = admin_api.get(ANALYTICS, {"days": 7})
    assert response.status_code == 200, response.content
    found = response.json()
    sizes = {one.pk: one.file_size for one in Asset.objects.all()}
    assert (found["totals"]["number"], found["totals"]["originals"]) == (3, sum(sizes.values()))
    assert (found["totals"]["views"], found["totals"]["downloads"], found["totals"]["bytes_sent"]) == (7, 2, 20)
    assert found["totals"]["unused"] == 3
    assert {one["kind"]: one["number"] for one in found["by_kind"]} == {
        "image": 2, "video": 0, "audio": 0, "document": 1,
    }  # fmt: skip
    folders = {one["collection"]["name"]: one["originals"] for one in found["by_collection"]}
    assert folders == {"Press": sizes[image.pk] + sizes[document.pk], "Root": sizes[other.pk]}
    assert len(found["steps"]) == 7
    assert found["steps"][-1]["uploads"]["image"] == 2
    assert [step["views"] for step in found["steps"]] == [0, 0, 0, 0, 4, 0, 3]
    assert [(one["asset"]["id"], one["views"]) for one in found["top"]] == [(image.pk, 7)]


def test_figures_are_those_of_what_the_user_may_see(writer_api: ApiClient, press: Collection) -> None:
    make_image("Theirs", collection=press), make_image("Other")
    assert writer_api.get(ANALYTICS).json()["totals"]["number"] == 1


def test_figures_are_for_those_who_see_the_dashboard(
    anybody: ApiClient, press: Collection, grant: Callable[..., None]
) -> None:
    reader = User.objects.create_user("reader", "r@example.org", "a long password")
    grant(reader, press, "choose_image")
    assert anybody.get(ANALYTICS).status_code == 401
    assert api_client(reader).get(ANALYTICS).status_code == 403


@pytest.mark.parametrize("days", ["0", "8", "x", "99999999999"])
def test_a_period_that_is_none_is_refused(admin_api: ApiClient, days: str) -> None:
    assert admin_api.get(ANALYTICS, {"days": days}).status_code == 422


def test_what_nothing_uses_is_listed(admin_api: ApiClient, blog: BlogIndexPage) -> None:
    used, free = make_image("Used"), make_image("Free")
    make_person(portrait=used)
    assert ids(admin_api.get("/api/media/unused/")) == [free.pk]
    assert ids(admin_api.get("/api/media/unused/", {"kind": "video"})) == []


def ready(*assets: Asset) -> None:
    Asset.objects.filter(pk__in=[asset.pk for asset in assets]).update(status=Asset.Status.READY)


def test_the_feed_has_the_newest_public_media(
    anybody: ApiClient, film: Video, press: Collection, develop: Callable[..., None]
) -> None:
    closed, image = make_image("Closed", collection=press), make_image("Open", caption="Low tide", credit="Ada")
    image.tags.add("sea")
    CollectionViewRestriction.objects.create(collection=press, restriction_type=CollectionViewRestriction.LOGIN)
    develop()
    make_image("Just come")
    response = anybody.get(FEED)
    assert response["Content-Type"] == "application/feed+json"
    assert "public" in response["Cache-Control"]
    found = response.json()
    assert found["version"] == "https://jsonfeed.org/version/1.1"
    first, second = found["items"]
    assert (first["title"], first["content_text"], first["tags"]) == ("Open", "Low tide", ["sea"])
    assert first["authors"] == [{"name": "Ada"}]
    assert first["image"].startswith("http://")
    assert first["attachments"][0]["mime_type"] == "image/jpeg"
    assert second["attachments"][0]["mime_type"] == "video/mp4"
    assert second["attachments"][0]["duration_in_seconds"] == pytest.approx(1, abs=0.2)
    assert closed.title not in json.dumps(found)


def test_the_feed_is_the_same_for_everybody(admin_api: ApiClient, anybody: ApiClient, press: Collection) -> None:
    image = make_image(collection=press)
    ready(image)
    CollectionViewRestriction.objects.create(collection=press, restriction_type=CollectionViewRestriction.LOGIN)
    assert admin_api.get(FEED).json()["items"] == anybody.get(FEED).json()["items"] == []


@pytest.mark.parametrize(
    ("query", "accept"), [("?format=rss", ""), ("", "application/rss+xml"), ("", "text/html, application/xml;q=0.9")]
)
def test_the_feed_comes_as_media_rss(anybody: ApiClient, query: str, accept: str) -> None:
    image = make_image("Fish & <chips>", caption="]]> “quoted”", credit="Ada")
    CustomImage.objects.filter(pk=image.pk).update(title="Fish & <chips>\x0b\x01")
    ready(image)
    response = anybody.get(FEED + query, headers={"Accept": accept} if accept else None)
    assert response["Content-Type"] == "application/rss+xml; charset=utf-8"
    items = ET.fromstring(response.content).findall("channel/item")  # noqa: S314
    assert [one.findtext("title") for one in items] == ["Fish & <chips>"]
    assert items[0].findtext("description") == "]]> “quoted”"
    assert items[0].find(f"{MEDIA}content").get("medium") == "image"
    assert items[0].find(f"{MEDIA}content").get("url").startswith("http://")
    assert items[0].findtext(f"{MEDIA}credit") == "Ada"


def test_a_format_that_is_none_is_refused(anybody: ApiClient) -> None:
    assert anybody.get(FEED, {"format": "atom"}).status_code == 422


def test_engagement_with_a_film_is_told_with_its_confidence(admin_api: ApiClient) -> None:
    film = Video.objects.create(title="Tide", duration=60)
    counts = {"viewings": [100], "reached": [100, 80, *[0] * 8], "milliseconds": [6500, *[0] * 9]}
    for days_ago, rows in ((0, counts), (50, {"viewings": [1000]})):
        day = timezone.localdate() - timedelta(days=days_ago)
        AssetEngagement.objects.create(asset_id=film.pk, day=day, counts=rows)
    found = admin_api.get(f"/api/media/{film.pk}/engagement/", {"days": 30}).json()
    assert (found["viewings"], found["seconds"][0]) == (100, 6.5)
    assert {name: round(value, 3) for name, value in found["retention"][1].items()} == {
        "share": 0.8, "lower": 0.711, "upper": 0.867,
    }  # fmt: skip
    assert found["widths"][-1] == {"up_to": None, "views": 0}


def test_engagement_with_a_picture_has_its_clicks_by_rows(admin_api: ApiClient) -> None:
    image = make_image("Seen")
    clicks = [0] * 100
    clicks[23] = 7
    day = timezone.localdate()
    AssetEngagement.objects.create(asset_id=image.pk, day=day, counts={"clicks": clicks, "widths": [4, *[0] * 6]})
    found = admin_api.get(f"/api/media/{image.pk}/engagement/").json()
    assert found["clicks"][2][3] == 7
    assert found["widths"][0] == {"up_to": 320, "views": 4}
    assert found["retention"] == []


def test_engagement_is_for_who_works_with_the_asset(
    writer_api: ApiClient, anybody: ApiClient, press: Collection
) -> None:
    mine, other = make_image("Mine", collection=press), make_image("Elsewhere")
    assert writer_api.get(f"/api/media/{mine.pk}/engagement/").status_code == 200
    assert writer_api.get(f"/api/media/{other.pk}/engagement/").status_code in (403, 404)
    assert writer_api.get("/api/media/999999/engagement/").status_code == 404
    assert anybody.get(f"/api/media/{other.pk}/engagement/").status_code == 401
