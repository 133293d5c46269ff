"""Pages in several languages, as front ends ask for them."""

import pytest
from django.test import Client
from pytest_django.fixtures import Settings
from wagtail.models import Locale, PageViewRestriction

from blog.models import BlogIndexPage, PostAuthor, PostPage
from tests.api.test_queries import queries
from tests.api.test_site import SITE, entry, write_menu
from tests.blog.content import (
    image_block,
    linked,
    make_category,
    make_image,
    make_person,
    make_post,
    rich_text_block,
)
from tests.languages import languages, translate  # noqa: F401

FRONT_END = "https://www.example.org"
pytestmark = pytest.mark.usefixtures("languages")


@pytest.fixture
def post(blog: BlogIndexPage, settings: Settings) -> PostPage:
    settings.FRONTEND_URL = FRONT_END
    return make_post(blog, 1)


def alternates(client: Client, page: PostPage) -> dict[str, str]:
    meta = client.get(f"/api/v2/pages/{page.pk}/").json()["meta"]
    return {one["locale"]: one["html_url"] for one in meta["alternates"]}


def test_page_says_its_language_and_where_it_is_in_others(client: Client, post: PostPage) -> None:
    german = translate(post, slug="beitrag-1")
    found = {
        "en": f"{FRONT_END}/post-1/",
        "de": f"{FRONT_END}/de/beitrag-1/",
        "x-default": f"{FRONT_END}/post-1/",
    }
    assert alternates(client, post) == alternates(client, german) == found
    meta = client.get(f"/api/v2/pages/{german.pk}/").json()["meta"]
    assert (meta["locale"], meta["html_url"]) == ("de", f"{FRONT_END}/de/beitrag-1/")


def test_page_in_one_language_has_no_alternates(client: Client, post: PostPage) -> None:
    assert alternates(client, post) == {}


def test_drafts_closed_translations_and_aliases_are_no_alternates(client: Client, post: PostPage) -> None:
    translate(post, live=False)
    assert alternates(client, post) == {}
    PostPage.objects.get(locale__language_code="de").save_revision().publish()
    closed = PostPage.objects.get(locale__language_code="de")
    restriction = PageViewRestriction.objects.create(page=closed, restriction_type="login")
    assert alternates(client, post) == {}
    restriction.delete()
    post.copy_for_translation(Locale.objects.get(language_code="ar"), copy_parents=True, alias=True)
    assert set(alternates(client, post)) == {"en", "de", "x-default"}


def test_alternates_take_no_query_for_each_page(client: Client, blog: BlogIndexPage) -> None:
    url = "/api/v2/pages/?type=blog.PostPage&fields=alternates&limit=100"
    for number in range(2):
        translate(make_post(blog, number))
    few = queries(client, url)
    for number in range(2, 8):
        translate(make_post(blog, number))
    many = queries(client, url)
    assert all(len(one["meta"]["alternates"]) == 3 for one in client.get(url).json()["items"])
    assert len(many) == len(few), "\n".join(many)


def test_listing_is_narrowed_to_a_language_and_to_translations_of_a_page(client: Client, post: PostPage) -> None:
    german = translate(post)
    listed = client.get("/api/v2/pages/?type=blog.PostPage&locale=de").json()["items"]
    assert [(one["id"], one["meta"]["locale"]) for one in listed] == [(german.pk, "de")]
    others = client.get(f"/api/v2/pages/?translation_of={post.pk}").json()["items"]
    assert [one["id"] for one in others] == [german.pk]
    both = client.get(f"/api/v2/pages/?translation_of={post.pk}&locale=en").json()["items"]
    assert both == []


@pytest.mark.parametrize("path", ["/de/beitrag-1/", "de/beitrag-1", "/de/beitrag-1/?utm_source=mail"])
def test_page_is_found_by_its_path_in_its_language(path: str, client: Client, post: PostPage) -> None:
    german = translate(post, slug="beitrag-1")
    assert client.get("/api/v2/pages/find/", {"html_path": path}, follow=True).json()["id"] == german.pk
    assert client.get("/api/v2/pages/find/", {"html_path": "/post-1/"}, follow=True).json()["id"] == post.pk


def test_what_is_not_translated_is_not_found_in_that_language(client: Client, post: PostPage) -> None:
    for path in ("/de/post-1/", "/de/", "/ar/post-1/"):
        assert client.get("/api/v2/pages/find/", {"html_path": path}).status_code == 404


def test_links_in_text_lead_to_pages_in_the_language_of_the_text(
    client: Client, blog: BlogIndexPage, post: PostPage
) -> None:
    other = make_post(blog, 2, body=[rich_text_block(linked(post))])
    translate(post, slug="beitrag-1")
    german = translate(other, slug="beitrag-2")

    def html(page: PostPage) -> str:
        return client.get(f"/api/v2/pages/{page.pk}/").json()["body"][0]["value"]

    assert f'href="{FRONT_END}/post-1/"' in html(other)
    assert f'href="{FRONT_END}/de/beitrag-1/"' in html(german)


def test_translated_post_keeps_its_media_author_category_and_tags(client: Client, blog: BlogIndexPage) -> None:
    image = make_image()
    post = make_post(
        blog,
        1,
        further_authors=[PostAuthor(person=make_person("Bo"))],
        featured_image=image,
        author=make_person(),
        category=make_category(),
        tags=("sea",),
        body=[image_block(image)],
    )
    translate(post, title="Beitrag 1")
    (shown,) = client.get("/api/v2/pages/?type=blog.PostPage&locale=de&fields=*").json()["items"]
    assert shown["title"] == "Beitrag 1"
    assert [one["name"] for one in shown["authors"]] == ["Ada Example", "Bo"]
    assert (shown["author"]["name"], shown["category"]["slug"], shown["tags"]) == ("Ada Example", "technique", ["sea"])
    assert shown["featured_image"]["id"] == shown["body"][0]["value"]["id"] == image.pk


def test_mirrored_page_follows_its_original_and_says_so(client: Client, post: PostPage) -> None:
    mirror = post.copy_for_translation(Locale.objects.get(language_code="de"), copy_parents=True, alias=True)
    post.title = "Changed"
    post.save_revision().publish()
    (shown,) = client.get("/api/v2/pages/?type=blog.PostPage&locale=de&fields=alias_of").json()["items"]
    assert (shown["id"], shown["title"]) == (mirror.pk, "Changed")
    assert shown["meta"]["alias_of"]["id"] == post.pk


def test_site_and_its_menus_come_in_the_language_that_is_asked_for(
    client: Client, blog: BlogIndexPage, post: PostPage
) -> None:
    only_english = make_post(blog, 2)
    german = translate(post, title="Beitrag 1", slug="beitrag-1")
    write_menu(entry(post), entry(only_english), entry(post, label="Always so"))
    shown = client.get(SITE, {"locale": "de"}).json()
    assert shown["locale"] == "de"
    assert shown["root"]["url"] == f"{FRONT_END}/de/"
    assert shown["locales"] == [
        {"code": "en", "name": "English", "url": f"{FRONT_END}/"},
        {"code": "de", "name": "Deutsch", "url": f"{FRONT_END}/de/"},
    ]
    assert [(one["label"], one["page"]) for one in shown["menus"]["main"]] == [
        ("Beitrag 1", german.pk),
        ("Post 2", only_english.pk),
        ("Always so", german.pk),
    ]
    english = client.get(SITE).json()
    assert [one["label"] for one in english["menus"]["main"]] == ["Post 1", "Post 2", "Always so"]
