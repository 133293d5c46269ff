"""What crawlers find of a site."""

import datetime
from collections.abc import Callable
from xml.etree.ElementTree import Element

import defusedxml.ElementTree
import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django.fixtures import Settings
from wagtail.models import PageViewRestriction, Site

from blog.models import BlogIndexPage, SiteSettings
from blog.seo.sitemap import PagesSitemap
from cms.models import User
from media_library.models import Video
from tests.blog.content import image_block, make_image, make_post, video_block
from tests.languages import languages, translate  # noqa: F401

NAMES = {
    "s": "http://www.sitemaps.org/schemas/sitemap/0.9",
    "image": "http://www.google.com/schemas/sitemap-image/1.1",
    "video": "http://www.google.com/schemas/sitemap-video/1.1",
    "xhtml": "http://www.w3.org/1999/xhtml",
}


def read(client: Client, url: str = "/sitemap.xml") -> Element:
    response = client.get(url)
    assert response.status_code == 200, response.content
    assert response["Content-Type"].startswith("application/xml")
    return defusedxml.ElementTree.fromstring(response.content)


def addresses(tree: Element) -> list[str]:
    return [one.text or "" for one in tree.findall(".//s:loc", NAMES)]


def test_public_pages_are_listed_with_their_last_change(client: Client, blog: BlogIndexPage) -> None:
    post = make_post(blog, 1)
    post.save_revision().publish()
    tree = read(client)
    assert addresses(tree) == ["http://localhost/", "http://localhost/post-1/"]
    post.refresh_from_db()
    told = tree.findall("s:url", NAMES)[1].findtext("s:lastmod", namespaces=NAMES)
    assert datetime.datetime.fromisoformat(told or "") == post.last_published_at


def test_what_is_hidden_closed_unpublished_or_from_elsewhere_is_left_out(
    client: Client, blog: BlogIndexPage, admin_user: User
) -> None:
    make_post(blog, 1)
    make_post(blog, 2, no_index=True)
    make_post(blog, 3, live=False)
    make_post(blog, 4, canonical_url="https://elsewhere.example/")
    PageViewRestriction.objects.create(page=make_post(blog, 5), restriction_type="login")
    # An answer that caches keep must not depend on who asks.
    client.force_login(admin_user)
    assert addresses(read(client)) == ["http://localhost/", "http://localhost/post-1/"]


def test_addresses_are_those_of_the_front_end_of_the_site(
    client: Client, blog: BlogIndexPage, settings: Settings
) -> None:
    settings.FRONTEND_URL = "https://www.example.org"
    assert addresses(read(client)) == ["https://www.example.org/"]
    assert "Sitemap: https://www.example.org/sitemap.xml" in client.get("/robots.txt").content.decode()


def test_other_site_is_chosen_by_its_name(client: Client, blog: BlogIndexPage) -> None:
    other = blog.get_parent().add_child(instance=BlogIndexPage(title="Other", slug="other"))
    site = Site.objects.create(hostname="other.example", root_page=other, port=443)
    SiteSettings.objects.create(site=site, frontend_url="https://front.example")
    make_post(other, 7)
    assert addresses(read(client, "/sitemap.xml?site=other.example")) == [
        "https://front.example/",
        "https://front.example/post-7/",
    ]
    assert addresses(read(client)) == ["http://localhost/"]
    assert client.get("/sitemap.xml?site=nowhere.example").status_code == 404


def test_site_of_a_name_that_two_have_asks_for_the_port(client: Client, blog: BlogIndexPage) -> None:
    Site.objects.create(hostname="localhost", root_page=blog, port=8001)
    response = client.get("/sitemap.xml?site=localhost")
    assert response.status_code == 400
    assert b"add the port" in response.content


def test_pictures_and_films_stand_with_their_page(
    client: Client, blog: BlogIndexPage, film: Video, develop: Callable[..., None]
) -> None:
    image = make_image("Harbour", size=700)
    film.title = "Low & high <tide>\x0b"
    film.save()
    develop(image, film)
    make_post(blog, 1, featured_image=image, body=[image_block(image), video_block(film)])
    url = read(client).findall("s:url", NAMES)[1]
    (picture,) = url.findall("image:image/image:loc", NAMES)
    assert (picture.text or "").startswith("http")
    (video,) = url.findall("video:video", NAMES)
    assert video.findtext("video:title", namespaces=NAMES) == "Low & high <tide>"
    assert (video.findtext("video:content_loc", namespaces=NAMES) or "").endswith(".mp4")
    assert (video.findtext("video:thumbnail_loc", namespaces=NAMES) or "").endswith(".jpg")
    assert video.findtext("video:duration", namespaces=NAMES) == "1"


@pytest.mark.usefixtures("languages")
def test_translations_know_each_other(client: Client, blog: BlogIndexPage) -> None:
    translate(make_post(blog, 1), slug="beitrag")
    make_post(blog, 2)
    links = {
        url.findtext("s:loc", namespaces=NAMES): [
            (one.get("hreflang"), one.get("href")) for one in url.findall("xhtml:link", NAMES)
        ]
        for url in read(client).findall("s:url", NAMES)
    }
    both = [("de", "http://localhost/de/beitrag/"), ("en", "http://localhost/post-1/")]
    assert links["http://localhost/post-1/"] == links["http://localhost/de/beitrag/"] == both
    assert links["http://localhost/post-2/"] == []


def test_many_pages_are_an_index_of_parts(
    client: Client, blog: BlogIndexPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(PagesSitemap, "limit", 2)
    for number in range(4):
        make_post(blog, number)
    parts = addresses(read(client))
    assert parts == [f"http://localhost/sitemap.xml?p={number}" for number in (1, 2, 3)]
    pages = [address for part in parts for address in addresses(read(client, part.removeprefix("http://localhost")))]
    assert len(pages) == len(set(pages)) == 5


@pytest.mark.parametrize("part", ["9", "0", "x"])
def test_part_that_there_is_not_is_404(part: str, client: Client, blog: BlogIndexPage) -> None:
    assert client.get(f"/sitemap.xml?p={part}").status_code == 404


def test_as_many_queries_for_many_pages_as_for_few(
    client: Client, blog: BlogIndexPage, develop: Callable[..., None]
) -> None:
    image = make_image("Harbour")
    develop(image)

    def queries() -> list[str]:
        cache.clear()
        with CaptureQueriesContext(connection) as context:
            client.get("/sitemap.xml")
        return [query["sql"] for query in context.captured_queries]

    make_post(blog, 1, body=[image_block(image)])
    # A process remembers types of content from the first time on.
    queries()
    few = queries()
    for number in range(2, 9):
        make_post(blog, number, body=[image_block(image)])
    many = queries()
    assert len(many) == len(few), "\n".join(many)


@pytest.mark.parametrize("url", ["/sitemap.xml", "/feed.xml", "/feed.json", "/robots.txt"])
def test_nothing_is_sent_again_until_a_page_changes(url: str, client: Client, blog: BlogIndexPage) -> None:
    post = make_post(blog, 1)
    post.save_revision().publish()
    first = client.get(url)
    assert set(first["Cache-Control"].split(", ")) == {"max-age=300", "public"}
    assert client.get(url, headers={"If-None-Match": first["ETag"]}).status_code == 304
    assert client.get(url, headers={"If-Modified-Since": first["Last-Modified"]}).status_code == 304
    post.unpublish()
    if url != "/robots.txt":
        assert client.get(url, headers={"If-None-Match": first["ETag"]}).status_code == 200


@pytest.mark.parametrize("url", ["/sitemap.xml", "/feed.xml", "/feed.json", "/robots.txt"])
def test_nothing_is_written_there(url: str, client: Client, blog: BlogIndexPage) -> None:
    assert client.post(url).status_code == 405
