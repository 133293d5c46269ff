"""What has changed is told once it is committed: once, by whoever comes first, and never lost."""

import pytest
from django.db import transaction

from cms.delivery import changes, others, versions
from cms.delivery.models import Change
from cms.delivery.tags import ALL
from cms.delivery.tasks import tell_changes_task

pytestmark = pytest.mark.django_db


@pytest.fixture
def told(monkeypatch):
    """The changes of each telling."""
    tellings = []
    monkeypatch.setattr(others, "queue", lambda changes: tellings.append(list(changes)))
    return tellings


def versions_of(*tags):
    return versions.read(tags)


def test_a_change_is_told_after_commit_and_forgotten(django_capture_on_commit_callbacks, told):
    before = versions_of("page-7", "page-8")
    with django_capture_on_commit_callbacks(execute=True):
        changes.announce(["page-7"], "page.published", {"id": 7})
        assert versions_of("page-7", "page-8") == before
        assert Change.objects.get().event == "page.published"
    after = versions_of("page-7", "page-8")
    assert after["page-7"] != before["page-7"]
    assert after["page-8"] == before["page-8"]
    assert not Change.objects.exists()
    assert [[one.subject for one in telling] for telling in told] == [[{"id": 7}]]


def test_changes_of_one_transaction_are_told_together(django_capture_on_commit_callbacks, told):
    with django_capture_on_commit_callbacks(execute=True):
        for number in range(20):
            changes.announce([f"image-{number}"])
    assert [len(telling) for telling in told] == [20]


def test_what_a_savepoint_has_rolled_back_is_not_told(django_capture_on_commit_callbacks, told):
    with django_capture_on_commit_callbacks(execute=True):
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            changes.announce(["page-1"], "page.deleted", {"id": 1})
            raise ZeroDivisionError
        changes.announce(["page-2"], "page.published", {"id": 2})
    assert [[one.subject for one in telling] for telling in told] == [[{"id": 2}]]


def test_what_was_made_of_something_rolled_back_stays_fresh(django_capture_on_commit_callbacks, told):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        changes.announce(["page-1"], "page.deleted", {"id": 1})
        raise ZeroDivisionError
    before = versions_of("page-1")
    with django_capture_on_commit_callbacks(execute=True):
        changes.announce(["page-2"])
    assert versions_of("page-1") == before


def test_a_cache_that_is_down_holds_up_nobody_and_is_told_by_beat(
    django_capture_on_commit_callbacks, monkeypatch, told
):
    before = versions_of("page-7")
    with monkeypatch.context() as down:
        down.setattr(versions.cache, "set_many", lambda *args, **kwargs: 1 / 0)
        with django_capture_on_commit_callbacks(execute=True):
            changes.announce(["page-7"])
    assert Change.objects.count() == 1 and not told
    tell_changes_task()
    assert versions_of("page-7") != before
    assert not Change.objects.exists() and len(told) == 1


def test_what_can_not_be_queued_for_others_stays_for_later(django_capture_on_commit_callbacks, monkeypatch, told):
    with monkeypatch.context() as broken:
        broken.setattr(others, "queue", lambda changes: 1 / 0)
        with django_capture_on_commit_callbacks(execute=True):
            changes.announce(["page-7"])
    assert Change.objects.count() == 1
    assert changes.tell_rest() == 1
    assert len(told) == 1


def test_what_another_process_has_told_is_not_told_again(told):
    changes.announce(["page-7"])
    rows = list(Change.objects.all())
    changes.tell(rows)
    changes.tell(rows)
    assert len(told) == 1


def test_a_change_of_too_many_things_makes_everything_stale():
    changes.announce(f"image-{number}" for number in range(changes.MOST_TAGS + 1))
    assert Change.objects.get().tags == [ALL]


def test_nothing_is_written_where_there_is_nothing_to_tell(django_assert_num_queries):
    with django_assert_num_queries(0):
        changes.announce([])
