"""Scheduling a page by token, taking it back, and submitting it for review."""

from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone
from wagtail.models import PageLogEntry, TaskState, Workflow, WorkflowPage

from blog.models import BlogIndexPage, PostPage
from cms.tasks import publish_scheduled_task
from tests.api.v3.conftest import Bearer
from tests.blog.content import image_block, make_image
from tests.blog.staff import hire, make_draft, make_published

HOUR = timedelta(hours=1)


@pytest.fixture
def editor(db: None) -> Bearer:
    return Bearer(hire("Editor"))


@pytest.fixture
def writer(db: None) -> Bearer:
    return Bearer(hire("Writer"))


def soon(hours: float = 1) -> datetime:
    return timezone.now().replace(microsecond=0) + hours * HOUR


def schedule(bearer: Bearer, post: PostPage, **body: object):
    values = {name: one.isoformat() if isinstance(one, datetime) else one for name, one in body.items()}
    return bearer.post(f"pages/{post.pk}/actions/schedule/", values)


def let_time_pass(post: PostPage) -> None:
    """As if the clock stood just after the date of a scheduled revision."""
    revision = PostPage.objects.get(pk=post.pk).scheduled_revision
    revision.approved_go_live_at = timezone.now() - timedelta(seconds=1)
    revision.content["go_live_at"] = revision.approved_go_live_at.isoformat()
    revision.save()


def test_post_goes_live_at_its_time_and_who_scheduled_it_published_it(
    editor: Bearer, blog: BlogIndexPage, client: Client
):
    post, begins, ends = make_draft(blog, None), soon(1), soon(24)

    answer = schedule(editor, post, go_live_at=begins, expire_at=ends)

    assert answer.status_code == 200, answer.content
    assert [datetime.fromisoformat(answer.json()[name]) for name in ("go_live_at", "expire_at")] == [begins, ends]
    post = PostPage.objects.get()
    assert (post.live, post.status_string, post.scheduled_revision.approved_go_live_at) == (False, "scheduled", begins)
    assert post.published_at is None
    let_time_pass(post)
    publish_scheduled_task()
    post = PostPage.objects.get()
    assert (post.live, post.published_by, post.expire_at) == (True, editor.user, ends)
    assert client.get(f"/api/v2/pages/{post.pk}/").json()["published_at"]


def test_change_of_a_live_post_waits_and_the_post_stays_as_it_is(editor: Bearer, blog: BlogIndexPage):
    post = make_published(blog, None)
    assert editor.patch(f"pages/{post.pk}/", {"title": "Later"}).status_code == 200

    assert schedule(editor, post, go_live_at=soon()).status_code == 200

    post = PostPage.objects.get()
    assert (post.live, post.title, post.status_string) == (True, "Post 1", "live + scheduled")
    let_time_pass(post)
    publish_scheduled_task()
    assert PostPage.objects.get().title == "Later"


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"go_live_at": timezone.now() - HOUR}, "in_the_past"),
        ({"go_live_at": soon(48), "expire_at": soon(47)}, "ends_first"),
    ],
)
def test_schedule_that_makes_no_sense_is_refused(
    values: dict[str, datetime], code: str, editor: Bearer, blog: BlogIndexPage
):
    post = make_draft(blog, None)

    answer = schedule(editor, post, **values)

    assert (answer.status_code, answer["Content-Type"]) == (422, "application/problem+json")
    assert answer.json()["code"] == code
    assert PostPage.objects.get().scheduled_revision is None


@pytest.mark.parametrize(
    "body", [{}, {"go_live_at": None}, {"go_live_at": "soon"}, {"go_live_at": "2100-01-01T10:00"}]
)
def test_date_is_required_and_tells_its_time_zone(body: dict[str, object], editor: Bearer, blog: BlogIndexPage):
    post = make_draft(blog, None)

    answer = schedule(editor, post, **body)

    assert (answer.status_code, answer["Content-Type"]) == (422, "application/problem+json")
    assert answer.json()["errors"][0]["loc"][-1] == "go_live_at"
    assert PostPage.objects.get().revisions.count() == 1


def test_new_time_takes_the_place_of_the_first(editor: Bearer, blog: BlogIndexPage):
    post = make_draft(blog, None)
    later = soon(3)

    schedule(editor, post, go_live_at=soon(1))
    assert schedule(editor, post, go_live_at=later).status_code == 200

    times = PostPage.objects.get().revisions.filter(approved_go_live_at__isnull=False)
    assert [one.approved_go_live_at for one in times] == [later]


def test_what_was_scheduled_is_taken_back_and_its_history_says_by_whom(editor: Bearer, blog: BlogIndexPage):
    post = make_draft(blog, None)
    schedule(editor, post, go_live_at=soon())

    assert editor.post(f"pages/{post.pk}/actions/unschedule/").status_code == 200

    assert PostPage.objects.get().status_string == "draft"
    entry = PageLogEntry.objects.get(page=post.pk, action="wagtail.schedule.cancel")
    assert entry.user == editor.user
    again = editor.post(f"pages/{post.pk}/actions/unschedule/")
    assert (again.status_code, again.json()["code"]) == (409, "not_scheduled")


def test_post_with_media_that_may_not_be_shown_then_is_not_scheduled(editor: Bearer, blog: BlogIndexPage):
    image = make_image("Harbour", expires_on=timezone.localdate() + timedelta(days=2))
    post = make_draft(blog, None, body=[image_block(image)])
    before = schedule(editor, post, go_live_at=soon(1))
    assert before.status_code == 200, before.content

    answer = schedule(editor, post, go_live_at=soon(24 * 5))

    assert (answer.status_code, answer.json()["code"]) == (409, "not_publishable")
    # Nothing is half done: the first time still holds.
    assert PostPage.objects.get().scheduled_revision.approved_go_live_at < soon(2)


def test_post_that_somebody_else_locked_is_not_scheduled(editor: Bearer, blog: BlogIndexPage):
    post = make_draft(blog, None)
    PostPage.objects.update(locked=True, locked_by=hire("Admin"), locked_at=timezone.now())

    assert schedule(editor, post, go_live_at=soon()).status_code == 403
    assert PostPage.objects.get().scheduled_revision is None


def test_page_that_is_not_there_is_404(editor: Bearer, blog: BlogIndexPage):
    for action, body in (("schedule", {"go_live_at": soon().isoformat()}), ("unschedule", {}), ("submit", {})):
        assert editor.post(f"pages/999999/actions/{action}/", body).status_code == 404


def test_actions_take_a_token(client: Client, blog: BlogIndexPage):
    post = make_draft(blog, None)

    for action in ("schedule", "unschedule", "submit"):
        address = f"/api/v3/pages/{post.pk}/actions/{action}/"
        assert client.post(address, {}, content_type="application/json").status_code == 401


def test_date_in_the_past_is_refused_in_a_page_that_is_written_too(editor: Bearer, blog: BlogIndexPage):
    post = make_draft(blog, None)

    answer = editor.patch(f"pages/{post.pk}/", {"go_live_at": (timezone.now() - HOUR).isoformat()})

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["type"] == "in_the_past"
    assert "has passed" in answer.json()["errors"][0]["msg"]


def test_end_before_the_date_that_the_page_has_is_refused(editor: Bearer, blog: BlogIndexPage):
    post = make_draft(blog, None, go_live_at=soon(48))

    answer = editor.patch(f"pages/{post.pk}/", {"expire_at": soon(24).isoformat()})

    assert answer.status_code == 422
    assert [one["type"] for one in answer.json()["errors"]] == ["ends_first"]


# Review


def test_writer_submits_and_editors_are_told(writer: Bearer, blog: BlogIndexPage, mailoutbox: list):
    editor = hire("Editor")
    post = make_draft(blog, writer.user)

    answer = writer.post(f"pages/{post.pk}/actions/submit/")

    assert answer.status_code == 200, answer.content
    assert PostPage.objects.get().workflow_in_progress
    assert [mail.to for mail in mailoutbox] == [[editor.email]]
    again = writer.post(f"pages/{post.pk}/actions/submit/")
    assert (again.status_code, again.json()["code"]) == (409, "in_review")


def test_writer_submits_again_after_changes_were_asked_for(writer: Bearer, blog: BlogIndexPage):
    post = make_draft(blog, writer.user)
    writer.post(f"pages/{post.pk}/actions/submit/")
    PostPage.objects.get().current_workflow_task_state.reject(user=hire("Editor"), comment="Shorter, please.")

    assert writer.patch(f"pages/{post.pk}/", {"summary": "Shorter."}).status_code == 200
    assert writer.post(f"pages/{post.pk}/actions/submit/").status_code == 200

    states = PostPage.objects.get().current_workflow_state.task_states.order_by("pk")
    assert [one.status for one in states] == [TaskState.STATUS_REJECTED, TaskState.STATUS_IN_PROGRESS]
    assert states.last().revision.content["summary"] == "Shorter."


def test_draft_that_lacks_what_a_post_needs_is_not_submitted(writer: Bearer, blog: BlogIndexPage):
    post = make_draft(blog, writer.user)
    revision = post.latest_revision
    revision.content["date"] = None
    revision.save()
    PostPage.objects.update(has_unpublished_changes=True)

    assert writer.post(f"pages/{post.pk}/actions/submit/").status_code == 422
    assert not PostPage.objects.get().workflow_in_progress


def test_post_without_a_workflow_is_not_submitted(writer: Bearer, blog: BlogIndexPage):
    WorkflowPage.objects.all().delete()
    assert Workflow.objects.exists()
    post = make_draft(blog, writer.user)

    answer = writer.post(f"pages/{post.pk}/actions/submit/")

    assert (answer.status_code, answer.json()["code"]) == (409, "no_workflow")


def test_scheduled_post_is_not_submitted(editor: Bearer, blog: BlogIndexPage):
    post = make_draft(blog, None)
    schedule(editor, post, go_live_at=soon())

    answer = editor.post(f"pages/{post.pk}/actions/submit/")

    assert (answer.status_code, answer.json()["code"]) == (409, "locked")


def test_new_addresses_are_in_the_document(editor: Bearer, client: Client, admin_client: Client):
    paths = admin_client.get("/api/v3/openapi.json").json()["paths"]

    for action in ("schedule", "unschedule", "submit"):
        assert f"/api/v3/pages/{{page_id}}/actions/{action}/" in paths
