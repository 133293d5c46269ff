"""Whatever is written into a page, a snippet or a setting, nothing of it runs, nothing is lost, and nothing breaks."""

import json
from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.models import APIToken, Page, Site
from wagtail.test.utils.form_data import inline_formset, nested_form_data, rich_text, streamfield

from blog.models import (
    BlogIndexPage,
    Category,
    EventPage,
    FormPage,
    GalleryPage,
    LandingPage,
    Person,
    PersonPage,
    PostPage,
    Series,
    SiteSettings,
)
from cms.models import User
from media_library.models import Audio, CustomImage, MediaCollection, Video
from tests.blog.content import make_person, make_post
from tests.blog.hostile import ADDRESS, SCRIPT, elements, strings, texts

pytestmark = pytest.mark.django_db

HTML_IN_FEEDS = ("description", "encoded", "summary", "content")
PAGES = (PostPage, EventPage, GalleryPage, LandingPage, PersonPage, FormPage)
SNIPPETS = (Person, Category, Series)


@pytest.fixture
def library(photo: CustomImage, film: Video, sound: Audio) -> None:
    """One of each kind, and a collection, with hostile words about them."""
    for asset in (photo, film, sound):
        for name in ("title", "alt_text", "caption", "credit", "licence", "description"):
            setattr(asset, name, SCRIPT)
        asset.save()
    MediaCollection.objects.create(title=SCRIPT, slug="all", is_public=True)


@pytest.fixture
def chief(admin_user: User) -> Client:
    """Somebody who may do everything, in the admin and by token."""
    _token, secret = APIToken.create_token(user=admin_user, name="Tests")
    client = Client(headers={"Authorization": f"Bearer {secret}"})
    client.force_login(admin_user)
    return client


def send(client: Client, path: str, body: Any) -> Any:
    return client.post(f"/api/v3/{path}", json.dumps(body), content_type="application/json")


def written(client: Client, blog: BlogIndexPage, model: type[Page]) -> Page:
    """A live page of this type with hostile texts in all of its fields, by API v3."""
    body = texts(model) | {"meta": {"type": model._meta.label, "parent_id": blog.pk, "action": "publish"}}
    if model is EventPage:
        body["starts_at"] = "2026-05-01T10:00:00Z"
    if model is PersonPage:
        body["person_id"] = make_person(SCRIPT[:100], slug="ada").pk
    if model is FormPage:
        body["form_fields"] = [{"label": SCRIPT, "field_type": "singleline", "help_text": SCRIPT, "required": True}]
    response = send(client, "pages/", body)
    assert response.status_code == 201, response.content
    return model.objects.get()


def html_of(client: Client, page: Page) -> Iterator[tuple[str, str]]:
    """All that shows the page as HTML: by name."""
    yield "template", Client().get(page.get_url()).content.decode()
    yield "index", Client().get(page.get_parent().get_url()).content.decode()
    for name in ("edit", "history", "usage", "view_draft"):
        yield name, client.get(reverse(f"wagtailadmin_pages:{name}", args=[page.pk])).content.decode()
    yield "explorer", client.get(reverse("wagtailadmin_explore", args=[page.get_parent().pk])).content.decode()
    yield "home", client.get(reverse("wagtailadmin_home")).content.decode()


# HTML and scripts


@pytest.mark.parametrize("model", PAGES, ids=lambda model: model.__name__)
def test_html_in_every_field_of_a_page_runs_nowhere(
    chief: Client, blog: BlogIndexPage, library: None, model: type[Page]
):
    page = written(chief, blog, model)

    for place, html in html_of(chief, page):
        assert elements(html) == [], place
        assert "data-hostile" in html or place in ("index", "home"), place


@pytest.mark.parametrize("model", PAGES, ids=lambda model: model.__name__)
def test_html_of_the_api_is_cleaned_and_its_texts_are_as_they_were_written(
    chief: Client, blog: BlogIndexPage, library: None, model: type[Page]
):
    page = written(chief, blog, model)

    answer = Client().get(f"/api/v2/pages/{page.pk}/?fields=*")

    assert answer["Content-Type"].startswith("application/json")
    assert answer.json()["title"] == SCRIPT
    # What front ends put into a page as it is: rich text, embeds.
    as_html = [one for one in strings(answer.json()) if one.lstrip().startswith(("<p", "<iframe", "<figure"))]
    assert elements("".join(as_html)) == []
    assert not [one for one in strings(answer.json()) if one.startswith("javascript:")]


@pytest.mark.parametrize("model", SNIPPETS, ids=lambda model: model.__name__)
def test_html_in_every_field_of_a_snippet_runs_nowhere(
    chief: Client, blog: BlogIndexPage, library: None, model: type[Any]
):
    response = send(chief, f"snippets/{model._meta.label}/", texts(model) | {"slug": "hostile"})
    assert response.status_code == 201, response.content
    snippet = model.objects.get()
    name = {Person: "author", Category: "category", Series: "series"}[model]
    post = make_post(blog, 1, **{name: snippet})

    viewset = f"wagtailsnippets_blog_{model._meta.model_name}"
    pages = {
        "edit": reverse(f"{viewset}:edit", args=[snippet.pk]),
        "list": reverse(f"{viewset}:list"),
        "history": reverse(f"{viewset}:history", args=[snippet.pk]),
        "post": reverse("wagtailadmin_pages:edit", args=[post.pk]),
        "template": post.get_url(),
    }
    for place, url in pages.items():
        html = chief.get(url).content.decode()
        assert elements(html) == [], place


def test_html_in_the_settings_of_a_site_runs_nowhere(chief: Client, blog: BlogIndexPage):
    site = Site.objects.get()
    settings = SiteSettings.for_site(site)
    for name in ("tagline", "description", "footer_text"):
        field = SiteSettings._meta.get_field(name)
        setattr(settings, name, SCRIPT[: field.max_length] if field.max_length else SCRIPT)
    settings.save()
    site.site_name = SCRIPT
    site.save()
    post = make_post(blog)

    for url in (
        reverse("wagtailsettings:edit", args=["blog", "sitesettings", site.pk]),
        post.get_url(),
        blog.get_url(),
    ):
        assert elements(chief.get(url).content.decode()) == [], url
    assert Client().get("/api/v2/site/").json()["tagline"].startswith("\"'></title>")


def test_feeds_and_sitemap_are_xml_whatever_is_written(chief: Client, blog: BlogIndexPage, library: None):
    written(chief, blog, PostPage)

    for path in ("/feed.xml", "/sitemap.xml"):
        answer = Client().get(path)
        assert answer.status_code == 200
        tree = ElementTree.fromstring(answer.content)  # noqa: S314
        # A reader takes these for HTML.
        assert elements("".join(one.text or "" for one in tree.iter() if one.tag.endswith(HTML_IN_FEEDS))) == []


def form(**values: Any) -> dict[str, Any]:
    """A post as its form in the admin sends it."""
    data = {
        "title": "Post 1",
        "slug": "post-1",
        "summary": "",
        "date": "2026-01-02",
        "body": streamfield([]),
        "further_authors": inline_formset([]),
        "chosen_posts": inline_formset([]),
        "comments-TOTAL_FORMS": 0,
        "comments-INITIAL_FORMS": 0,
    }
    return nested_form_data(data | values)


def add(blog: BlogIndexPage) -> str:
    return reverse("wagtailadmin_pages:add", args=["blog", "postpage", blog.pk])


def test_html_by_the_form_of_the_admin_runs_nowhere_either(chief: Client, blog: BlogIndexPage, photo: CustomImage):
    body = [
        ("heading", {"text": SCRIPT, "level": "h2"}),
        ("rich_text", content(SCRIPT)),
        ("quote", {"text": SCRIPT, "attribution": SCRIPT, "source": ADDRESS}),
        ("code", {"language": "html", "code": SCRIPT}),
        ("image", {"image": photo.pk, "alt_text": SCRIPT, "caption": SCRIPT, "decorative": ""}),
    ]
    values = dict.fromkeys(("title", "summary", "seo_title", "search_description", "keywords"), SCRIPT)
    values |= dict.fromkeys(("social_title", "social_description"), SCRIPT) | {"tags": SCRIPT}

    response = chief.post(add(blog), form(**values, body=streamfield(body), **{"action-publish": "1"}))

    assert response.status_code == 302, response.content.decode()
    post = PostPage.objects.get()
    assert (post.title, post.live) == (SCRIPT, True)
    for place, html in html_of(chief, post):
        assert elements(html) == [], place


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "data:text/html,<script>", "vbscript:x", "//evil\n.example"]
)
def test_address_that_is_none_is_refused(chief: Client, blog: BlogIndexPage, address: str):
    quote = ("quote", {"text": "Words", "attribution": "", "source": address})

    response = chief.post(add(blog), form(canonical_url=address, body=streamfield([quote])) | {"action-publish": "1"})

    assert response.status_code == 200
    assert set(response.context["form"].errors) >= {"canonical_url", "body"}
    assert not PostPage.objects.exists()


# Too much


def test_page_that_is_too_large_is_refused_with_what_to_do(chief: Client, blog: BlogIndexPage):
    post = make_post(blog)
    url = reverse("wagtailadmin_pages:edit", args=[post.pk])

    response = chief.post(url, form(body=streamfield([("code", {"language": "text", "code": "x" * 5_000_000})])))

    assert response.status_code == 413
    assert "Nothing was saved" in response.content.decode()
    assert chief.get(url).status_code == 200


def test_page_with_too_many_fields_is_refused_with_what_to_do(chief: Client, blog: BlogIndexPage):
    response = chief.post(add(blog), form() | {f"field-{number}": "" for number in range(10_001)})

    assert response.status_code == 413
    assert "Nothing was saved" in response.content.decode()


def test_autosave_of_a_page_that_is_too_large_is_answered_in_json(chief: Client, blog: BlogIndexPage):
    data = form(summary="x" * 3_000_000)

    response = chief.post(add(blog), data, headers={"Accept": "application/json"})

    assert (response.status_code, response["Content-Type"]) == (413, "application/json")
    assert response.json()["success"] is False
    assert "Nothing was saved" in response.json()["error_message"]


def test_longest_page_that_is_taken_is_saved_found_and_opened(chief: Client, blog: BlogIndexPage):
    # Words that are all different: what search engines find hardest.
    words = " ".join(f"word{number}" for number in range(180_000))
    post = make_post(blog)
    url = reverse("wagtailadmin_pages:edit", args=[post.pk])
    block = ("code", {"language": "text", "code": words})

    response = chief.post(url, form(body=streamfield([block])) | {"action-publish": "1"})

    assert response.status_code == 302
    post.refresh_from_db()
    assert post.body[0].value["code"] == words
    assert chief.get(url).status_code == 200
    assert Client().get(f"/api/v2/pages/{post.pk}/").status_code == 200


# Slugs


def test_slug_that_exists_is_told_at_its_field(chief: Client, blog: BlogIndexPage):
    make_post(blog, 1)

    response = chief.post(add(blog), form(slug="post-1") | {"action-publish": "1"})

    assert response.status_code == 200
    assert "slug" in response.context["form"].errors
    assert PostPage.objects.count() == 1


def test_slug_that_exists_is_told_by_token(chief: Client, blog: BlogIndexPage):
    make_post(blog, 1)

    new = {"meta": {"type": "blog.PostPage", "parent_id": blog.pk}, "title": "Other", "slug": "post-1"}
    response = send(chief, "pages/", new | {"date": "2026-01-01"})

    assert response.status_code == 422
    assert [error["loc"] for error in response.json()["errors"]] == [["slug"]]


# Characters

EMOJI = "Tide 🌊👩‍🚀 𝒜"


def content(text: str) -> str:
    """Rich text as its editor sends it."""
    block = {"key": "a", "text": text, "type": "unstyled", "depth": 0, "inlineStyleRanges": [], "entityRanges": []}
    return json.dumps({"blocks": [block], "entityMap": {}})


def test_characters_beyond_the_basic_plane_are_kept(chief: Client, blog: BlogIndexPage):
    body = [("rich_text", rich_text(f"<p>{EMOJI}</p>")), ("heading", {"text": EMOJI, "level": "h2"})]

    chief.post(add(blog), form(title=EMOJI, body=streamfield(body)) | {"action-publish": "1"})

    post = PostPage.objects.get()
    assert post.title == post.body[1].value["text"] == EMOJI
    assert EMOJI in post.body[0].value.source
    assert Client().get(f"/api/v2/pages/{post.pk}/").json()["title"] == EMOJI
    assert EMOJI in Client().get(post.get_url()).content.decode()


@pytest.mark.parametrize("name", ["title", "summary", "slug", "keywords", "tags", "seo_title"])
def test_null_in_a_field_is_refused(chief: Client, blog: BlogIndexPage, name: str):
    response = chief.post(add(blog), form(**{name: "a\x00b"}) | {"action-publish": "1"})

    assert response.status_code == 200
    assert name in response.context["form"].errors


@pytest.mark.parametrize("character", ["\\u0000", "\\ud800", "\\udfff", "\\ufffe"])
def test_characters_that_are_none_do_not_break_a_text(chief: Client, blog: BlogIndexPage, character: str):
    source = content("before-after").replace("-", character, 1)

    response = chief.post(add(blog), form(body=streamfield([("rich_text", source)])) | {"action-publish": "1"})

    assert response.status_code == 302
    stored = PostPage.objects.get().body[0].value.source
    assert "before" in stored and "after" in stored
    # PostgreSQL stores neither.
    assert "\x00" not in stored
    stored.encode()


@pytest.mark.parametrize("block", ["heading", "quote", "code"])
def test_null_in_a_block_is_refused_and_nothing_is_lost(chief: Client, blog: BlogIndexPage, block: str):
    values = {
        "heading": {"text": "a\x00b", "level": "h2"},
        "quote": {"text": "a\x00b", "attribution": "", "source": ""},
    }
    values["code"] = {"language": "text", "code": "a\x00b"}

    response = chief.post(add(blog), form(body=streamfield([(block, values[block])])) | {"action-publish": "1"})

    assert response.status_code == 200
    assert "body" in response.context["form"].errors


@pytest.mark.parametrize("body", ["[", "{}", '{"blocks": 5}', '{"blocks": [{}]}', "null", "5", '"x"', ""])
def test_rich_text_that_is_none_is_no_error_of_ours(chief: Client, blog: BlogIndexPage, body: str):
    response = chief.post(add(blog), form(body=streamfield([("rich_text", body)])))

    assert response.status_code in (200, 302)
