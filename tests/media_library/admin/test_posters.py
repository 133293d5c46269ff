from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse

from media_library import jobs
from media_library.admin.facts import large_poster
from media_library.models import Asset, CustomImage, PosterRendition, ProcessingJob, Suggestion, Video
from media_library.posters import identity
from media_library.usage import usage_counts
from tests.media import DRAWING, film_file

Operation = ProcessingJob.Operation


def pick(client: Client, video: Video, time: str = "3.5", **extra: object):
    return client.post(reverse("media_library_pick_poster", args=(video.pk,)), {"time": time}, **extra)


@pytest.fixture
def timed(film: Video, develop: Callable[..., None]) -> Video:
    """A film of 12 seconds that is ready."""
    ProcessingJob.objects.update(state=ProcessingJob.State.DONE)
    Asset.objects.filter(pk=film.pk).update(duration=12.0, status=Asset.Status.READY)
    return Video.objects.get(pk=film.pk)


def poster_job(video: Video) -> ProcessingJob:
    return ProcessingJob.objects.get(asset=video.pk, operation=Operation.MAKE_POSTER)


def test_moment_is_kept_and_its_poster_queued(admin_client: Client, timed: Video, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        response = pick(admin_client, timed)

    timed.refresh_from_db()
    assert response.json() == {"origin": "The moment 0:04", "automatic": False}
    assert (timed.poster_time, timed.status) == (3.5, Asset.Status.PROCESSING)
    assert poster_job(timed).state == ProcessingJob.State.QUEUED
    assert poster_job(timed).sent_at is not None


def test_only_the_poster_is_made_anew(admin_client: Client, timed: Video):
    pick(admin_client, timed)

    assert ProcessingJob.objects.get(operation=Operation.TRANSCODE_VIDEO).state == ProcessingJob.State.DONE


def test_moment_takes_the_place_of_a_picture(admin_client: Client, timed: Video, photo: CustomImage):
    Video.objects.filter(pk=timed.pk).update(poster_image=photo)

    pick(admin_client, timed)

    timed.refresh_from_db()
    assert timed.poster_image is None


def test_automatic_gives_moment_and_picture_up(admin_client: Client, timed: Video, photo: CustomImage):
    Video.objects.filter(pk=timed.pk).update(poster_image=photo, poster_time=2.0)

    response = pick(admin_client, timed, "")

    timed.refresh_from_db()
    assert response.json() == {"origin": "Found by itself", "automatic": True}
    assert (timed.poster_image, timed.poster_time) == (None, None)
    assert poster_job(timed).state == ProcessingJob.State.QUEUED


@pytest.mark.parametrize("time", ["-1", "12.5", "nan", "inf", "soon"])
def test_moment_outside_of_the_film_is_refused_with_a_sentence(admin_client: Client, timed: Video, time: str):
    response = pick(admin_client, timed, time)

    timed.refresh_from_db()
    assert response.status_code == 400
    assert "no such moment" in response.json()["message"]
    assert timed.poster_time is None


def test_film_whose_length_is_not_known_has_no_moments_yet(admin_client: Client, film: Video):
    assert pick(admin_client, film, "0").status_code == 400


def test_poster_is_picked_by_post_only(admin_client: Client, timed: Video):
    assert admin_client.get(reverse("media_library_pick_poster", args=(timed.pk,))).status_code == 405


def test_poster_is_not_picked_from_another_site(admin_user, timed: Video):
    client = Client(enforce_csrf_checks=True)
    client.force_login(admin_user)

    assert pick(client, timed).status_code == 403


def test_poster_of_a_film_that_is_not_theirs_is_refused(editor_client: Client, theirs: Video):
    Asset.objects.filter(pk=theirs.pk).update(duration=12.0)

    response = pick(editor_client, theirs)

    theirs.refresh_from_db()
    assert response.status_code in (302, 403)
    assert theirs.poster_time is None


def test_history_tells_who_picked_the_poster(admin_client: Client, timed: Video):
    pick(admin_client, timed)

    history = admin_client.get(reverse("media_library_videos:history", args=(timed.pk,))).content.decode()
    assert "Edited" in history


def test_picture_chosen_in_the_form_is_drawn_as_the_poster(admin_client: Client, timed: Video, photo: CustomImage):
    form = {"title": timed.title, "poster_image": photo.pk}

    admin_client.post(reverse("media_library_videos:edit", args=(timed.pk,)), form)

    timed.refresh_from_db()
    assert timed.poster_image == photo
    assert poster_job(timed).state == ProcessingJob.State.QUEUED


def test_picture_that_is_given_up_for_a_moment_can_be_deleted(admin_client: Client, timed: Video, photo: CustomImage):
    timed.poster_image = photo
    timed.save()
    assert usage_counts([photo.pk]) == {photo.pk: 1}

    pick(admin_client, timed)

    assert usage_counts([photo.pk]) == {photo.pk: 0}
    photo.delete()


def test_picked_moment_is_forgotten_with_its_film(timed: Video, tmp_path: Path):
    Video.objects.filter(pk=timed.pk).update(poster_time=11.0)
    timed.refresh_from_db()
    timed.file = film_file(tmp_path, "other.mp4", width=160, height=90)
    timed.save()

    timed.refresh_from_db()
    assert timed.poster_time is None


def focus(client: Client, video: Video, area: str = "[0.5, 0.25, 0.25, 0.5]", poster: str | None = None):
    seen = identity(large_poster(video)) if poster is None else poster
    return client.post(reverse("media_library_focus_poster", args=(video.pk,)), {"area": area, "poster": seen})


@pytest.fixture
def drawn(timed: Video) -> Video:
    """The same film with a poster."""
    PosterRendition.objects.create(
        asset=timed, version=1, file_size=5, file=f"{timed.pk}/1/poster.width-320.format-webp-0123456789ab.webp",
        filter_spec="width-320|format-webp", preset="ladder", width=320, height=180,
    )  # fmt: skip
    Asset.objects.filter(pk=timed.pk).update(width=320, height=180)
    return timed


def test_focal_area_of_a_poster_is_kept_and_its_crops_queued(admin_client: Client, drawn: Video):
    response = focus(admin_client, drawn)

    drawn.refresh_from_db()
    assert response.json() == {"area": [0.5, 0.25, 0.25, 0.5]}
    assert drawn.poster_focus == [0.5, 0.25, 0.25, 0.5]
    assert poster_job(drawn).state == ProcessingJob.State.QUEUED


def test_focal_area_of_a_poster_is_removed(admin_client: Client, drawn: Video):
    Video.objects.filter(pk=drawn.pk).update(poster_focus=[0, 0, 0.5, 0.5])
    focus(admin_client, drawn, "")

    drawn.refresh_from_db()
    assert drawn.poster_focus is None


@pytest.mark.parametrize(
    "area",
    ["x", "null", "7", '"four"', "[1, 2]", "[0, 0, 2, 1]", "[-1, 0, 1, 1]", "[NaN, 0, 1, 1]", "[[], 0, 1, 1]"],
)
def test_what_is_no_area_of_a_poster_is_refused_with_a_sentence(admin_client: Client, drawn: Video, area: str):
    response = focus(admin_client, drawn, area)

    drawn.refresh_from_db()
    assert response.status_code == 400
    assert "no area of the poster" in response.json()["message"]
    assert drawn.poster_focus is None


def test_focal_area_drawn_on_another_poster_is_refused(admin_client: Client, drawn: Video, photo: CustomImage):
    assert focus(admin_client, drawn, poster="ba9876543210").status_code == 409
    Video.objects.filter(pk=drawn.pk).update(poster_image=photo)
    assert focus(admin_client, drawn).status_code == 409

    drawn.refresh_from_db()
    assert drawn.poster_focus is None


def test_focal_area_of_a_film_that_is_not_theirs_is_refused(editor_client: Client, theirs: Video):
    assert focus(editor_client, theirs, poster="x").status_code in (302, 403)
    assert editor_client.get(reverse("media_library_poster_crops", args=(theirs.pk,))).status_code in (302, 403)


def test_focal_area_waits_for_the_poster_that_was_just_picked(admin_client: Client, drawn: Video):
    pick(admin_client, drawn)

    assert focus(admin_client, drawn).status_code == 409
    drawn.refresh_from_db()
    assert drawn.poster_focus is None


def test_focal_area_is_moved_again_while_crops_are_made(admin_client: Client, drawn: Video):
    focus(admin_client, drawn)

    assert focus(admin_client, drawn, "[0, 0, 0.5, 0.5]").status_code == 200
    drawn.refresh_from_db()
    assert drawn.poster_focus == [0, 0, 0.5, 0.5]


def test_moment_that_is_picked_has_no_focal_area_yet(admin_client: Client, drawn: Video):
    focus(admin_client, drawn)
    pick(admin_client, drawn)

    drawn.refresh_from_db()
    assert drawn.poster_focus is None


def test_page_of_a_film_shows_all_crops_and_what_is_suggested(admin_client: Client, drawn: Video):
    Suggestion.objects.create(
        asset=drawn, version=1, field="focal_point", text="50% 25%", confidence=0.9, source="focus",
        area=[0.25, 0, 0.5, 0.5],
    )  # fmt: skip

    for address in (
        reverse("media_library_videos:edit", args=(drawn.pk,)),
        reverse("media_library_poster_crops", args=(drawn.pk,)),
    ):
        html = admin_client.get(address).content.decode()
        assert html.count('data-media-crops-target="crop"') == 7
        assert "With the focal point that is suggested" in html
        assert "&quot;x&quot;: 160, &quot;y&quot;: 45, &quot;width&quot;: 160, &quot;height&quot;: 90" in html


def test_page_of_a_film_leads_to_the_focal_point_of_a_picture(admin_client: Client, drawn: Video, photo: CustomImage):
    Video.objects.filter(pk=drawn.pk).update(poster_image=photo)

    html = admin_client.get(reverse("media_library_poster_crops", args=(drawn.pk,))).content.decode()

    assert reverse("wagtailimages:edit", args=(photo.pk,)) in html
    assert 'data-controller="poster-focus"' not in html


def test_film_without_a_poster_has_no_crops_yet(admin_client: Client, timed: Video):
    html = admin_client.get(reverse("media_library_poster_crops", args=(timed.pk,))).content.decode()

    assert html.strip() == ""


def test_drawing_can_not_be_a_poster(admin_client: Client, timed: Video):
    drawing = CustomImage(title="Logo", file=ContentFile(DRAWING, name="logo.svg"))
    drawing.save()
    form = {"title": timed.title, "poster_image": drawing.pk}

    html = admin_client.post(reverse("media_library_videos:edit", args=(timed.pk,)), form).content.decode()

    timed.refresh_from_db()
    assert "Export it as PNG" in html
    assert timed.poster_image is None


def test_picture_that_the_user_may_not_see_can_not_be_a_poster(
    editor_client: Client, make_video, harbour, photo: CustomImage
):
    video = make_video(harbour)
    form = {"title": video.title, "poster_image": photo.pk}

    editor_client.post(reverse("media_library_videos:edit", args=(video.pk,)), form)

    video.refresh_from_db()
    assert video.poster_image is None


def test_form_that_leaves_the_poster_alone_queues_nothing(admin_client: Client, timed: Video):
    admin_client.post(reverse("media_library_videos:edit", args=(timed.pk,)), {"title": "High tide"})

    assert poster_job(timed).state == ProcessingJob.State.DONE


@pytest.mark.parametrize(
    ("time", "with_picture", "shown"),
    [
        (None, False, "Found by itself"),
        (0.0, False, "The moment 0:00"),
        (61.2, False, "The moment 1:01"),
        (3.0, True, "A picture of the library"),
    ],
)
def test_edit_page_says_where_the_poster_comes_from(
    admin_client: Client,
    timed: Video,
    photo: CustomImage,
    develop: Callable[..., None],
    time: float | None,
    with_picture: bool,
    shown: str,
):
    jobs.enqueue(timed)
    develop(timed)
    Video.objects.filter(pk=timed.pk).update(poster_time=time, poster_image=photo if with_picture else None)

    page = admin_client.get(reverse("media_library_videos:edit", args=(timed.pk,))).content.decode()

    assert shown in page
