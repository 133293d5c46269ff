"""A post is posted to the accounts that its editor has ticked: once, when it is public, and never otherwise."""

import json
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone
from wagtail.models import Page, PageViewRestriction

from blog.models import BlogIndexPage, PostPage, SharingAccount
from cms.delivery.models import State
from cms.delivery.webhooks import posting as requests
from cms.delivery.webhooks import signing
from cms.sharing import line, secrets
from cms.sharing.models import Posting
from cms.sharing.tasks import tend_postings_task
from media_library.models import Video
from tests.blog.content import make_image, make_post, video_block
from tests.cms.delivery.servers import Told
from tests.mastodon_server import TOKEN, Mastodon

pytestmark = pytest.mark.django_db

Work = Callable[[Callable[[], object]], None]


def draft(blog: BlogIndexPage, account: SharingAccount, **values: object) -> PostPage:
    """A post that was never public, with its account ticked in its revision."""
    post = make_post(blog, 1, **{"live": False} | values)
    post.share_on = [account]
    post.save_revision()
    return PostPage.objects.get(pk=post.pk)


def publish(post: PostPage) -> None:
    PostPage.objects.get(pk=post.pk).get_latest_revision().publish()


def pass_time(by: timedelta = timedelta(hours=2)) -> None:
    """What waits is due, and what was begun is so much older."""
    for row in Posting.objects.all():
        row.next_attempt_at = row.next_attempt_at and row.next_attempt_at - by
        row.begun_at = row.begun_at and row.begun_at - by
        row.save()
    SharingAccount.objects.update(not_before=None)


def test_published_post_is_posted_with_its_text_and_picture(
    blog: BlogIndexPage, account: SharingAccount, server: Mastodon, work: Work
) -> None:
    post = draft(blog, account, featured_image=make_image("Harbour", size=64))
    work(lambda: publish(post))
    (status,) = server.statuses
    assert status["status"] == "Post 1\n\nWhat post 1 is about.\n\nhttp://localhost/post-1/"
    assert (status["visibility"], status["language"]) == ("public", "en")
    (media,) = server.media
    assert status["media_ids"] == [media["id"]]
    assert media["description"] == "What Harbour shows"
    assert media["content"].startswith(b"\xff\xd8\xff")
    posting = Posting.objects.get()
    assert (posting.state, posting.url, posting.text) == (State.DONE, status["url"], status["status"])


def test_post_that_begins_with_a_film_is_posted_with_its_poster(
    blog: BlogIndexPage,
    account: SharingAccount,
    server: Mastodon,
    work: Work,
    film: Video,
    develop: Callable[..., None],
) -> None:
    develop(film)
    work(lambda: publish(draft(blog, account, body=[video_block(film)])))
    (media,) = server.media
    assert media["content"].startswith(b"\xff\xd8\xff")


def test_draft_is_not_posted(blog: BlogIndexPage, account: SharingAccount, server: Mastodon, work: Work) -> None:
    work(lambda: draft(blog, account).save_revision())
    tend_postings_task()
    assert not Posting.objects.exists()
    assert server.receiver.asked == []


def test_scheduled_post_is_posted_when_it_goes_live_and_not_before(
    blog: BlogIndexPage, account: SharingAccount, server: Mastodon, work: Work
) -> None:
    post = draft(blog, account)
    post = post.get_latest_revision_as_object()
    post.go_live_at = timezone.now() + timedelta(hours=1)
    revision = post.save_revision()
    work(revision.publish)
    assert not Posting.objects.exists()
    past = timezone.now() - timedelta(minutes=1)
    content = revision.content | {"go_live_at": past.isoformat()}
    type(revision).objects.filter(pk=revision.pk).update(approved_go_live_at=past, content=content)
    work(lambda: call_command("publish_scheduled"))
    assert len(server.statuses) == 1


def test_publishing_again_posts_nothing_again(
    blog: BlogIndexPage, account: SharingAccount, server: Mastodon, work: Work
) -> None:
    post = draft(blog, account)
    for _time in range(3):
        work(lambda: publish(post))
    tend_postings_task()
    assert len(server.statuses) == 1


def test_copy_of_a_post_is_not_posted(
    blog: BlogIndexPage, account: SharingAccount, server: Mastodon, work: Work
) -> None:
    post = draft(blog, account)
    work(lambda: publish(post))
    post = PostPage.objects.get(pk=post.pk)
    work(lambda: post.copy(update_attrs={"slug": "copy", "title": "Copy"}, keep_live=True))
    work(lambda: post.create_alias(update_slug="alias"))
    tend_postings_task()
    assert len(server.statuses) == 1
    assert Posting.objects.count() == 1


def test_own_text_of_the_editor_is_posted_with_the_address(
    blog: BlogIndexPage, account: SharingAccount, server: Mastodon, work: Work
) -> None:
    post = draft(blog, account, share_texts={"mastodon": "Look at <this> & that."})
    work(lambda: publish(post))
    assert server.statuses[0]["status"] == "Look at <this> & that.\n\nhttp://localhost/post-1/"


def test_post_that_is_unpublished_first_is_not_posted_until_it_is_published_again(
    blog: BlogIndexPage, account: SharingAccount, server: Mastodon, sent: list[int], work: Work
) -> None:
    post = draft(blog, account)
    publish(post)
    PostPage.objects.get(pk=post.pk).unpublish()
    line.send(Posting.objects.get().pk)
    assert "unpublished" in Posting.objects.get(state=State.FAILED).error
    assert server.statuses == []
    work(lambda: publish(post))
    assert len(server.statuses) == 1


def test_post_for_some_people_only_is_not_posted(
    blog: BlogIndexPage, account: SharingAccount, server: Mastodon, work: Work
) -> None:
    PageViewRestriction.objects.create(page=blog, restriction_type=PageViewRestriction.PASSWORD, password="x")
    post = draft(blog, account)
    work(lambda: publish(post))
    assert "open to everybody" in Posting.objects.get(state=State.FAILED).error
    assert server.receiver.asked == []


def test_account_that_is_not_ticked_any_more_gets_nothing(
    blog: BlogIndexPage, account: SharingAccount, server: Mastodon, sent: list[int]
) -> None:
    post = draft(blog, account)
    publish(post)
    post = PostPage.objects.get(pk=post.pk)
    post.share_on = []
    post.save_revision().publish()
    line.send(Posting.objects.get().pk)
    assert "not ticked" in Posting.objects.get(state=State.FAILED).error
    assert server.statuses == []


def test_deleted_post_leaves_what_was_posted(
    blog: BlogIndexPage, account: SharingAccount, server: Mastodon, work: Work
) -> None:
    post = draft(blog, account)
    work(lambda: publish(post))
    Page.objects.get(pk=post.pk).delete()
    posting = Posting.objects.get()
    assert (posting.post, posting.state, posting.title) == (None, State.DONE, "Post 1")
    assert posting.url == server.statuses[0]["url"]


def test_lost_answer_posts_nothing_twice(
    blog: BlogIndexPage, account: SharingAccount, server: Mastodon, work: Work
) -> None:
    server.loses = 1
    post = draft(blog, account)
    work(lambda: publish(post))
    assert Posting.objects.get().state == State.QUEUED
    pass_time(timedelta(minutes=5))
    work(tend_postings_task)
    assert len(server.statuses) == 1
    assert Posting.objects.get(state=State.DONE).url == server.statuses[0]["url"]


def test_answer_lost_for_longer_than_the_server_remembers_is_left_to_people(
    blog: BlogIndexPage, account: SharingAccount, server: Mastodon, work: Work
) -> None:
    server.loses = 1
    post = draft(blog, account)
    work(lambda: publish(post))
    pass_time()
    work(tend_postings_task)
    assert "may have posted it" in Posting.objects.get(state=State.FAILED).error
    # Publishing again must not post it a second time either.
    work(lambda: publish(post))
    assert len(server.statuses) == 1
    work(lambda: (line.again(Posting.objects.get()), tend_postings_task()))
    assert len(server.statuses) == 2


def test_post_is_posted_again_when_somebody_asks_for_it(
    blog: BlogIndexPage, account: SharingAccount, server: Mastodon, work: Work
) -> None:
    post = draft(blog, account)
    work(lambda: publish(post))
    work(lambda: (line.again(Posting.objects.get()), tend_postings_task()))
    assert len(server.statuses) == 2
    assert Posting.objects.get().url == server.statuses[1]["url"]


def test_revoked_token_pauses_the_account_and_what_waits_goes_on_with_a_new_one(
    blog: BlogIndexPage, account: SharingAccount, server: Mastodon, work: Work
) -> None:
    server.tokens = {"another"}
    post = draft(blog, account)
    work(lambda: publish(post))
    account.refresh_from_db()
    assert not account.is_active
    assert "Make a new one there" in account.notice
    pass_time()
    number = len(server.receiver.asked)
    work(tend_postings_task)
    assert len(server.receiver.asked) == number
    account.secret, account.is_active = secrets.lock("another"), True
    account.save()
    work(tend_postings_task)
    assert len(server.statuses) == 1


def test_server_that_asks_to_wait_is_left_alone_by_all_posts(
    blog: BlogIndexPage, account: SharingAccount, server: Mastodon, work: Work
) -> None:
    server.next = [Told(429, b'{"error": "Too many requests"}', {"Retry-After": "600"})]
    post = draft(blog, account)
    work(lambda: publish(post))
    account.refresh_from_db()
    assert timedelta(minutes=9) < account.not_before - timezone.now() < timedelta(minutes=10)
    work(lambda: publish(draft(blog, account, slug="other", title="Other")))
    assert len(server.receiver.asked) == 1
    pass_time()
    work(tend_postings_task)
    assert len(server.statuses) == 2


def test_rate_limit_is_read_from_mastodons_own_header(
    blog: BlogIndexPage, account: SharingAccount, server: Mastodon, work: Work
) -> None:
    reset = (timezone.now() + timedelta(minutes=30)).isoformat().replace("+00:00", "Z")
    server.next = [Told(429, b"{}", {"X-RateLimit-Reset": reset})]
    work(lambda: publish(draft(blog, account)))
    account.refresh_from_db()
    assert timedelta(minutes=29) < account.not_before - timezone.now() <= timedelta(minutes=30)


def test_refused_text_says_why_and_is_tried_again_when_published_anew(
    blog: BlogIndexPage, account: SharingAccount, server: Mastodon, work: Work
) -> None:
    server.next = [Told(422, json.dumps({"error": "Validation failed: <b>no</b>"}).encode())]
    post = draft(blog, account)
    work(lambda: publish(post))
    assert "Validation failed: <b>no</b>" in Posting.objects.get(state=State.FAILED).error
    work(lambda: publish(post))
    assert Posting.objects.get().state == State.DONE


def test_picture_that_the_server_refuses_holds_no_post_back(
    blog: BlogIndexPage, account: SharingAccount, server: Mastodon, work: Work
) -> None:
    server.next = [Told(422, b'{"error": "Validation failed: File"}')]
    work(lambda: publish(draft(blog, account, featured_image=make_image("Harbour", size=64))))
    assert "media_ids" not in server.statuses[0]


def test_picture_that_is_still_worked_on_there_is_waited_for(
    blog: BlogIndexPage, account: SharingAccount, server: Mastodon, work: Work
) -> None:
    server.processing = 2
    work(lambda: publish(draft(blog, account, featured_image=make_image("Harbour", size=64))))
    assert server.statuses[0]["media_ids"] == [server.media[0]["id"]]


@pytest.mark.parametrize(
    "nonsense",
    [
        Told(200, b"<html>Hello</html>"),
        Told(200, b"[" * 30_000),
        Told(200, b'{"id": null}'),
        Told(503, b"out of order"),
        Told(raw=b"\x00\xff nonsense"),
    ],
    ids=["html", "nested", "no id", "503", "no http"],
)
def test_nonsense_is_no_success_and_comes_again(
    blog: BlogIndexPage, account: SharingAccount, server: Mastodon, work: Work, nonsense: Told
) -> None:
    server.next = [nonsense]
    work(lambda: publish(draft(blog, account)))
    posting = Posting.objects.get(state=State.QUEUED)
    assert posting.error
    assert posting.begun_at
    pass_time(timedelta(minutes=5))
    work(tend_postings_task)
    assert len(server.statuses) == 1


def test_redirect_is_not_followed_with_the_token(
    blog: BlogIndexPage, account: SharingAccount, server: Mastodon, work: Work
) -> None:
    server.next = [Told(302, b"", {"Location": "https://evil.example/"})]
    work(lambda: publish(draft(blog, account)))
    assert "https://evil.example/" in Posting.objects.get(state=State.FAILED).error
    assert len(server.receiver.asked) == 1


def test_address_that_a_hostile_server_names_is_no_link(
    blog: BlogIndexPage, account: SharingAccount, server: Mastodon, work: Work
) -> None:
    server.next = [Told(200, b'{"id": "1", "url": "javascript:alert(1)"}')]
    work(lambda: publish(draft(blog, account)))
    assert Posting.objects.get(state=State.DONE).url == ""


def test_private_network_is_not_asked(
    blog: BlogIndexPage, account: SharingAccount, server: Mastodon, work: Work, settings
) -> None:
    settings.WEBHOOK_ALLOWED_HOSTS = []
    work(lambda: publish(draft(blog, account)))
    assert "private network" in Posting.objects.get(state=State.QUEUED).error
    assert server.receiver.asked == []


def test_server_that_is_away_is_asked_again_for_longer_than_keys_are_remembered(
    blog: BlogIndexPage, account: SharingAccount, server: Mastodon, work: Work, monkeypatch
) -> None:
    account.address = "http://127.0.0.1:9"
    account.save()
    work(lambda: publish(draft(blog, account)))
    pass_time()
    work(tend_postings_task)
    account.address = server.url
    account.save()
    pass_time()
    work(tend_postings_task)
    assert Posting.objects.get().state == State.DONE


def test_post_of_a_process_that_died_while_publishing_is_found(
    blog: BlogIndexPage, account: SharingAccount, server: Mastodon, sent: list[int], work: Work
) -> None:
    publish(draft(blog, account))
    Posting.objects.all().delete()
    work(tend_postings_task)
    assert len(server.statuses) == 1


def test_two_workers_post_it_once(
    blog: BlogIndexPage, account: SharingAccount, server: Mastodon, sent: list[int]
) -> None:
    publish(draft(blog, account))
    posting = Posting.objects.get()
    line.send(posting.pk)
    line.send(posting.pk)
    assert len(server.statuses) == 1


def test_what_waits_for_too_long_is_given_up(
    blog: BlogIndexPage, account: SharingAccount, server: Mastodon, work: Work
) -> None:
    SharingAccount.objects.update(is_active=False)
    work(lambda: publish(draft(blog, account)))
    Posting.objects.update(queued_at=timezone.now() - timedelta(days=4))
    work(tend_postings_task)
    assert "waited for too long" in Posting.objects.get(state=State.FAILED).error
    assert server.receiver.asked == []


def test_token_is_neither_in_the_database_nor_in_the_log(
    blog: BlogIndexPage, account: SharingAccount, server: Mastodon, work: Work, caplog
) -> None:
    server.tokens = set()
    work(lambda: publish(draft(blog, account)))
    rows = [*SharingAccount.objects.values(), *Posting.objects.values()]
    assert TOKEN not in str(rows) + caplog.text
    assert server.receiver.asked[0].headers["authorization"] == f"Bearer {TOKEN}"


def test_token_of_another_secret_key_pauses_the_account(
    blog: BlogIndexPage, account: SharingAccount, server: Mastodon, work: Work, settings
) -> None:
    settings.SECRET_KEY, former = "another one", settings.SECRET_KEY
    work(lambda: publish(draft(blog, account)))
    assert "SECRET_KEY" in SharingAccount.objects.get(is_active=False).notice
    settings.SECRET_KEY_FALLBACKS = [former]
    assert secrets.unlock(account.secret) == TOKEN


def test_webhook_is_told_with_a_signature(
    blog: BlogIndexPage, account: SharingAccount, server: Mastodon, work: Work
) -> None:
    secret = signing.new_secret()
    server.receiver.answers = [Told(500), Told(200, b'{"url": "https://example.org/there"}')]
    account.connector, account.secret = "webhook", secrets.lock(secret)
    account.save()
    work(lambda: publish(draft(blog, account)))
    pass_time()
    work(tend_postings_task)
    first, second = server.receiver.asked
    posting = Posting.objects.get(state=State.DONE)
    assert posting.url == "https://example.org/there"
    assert first.headers["webhook-id"] == second.headers["webhook-id"] == str(posting.key)
    expected = signing.sign(str(posting.key), int(second.headers["webhook-timestamp"]), second.body, secret)
    assert second.headers["webhook-signature"] == expected
    assert second.json == {
        "id": str(posting.key),
        "event": "post.share",
        "title": "Post 1",
        "text": "Post 1\n\nWhat post 1 is about.\n\nhttp://localhost/post-1/",
        "url": "http://localhost/post-1/",
        "language": "en",
        "picture": None,
    }


def test_endless_answer_is_cut_off(blog: BlogIndexPage, account: SharingAccount, server: Mastodon, work: Work) -> None:
    server.next = [Told(422, b"x" * (4 * requests.ANSWER_BYTES))]
    work(lambda: publish(draft(blog, account)))
    assert len(Posting.objects.get(state=State.FAILED).error) < 500
