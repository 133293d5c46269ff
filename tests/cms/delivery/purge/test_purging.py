"""What changes is forgotten by the CDN, once, again where it failed, and exactly."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest, JsonResponse
from django.test import Client, RequestFactory
from django.urls import path, reverse
from django.utils import timezone

from cms.delivery.cache.entry import Entry
from cms.delivery.changes import announce
from cms.delivery.models import DeliveredURL, Purge, State
from cms.delivery.purge import delivered, line
from cms.delivery.purge.backends import Purger
from cms.delivery.purge.configuration import frontend_cache
from cms.delivery.purge.tasks import send_purges_task, tend_purges_task
from cms.delivery.sending import MAX_ATTEMPTS, claim
from cms.delivery.signals import response_delivered
from cms.environment import Environment
from media_library.cache_tags import record
from tests.cms.delivery.servers import Receiver, Told

pytestmark = pytest.mark.django_db

BACKENDS = "cms.delivery.purge.backends."
OWN = "https://example.org/harbour/"
SUBJECT = {"type": "blog.PostPage", "id": 7, "title": "Harbour", "urls": [OWN, "https://elsewhere.org/harbour/"]}


@pytest.fixture
def tagged(receiver: Receiver, settings) -> Receiver:
    """A CDN that knows tags."""
    settings.WAGTAILFRONTENDCACHE = {
        "cdn": {"BACKEND": BACKENDS + "Varnish", "LOCATIONS": [receiver.url], "HOSTNAMES": ["example.org"]}
    }
    return receiver


@pytest.fixture
def plain(receiver: Receiver, settings) -> Receiver:
    """A CDN that knows URLs only."""
    settings.WAGTAILFRONTENDCACHE = {
        "cdn": {"BACKEND": BACKENDS + "HTTPCache", "LOCATIONS": [receiver.url], "HOSTNAMES": ["example.org"]}
    }
    return receiver


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[None]:
    times: list[None] = []
    monkeypatch.setattr(send_purges_task, "delay", lambda: times.append(None))
    return times


@pytest.fixture
def change(sent: list[None], django_capture_on_commit_callbacks) -> Callable[..., None]:
    def run(*tags: str, subject: dict | None = None) -> None:
        with django_capture_on_commit_callbacks(execute=True):
            announce(tags, "", subject)

    return run


def pass_time(by: timedelta) -> None:
    for row in Purge.objects.exclude(next_attempt_at=None):
        Purge.objects.filter(pk=row.pk).update(next_attempt_at=row.next_attempt_at - by)


def paths(receiver: Receiver) -> list[str]:
    return [asked.path for asked in receiver.asked if "xkey" not in asked.headers]


def test_without_a_cdn_nothing_is_written_down(change, sent: list[None]):
    change("page-7")
    assert not Purge.objects.exists()
    assert sent == []


def test_cdn_is_asked_by_tag_and_by_the_own_addresses_of_what_changed(tagged: Receiver, change, sent: list[None]):
    change("page-7", subject=SUBJECT)
    assert sent == [None]
    send_purges_task()
    assert tagged.asked[0].headers["xkey"] == "page page-7"
    assert [asked.path for asked in tagged.asked[1:]] == ["/harbour/"], "other hosts are not the CDN's"
    purge = Purge.objects.get()
    assert (purge.state, purge.attempts) == (State.DONE, 1)


def test_purges_that_wait_are_sent_as_one(tagged: Receiver, change):
    for number in range(5):
        change(f"image-{number}")
    send_purges_task()
    (asked,) = tagged.asked
    assert set(asked.headers["xkey"].split()) == {"image", *(f"image-{number}" for number in range(5))}
    assert not Purge.objects.exclude(state=State.DONE).exists()


def test_cdn_that_knows_urls_only_is_told_those_that_carry_the_tag(plain: Receiver, change):
    delivered.remember("https://example.org/api/v2/pages/7/", {"page-7", "image-12", "all"})
    delivered.remember("https://example.org/api/v2/pages/8/", {"page-8", "all"})
    delivered.remember("https://elsewhere.org/api/v2/pages/7/", {"page-7", "all"})
    change("image-12")
    send_purges_task()
    assert paths(plain) == ["/api/v2/pages/7/"]
    urls = set(DeliveredURL.objects.values_list("url", flat=True))
    assert "https://example.org/api/v2/pages/7/" not in urls, "until it is delivered again"
    assert "https://example.org/api/v2/pages/8/" in urls


def test_everything_is_all_that_was_delivered(plain: Receiver, change):
    for number in (7, 8):
        delivered.remember(f"https://example.org/api/v2/pages/{number}/", {f"page-{number}", "all"})
    change("all")
    send_purges_task()
    assert sorted(paths(plain)) == ["/api/v2/pages/7/", "/api/v2/pages/8/"]


def test_address_that_has_lost_a_tag_is_not_purged_for_it(plain: Receiver, change):
    delivered.remember(OWN, {"page-7", "image-12"})
    delivered.remember(OWN, {"page-7", "image-13"})
    change("image-12")
    send_purges_task()
    assert plain.asked == []


class DeliveredMeanwhile(Purger):
    """A CDN that fetches the page anew while it is asked to forget it."""

    def purge(self, url: str) -> None:
        DeliveredURL.objects.filter(url=url).update(delivered_at=timezone.now() + timedelta(seconds=1))


def test_address_that_was_delivered_during_its_purge_is_kept_in_mind(settings, change):
    settings.WAGTAILFRONTENDCACHE = {"cdn": {"BACKEND": f"{__name__}.DeliveredMeanwhile"}}
    delivered.remember(OWN, {"page-7"})
    change("page-7")
    send_purges_task()
    assert Purge.objects.get().state == State.DONE
    assert DeliveredURL.objects.filter(url=OWN).exists()


def test_what_failed_is_tried_again_until_it_has_failed(tagged: Receiver, change):
    tagged.answers = [Told(503, b"no backend")]
    change("page-7")
    while Purge.objects.get().state == State.QUEUED:
        send_purges_task()
        pass_time(timedelta(days=1))
    purge = Purge.objects.get()
    assert (purge.state, purge.attempts) == (State.FAILED, MAX_ATTEMPTS)
    assert "status 503: no backend" in purge.error


def test_cdn_that_wants_a_rest_gets_it_for_others_as_well(tagged: Receiver, change, sent: list[None]):
    tagged.answers = [Told(429, headers={"Retry-After": "60"}), Told()]
    change("page-7")
    send_purges_task()
    change("page-8")
    send_purges_task()
    assert len(tagged.asked) == 1
    sent.clear()
    tend_purges_task()
    assert sent == []
    pass_time(timedelta(seconds=61))
    tend_purges_task()
    assert sent == [None]
    send_purges_task()
    assert not Purge.objects.exclude(state=State.DONE).exists()


def test_one_that_always_fails_holds_up_no_other(tagged: Receiver, change):
    def refuse_seven(asked) -> Told:
        return Told(400 if "page-7" in asked.headers["xkey"].split() else 200)

    tagged.answers = [refuse_seven]
    for number in (7, 8, 9):
        change(f"page-{number}")
    for _each in range(4):
        send_purges_task()
        pass_time(timedelta(minutes=5))
    by_tag = {row.tags[-1]: row.state for row in Purge.objects.all()}
    assert by_tag == {"page-7": State.QUEUED, "page-8": State.DONE, "page-9": State.DONE}


def test_what_a_killed_worker_had_claimed_is_sent_when_its_lease_is_over(tagged: Receiver, change, sent: list[None]):
    change("page-7")
    assert claim(Purge.objects.all(), 50)
    sent.clear()
    tend_purges_task()
    assert sent == []
    pass_time(timedelta(minutes=2))
    tend_purges_task()
    assert sent == [None]
    send_purges_task()
    assert Purge.objects.get().state == State.DONE


def test_backend_whose_package_is_missing_is_told_in_the_report(change, settings, admin_client: Client):
    settings.WAGTAILFRONTENDCACHE = {
        "cdn": {"BACKEND": BACKENDS + "AzureFrontDoor", "RESOURCE_GROUP_NAME": "g", "FRONT_DOOR_NAME": "d"}
    }
    change("page-7")
    send_purges_task()
    assert "No module named" in Purge.objects.get().error
    assert "No module named" in admin_client.get(reverse("delivery_purges")).content.decode()


def test_failed_purges_are_sent_again_from_the_report(
    tagged: Receiver, change, admin_client: Client, sent: list[None], django_capture_on_commit_callbacks
):
    change("page-7")
    change("page-8")
    Purge.objects.update(state=State.FAILED, attempts=10)
    report = admin_client.get(reverse("delivery_purges")).content.decode()
    assert "page-7" in report
    assert "Send 2 failed purges again" in report
    with django_capture_on_commit_callbacks(execute=True):
        admin_client.post(reverse("delivery_purge_again", args=[Purge.objects.first().pk]))
    assert Purge.objects.filter(state=State.QUEUED).count() == 1
    admin_client.post(reverse("delivery_purges_again"))
    send_purges_task()
    assert not Purge.objects.exclude(state=State.DONE).exists()


def test_answers_of_the_cache_are_noted_once_for_each_address(client: Client, django_assert_num_queries):
    request = RequestFactory().get("/api/v2/pages/?b=1&a=2", headers={"host": "testserver"})
    entry = Entry(200, {}, {}, "", 1.0, 2.0, 3.0, frozenset({"page-7", "all"}))
    delivered.note(request, entry)
    row = DeliveredURL.objects.get()
    assert row.url == "http://testserver/api/v2/pages/?b=1&a=2"
    assert [tag.tag for tag in row.tags.all()] == ["page-7"]
    with django_assert_num_queries(0):
        delivered.note(request, entry)


def list_of_images(request: HttpRequest) -> JsonResponse:
    record("images")
    return JsonResponse({})


# The other one is what middlewares look for.
urlpatterns = [
    path("api/v2/images/", list_of_images),
    path("admin/", list_of_images, name="wagtailadmin_home"),
]


@pytest.mark.urls(__name__)
def test_answer_of_the_api_is_delivered_with_its_tags(client: Client, plain: Receiver):
    response_delivered.connect(delivered.note)
    try:
        client.get("/api/v2/images/")
    finally:
        response_delivered.disconnect(delivered.note)
    row = DeliveredURL.objects.get()
    assert row.url == "http://testserver/api/v2/images/"
    assert [tag.tag for tag in row.tags.all()] == ["images"]


def test_old_addresses_are_dropped():
    delivered.remember(OWN, {"page-7"})
    DeliveredURL.objects.update(delivered_at=timezone.now() - timedelta(days=3))
    line.forget_old()
    assert not DeliveredURL.objects.exists()


def environment(**variables: str) -> Environment:
    env = Environment()
    env.ENVIRON = variables
    return env


def test_cdn_is_configured_by_the_environment():
    env = environment(CDN_BACKEND="cloudflare", CLOUDFLARE_ZONE_ID="z", CLOUDFLARE_API_TOKEN="t")
    assert frontend_cache(env, "https://example.org") == {
        "cdn": {
            "BACKEND": BACKENDS + "Cloudflare",
            "ZONEID": "z",
            "BEARER_TOKEN": "t",
            "HOSTNAMES": ["example.org"],
        }
    }
    assert frontend_cache(environment(), "https://example.org") == {}


def test_cdn_without_what_it_needs_is_told_by_the_name_of_the_variable():
    with pytest.raises(ImproperlyConfigured, match="FASTLY_API_TOKEN"):
        frontend_cache(environment(CDN_BACKEND="fastly", FASTLY_SERVICE_ID="s"), "https://example.org")
    with pytest.raises(ImproperlyConfigured, match="cloudflare, cloudfront, fastly, varnish"):
        frontend_cache(environment(CDN_BACKEND="akamai"), "https://example.org")
