"""Media come from the first CDN host that is well, and from where they are stored if none is."""

import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import urllib3
from django.conf import settings as django_settings
from django.test import Client, override_settings
from django.urls import reverse

from cms.delivery import media_hosts, versions
from cms.delivery.media_hosts import known_file, watch
from cms.delivery.purge.configuration import media_hosts as configured_hosts
from cms.environment import Environment
from media_library import hosts
from media_library.models import CustomImage
from media_library.signals import media_host_changed
from tests.cms.delivery.servers import Asked, Receiver, Told, receiving

pytestmark = pytest.mark.django_db


def serve_media(asked: Asked) -> Told:
    file = Path(django_settings.MEDIA_ROOT) / asked.path.removeprefix("/media/")
    return Told(200, file.read_bytes()) if file.is_file() else Told(404)


@pytest.fixture
def cdn(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Receiver]]:
    """Two hosts that serve what is stored here."""
    monkeypatch.setattr(hosts, "REMEMBERED_SECONDS", 0)
    # However busy this machine is.
    monkeypatch.setattr(hosts, "PROBE_SECONDS", 60)
    monkeypatch.setattr(hosts, "_remembered", ("", float("-inf")))
    with receiving() as first, receiving() as second:
        first.answers = second.answers = [serve_media]
        with override_settings(
            MEDIA_LIBRARY={**django_settings.MEDIA_LIBRARY, "MEDIA_HOSTS": [first.url, f"{second.url}/"]}
        ):
            yield [first, second]


@pytest.fixture
def picture(photo: CustomImage, develop) -> CustomImage:
    develop(photo)
    return photo


def src(client: Client, picture: CustomImage) -> str:
    return client.get(f"/api/v2/images/{picture.pk}/").json()["src"]


def test_media_come_from_the_first_host_once_it_has_answered(
    cdn: list[Receiver], picture: CustomImage, client: Client
):
    assert "/media/" in src(client, picture)
    assert cdn[0].url not in src(client, picture), "nobody knows yet whether it is well"
    watch()
    content = client.get(f"/api/v2/images/{picture.pk}/").content.decode()
    assert src(client, picture).startswith(f"{cdn[0].url}/media/")
    found = json.loads(content)
    addresses = [found["src"], found["meta"]["download_url"]]
    addresses += [one.split()[0] for one in found["srcset"].split(", ")]
    addresses += [one.split()[0] for source in found["sources"] for one in source["srcset"].split(", ")]
    assert {address.partition("/media/")[0] for address in addresses} == {cdn[0].url}


def test_host_that_dies_is_given_up_after_two_failures_and_trusted_again_after_three_answers(
    cdn: list[Receiver], picture: CustomImage
):
    first, second = cdn
    watch()
    first.stop()
    used = [watch().current for _each in range(3)]
    assert used == [first.url, second.url, second.url]
    with receiving(first.port) as back:
        back.answers = [serve_media]
        used = [watch().current for _each in range(4)]
    assert used == [second.url, second.url, first.url, first.url]


def test_media_come_from_where_they_are_stored_if_no_host_is_well(
    cdn: list[Receiver], picture: CustomImage, client: Client
):
    watch()
    for host in cdn:
        host.answers = [Told(503)]
    watch()
    assert watch().current == ""
    assert not src(client, picture).startswith((cdn[0].url, cdn[1].url))


@pytest.mark.parametrize(
    "told", [Told(200, b"<h1>Welcome</h1>"), Told(404), Told(302, headers={"Location": "/"}), Told(raw=b"garbage\r\n")]
)
def test_host_that_answers_nonsense_is_not_well(cdn: list[Receiver], picture: CustomImage, told: Told):
    cdn[0].answers = [told]
    assert watch().current == cdn[1].url


def test_host_that_is_slow_is_not_well(cdn: list[Receiver], picture: CustomImage, monkeypatch: pytest.MonkeyPatch):
    enough, request = threading.Event(), hosts._pool.request

    def sooner(method: str, url: str, *, timeout: urllib3.Timeout, **options: Any) -> urllib3.BaseHTTPResponse:
        assert timeout.read_timeout == hosts.PROBE_SECONDS
        return request(method, url, timeout=0.3 if url.startswith(cdn[0].url) else timeout, **options)

    monkeypatch.setattr(hosts._pool, "request", sooner)
    cdn[0].answers = [Told(wait=enough)]
    assert watch().current == cdn[1].url
    enough.set()


def test_no_request_of_a_reader_asks_a_host(cdn: list[Receiver], picture: CustomImage, client: Client):
    watch()
    asked = len(cdn[0].asked)
    src(client, picture)
    assert len(cdn[0].asked) == asked


def test_answers_are_forgotten_when_the_host_changes_and_only_then(
    cdn: list[Receiver], picture: CustomImage, django_capture_on_commit_callbacks
):
    def version() -> str:
        with django_capture_on_commit_callbacks(execute=True):
            watch()
        return versions.read(["all"])["all"]

    before = version()
    assert version() == before
    for host in cdn:
        host.answers = [Told(500)]
    assert version() == before, "once is not enough"
    assert version() != before


def test_everybody_is_told_of_a_change_again_where_that_failed(cdn: list[Receiver], picture: CustomImage):
    def fail(**kwargs) -> None:
        raise OSError("The database is away.")

    media_host_changed.connect(fail)
    try:
        with pytest.raises(OSError, match="away"):
            watch()
    finally:
        media_host_changed.disconnect(fail)
    told: list[str] = []

    def note(host: str, **kwargs) -> None:
        told.append(host)

    media_host_changed.connect(note)
    try:
        watch()
        watch()
    finally:
        media_host_changed.disconnect(note)
    assert told == [cdn[0].url]


def test_host_that_an_operator_takes_out_is_not_used(cdn: list[Receiver], picture: CustomImage):
    watch()
    left = {**django_settings.MEDIA_LIBRARY, "MEDIA_HOSTS": [cdn[1].url]}
    with override_settings(MEDIA_LIBRARY=left):
        assert hosts.current() == ""


def test_without_any_file_no_host_is_asked(cdn: list[Receiver]):
    assert watch() is None
    assert cdn[0].asked == []


def test_signed_addresses_stay_as_they_are(cdn: list[Receiver], picture: CustomImage):
    watch()
    assert hosts.placed("https://bucket.example.org/media/a.jpg") == f"{cdn[0].url}/media/a.jpg"
    signed = "https://bucket.example.org/media/a.jpg?X-Amz-Signature=1"
    assert hosts.placed(signed) == signed


def test_report_shows_which_host_is_in_use(cdn: list[Receiver], picture: CustomImage, admin_client: Client):
    cdn[0].answers = [Told(500)]
    watch()
    page = admin_client.get(reverse("delivery_purges")).content.decode()
    assert page.index("Does not answer") < page.index(cdn[1].url) < page.index("in use")


def test_smallest_file_is_asked_for(picture: CustomImage):
    known = known_file()
    assert known is not None
    smallest = min(picture.renditions.order_by("-pk")[: media_hosts.LATEST], key=lambda one: one.file_size)
    assert known[0].endswith(smallest.file.name)


def test_hosts_are_read_from_the_environment_and_nonsense_is_refused():
    env = Environment()
    env.ENVIRON = {"CDN_HOSTS": "https://one.example.org/, https://two.example.org"}
    assert configured_hosts(env) == ["https://one.example.org", "https://two.example.org"]
    for wrong in ("one.example.org", "https://one.example.org/media", "ftp://one.example.org"):
        env.ENVIRON = {"CDN_HOSTS": wrong}
        with pytest.raises(Exception, match="CDN_HOSTS"):
            configured_hosts(env)
