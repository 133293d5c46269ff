"""Whole answers are kept, for those whom they are meant for, until what they were made of changes."""

from datetime import timedelta

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpResponse, JsonResponse, StreamingHttpResponse
from django.test import Client, RequestFactory
from django.utils import timezone

from cms.delivery import versions
from media_library.cache_tags import record, valid_until
from tests.clock import Clock

POSTS = "/api/v2/pages/?type=blog.PostPage&limit=20"


def outcome(response: HttpResponse) -> str:
    return response["X-Cache"]


def test_second_reader_gets_what_was_made_for_the_first(api, reader: Client) -> None:
    first, second = reader.get(POSTS), reader.get(POSTS)
    assert (outcome(first), outcome(second)) == ("MISS", "HIT")
    assert second.content == first.content
    assert second["Content-Type"] == "application/json"
    assert len(api.asked) == 1


def test_other_process_gets_it_too(api, reader: Client, other: Client) -> None:
    reader.get(POSTS)
    assert outcome(other.get(POSTS)) == "HIT"
    assert len(api.asked) == 1


def test_bumped_tag_makes_it_stale_everywhere(api, reader: Client, other: Client) -> None:
    for client in (reader, other):
        client.get(POSTS)
    api.body = {"title": "Harbour, again"}
    versions.bump(["page-7"])
    assert reader.get(POSTS).json() == other.get(POSTS).json() == api.body
    assert len(api.asked) == 2


def test_bump_of_another_tag_leaves_it(api, reader: Client) -> None:
    reader.get(POSTS)
    versions.bump(["page-8"])
    assert outcome(reader.get(POSTS)) == "HIT"


def test_bump_of_everything_makes_it_stale(api, reader: Client) -> None:
    reader.get(POSTS)
    versions.bump(["all"])
    assert outcome(reader.get(POSTS)) == "MISS"


def test_parameters_in_another_order_are_the_same_question(api, reader: Client) -> None:
    reader.get(POSTS)
    assert outcome(reader.get("/api/v2/pages/?limit=20&type=blog.PostPage")) == "HIT"


@pytest.mark.parametrize(
    "asked",
    [
        {"path": "/api/v2/pages/?type=blog.PostPage&limit=2"},
        {"path": POSTS, "HTTP_ACCEPT": "text/html"},
        {"path": POSTS, "HTTP_HOST": "other.example.org"},
        {"path": "/api/v2/images/?type=blog.PostPage&limit=20"},
        {"path": "/api/v2/pages/?type=blog.PostPage&limit=20&limit=2"},
    ],
)
def test_other_question_has_an_answer_of_its_own(asked: dict[str, str], reader: Client) -> None:
    reader.get(POSTS)
    assert outcome(reader.get(**asked)) == "MISS"


@pytest.mark.parametrize(
    "asked",
    [
        {"path": POSTS, "HTTP_AUTHORIZATION": "Bearer wagtail_1"},
        {"path": POSTS, "HTTP_X_PAGE_TOKEN": "a"},
        {"path": f"{POSTS}&access_token=a"},
        {"path": f"{POSTS}&token=a"},
        {"path": POSTS, "HTTP_COOKIE": "theme=dark; sessionid=a"},
    ],
)
def test_who_says_who_they_are_is_answered_by_the_view(asked: dict[str, str], api, reader: Client) -> None:
    reader.get(POSTS)
    for _again in range(2):
        response = reader.get(**asked)
        assert outcome(response) == "PASS"
        assert "private" in response["Cache-Control"]
    assert len(api.asked) == 3


def test_cookie_that_is_no_session_changes_nothing(reader: Client) -> None:
    reader.get(POSTS)
    assert outcome(reader.get(POSTS, HTTP_COOKIE="theme=dark")) == "HIT"


@pytest.mark.parametrize(
    "answer",
    [
        lambda: JsonResponse({}, status=404),
        lambda: JsonResponse({}, status=400),
        lambda: JsonResponse({}, headers={"Cache-Control": "no-store"}),
        lambda: JsonResponse({}, headers={"Cache-Control": "max-age=0, private"}),
        lambda: JsonResponse({}, headers={"Vary": "User-Agent"}),
        lambda: JsonResponse({}, headers={"Vary": "*"}),
        lambda: StreamingHttpResponse([b"{}"]),
    ],
)
def test_what_is_not_for_everybody_is_not_kept(answer, api, reader: Client) -> None:
    api.view = lambda request: answer()
    assert [outcome(reader.get(POSTS)) for _again in range(2)] == ["PASS", "PASS"]


def test_answer_with_a_cookie_is_not_kept(api, reader: Client) -> None:
    def view(request):
        response = JsonResponse({})
        response.set_cookie("seen", "1")
        return response

    api.view = view
    assert [outcome(reader.get(POSTS)) for _again in range(2)] == ["PASS", "PASS"]


def test_what_recorded_no_tags_is_not_kept(api, reader: Client) -> None:
    api.tags = ()
    assert [outcome(reader.get(POSTS)) for _again in range(2)] == ["PASS", "PASS"]


@pytest.mark.parametrize(
    "path", ["/api/v2/page_preview/1/?content_type=a", "/api/v3/pages/", "/api/media/uploads/", "/"]
)
def test_other_addresses_are_left_alone(path: str, api, reader: Client) -> None:
    for _again in range(2):
        assert "X-Cache" not in reader.get(path)
    assert len(api.asked) == 2


def test_writing_is_left_alone(api, reader: Client) -> None:
    assert "X-Cache" not in reader.post("/api/media/")


def test_redirect_of_find_is_kept(api, reader: Client) -> None:
    api.view = lambda request: HttpResponse(status=302, headers={"Location": "/api/v2/pages/7/"})
    url = "/api/v2/pages/find/?html_path=/harbour/"
    reader.get(url)
    response = reader.get(url)
    assert (outcome(response), response.status_code, response["Location"]) == ("HIT", 302, "/api/v2/pages/7/")


def test_head_is_answered_as_get_is(api, reader: Client) -> None:
    made = reader.head(POSTS)
    assert outcome(reader.get(POSTS)) == "HIT"
    kept = reader.head(POSTS)
    assert (outcome(kept), kept.content, kept["ETag"]) == ("HIT", b"", made["ETag"])


@pytest.mark.parametrize("status", [200, 404])
def test_head_gets_the_length_of_a_body_that_is_not_sent(status: int, api, reader: Client) -> None:
    # As a server hears it: the client of tests drops bodies itself.
    api.view = lambda request: JsonResponse(api.body, status=status)
    length = reader.get(POSTS)["Content-Length"]
    answered = WSGIHandler().get_response(RequestFactory().head(POSTS))
    assert (answered.content, answered["Content-Length"]) == (b"", length)


def test_page_that_is_gone_is_not_shown_from_the_cache(api, reader: Client, other: Client) -> None:
    for client in (reader, other):
        client.get(POSTS)
    api.view = lambda request: JsonResponse({}, status=404)
    versions.bump(["page-7"])
    assert [client.get(POSTS).status_code for client in (reader, other)] == [404, 404]


def test_list_and_detail_have_times_of_their_own(settings, api, reader: Client) -> None:
    settings.RESPONSE_CACHE_LIST_SECONDS = 0
    reader.get(POSTS), reader.get("/api/v2/pages/7/")
    assert outcome(reader.get(POSTS)) == "MISS"
    assert outcome(reader.get("/api/v2/pages/7/")) == "HIT"


def test_right_that_has_ended_ends_the_answer(api, reader: Client, clock: Clock) -> None:
    def view(request):
        valid_until(timezone.now() + timedelta(seconds=60))
        return JsonResponse(api.body)

    api.view = view
    reader.get(POSTS)
    assert outcome(reader.get(POSTS)) == "HIT"
    clock.goes_on(61)
    assert outcome(reader.get(POSTS)) == "MISS"


def test_entry_from_a_clock_that_was_ahead_is_not_fresh(api, reader: Client, monkeypatch) -> None:
    import time

    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + 10_000)
    reader.get(POSTS)
    monkeypatch.setattr(time, "time", lambda: now)
    assert outcome(reader.get(POSTS)) == "MISS"


def test_switched_off_it_keeps_nothing_and_still_names_tags(settings, api, reader: Client) -> None:
    settings.RESPONSE_CACHE = False
    for _again in range(2):
        response = reader.get(POSTS)
        assert outcome(response) == "PASS"
        assert response["Cache-Tag"] == "all,page-7"
        assert response["ETag"]
    assert len(api.asked) == 2


def test_answer_is_not_kept_if_its_tag_was_bumped_while_it_was_made(api, reader: Client) -> None:
    def view(request):
        response = JsonResponse({"title": "as it was"})
        versions.bump(["page-7"])
        return response

    api.view = view
    reader.get(POSTS)
    api.view = lambda request: JsonResponse({"title": "as it is"})
    assert reader.get(POSTS).json() == {"title": "as it is"}


def test_rebuilt_answer_is_kept_if_only_other_tags_were_bumped_meanwhile(api, reader: Client) -> None:
    reader.get(POSTS)
    versions.bump(["page-7"])

    def view(request):
        versions.bump(["page-8"])
        return JsonResponse({"title": "as it is"})

    api.view = view
    assert outcome(reader.get(POSTS)) == "MISS"
    assert outcome(reader.get(POSTS)) == "HIT"


def test_rebuilt_answer_of_a_new_tag_is_not_kept_if_anything_was_bumped_meanwhile(api, reader: Client) -> None:
    reader.get(POSTS)
    versions.bump(["page-7"])

    def view(request):
        record("image-1")
        versions.bump(["image-1"])
        return JsonResponse({"title": "as it was"})

    api.view = view
    reader.get(POSTS)
    assert outcome(reader.get(POSTS)) == "MISS"
