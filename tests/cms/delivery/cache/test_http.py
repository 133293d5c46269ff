"""The HTTP of answers: validators, codings, who may keep them, tags for CDNs."""

import gzip

import brotli
import pytest
from django.http import JsonResponse
from django.test import Client

from cms.delivery.tags import MOST_BYTES, coarser, header_tags

POSTS = "/api/v2/pages/?limit=20"


@pytest.mark.parametrize("coding", ["", "gzip", "br"])
def test_known_answer_is_304_in_each_coding(coding: str, reader: Client) -> None:
    first = reader.get(POSTS, HTTP_ACCEPT_ENCODING=coding)
    again = reader.get(POSTS, HTTP_ACCEPT_ENCODING=coding, HTTP_IF_NONE_MATCH=first["ETag"])
    assert (again.status_code, again.content, again["ETag"], again["X-Cache"]) == (304, b"", first["ETag"], "HIT")
    assert {"Cache-Control", "Cache-Tag", "Vary"} <= set(again.headers)
    assert "Content-Type" not in again


def test_etag_that_a_proxy_made_weak_is_known(reader: Client) -> None:
    etag = reader.get(POSTS)["ETag"]
    assert reader.get(POSTS, HTTP_IF_NONE_MATCH=f'"other", W/{etag}').status_code == 304


def test_other_etag_gets_the_answer(reader: Client) -> None:
    assert reader.get(POSTS, HTTP_IF_NONE_MATCH='"other"').status_code == 200


def test_codings_have_etags_of_their_own(reader: Client) -> None:
    etags = {reader.get(POSTS, HTTP_ACCEPT_ENCODING=coding)["ETag"] for coding in ("", "gzip", "br")}
    assert len(etags) == 3


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [
        ("gzip, deflate, br, zstd", "br"),
        ("gzip", "gzip"),
        ("br;q=0, gzip;q=0.5", "gzip"),
        ("*", "br"),
        ("identity", None),
        ("", None),
        ("gzip;q=nonsense", None),
    ],
)
def test_body_comes_in_the_best_coding_that_is_taken(accepted: str, coding: str | None, api, reader: Client) -> None:
    for _again in range(2):
        response = reader.get(POSTS, HTTP_ACCEPT_ENCODING=accepted)
        assert response.get("Content-Encoding") == coding
        read = {"br": brotli.decompress, "gzip": gzip.decompress, None: bytes}[coding]
        assert read(response.content) == JsonResponse(api.body).content
        assert int(response["Content-Length"]) == len(response.content)


def test_short_body_is_not_compressed(api, reader: Client) -> None:
    api.body = {"title": "Harbour"}
    assert "Content-Encoding" not in reader.get(POSTS, HTTP_ACCEPT_ENCODING="br")


def test_browsers_ask_again_each_time(reader: Client) -> None:
    assert reader.get(POSTS)["Cache-Control"] == "public, max-age=0, must-revalidate"


def test_cdn_that_is_told_of_changes_may_keep_it(settings, reader: Client) -> None:
    settings.RESPONSE_CACHE_CDN_SECONDS = 86400
    response = reader.get(POSTS)
    assert response["Cache-Control"] == "public, max-age=0, s-maxage=86400"


def test_what_a_view_says_of_keeping_stands(api, reader: Client) -> None:
    api.view = lambda request: JsonResponse({}, headers={"Cache-Control": "public, max-age=300"})
    assert [reader.get(POSTS)["Cache-Control"] for _again in range(2)] == ["public, max-age=300"] * 2


def test_each_origin_gets_its_own_cors_headers_from_one_kept_answer(settings, api, reader: Client) -> None:
    settings.CORS_ALLOW_ALL_ORIGINS = False
    settings.CORS_ALLOWED_ORIGINS = ["https://one.example.org", "https://two.example.org"]
    for origin in settings.CORS_ALLOWED_ORIGINS:
        response = reader.get(POSTS, HTTP_ORIGIN=origin)
        assert response["Access-Control-Allow-Origin"] == origin
        assert "origin" in response["Vary"].lower()
    assert "Access-Control-Allow-Origin" not in reader.get(POSTS, HTTP_ORIGIN="https://three.example.org")
    assert len(api.asked) == 1


def test_tags_are_named_for_cdns(api, reader: Client) -> None:
    api.tags = ("page-7", "image-12", "pages-blog.postpage-in-5")
    for _again in range(2):
        response = reader.get(POSTS)
        assert response["Cache-Tag"] == "all,image-12,page-7,pages-blog.postpage-in-5"
        assert response["Surrogate-Key"] == "all image-12 page-7 pages-blog.postpage-in-5"


def test_too_many_tags_become_coarser_where_there_are_most() -> None:
    images = {f"image-{number}" for number in range(1000)}
    tags = header_tags({*images, "page-7", "pages-blog.postpage-in-5"})
    assert tags == ["image", "page-7", "pages-blog.postpage-in-5"]


def test_tags_that_no_coarser_ones_make_fit_become_everything() -> None:
    assert header_tags({f"pages-app.kind{number:05}" for number in range(1000)}) == ["all"]


def test_coarser_tag_stands_for_every_tag_with_a_number() -> None:
    names = ["image-12", "posts-category-3", "pages-blog.postpage-below-5", "pages-blog.postpage", "all"]
    assert [coarser(name) for name in names] == ["image", "posts-category", "pages-blog.postpage-below", None, None]


def test_header_of_tags_is_never_longer_than_a_front_end_reads(api, reader: Client) -> None:
    api.tags = tuple(f"{kind}-{number}" for kind in ("page", "image", "person") for number in range(5000))
    assert len(reader.get(POSTS)["Cache-Tag"]) <= MOST_BYTES
