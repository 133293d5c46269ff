"""When suggestions are looked for, and what becomes of those that backends make."""

from collections.abc import Callable

import pytest
from django.utils import timezone

from media_library import jobs
from media_library.insight.proposals import MOST
from media_library.models import Asset, CustomImage, ProcessingJob, Suggestion
from tests.media_library.insight.conftest import tags_of

pytestmark = pytest.mark.django_db

HERE = "tests.media_library.insight.conftest"
State = ProcessingJob.State


def test_file_that_is_ready_is_looked_at_once(portrait: CustomImage, look_for_suggestions: Callable):
    [job] = look_for_suggestions()

    assert job.state == State.DONE
    assert portrait.suggestions.exists()
    assert look_for_suggestions() == []


def test_nothing_is_looked_at_while_somebody_waits_for_other_work(photo: CustomImage):
    assert jobs.enqueue_suggesting() == []


def test_polishing_which_takes_hours_is_not_waited_for(portrait: CustomImage, photo: CustomImage):
    ProcessingJob.objects.filter(asset=photo).delete()
    ProcessingJob.objects.create(asset=photo, operation=ProcessingJob.Operation.POLISH_IMAGE, version=photo.version)

    assert [job.asset_id for job in jobs.enqueue_suggesting()] == [portrait.pk]


def test_work_that_somebody_waits_for_goes_before(portrait: CustomImage, photo: CustomImage):
    job = ProcessingJob.objects.create(
        asset=portrait, operation=ProcessingJob.Operation.SUGGEST, version=portrait.version
    )

    assert jobs.give_way(job.pk, to=jobs.WAITED_FOR)

    job.refresh_from_db()
    assert job.available_at > timezone.now()


def test_what_is_in_the_trash_is_not_looked_at(portrait: CustomImage, look_for_suggestions: Callable):
    Asset.objects.update(trashed_at=timezone.now())

    assert look_for_suggestions() == []


def test_file_in_place_of_another_is_looked_at(portrait: CustomImage, look_for_suggestions: Callable):
    look_for_suggestions()
    Asset.objects.update(version=7)

    assert len(look_for_suggestions()) == 1


def test_asset_does_not_change_by_being_looked_at(portrait: CustomImage, look_for_suggestions: Callable):
    before = Asset.objects.values().get()

    look_for_suggestions()

    assert Asset.objects.values().get() == before


def test_backend_that_breaks_keeps_no_other_from_its_work(
    portrait: CustomImage, look_for_suggestions: Callable, backends: Callable
):
    backends(broken=f"{HERE}.breaks", sea=f"{HERE}.says_sea")

    [job] = look_for_suggestions()

    assert tags_of(portrait) == {"sea"}
    assert job.state == State.QUEUED
    assert "broken" in job.reason
    assert "RuntimeError: The model has another shape." in job.log


def test_asset_stays_ready_when_a_backend_breaks_for_good(
    portrait: CustomImage, look_for_suggestions: Callable, backends: Callable, settings
):
    settings.MEDIA_LIBRARY = settings.MEDIA_LIBRARY | {"JOB_MAX_ATTEMPTS": 1}
    backends(broken=f"{HERE}.breaks")

    [job] = look_for_suggestions()

    portrait.refresh_from_db()
    assert (job.state, portrait.status) == (State.FAILED, Asset.Status.READY)


def test_backend_that_has_no_end_is_cut_off(portrait: CustomImage, look_for_suggestions: Callable, backends: Callable):
    backends(wordy=f"{HERE}.says_without_end")

    look_for_suggestions()

    rows = portrait.suggestions.all()
    assert rows.count() == MOST
    assert all(len(row.text) <= Suggestion.LONGEST and 0 <= row.confidence <= 1 for row in rows)


def test_backend_without_a_path_is_switched_off(
    portrait: CustomImage, look_for_suggestions: Callable, backends: Callable
):
    backends(sea="")

    look_for_suggestions()

    assert not portrait.suggestions.exists()


def test_what_nobody_has_decided_on_is_replaced_by_what_a_backend_says_now(
    portrait: CustomImage, look_for_suggestions: Callable, backends: Callable
):
    backends(sea=f"{HERE}.says_sea")
    old = Suggestion.objects.create(
        asset=portrait, version=1, field=Suggestion.Field.TAG, text="desert", confidence=1, source="sea"
    )

    look_for_suggestions()

    assert not Suggestion.objects.filter(pk=old.pk).exists()
    assert tags_of(portrait) == {"sea"}


def test_what_was_rejected_does_not_return_in_another_spelling(
    portrait: CustomImage, look_for_suggestions: Callable, backends: Callable
):
    backends(sea=f"{HERE}.says_sea")
    Suggestion.objects.create(
        asset=portrait,
        version=1,
        field=Suggestion.Field.TAG,
        text="Sea",
        confidence=1,
        source="other",
        state=Suggestion.State.REJECTED,
    )

    look_for_suggestions()

    assert tags_of(portrait) == {"Sea"}


def test_what_the_asset_says_already_is_not_suggested(
    portrait: CustomImage, look_for_suggestions: Callable, backends: Callable
):
    backends(sea=f"{HERE}.says_sea")
    portrait.tags.add("SEA")
    Asset.objects.update(alt_text="Waves on a beach")

    look_for_suggestions()

    assert not portrait.suggestions.exists()
