import pytest
from django_tasks import default_task_backend, task

from cms import tasks_backend

pytestmark = pytest.mark.django_db
done: list[str] = []


@task()
def note(word: str) -> None:
    done.append(word)


@pytest.fixture(autouse=True)
def published(monkeypatch) -> list[tuple]:
    done.clear()
    messages: list[tuple] = []
    monkeypatch.setattr(tasks_backend.run_django_task, "delay", lambda *message: messages.append(message))
    return messages


def test_task_is_published_after_commit(published, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        note.enqueue("late")
        assert published == []

    assert published == [("tests.cms.test_tasks_backend.note", ["late"], {})]


def test_worker_runs_what_was_published():
    tasks_backend.run_django_task("tests.cms.test_tasks_backend.note", ["hello"], {})

    assert done == ["hello"]


def test_task_on_the_immediate_list_runs_at_once(published, monkeypatch):
    monkeypatch.setitem(default_task_backend.options, "IMMEDIATE", ["tests.cms.test_tasks_backend.note"])

    note.enqueue("now")

    assert (done, published) == (["now"], [])


def test_reference_index_is_right_as_soon_as_a_row_is_saved(photo):
    from wagtail.models import ReferenceIndex

    from blog.models import Person

    Person.objects.create(name="Ada", portrait=photo)

    assert ReferenceIndex.get_references_to(photo).count() == 1
