from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from wagtail.models import Collection

from cms.models import User
from media_library.models import Asset, CustomDocument, CustomImage, ProcessingJob, Video
from tests.media import photo_file

STATUS = "/admin/media/status/"


def ask(client: Client, *assets: Asset) -> list[dict]:
    return client.get(STATUS, {"ids": ",".join(str(asset.pk) for asset in assets)}).json()["items"]


def test_new_film_waits(admin_client: Client, film: Video):
    assert ask(admin_client, film) == [
        {
            "id": film.pk,
            "status": "uploaded",
            "label": "Waiting",
            "progress": 0.0,
            "parts": {},
            "reason": "",
            "poster": None,
        }
    ]


def test_progress_is_the_average_of_the_jobs_and_a_finished_one_counts_whole(admin_client: Client, film: Video):
    # The WebM counts for nothing: nobody waits for it.
    jobs = film.jobs.exclude(operation="make_webm").order_by("pk")
    ProcessingJob.objects.filter(pk=jobs[0].pk).update(state=ProcessingJob.State.DONE, progress=0.0)
    ProcessingJob.objects.filter(pk=jobs[1].pk).update(state=ProcessingJob.State.RUNNING, progress=0.5)
    Asset.objects.filter(pk=film.pk).update(status=Asset.Status.PROCESSING)

    item = ask(admin_client, film)[0]

    assert (item["status"], item["progress"]) == ("processing", 0.75)


def test_jobs_of_an_earlier_version_do_not_count(admin_client: Client, film: Video):
    film.jobs.update(version=7, progress=1.0)

    assert ask(admin_client, film)[0]["progress"] is None


def test_ready_film_has_its_poster_and_no_progress(admin_client: Client, film: Video, develop: Callable[..., None]):
    develop(film)

    item = ask(admin_client, film)[0]

    assert (item["status"], item["label"], item["progress"]) == ("ready", "Ready", None)
    assert item["poster"] == film.poster_renditions.get(filter_spec="width-320|format-webp").url


def test_failed_film_says_why(admin_client: Client, film: Video):
    Asset.objects.filter(pk=film.pk).update(status=Asset.Status.FAILED, status_reason="It is cut off.")

    item = ask(admin_client, film)[0]

    assert (item["status"], item["reason"], item["progress"]) == ("failed", "It is cut off.", None)


def test_any_kind_can_be_asked_about(admin_client: Client, film: Video, photo: CustomImage):
    document = CustomDocument(title="Timetable", file=photo_file("timetable.pdf"))
    document.save()

    items = ask(admin_client, film, photo, document)

    assert {item["id"]: item["status"] for item in items} == {
        film.pk: "uploaded",
        photo.pk: "uploaded",
        document.pk: "ready",
    }


def test_assets_of_other_collections_are_left_out(editor_client: Client, ours: Video, theirs: Video):
    assert [item["id"] for item in ask(editor_client, ours, theirs)] == [ours.pk]


def test_permission_for_one_kind_is_none_for_another(
    editor_client: Client, ours: Video, photo: CustomImage, harbour: Collection
):
    Asset.objects.filter(pk=photo.pk).update(collection=harbour)

    assert [item["id"] for item in ask(editor_client, ours, photo)] == [ours.pk]


def test_users_who_may_only_choose_see_the_status_too(
    grant: Callable[..., User], client: Client, harbour: Collection, ours: Video
):
    client.force_login(grant(harbour, "choose_video"))

    assert [item["id"] for item in ask(client, ours)] == [ours.pk]


def test_unknown_ids_are_left_out(admin_client: Client, film: Video):
    assert admin_client.get(STATUS, {"ids": "999999"}).json() == {"items": []}


def test_visitor_is_refused(client: Client, film: Video):
    response = client.get(STATUS, {"ids": film.pk}, headers={"x-requested-with": "XMLHttpRequest"})

    assert response.status_code == 403


@pytest.mark.parametrize(
    "ids", ["", "a", "1,a", "1,,2", "-1", "1.5", "9" * 19, "9" * 5000, "²", ",".join(["1"] * 101)]
)
def test_bad_ids_are_refused_with_a_message(admin_client: Client, ids: str):
    response = admin_client.get(STATUS, {"ids": ids})

    assert response.status_code == 400
    assert response.json()["message"]


def test_answer_is_not_stored(admin_client: Client, film: Video):
    assert "no-store" in admin_client.get(STATUS, {"ids": film.pk})["Cache-Control"]


@pytest.mark.parametrize("who", ["admin_client", "editor_client"])
def test_one_more_asset_costs_no_more_queries(
    request: pytest.FixtureRequest, who: str, make_video: Callable[..., Video], harbour: Collection
):
    client = request.getfixturevalue(who)
    videos = [make_video(harbour, f"Wave {number}") for number in range(5)]
    ask(client, videos[0])
    with CaptureQueriesContext(connection) as for_one:
        ask(client, videos[0])

    with CaptureQueriesContext(connection) as for_five:
        items = ask(client, *videos)

    about_assets = [query for query in for_five if "media_library_" in query["sql"]]
    assert len(items) == 5
    assert len(for_five) == len(for_one)
    assert len(about_assets) == 3
