"""Whatever is sent, API v3 answers with what is wrong, and never with a 500."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import product
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from wagtail.models import Page

from blog.models import BlogIndexPage, EventPage, FormPage, GalleryPage, LandingPage, PersonPage, PostPage
from media_library.models import CustomImage
from tests.api.v3.conftest import Bearer
from tests.blog.content import image_block, make_person, make_post

# A client of Django's raises what a server would answer with a 500.
NASTY: list[Any] = [
    *(None, True, -1, 2**31, 2**64, 10**40, 1.5, [], [None], {}, {"a": 1}),
    *("", "a\x00b", "\ud800", "x" * 70_000, "' OR 1=1 --", "../../etc/passwd", "2026-13-45", "٣"),
]
IDS = ["0", "-1", "99999999", "9" * 30, "abc", "1.5", "%00", "%FF", "٣", "..%2F..%2Fetc"]
BLOCKS: dict[str, Any] = {
    "heading": {"text": "Later", "level": "h2"},
    "rich_text": "<p>Hello</p>",
    "image": {"image": 1, "alt_text": "Boats"},
    "gallery": [{"image": 1, "alt_text": "Boats"}],
    "video": {"video": 1},
    "audio": {"audio": 1},
    "embed": "https://nowhere.example/",
    "media_collection": {"media_collection": 1, "layout": "grid"},
}


@pytest.fixture
def post(blog: BlogIndexPage, photo: CustomImage) -> PostPage:
    post = make_post(blog, body=[image_block(photo)], featured_image=photo)
    post.save_revision()
    return post


def send(bearer: Bearer, method: str, path: str, body: Any) -> Any:
    data = body if isinstance(body, bytes) else json.dumps(body)
    return getattr(bearer.client, method)(f"/api/v3/{path}", data, content_type="application/json")


@contextmanager
def apart() -> Iterator[None]:
    """Undo what a request has done to the transaction of the test: PostgreSQL ends it with the first error."""
    savepoint = transaction.savepoint()
    yield
    transaction.savepoint_rollback(savepoint)


def is_told(response: Any) -> bool:
    if response.status_code < 400:
        return True
    return response.status_code < 500 and response["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize(
    "name",
    ["title", "slug", "date", "body", "featured_image_id", "author_id", "tags", "go_live_at", "seo_title", "meta"],
)
def test_any_value_in_any_field_of_a_page(chief: Bearer, blog: BlogIndexPage, post: PostPage, name: str):
    page = {"meta": {"type": "blog.PostPage", "parent_id": blog.pk}, "title": "New", "date": "2026-01-01"}
    for value in NASTY:
        assert is_told(send(chief, "post", "pages/", page | {name: value})), value
        assert is_told(send(chief, "patch", f"pages/{post.pk}/", {name: value})), value


@pytest.mark.parametrize("model", [EventPage, GalleryPage, LandingPage, PersonPage, FormPage, BlogIndexPage])
def test_any_value_in_any_field_of_any_type_of_page(chief: Bearer, blog: BlogIndexPage, model: type[Page]):
    page = {"meta": {"type": model._meta.label, "parent_id": blog.pk}, "title": "New"}
    if model is EventPage:
        page["starts_at"] = "2026-05-01T10:00:00Z"
    if model is PersonPage:
        page["person_id"] = make_person().pk
    names = {field.name for field in model.api_fields} | {"person_id"}
    for name in sorted(names):
        for value in NASTY:
            with apart():
                assert is_told(send(chief, "post", "pages/", page | {name: value})), (name, value)


@pytest.mark.parametrize("kind", BLOCKS)
def test_any_value_in_any_block(chief: Bearer, post: PostPage, kind: str):
    good = BLOCKS[kind]
    values = [*NASTY, *(good | {name: value} for name, value in product(good, NASTY) if isinstance(good, dict))]
    for value in values if isinstance(good, dict) else [*NASTY, good]:
        for more in ({}, {"id": 5}):
            body = [{"type": kind, "value": value, **more}]
            assert is_told(send(chief, "patch", f"pages/{post.pk}/", {"body": body})), value


def test_block_that_is_none_is_told_with_its_place(chief: Bearer, post: PostPage, photo: CustomImage):
    for block, place in (
        ({"type": "image"}, "body.1: "),
        ({"type": "hologram", "value": 1}, "body.1: "),
        ("image", "body.1: "),
        ({"type": "image", "value": 3}, "body.1: "),
        ({"type": "image", "value": {"image": {"id": 1}}}, "body.1.image: "),
        ({"type": "gallery", "value": [{"image": "one"}]}, "body.1.0.image: "),
        ({"type": "embed", "value": 5}, "body.1: "),
    ):
        response = chief.patch(f"pages/{post.pk}/", {"body": [image_block(photo), block]})
        assert response.status_code == 422
        assert place in response.json()["errors"][0]["msg"]


@pytest.mark.parametrize(
    "body", [b"", b"{", b"\xff\xfe", b"\x00", b"[" * 100_000, b"null", b"[]", b"5", b'"text"', b'{"title": "\\ud800"}']
)
def test_body_that_is_no_object(chief: Bearer, post: PostPage, photo: CustomImage, body: bytes):
    person = make_person()
    for method, path in (
        ("post", "pages/"),
        ("patch", f"pages/{post.pk}/"),
        ("post", f"pages/{post.pk}/actions/move/"),
        ("post", "snippets/blog.Person/"),
        ("patch", f"snippets/blog.Person/{person.pk}/"),
        ("patch", f"images/{photo.pk}/"),
        ("post", "images/"),
        ("post", "sites/"),
    ):
        assert is_told(send(chief, method, path, body)), path


def test_body_that_is_too_large_is_told(chief: Bearer, post: PostPage):
    response = chief.patch(f"pages/{post.pk}/", {"summary": "x" * 3_000_000})

    assert (response.status_code, response.json()["code"]) == (413, "too_large")


@pytest.mark.parametrize("content_type", ["text/plain", "multipart/form-data", "multipart/form-data; boundary=x"])
def test_upload_of_another_content_type(chief: Bearer, content_type: str):
    for kind in ("images", "documents"):
        response = chief.client.post(f"/api/v3/{kind}/", b"--x\r\nhello", content_type=content_type)
        assert response.status_code in (400, 422)


@pytest.mark.parametrize("kind", ["pages", "images", "documents", "sites", "snippets/blog.Person", "snippets/x.Y"])
def test_ids_that_are_none(chief: Bearer, blog: BlogIndexPage, kind: str):
    for one in IDS:
        for method in ("get", "patch", "delete"):
            response = send(chief, method, f"{kind}/{one}/", {}) if method != "get" else chief.get(f"{kind}/{one}/")
            assert response.status_code in (404, 405, 422), (method, one)


@pytest.mark.parametrize(
    ("path", "names"),
    [
        ("pages", ["type", "child_of", "site", "order", "search", "limit", "offset", "pk", "date", "author", "tags"]),
        ("pages/find", ["id", "html_path", "site"]),
        ("images", ["order", "search", "limit", "offset", "id", "width"]),
        ("documents", ["order", "search", "offset", "id"]),
        ("snippets/blog.Person", ["order", "search", "name", "portrait", "translation_of"]),
    ],
)
def test_any_value_of_any_parameter(chief: Bearer, blog: BlogIndexPage, path: str, names: list[str]):
    values = ["", "a\x00b", "9" * 30, "-1", "1.5", "abc", "' OR 1=1 --", "%00", "-title", "NaN", "x" * 3000, "root"]
    for name, value in product(names, values):
        for who, query in (
            (chief.client, {}),
            (Client(), {}),
            (chief.client, {"type": "blog.PostPage", "search": "x"}),
        ):
            with apart():
                assert is_told(who.get(f"/api/v3/{path}/", query | {name: value})), (name, value)


@pytest.mark.parametrize(
    ("action", "names"),
    [
        ("copy", ["destination_id", "recursive", "slug", "title"]),
        ("move", ["destination_id", "position"]),
        ("create_alias", ["destination_id", "slug"]),
        ("revert", ["revision_id"]),
        ("unpublish", ["recursive"]),
        ("copy_for_translation", ["locale"]),
    ],
)
def test_any_value_in_any_action(chief: Bearer, blog: BlogIndexPage, post: PostPage, action: str, names: list[str]):
    for name, value in product(names, [*NASTY, 1, post.pk, blog.pk]):
        for page_id in (1, blog.pk, post.pk):
            assert is_told(chief.post(f"pages/{page_id}/actions/{action}/", {name: value}))


@pytest.mark.parametrize(
    ("action", "data"),
    [
        ("copy", {}),
        ("create_alias", {}),
        ("move", {"destination_id": 1}),
        ("move", {"destination_id": 1, "position": "left"}),
    ],
)
def test_nothing_is_put_beside_the_root(chief: Bearer, post: PostPage, action: str, data: dict[str, Any]):
    page_id = post.pk if action == "move" else 1

    response = chief.post(f"pages/{page_id}/actions/{action}/", data)

    assert (response.status_code, response.json()["code"]) == (422, "no_parent")
