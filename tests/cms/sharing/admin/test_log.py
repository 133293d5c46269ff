"""The log of postings: seen by those who may publish, and tried again from there."""

import pytest
from django.test import Client
from django.urls import reverse

from blog.models import BlogIndexPage, PostPage, SharingAccount
from cms.delivery.models import State
from cms.sharing import secrets
from cms.sharing.models import Posting
from tests.blog.content import make_post
from tests.blog.staff import hire, make_published

pytestmark = pytest.mark.django_db


@pytest.fixture
def account(blog: BlogIndexPage) -> SharingAccount:
    return SharingAccount.objects.create(
        name="Darkroom", connector="mastodon", address="https://example.social", secret=secrets.lock("x")
    )


def posting_of(post: PostPage | None, account: SharingAccount, **values: object) -> Posting:
    return Posting.objects.create(post=post, account=account, **{"title": "Post 1"} | values)


def test_log_shows_what_was_said_as_text(admin_client: Client, blog: BlogIndexPage, account: SharingAccount) -> None:
    posting_of(make_post(blog), account, state=State.FAILED, error="The server says <script>alert(1)</script>")
    page = admin_client.get(reverse("sharing_log")).text
    assert "&lt;script&gt;alert(1)" in page
    assert "<script>alert(1)" not in page


def test_failed_one_is_tried_again_from_the_log(
    admin_client: Client,
    blog: BlogIndexPage,
    account: SharingAccount,
    sent: list[int],
    django_capture_on_commit_callbacks,
) -> None:
    posting = posting_of(make_post(blog), account, state=State.FAILED, error="No")
    with django_capture_on_commit_callbacks(execute=True):
        response = admin_client.post(reverse("sharing_again", args=[posting.pk]), follow=True)
    assert "It is posted again." in response.text
    posting.refresh_from_db()
    assert (posting.state, posting.error) == (State.QUEUED, "")
    assert sent == [posting.pk]


def test_posted_one_gets_a_new_key(admin_client: Client, blog: BlogIndexPage, account: SharingAccount) -> None:
    posting = posting_of(make_post(blog), account, state=State.DONE, url="https://example.social/1")
    admin_client.post(reverse("sharing_again", args=[posting.pk]))
    again = Posting.objects.get()
    assert (again.state, again.url) == (State.QUEUED, "")
    assert again.key != posting.key


def test_log_says_that_what_was_posted_of_a_deleted_post_stays(
    admin_client: Client, blog: BlogIndexPage, account: SharingAccount
) -> None:
    posting_of(None, account, state=State.DONE, url="https://example.social/1")
    page = admin_client.get(reverse("sharing_log")).text
    assert "what was posted stays there" in page
    assert 'href="https://example.social/1"' in page
    assert "Post again" not in page


def test_deleting_a_post_says_that_what_was_posted_stays(
    admin_client: Client, blog: BlogIndexPage, account: SharingAccount
) -> None:
    post = make_published(blog, None)
    posting_of(post, account, state=State.DONE)
    response = admin_client.post(reverse("wagtailadmin_pages:delete", args=[post.pk]), follow=True)
    assert "1 posting on another server stays there" in response.text
    assert Posting.objects.get().post is None


def test_writer_sees_no_log_and_tries_nothing_again(
    client: Client, blog: BlogIndexPage, account: SharingAccount
) -> None:
    posting = posting_of(make_post(blog), account, state=State.FAILED)
    client.force_login(hire("Writer"))
    assert client.get(reverse("sharing_log")).status_code in (302, 403)
    assert client.post(reverse("sharing_again", args=[posting.pk])).status_code in (302, 403)
    posting.refresh_from_db()
    assert posting.state == State.FAILED


def test_editor_sees_what_was_posted_of_posts_and_none_of_deleted_ones(
    client: Client, blog: BlogIndexPage, account: SharingAccount
) -> None:
    posting_of(make_post(blog, title="Harbour"), account, title="Harbour")
    posting_of(None, account, title="Forgotten")
    client.force_login(hire("Editor"))
    page = client.get(reverse("sharing_log")).text
    assert "Harbour" in page
    assert "Forgotten" not in page


def test_panel_of_the_post_says_what_has_become_of_it(
    admin_client: Client, blog: BlogIndexPage, account: SharingAccount
) -> None:
    post = make_published(blog, None)
    posting_of(post, account, state=State.FAILED, error="The server refuses it <b>.")
    page = admin_client.get(reverse("wagtailadmin_pages:edit", args=[post.pk])).text
    assert "Darkroom: not posted. The server refuses it &lt;b&gt;." in page


def test_log_asks_the_same_number_of_queries_for_more(
    admin_client: Client, blog: BlogIndexPage, account: SharingAccount, django_assert_max_num_queries
) -> None:
    for number in range(8):
        posting_of(make_post(blog, number), account)
    with django_assert_max_num_queries(25):
        admin_client.get(reverse("sharing_log"))
