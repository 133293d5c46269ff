"""What a writer meets in the admin: their own drafts, what is published, and no way around."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group, Permission
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import GroupApprovalTask, GroupPagePermission, Workflow

from blog.models import BlogIndexPage, LandingPage, PostPage
from cms.models import User
from tests.blog.editorial.test_publication import form
from tests.blog.staff import hire, make_draft, make_published

SECRET = "A scoop of somebody"


@pytest.fixture
def desk(client: Client, writer: User) -> Client:
    """The admin, with a writer in front of it."""
    client.force_login(writer)
    return client


@pytest.fixture
def scoop(blog: BlogIndexPage) -> PostPage:
    """The draft of somebody else."""
    return make_draft(blog, hire("Writer", "wendy"), 7, title=SECRET)


def page_of(desk: Client, name: str, *args: object, **query: object) -> str:
    answer = desk.get(reverse(name, args=args), query)
    assert answer.status_code == 200, answer
    return answer.content.decode()


def is_refused(answer) -> bool:
    """Sent home, or told 403; and nothing of it is told on the way, either."""
    home = reverse("wagtailadmin_home")
    if answer.status_code == 302 and answer["Location"].startswith(home):
        answer = answer.client.get(home)
    elif answer.status_code not in (403, 404):
        return False
    return SECRET not in answer.content.decode()


def test_explorer_lists_what_is_published_and_their_own(desk: Client, writer: User, blog: BlogIndexPage, scoop):
    make_draft(blog, writer, 1, title="My own draft")
    make_published(blog, None, 2, title="Read by all")

    for query in ({}, {"q": "draft"}, {"q": "scoop"}, {"q": "read"}):
        assert SECRET not in page_of(desk, "wagtailadmin_explore", blog.pk, **query)
    listed = page_of(desk, "wagtailadmin_explore", blog.pk)
    assert "My own draft" in listed
    assert "Read by all" in listed


@pytest.mark.parametrize(
    ("name", "query"),
    [
        ("wagtailadmin_pages:search", {"q": "scoop"}),
        ("wagtailadmin_choose_page_search", {"q": "scoop"}),
        ("wagtailadmin_choose_page", {"page_type": "blog.PostPage"}),
        ("wagtailadmin_home", {}),
        ("wagtailadmin_reports:workflow", {}),
        ("wagtailadmin_reports:workflow_tasks", {}),
        ("wagtailadmin_api:pages:listing", {}),
        ("wagtailadmin_api:pages:listing", {"search": "scoop"}),
    ],
)
def test_draft_of_somebody_else_is_in_no_list(
    name: str, query: dict[str, str], desk: Client, blog: BlogIndexPage, scoop: PostPage
):
    scoop.get_workflow().start(scoop, scoop.owner)

    assert SECRET not in page_of(desk, name, **query)


def test_choosers_offer_what_is_published_and_their_own(desk: Client, writer: User, blog: BlogIndexPage):
    make_draft(blog, writer, 1, title="My own draft")
    make_published(blog, None, 2, title="Read by all")

    offered = page_of(desk, "wagtailadmin_choose_page_child", blog.pk)

    assert "My own draft" in offered
    assert "Read by all" in offered


def test_every_page_is_listed_by_type_for_writers_too(desk: Client, writer: User, blog: BlogIndexPage, scoop):
    make_draft(blog, writer, 1, title="My own draft")

    listed = page_of(desk, "wagtailadmin_pages:type_use", "blog", "postpage")

    assert "My own draft" in listed
    assert SECRET not in listed


def doors(post: PostPage) -> dict[str, str]:
    """Addresses of the admin that are about one page, by name."""
    pages = "wagtailadmin_pages"
    state = post.current_workflow_state
    task_state = state.current_task_state_id if state else 1
    names = ["edit", "delete", "unpublish", "copy", "history", "usage", "view_draft", "convert_alias", "lock"]
    found = {name: reverse(f"{pages}:{name}", args=[post.pk]) for name in [*names, "workflow_history", "unlock"]}
    revision = post.latest_revision_id
    return found | {
        "move": reverse(f"{pages}:move", args=[post.pk]),
        "move_confirm": reverse(f"{pages}:move_confirm", args=[post.pk, post.get_parent().pk]),
        "preview": reverse(f"{pages}:preview_on_edit", args=[post.pk]),
        "revert": reverse(f"{pages}:revisions_revert", args=[post.pk, revision]),
        "view a revision": reverse(f"{pages}:revisions_view", args=[post.pk, revision]),
        "compare": reverse(f"{pages}:revisions_compare", args=[post.pk, "earliest", "latest"]),
        "unschedule": reverse(f"{pages}:revisions_unschedule", args=[post.pk, revision]),
        "privacy": reverse(f"{pages}:set_privacy", args=[post.pk]),
        "approve": reverse(f"{pages}:workflow_action", args=[post.pk, "approve", task_state]),
        "position": reverse(f"{pages}:set_page_position", args=[post.pk]),
        "translate": reverse("simple_translation:submit_page_translation", args=[post.pk]),
    }


@pytest.mark.parametrize("method", ["get", "post"])
def test_draft_of_somebody_else_has_no_door(method: str, desk: Client, scoop: PostPage):
    scoop.get_workflow().start(scoop, scoop.owner)
    scoop = PostPage.objects.get(pk=scoop.pk)

    opened = [name for name, address in doors(scoop).items() if not is_refused(getattr(desk, method)(address))]

    assert opened == []
    assert PostPage.objects.get(pk=scoop.pk).workflow_in_progress
    for name in ("wagtailadmin_explore", "wagtailadmin_choose_page_child", "wagtailadmin_pages:add_subpage"):
        assert is_refused(desk.get(reverse(name, args=[scoop.pk])))
    assert is_refused(desk.get(reverse("wagtailadmin_choose_page_chosen_multiple"), {"id": scoop.pk}))
    assert desk.get(reverse("wagtailadmin_api:pages:detail", args=[scoop.pk])).status_code == 404


def test_published_post_has_no_door_for_its_writer(desk: Client, writer: User, blog: BlogIndexPage):
    post = make_published(blog, writer)
    changing = {"edit", "delete", "unpublish", "copy", "move", "move_confirm", "revert", "convert_alias", "preview"}
    changing |= {"lock", "unlock", "privacy", "unschedule", "position", "translate", "approve"}

    for name, address in doors(post).items():
        if name in changing:
            desk.post(address, form(title="Changed", **{"action-publish": "1"}))

    after = PostPage.objects.get()
    assert (after.title, after.live, after.latest_revision_id) == ("Post 1", True, post.latest_revision_id)
    assert not after.locked
    assert not after.view_restrictions.exists()


@pytest.mark.parametrize("action", ["delete", "move", "publish", "unpublish"])
def test_bulk_actions_neither_touch_nor_name_drafts_of_others(
    action: str, desk: Client, writer: User, blog: BlogIndexPage, scoop: PostPage
):
    live = make_published(blog, writer, 1)
    address = reverse("wagtail_bulk_action", args=["wagtailcore", "page", action])

    for query in (f"?id={scoop.pk}&id={live.pk}", f"?id=all&childOf={blog.pk}"):
        assert SECRET not in desk.get(address + query).content.decode()
        desk.post(address + query, {"chooser": blog.pk})

    assert (PostPage.objects.live().count(), PostPage.objects.count()) == (1, 2)


def test_writer_saves_and_submits_and_does_not_publish(desk: Client, writer: User, blog: BlogIndexPage):
    post = make_draft(blog, writer)
    address = reverse("wagtailadmin_pages:edit", args=[post.pk])

    assert "action-publish" not in desk.get(address).content.decode()
    desk.post(address, form(title="Published?", **{"action-publish": "1"}))
    assert not PostPage.objects.get().live
    desk.post(address, form(title="Look at it", **{"action-submit": "1"}))

    post = PostPage.objects.get()
    assert (post.live, post.title, post.workflow_in_progress) == (False, "Look at it", True)


def test_new_page_of_a_writer_is_a_draft_whatever_is_sent(desk: Client, writer: User, blog: BlogIndexPage):
    address = reverse("wagtailadmin_pages:add", args=["blog", "postpage", blog.pk])

    desk.post(address, form(**{"action-publish": "1"}))

    assert not PostPage.objects.filter(live=True).exists()


def test_draft_under_review_is_changed_by_its_reviewers_only(desk: Client, writer: User, blog: BlogIndexPage):
    post = make_draft(blog, writer)
    post.get_workflow().start(post, writer)
    address = reverse("wagtailadmin_pages:edit", args=[post.pk])

    desk.post(address, form(title="Sneaked in"))
    assert PostPage.objects.get().get_latest_revision_as_object().title == "Post 1"

    desk.force_login(hire("Editor"))
    desk.post(address, form(title="Corrected"))
    assert PostPage.objects.get().get_latest_revision_as_object().title == "Corrected"


def test_writer_cancels_a_review_and_has_the_draft_back(desk: Client, writer: User, blog: BlogIndexPage):
    post = make_draft(blog, writer)
    post.get_workflow().start(post, writer)

    desk.post(reverse("wagtailadmin_pages:edit", args=[post.pk]), form(**{"action-cancel-workflow": "1"}))

    assert not PostPage.objects.get().workflow_in_progress


def test_somebody_who_only_reviews_gets_to_the_draft_under_review(
    client: Client, blog: BlogIndexPage, scoop: PostPage
):
    lawyers = Group.objects.create(name="Lawyers")
    lawyers.permissions.add(Permission.objects.get(codename="access_admin"))
    lawyer = hire("Writer", "lara")
    lawyer.groups.set([lawyers])
    section = blog.add_child(instance=LandingPage(title="Law", slug="law"))
    GroupPagePermission.objects.create(
        group=lawyers, page=section, permission=Permission.objects.get(codename="add_page")
    )
    task = GroupApprovalTask.objects.get(name="Review")
    task.groups.add(lawyers)
    Workflow.objects.get(name="Review").start(scoop, scoop.owner)
    client.force_login(lawyer)

    assert SECRET in page_of(client, "wagtailadmin_pages:edit", scoop.pk)


def test_reports_of_all_pages_are_for_those_who_see_drafts(client: Client, writer: User, editor: User):
    for name in ("site_history", "site_history_results", "page_types_usage", "page_types_usage_results"):
        address = reverse(f"wagtailadmin_reports:{name}")
        client.force_login(writer)
        assert is_refused(client.get(address))
        client.force_login(editor)
        assert client.get(address).status_code == 200


def test_menu_has_no_report_that_leads_nowhere(client: Client, writer: User, editor: User, blog: BlogIndexPage):
    for user, is_shown in ((writer, False), (editor, True)):
        client.force_login(user)
        assert ("site-history" in page_of(client, "wagtailadmin_home")) is is_shown


def test_editor_schedules_in_the_admin_and_who_edits_is_told(client: Client, editor: User, blog: BlogIndexPage):
    client.force_login(editor)
    post = make_draft(blog, hire("Writer"))
    moment = timezone.now() + timedelta(days=3)

    client.post(
        reverse("wagtailadmin_pages:edit", args=[post.pk]),
        form(go_live_at=moment.strftime("%Y-%m-%d %H:%M"), **{"action-publish": "1"}),
    )

    assert PostPage.objects.get().status_string == "scheduled"
    assert "scheduled to go live" in page_of(client, "wagtailadmin_pages:edit", post.pk)


def test_images_of_the_same_number_are_no_drafts(desk: Client, scoop: PostPage):
    address = reverse("wagtail_bulk_action", args=["media_library", "customimage", "delete"])

    assert not desk.get(f"{address}?id={scoop.pk}").has_header("Location")
