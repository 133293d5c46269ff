"""The report of processing jobs, and the buttons that stop work and start it again."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from media_library.models import Asset, CustomImage, ProcessingJob, Video
from tests.media import photo_file

State = ProcessingJob.State
REPORT = "/admin/reports/processing/"


def press(client: Client, action: str, asset: Asset, **headers: str):
    return client.post(reverse(f"media_library_{action}", args=[asset.pk]), headers=headers)


def test_report_shows_what_failed_and_why(admin_client: Client, photo: CustomImage):
    photo.jobs.update(state=State.FAILED, attempts=4, reason="The disk was full.", log="OSError: [Errno 28]")

    html = admin_client.get(REPORT).content.decode()

    assert "Harbour" in html
    assert "The disk was full." in html
    assert "OSError: [Errno 28]" in html
    assert reverse("media_library_retry", args=[photo.pk]) in html


def test_report_shows_how_far_the_parts_of_running_work_are(admin_client: Client, film: Video):
    film.jobs.filter(operation="transcode_video").update(
        state=State.RUNNING, progress=0.4, parts={"480p": 1.0, "1080p": 0.31}
    )

    html = admin_client.get(REPORT).content.decode()

    assert "480p 100%" in html
    assert "1080p 31%" in html


def test_report_can_be_filtered_by_state(admin_client: Client, photo: CustomImage, film: Video):
    photo.jobs.update(state=State.FAILED)

    html = admin_client.get(REPORT, {"state": "failed"}).content.decode()

    table = html[html.index("job-listing") :].partition("</table>")[0]
    assert "Develop the picture" in table
    assert "Transcode the film" not in table


def test_report_can_be_taken_away_as_a_table(admin_client: Client, photo: CustomImage):
    response = admin_client.get(REPORT, {"export": "csv"})

    assert b"Harbour,image,develop_image,queued" in b"".join(response.streaming_content)


def test_report_of_many_jobs_takes_as_many_queries_as_that_of_one(admin_client: Client, photo: CustomImage):
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            admin_client.get(REPORT)
        return len(captured)

    queries()
    one = queries()
    for number in range(3):
        CustomImage(title=f"Photo {number}", file=photo_file(f"{number}.jpg", width=20 + number)).save()

    assert queries() == one


def test_report_leaves_out_what_the_user_may_not_see(editor_client: Client, photo: CustomImage):
    assert "Harbour" not in editor_client.get(REPORT).content.decode().partition("<table")[2]


def test_cancel_stops_the_work_and_says_so(admin_client: Client, photo: CustomImage):
    answer = press(admin_client, "cancel", photo, accept="application/json").json()

    assert answer["item"]["status"] == "failed"
    assert "being cancelled" in answer["message"]
    assert photo.jobs.get().state == State.CANCELLED


def test_try_again_queues_the_work_and_sends_it(
    admin_client: Client, photo: CustomImage, django_capture_on_commit_callbacks
):
    photo.jobs.update(state=State.FAILED, attempts=4)

    with django_capture_on_commit_callbacks(execute=True):
        answer = press(admin_client, "retry", photo, accept="application/json").json()

    assert answer["item"]["status"] == "processing"
    assert photo.jobs.get().sent_at is not None


def test_buttons_of_the_report_lead_back_to_it(admin_client: Client, photo: CustomImage):
    url = reverse("media_library_cancel", args=[photo.pk])

    response = admin_client.post(url, {"next": f"{REPORT}?state=queued"})

    assert (response.status_code, response["Location"]) == (302, f"{REPORT}?state=queued")


@pytest.mark.parametrize("action", ["cancel", "retry"])
def test_who_may_not_change_an_asset_may_not_touch_its_work(editor_client: Client, photo: CustomImage, action: str):
    press(editor_client, action, photo, accept="application/json")

    assert photo.jobs.get().state == State.QUEUED


def test_looking_at_the_address_of_a_button_does_nothing(admin_client: Client, photo: CustomImage):
    assert admin_client.get(reverse("media_library_cancel", args=[photo.pk])).status_code == 405


def test_edit_page_of_a_failed_film_offers_to_try_again(admin_client: Client, film: Video):
    Asset.objects.filter(pk=film.pk).update(status="failed", status_reason="The disk was full.")

    html = admin_client.get(reverse("media_library_videos:edit", args=[film.pk])).content.decode()

    assert reverse("media_library_retry", args=[film.pk]) in html
