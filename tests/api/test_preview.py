"""Drafts by signed token, and the way from the admin to the front end."""

import time
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.signing import TimestampSigner
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from blog.models import BlogIndexPage, LandingPage, PostPage
from tests.blog.content import image_block, make_image, make_post, one_of_each

PATHS = [
    f"/api/v2/{name}{number}{slash}"
    for name in ("preview", "page_preview")
    for number in ("", "/0", "/1")
    for slash in ("", "/")
]


@pytest.fixture
def draft(blog: BlogIndexPage) -> PostPage:
    """A published post with changes that are not."""
    post = make_post(blog, 1, tags=("sea",))
    post.title = "Not out yet"
    post.tags.add("draft")
    return post


@pytest.fixture
def token(draft: PostPage) -> str:
    return draft.create_page_preview().token


def ask(client: Client, token: str, path: str = "/api/v2/page_preview/", content_type: str = "blog.postpage"):
    return client.get(path, {"content_type": content_type, "token": token})


@pytest.mark.parametrize("path", PATHS)
def test_draft_is_served_at_every_path_that_clients_use(path: str, client: Client, token: str) -> None:
    response = ask(client, token, path)
    assert response.status_code == 200
    assert response.json()["title"] == "Not out yet"


def test_draft_is_stored_by_nobody(client: Client, token: str) -> None:
    assert ask(client, token)["Cache-Control"] == "no-store"
    assert ask(client, "wrong")["Cache-Control"] == "no-store"


def test_format_and_in_preview_panel_are_accepted(client: Client, token: str) -> None:
    query = {"content_type": "blog.postpage", "token": token, "format": "json", "in_preview_panel": "true"}
    assert client.get("/api/v2/page_preview/", query).status_code == 200


def test_draft_looks_like_the_detail_of_a_published_page(client: Client, blog: BlogIndexPage) -> None:
    image = make_image()
    post = make_post(blog, 1, tags=("sea",), featured_image=image, body=one_of_each(image))
    published = client.get(f"/api/v2/pages/{post.pk}/").json()
    assert ask(client, post.create_page_preview().token).json() == published


def test_draft_shows_what_is_not_saved(client: Client, blog: BlogIndexPage, draft: PostPage) -> None:
    image = make_image("New")
    draft.featured_image = image
    draft.body = PostPage._meta.get_field("body").stream_block.to_python([image_block(image)])
    shown = ask(client, draft.create_page_preview().token).json()
    assert shown["featured_image"]["title"] == "New"
    assert shown["body"][0]["value"]["id"] == image.pk
    assert shown["tags"] == ["draft", "sea"]
    assert client.get(f"/api/v2/pages/{draft.pk}/").json()["title"] == "Post 1"


def test_page_that_was_never_saved_has_a_preview(client: Client, blog: BlogIndexPage) -> None:
    post = PostPage(title="Brand new", slug="brand-new", path=blog._get_children_path_interval(blog.path)[1], depth=4)
    post.set_url_path(blog)
    shown = ask(client, post.create_page_preview().token).json()
    assert (shown["id"], shown["title"], shown["tags"]) == (None, "Brand new", [])
    assert shown["meta"]["detail_url"] is None
    assert shown["meta"]["parent"]["id"] == blog.pk


def test_page_that_was_moved_since_still_has_its_preview(client: Client, blog: BlogIndexPage, token: str) -> None:
    elsewhere = LandingPage(title="Archive", slug="archive")
    blog.add_child(instance=elsewhere)
    year = BlogIndexPage(title="2025", slug="2025")
    elsewhere.add_child(instance=year)
    PostPage.objects.get().move(year, pos="last-child")
    shown = ask(client, token).json()
    assert shown["title"] == "Not out yet"
    assert shown["meta"]["parent"]["title"] == "2025"
    assert shown["meta"]["html_url"].endswith("/archive/2025/post-1/")


def test_new_page_whose_parent_was_moved_since_still_has_its_preview(client: Client, blog: BlogIndexPage) -> None:
    year = blog.add_child(instance=BlogIndexPage(title="2025", slug="2025"))
    post = PostPage(title="Brand new", slug="brand-new", path=year._get_children_path_interval(year.path)[1], depth=5)
    token = post.create_page_preview().token
    archive = blog.add_child(instance=LandingPage(title="Archive", slug="archive"))
    year.move(archive, pos="last-child")
    shown = ask(client, token).json()
    assert shown["meta"]["html_url"].endswith("/archive/2025/brand-new/")


def test_preview_of_a_page_that_was_deleted_since_is_404(client: Client, draft: PostPage, token: str) -> None:
    PostPage.objects.get(pk=draft.pk).delete()
    assert "open its preview again" in (response := ask(client, token)).json()["message"]
    assert response.status_code == 404


def test_two_previews_at_the_same_time_are_two_drafts(client: Client, draft: PostPage, token: str) -> None:
    draft.title = "By somebody else"
    other = draft.create_page_preview().token
    assert [ask(client, one).json()["title"] for one in (token, other)] == ["Not out yet", "By somebody else"]


def test_of_one_page_the_newest_drafts_are_kept(client: Client, draft: PostPage, token: str) -> None:
    newer = [draft.create_page_preview().token for _ in range(50)]
    assert [ask(client, one).status_code for one in (token, newer[0], newer[-1])] == [404, 200, 200]


def test_token_that_is_too_old_is_refused(
    client: Client, draft: PostPage, monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    settings.PREVIEW_TOKEN_MAX_AGE = 60
    now = time.time()
    monkeypatch.setattr("django.core.signing.time.time", lambda: now - 61)
    token = draft.create_page_preview().token
    monkeypatch.undo()
    response = ask(client, token)
    assert response.status_code == 400
    assert "expired" in response.json()["message"]


def test_token_of_somebody_else_is_refused(client: Client, draft: PostPage, token: str) -> None:
    for wrong in ("", "id=7", f"{token}x", TimestampSigner(salt="another salt").sign(f"id={draft.pk}")):
        response = ask(client, wrong)
        assert response.status_code == 400
        assert response.json()["message"]


def test_token_without_a_draft_is_404(client: Client, draft: PostPage) -> None:
    response = ask(client, PostPage.get_preview_signer().sign("id=999"))
    assert response.status_code == 404
    assert response.json()["message"]


@pytest.mark.parametrize("content_type", ["", "blog", "blog.nothing", "blog.person", "cms.user", "wagtailcore.page"])
def test_content_type_without_previews_is_refused(content_type: str, client: Client, token: str) -> None:
    response = ask(client, token, content_type=content_type)
    assert response.status_code == 400
    assert response.json()["message"]


def test_token_is_good_for_its_own_type_only(client: Client, token: str) -> None:
    assert ask(client, token, content_type="blog.blogindexpage").status_code == 404


def test_admin_sends_the_preview_to_the_front_end(admin_client: Client, draft: PostPage, settings: Settings) -> None:
    settings.FRONTEND_URL = "https://www.example.org"
    settings.FRONTEND_PREVIEW_URL = "https://www.example.org/api/preview"
    draft.save_revision()
    response = admin_client.get(reverse("wagtailadmin_pages:view_draft", args=[draft.pk]))
    address = urlsplit(response["Location"])
    assert f"{address.scheme}://{address.netloc}{address.path}" == "https://www.example.org/api/preview"
    query = {name: values[0] for name, values in parse_qs(address.query).items()}
    assert (query["content_type"], query["in_preview_panel"]) == ("blog.postpage", "false")
    assert ask(admin_client, query["token"]).json()["title"] == "Not out yet"


def test_without_a_front_end_the_preview_goes_through_the_templates(admin_client: Client, draft: PostPage) -> None:
    draft.save_revision()
    response = admin_client.get(reverse("wagtailadmin_pages:view_draft", args=[draft.pk]))
    assert "blog/post_page.html" in [template.name for template in response.templates]
    assert "Not out yet" in response.content.decode()
