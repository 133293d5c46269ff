"""What writers, editors and admins do by token: the same that they may do in the admin."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from blog.models import BlogIndexPage, Category, PostPage
from tests.api.v3.conftest import Bearer
from tests.blog.content import make_category
from tests.blog.staff import hire, make_draft, make_published

ROLES = ("Writer", "Editor", "Admin")
LATER = (timezone.now() + timedelta(days=30)).isoformat()


@pytest.fixture
def token(db: None) -> Callable[[str], Bearer]:
    """Hire somebody in this role, and give them a token."""
    return lambda role: Bearer(hire(role))


@pytest.fixture
def writer(token: Callable[[str], Bearer]) -> Bearer:
    return token("Writer")


def new_post(blog: BlogIndexPage, **meta: object) -> dict[str, object]:
    return {
        "meta": {"type": "blog.PostPage", "parent_id": blog.pk} | meta,
        "title": "Waiting",
        "summary": "Of patience.",
        "date": "2026-01-02",
    }


@pytest.mark.parametrize(("role", "status"), [("Writer", 403), ("Editor", 201), ("Admin", 201)])
def test_editors_publish_what_they_write_and_writers_do_not(
    role: str, status: int, token: Callable, blog: BlogIndexPage
):
    assert token(role).post("pages/", new_post(blog, action="publish")).status_code == status
    assert PostPage.objects.live().exists() is (status == 201)


@pytest.mark.parametrize("role", ROLES)
def test_everybody_writes_drafts_and_edits_their_own(role: str, token: Callable, blog: BlogIndexPage):
    bearer = token(role)

    created = bearer.post("pages/", new_post(blog))
    changed = bearer.patch(f"pages/{created.json()['id']}/", {"summary": "Shorter."})

    assert (created.status_code, changed.status_code) == (201, 200), changed.content
    post = PostPage.objects.get()
    assert (post.owner, post.live, post.summary) == (bearer.user, False, "Shorter.")


def attempts(post: PostPage) -> dict[str, tuple[str, str, dict[str, object]]]:
    """Each way to do something to a post: its method, address and body."""
    actions = {
        "publish": {},
        "unpublish": {},
        "schedule": {"go_live_at": LATER},
        "unschedule": {},
        "submit": {},
        "copy": {"keep_live": False, "slug": "copied"},
        "create_alias": {"slug": "alias"},
        "move": {"destination_id": post.get_parent().pk, "position": "first-child"},
        "revert": {"revision_id": post.latest_revision_id},
    }
    found = {name: ("post", f"pages/{post.pk}/actions/{name}/", body) for name, body in actions.items()}
    return found | {
        "edit": ("patch", f"pages/{post.pk}/", {"title": "Mine now"}),
        "publish an edit": ("patch", f"pages/{post.pk}/", {"title": "Mine now", "meta": {"action": "publish"}}),
        "delete": ("delete", f"pages/{post.pk}/", {}),
        "delete by action": ("delete", f"pages/{post.pk}/actions/delete/", {}),
    }


def attempt(bearer: Bearer, how: tuple[str, str, dict[str, object]]) -> int:
    method, path, body = how
    arguments = (path,) if method == "delete" else (path, body)
    return getattr(bearer, method)(*arguments).status_code


@pytest.mark.parametrize("is_live", [True, False])
def test_writer_does_nothing_to_the_post_of_somebody_else(is_live: bool, writer: Bearer, blog: BlogIndexPage):
    post = (make_published if is_live else make_draft)(blog, hire("Writer", "wendy"))

    assert {name: attempt(writer, how) for name, how in attempts(post).items()} == dict.fromkeys(attempts(post), 403)
    assert (PostPage.objects.get().title, PostPage.objects.get().live) == ("Post 1", is_live)


def test_writer_does_nothing_to_their_own_post_once_it_is_published(writer: Bearer, blog: BlogIndexPage):
    post = make_published(blog, writer.user)

    assert {name: attempt(writer, how) for name, how in attempts(post).items()} == dict.fromkeys(attempts(post), 403)
    assert (PostPage.objects.get().title, PostPage.objects.get().live) == ("Post 1", True)


def test_writer_publishes_their_own_draft_by_no_action(writer: Bearer, blog: BlogIndexPage):
    post = make_draft(blog, writer.user)
    refused = ("publish", "unpublish", "schedule", "unschedule", "create_alias", "publish an edit")

    assert {name: attempt(writer, attempts(post)[name]) for name in refused} == dict.fromkeys(refused, 403)
    copied = writer.post(f"pages/{post.pk}/actions/copy/", {"keep_live": True, "slug": "copied"})
    assert copied.status_code == 403
    assert not PostPage.objects.live().exists()


def test_draft_under_review_is_not_changed_by_its_writer(writer: Bearer, blog: BlogIndexPage):
    post = make_draft(blog, writer.user)
    assert writer.post(f"pages/{post.pk}/actions/submit/").status_code == 200
    before = PostPage.objects.get().latest_revision

    for name in ("edit", "revert"):
        assert attempt(writer, attempts(post)[name]) == 403
    assert PostPage.objects.get().latest_revision == before


def test_writer_lists_their_own_drafts_only(writer: Bearer, blog: BlogIndexPage):
    mine = make_draft(blog, writer.user, 1)
    others = [make_draft(blog, hire("Writer", "wendy"), 2), make_published(blog, writer.user, 3)]

    for query in ({}, {"type": "blog.PostPage"}, {"search": "post"}, {"order": "title"}):
        answer = writer.get("pages/", **query).json()
        assert [one["id"] for one in answer["items"]] == [mine.pk]
        assert answer["count"] == 1
    for path in ("", "?version=draft"):
        assert writer.get(f"pages/{mine.pk}/{path}").status_code == 200
        assert {writer.get(f"pages/{one.pk}/{path}").status_code for one in others} == {404}
    assert writer.get(f"pages/{mine.pk}/revisions/").json()["count"] == 1


def test_writer_reads_no_revision_and_finds_no_page_of_others(writer: Bearer, blog: BlogIndexPage):
    theirs = make_draft(blog, hire("Writer", "wendy"))
    mine = make_draft(blog, writer.user, 2)

    assert writer.get(f"pages/{theirs.pk}/revisions/").status_code == 404
    assert writer.get(f"pages/{theirs.pk}/revisions/{theirs.latest_revision_id}/").status_code == 404
    # Not beside one's own page, either.
    assert writer.get(f"pages/{mine.pk}/revisions/{theirs.latest_revision_id}/").status_code == 404
    assert writer.get("pages/find/", id=theirs.pk).status_code == 404
    assert writer.get("pages/find/", id=mine.pk).status_code == 302
    assert writer.get("pages/", child_of=theirs.pk).status_code == 422


@pytest.mark.parametrize("role", ["Editor", "Admin"])
def test_editors_list_the_drafts_of_all(role: str, token: Callable, blog: BlogIndexPage):
    posts = [make_draft(blog, hire("Writer"), 1), make_published(blog, None, 2)]

    answer = token(role).get("pages/", type="blog.PostPage").json()

    assert [one["id"] for one in answer["items"]] == [post.pk for post in posts]


@pytest.mark.parametrize(
    ("role", "made", "changed", "deleted"), [("Writer", 403, 403, 403), ("Editor", 201, 200, 204)]
)
def test_categories_take_a_permission_of_their_own(
    role: str, made: int, changed: int, deleted: int, token: Callable, blog: BlogIndexPage
):
    bearer, category = token(role), make_category()

    assert bearer.get("snippets/blog.Category/").json()["count"] == 1
    answer = bearer.post("snippets/blog.Category/", {"name": "Travel", "slug": "travel"})
    assert answer.status_code == made, answer.content
    assert bearer.patch(f"snippets/blog.Category/{category.pk}/", {"name": "Craft"}).status_code == changed
    assert bearer.delete(f"snippets/blog.Category/{category.pk}/").status_code == deleted
    assert Category.objects.filter(name="Technique").exists() is (role == "Writer")


def test_somebody_who_manages_categories_only_writes_no_posts(hired: Callable, blog: BlogIndexPage):
    from django.contrib.auth.models import Permission

    bearer = hired()
    bearer.user.user_permissions.add(*Permission.objects.filter(codename__endswith="_category"))

    assert bearer.post("snippets/blog.Category/", {"name": "Travel", "slug": "travel"}).status_code == 201
    assert bearer.post("pages/", new_post(blog)).status_code == 403
