"""Whatever happens to a worker, each asset is done once, and its user learns what became of it."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import OperationalError
from django.utils import timezone
from wagtail.models import Collection

from cms.models import User
from media_library import bulk, tasks
from media_library.bulk import actions, loading, operations
from media_library.models import Asset, BulkOperation, CustomDocument

pytestmark = pytest.mark.django_db

State = BulkOperation.State


@pytest.fixture(autouse=True)
def _small_batches(monkeypatch):
    monkeypatch.setattr(operations, "AT_A_TIME", 2)
    monkeypatch.setattr("media_library.bulk.running.PAUSE", 0)


@pytest.fixture
def five(make_documents: Callable) -> list[CustomDocument]:
    return make_documents("One", "Two", "Three", "Four", "Five")


def tagged() -> int:
    return Asset.objects.filter(tags__name="fog").count()


def test_worker_does_some_batches_and_lets_others_work(start: Callable, five: list):
    operation = start("tag", five, tags=["fog"])

    assert bulk.run(operation.pk, seconds=0)

    operation.refresh_from_db()
    assert (operation.state, operation.done, tagged()) == (State.QUEUED, 2, 2)
    assert bulk.run(operation.pk) is False
    operation.refresh_from_db()
    assert (operation.state, operation.done, operation.failed, tagged()) == (State.DONE, 5, 0, 5)


def test_next_worker_goes_on_where_a_dead_one_stood(start: Callable, five: list, monkeypatch):
    operation = start("tag", five, tags=["fog"])
    apply = actions.Tag.apply

    def die_at_the_fourth(self: actions.Tag, asset: Asset) -> None:
        if asset.pk == five[3].pk:
            raise SystemExit
        apply(self, asset)

    monkeypatch.setattr(actions.Tag, "apply", die_at_the_fourth)
    # A process that is killed writes nothing down.
    monkeypatch.setattr("media_library.bulk.running._put_off", lambda operation: None)
    with pytest.raises(SystemExit):
        bulk.run(operation.pk)
    operation.refresh_from_db()
    assert (operation.state, operation.done, tagged()) == (State.RUNNING, 2, 2)
    assert bulk.run(operation.pk) is False, "somebody has its lease"
    assert bulk.reap() == []

    monkeypatch.setattr(actions.Tag, "apply", apply)
    BulkOperation.objects.update(lease_expires_at=timezone.now() - timedelta(seconds=1))
    assert bulk.reap() == [operation.pk]
    assert bulk.run(operation.pk) is False

    operation.refresh_from_db()
    assert (operation.state, operation.done, tagged()) == (State.DONE, 5, 5)


def test_operation_that_was_begun_while_the_clock_was_ahead_goes_on(start: Callable, five: list):
    operation = start("tag", five, tags=["fog"])
    later = timezone.now() + timedelta(hours=5)
    BulkOperation.objects.update(created_at=later, available_at=later, sent_at=later)
    bulk.run(operation.pk)
    assert tagged() == 0

    assert bulk.reap() == [operation.pk]


def test_worker_whose_lease_was_taken_over_changes_nothing_more(start: Callable, five: list, monkeypatch):
    operation = start("tag", five, tags=["fog"])
    monkeypatch.setattr(
        "media_library.bulk.running.time.sleep",
        lambda seconds: BulkOperation.objects.update(state=State.QUEUED, lease=None),
    )

    assert bulk.run(operation.pk) is False

    assert tagged() == 2
    assert bulk.reap() == [operation.pk]


def test_repeated_message_does_nothing(start: Callable, work: Callable, five: list):
    operation = start("tag", five, tags=["fog"])
    work(operation)
    finished = operation.finished_at

    assert bulk.run(operation.pk) is False

    operation.refresh_from_db()
    assert (operation.done, operation.finished_at) == (5, finished)


def test_one_that_goes_wrong_does_not_stop_the_others(start: Callable, work: Callable, five: list, monkeypatch):
    operation = start("tag", five, tags=["fog"])
    apply = actions.Tag.apply

    def stumble(self: actions.Tag, asset: Asset) -> None:
        apply(self, asset)
        if asset.pk == five[1].pk:
            raise OSError("The storage is away")

    monkeypatch.setattr(actions.Tag, "apply", stumble)

    (failure,) = work(operation)

    assert (failure["title"], failure["code"]) == ("Two", "OSError")
    assert (operation.state, operation.done, operation.failed) == (State.DONE, 5, 1)
    assert tagged() == 4, "nothing of what went wrong stays"


def test_database_that_is_away_is_tried_again_and_then_given_up(start: Callable, five: list, monkeypatch, settings):
    settings.MEDIA_LIBRARY = settings.MEDIA_LIBRARY | {"JOB_BACKOFF_SECONDS": 0, "JOB_MAX_ATTEMPTS": 2}
    operation = start("tag", five, tags=["fog"])

    def fail(self: actions.Tag, asset: Asset) -> None:
        raise OperationalError("The database is away")

    monkeypatch.setattr(actions.Tag, "apply", fail)
    with pytest.raises(OperationalError):
        bulk.run(operation.pk)
    operation.refresh_from_db()
    assert operation.state == State.QUEUED
    with pytest.raises(OperationalError):
        bulk.run(operation.pk)

    operation.refresh_from_db()
    assert operation.state == State.FAILED
    assert "stopped unexpectedly 2 times" in operation.reason


def test_files_that_are_gone_are_told(start: Callable, work: Callable, five: list):
    operation = start("tag", five, tags=["fog"])
    CustomDocument.objects.get(pk=five[0].pk).delete()

    (failure,) = work(operation)

    assert failure == {"id": five[0].pk, "title": "", "reason": "It has been deleted in the meantime.", "code": "gone"}


def test_user_who_lost_permission_changes_nothing_more(
    start: Callable, grant: Callable[..., User], harbour: Collection, make_documents: Callable
):
    files = make_documents("One", "Two", "Three", collection=harbour)
    edith = grant(harbour, "wagtaildocs.change_document")
    operation = start("tag", files, user=edith, tags=["fog"])
    bulk.run(operation.pk, seconds=0)
    edith.groups.clear()

    bulk.run(operation.pk)

    operation.refresh_from_db()
    assert (operation.done, operation.failed, tagged()) == (3, 1, 2)
    failure = operation.batches.get(number=1).failures[0]
    assert failure["title"] == "", "of what they may not see, not even the name"


def test_what_comes_to_match_later_is_no_part_of_it(start: Callable, work: Callable, make_documents: Callable):
    operation = start("tag", make_documents("One"), tags=["fog"])
    make_documents("Two")

    work(operation)

    assert tagged() == 1


def test_cancelling_leaves_the_rest(start: Callable, five: list):
    operation = start("tag", five, tags=["fog"])
    bulk.run(operation.pk, seconds=0)

    assert bulk.cancel(operation)

    assert bulk.run(operation.pk) is False
    operation.refresh_from_db()
    assert (operation.state, operation.done, tagged()) == (State.CANCELLED, 2, 2)
    assert not bulk.cancel(operation)


def test_running_operation_hears_of_its_cancelling_after_the_batch(start: Callable, five: list, monkeypatch):
    operation = start("tag", five, tags=["fog"])
    monkeypatch.setattr("media_library.bulk.running.time.sleep", lambda seconds: bulk.cancel(operation))

    assert bulk.run(operation.pk) is False

    operation.refresh_from_db()
    assert (operation.state, operation.done, tagged()) == (State.CANCELLED, 2, 2)


def test_lost_message_is_sent_again(start: Callable, five: list):
    operation = start("tag", five, tags=["fog"])
    bulk.mark_sent([operation.pk])
    assert bulk.reap() == []

    BulkOperation.objects.update(sent_at=timezone.now() - timedelta(hours=1))

    assert bulk.reap() == [operation.pk]
    bulk.mark_sent([operation.pk])
    assert bulk.reap(resend_all=True) == [operation.pk]


def test_task_sends_itself_again_until_all_is_done(start: Callable, five: list, monkeypatch, settings):
    settings.MEDIA_LIBRARY = settings.MEDIA_LIBRARY | {"BULK_SECONDS": 0}
    operation = start("tag", five, tags=["fog"])
    sent: list[str] = []
    monkeypatch.setattr(tasks.run_bulk_operation_task, "delay", sent.append)

    tasks.run_bulk_operation_task(str(operation.pk))
    assert sent == [str(operation.pk)]
    for _ in range(3):
        tasks.run_bulk_operation_task(str(operation.pk))

    assert len(sent) == 3
    operation.refresh_from_db()
    assert operation.state == State.DONE


def test_results_are_forgotten_after_some_months(start: Callable, work: Callable, five: list):
    old = start("tag", five, tags=["fog"])
    work(old)
    BulkOperation.objects.update(finished_at=timezone.now() - timedelta(days=91))
    recent = start("tag", five, tags=["fog"])

    assert bulk.forget_old() == 1

    assert list(BulkOperation.objects.all()) == [recent]


def test_memory_holds_one_batch_at_a_time(five: list, monkeypatch):
    monkeypatch.setattr(loading, "AT_A_TIME", 2)

    loaded = loading.load_all([asset.pk for asset in reversed(five)])

    assert [asset.title for asset in loaded] == ["Five", "Four", "Three", "Two", "One"]
