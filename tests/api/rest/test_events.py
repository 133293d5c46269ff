"""Following the work on an asset."""

import json
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import requests
from django.conf import settings
from django.test import override_settings
from wagtail.models import APIToken, Collection

from cms.models import User
from media_library.api.rest.events import HEARTBEAT_SECONDS, places
from media_library.models import Asset, CustomImage, ProcessingJob, Video
from tests.api.rest.conftest import ApiClient
from tests.blog.content import make_image
from tests.media import photo_bytes
from tests.stack import Stack

State = ProcessingJob.State


def url(asset: Asset) -> str:
    return f"/api/media/{asset.pk}/events/"


def events(text: str) -> list[dict[str, Any]]:
    """The data of all events in a stream."""
    return [json.loads(line.removeprefix("data: ")) for line in text.splitlines() if line.startswith("data: ")]


def listen(client: ApiClient, asset: Asset, **headers: str) -> str:
    """All that a stream says until it ends."""
    response = client.get(url(asset), headers=headers)
    assert response.status_code == 200, response.content
    return b"".join(response.streaming_content).decode()


@pytest.fixture
def meanwhile(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Let these things happen, one in each pause of a stream."""

    def plan(*steps: Callable[[], Any]) -> None:
        left = iter(steps)
        monkeypatch.setattr("media_library.api.rest.events.sleep", lambda seconds: next(left)())

    return plan


@pytest.fixture(autouse=True)
def _no_place_is_lost() -> Iterator[None]:
    yield
    assert places._taken == 0


@pytest.mark.django_db
def test_all_changes_are_told_until_it_is_ready(
    admin_api: ApiClient, film: Video, develop: Callable[..., None], meanwhile: Callable[..., None]
) -> None:
    job = ProcessingJob.objects.get(asset=film.pk, operation=ProcessingJob.Operation.TRANSCODE_VIDEO)

    def work(**columns: Any) -> Callable[[], None]:
        return lambda: ProcessingJob.objects.filter(pk=job.pk).update(**columns) and None

    meanwhile(
        lambda: Asset.objects.filter(pk=film.pk).update(status=Asset.Status.PROCESSING),
        work(state=State.RUNNING, progress=0.5, parts={"360p": 0.5}),
        lambda: None,
        lambda: Asset.objects.filter(pk=film.pk).update(status=Asset.Status.READY),
    )
    text = listen(admin_api, film)
    assert text.startswith("retry: ")
    assert "event: status\n" in text
    found = events(text)
    assert [one["status"] for one in found] == ["uploaded", "processing", "processing", "ready"]
    assert (found[2]["parts"], found[2]["progress"] > 0) == ({"360p": 0.5}, True)
    assert (found[3]["id"], found[3]["progress"]) == (film.pk, 1.0)


@pytest.mark.django_db
def test_why_it_failed_is_told(admin_api: ApiClient, photo: CustomImage, meanwhile: Callable[..., None]) -> None:
    meanwhile(
        lambda: Asset.objects.filter(pk=photo.pk).update(status=Asset.Status.FAILED, status_reason="It is damaged.")
    )
    assert events(listen(admin_api, photo))[-1]["status_reason"] == "It is damaged."


@pytest.mark.django_db
def test_what_was_heard_is_not_told_again(
    admin_api: ApiClient, photo: CustomImage, develop: Callable[..., None]
) -> None:
    develop(photo)
    text = listen(admin_api, photo)
    [last] = [line.removeprefix("id: ") for line in text.splitlines() if line.startswith("id: ")]
    assert admin_api.get(url(photo), headers={"Last-Event-ID": last}).status_code == 204
    assert len(events(listen(admin_api, photo, **{"Last-Event-ID": "of before"}))) == 1


@pytest.mark.django_db
@pytest.mark.parametrize("loss", ["token", "user", "rights", "asset", "folder"])
def test_who_may_not_see_it_any_more_hears_nothing_more(
    writer_api: ApiClient,
    writer: User,
    press: Collection,
    root_collection: Collection,
    meanwhile: Callable[..., None],
    loss: str,
) -> None:
    image = make_image(collection=press)
    steps: dict[str, Callable[[], Any]] = {
        "token": lambda: APIToken.objects.get().revoke(),
        "user": lambda: User.objects.filter(pk=writer.pk).update(is_active=False),
        "rights": lambda: writer.groups.clear(),
        "asset": lambda: CustomImage.objects.get(pk=image.pk).delete(),
        "folder": lambda: Asset.objects.filter(pk=image.pk).update(collection=root_collection),
    }
    meanwhile(steps[loss])
    assert [one["status"] for one in events(listen(writer_api, image))] == ["uploaded"]


@pytest.mark.django_db
def test_a_session_that_has_ended_hears_nothing_more(
    anybody: ApiClient, admin_user: User, photo: CustomImage, meanwhile: Callable[..., None]
) -> None:
    anybody.force_login(admin_user)
    meanwhile(anybody.logout)
    assert len(events(listen(anybody, photo))) == 1


@pytest.mark.django_db
def test_a_stream_ends_after_its_time_and_says_now_and_then_that_it_is_there(
    admin_api: ApiClient, photo: CustomImage, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = [0.0]
    monkeypatch.setattr("media_library.api.rest.events.monotonic", lambda: clock[0])
    monkeypatch.setattr(
        "media_library.api.rest.events.sleep", lambda seconds: clock.__setitem__(0, clock[0] + seconds)
    )
    text = listen(admin_api, photo)
    assert len(events(text)) == 1
    assert text.count("\n:\n") == 60 // HEARTBEAT_SECONDS
    assert 55 <= clock[0] <= 60


@pytest.mark.django_db
def test_more_than_may_listen_are_told_to_ask(admin_api: ApiClient, photo: CustomImage) -> None:
    with override_settings(MEDIA_LIBRARY={**settings.MEDIA_LIBRARY, "EVENT_STREAMS": 1}):
        first = admin_api.get(url(photo))
        second = admin_api.get(url(photo))
        assert (second.status_code, second.json()["code"]) == (429, "busy")
        assert int(second["Retry-After"]) > 0
        # Not a line of it was read, as by a client that has gone.
        first.close()
        admin_api.get(url(photo)).close()


@pytest.mark.django_db
def test_what_may_not_be_seen_has_no_events(anybody: ApiClient, writer_api: ApiClient, photo: CustomImage) -> None:
    assert anybody.get(url(photo)).status_code == 401
    assert writer_api.get(url(photo)).status_code == 404


def test_whoever_listens_leaves_threads_to_the_others(tmp_path: Any) -> None:
    # Longer than anybody waits here: no place gets free by itself.
    with Stack(tmp_path, {"EVENT_STREAM_SECONDS": "600"}, names=["web"]) as web:
        token = web.manage("shell", "--verbosity", "0", "--command", MAKE_TOKEN).strip().splitlines()[-1]
        session = requests.Session()
        session.headers["Authorization"] = f"Bearer {token}"
        made = session.post(f"{web.url}/api/media/", files={"file": ("harbour.jpg", photo_bytes(80, 60))}, timeout=60)
        address = f"{web.url}{made.headers['Location']}events/"
        headers = dict(session.headers)
        answers = [requests.get(address, headers=headers, stream=True, timeout=60) for _ in range(12)]
        heard = [one for one in answers if one.status_code == 200]
        refused = [one for one in answers if one.status_code == 429]
        assert 2 <= len(heard) <= 4
        assert len(refused) == 12 - len(heard)
        assert all(int(one.headers["Retry-After"]) > 0 for one in refused)
        said = next(line for line in heard[0].iter_lines() if line.startswith(b"data: "))
        assert json.loads(said.removeprefix(b"data: "))["status"] == "uploaded"
        for _ in range(20):
            assert requests.get(f"{web.url}/health/", timeout=60).status_code == 200
        for one in answers:
            one.close()
        # A client that has gone is noticed by the next heartbeat, and its place is free.
        deadline = time.monotonic() + 120
        while (again := requests.get(address, headers=headers, stream=True, timeout=60)).status_code != 200:
            assert time.monotonic() < deadline
            time.sleep(0.5)
        again.close()


MAKE_TOKEN = """
from cms.models import User
from wagtail.models import APIToken
user = User.objects.create_superuser("ada", "ada@example.org", "a long password")
print(APIToken.create_token(user=user, name="events")[1])
"""
