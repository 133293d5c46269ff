"""Many at once: one renders, the others wait or are sent away."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
import requests
from django.core.files.base import ContentFile
from django.db import IntegrityError, connection
from django.http import HttpResponse
from django.test import Client, override_settings

from media_library.conf import conf
from media_library.models import CustomImage, CustomRendition
from media_library.models.files import public_storage
from media_library.transforms import transform_url
from tests.media import photo_bytes
from tests.media_library.test_single_flight import held_elsewhere
from tests.stack import Stack

# Threads see only what was committed.
pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)

SPEC = "fill-90x80|format-webp"


class Renders:
    """What happens in ``get_rendition``: how often it is called, and when it may go on."""

    def __init__(self, original: Callable[..., CustomRendition]):
        self.original = original
        self.specs: list[str] = []
        self.began = threading.Event()
        self.may_go_on = threading.Event()

    def __call__(self, image: CustomImage, spec: str) -> CustomRendition:
        self.specs.append(spec)
        self.began.set()
        assert self.may_go_on.wait(60)
        return self.original(image, spec)


@pytest.fixture
def renders() -> Iterator[Renders]:
    renders = Renders(CustomImage.get_rendition)
    with patch.object(CustomImage, "get_rendition", lambda image, spec: renders(image, spec)):
        yield renders
        renders.may_go_on.set()


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(8) as pool:
        yield pool


def fetch(url: str) -> HttpResponse:
    try:
        return Client().get(url)
    finally:
        connection.close()


def address(photo: CustomImage, spec: str = "fill-90x80") -> str:
    return transform_url(photo, spec, format="webp")


def test_simultaneous_requests_make_one_rendering(
    photo: CustomImage, renders: Renders, pool: ThreadPoolExecutor
) -> None:
    answers = [pool.submit(fetch, address(photo)) for _ in range(8)]
    assert renders.began.wait(60)
    renders.may_go_on.set()
    bodies = {b"".join(answer.result()) for answer in answers}
    assert [answer.result().status_code for answer in answers] == [200] * 8
    assert renders.specs == [SPEC]
    assert len(bodies) == 1


def test_who_asks_for_something_else_does_not_wait_for_it(
    photo: CustomImage, renders: Renders, pool: ThreadPoolExecutor
) -> None:
    first = pool.submit(fetch, address(photo))
    assert renders.began.wait(60)
    renders.began.clear()
    second = pool.submit(fetch, address(photo, "width-100"))
    assert renders.began.wait(60)
    renders.may_go_on.set()
    assert (first.result().status_code, second.result().status_code) == (200, 200)


def settings_with(**values: Any) -> override_settings:
    return override_settings(MEDIA_LIBRARY={"WORK_DIR": conf.work_dir, **values})


@pytest.mark.parametrize("spec", ["fill-90x80", "width-100"])
def test_request_beyond_the_queue_gets_503(
    photo: CustomImage, renders: Renders, pool: ThreadPoolExecutor, spec: str
) -> None:
    with settings_with(TRANSFORM_CONCURRENCY=1, TRANSFORM_QUEUE=0):
        first = pool.submit(fetch, address(photo))
        assert renders.began.wait(60)
        refused = fetch(address(photo, spec))
        renders.may_go_on.set()
        assert first.result().status_code == 200
    assert (refused.status_code, refused.json()["code"]) == (503, "busy")
    assert refused["Retry-After"] == "2"
    assert refused["Cache-Control"] == "no-store"


@pytest.mark.parametrize("spec", ["fill-90x80", "width-100"])
def test_who_waits_too_long_gets_503(
    photo: CustomImage, renders: Renders, pool: ThreadPoolExecutor, spec: str
) -> None:
    with settings_with(TRANSFORM_CONCURRENCY=1, TRANSFORM_WAIT_SECONDS=0.05):
        first = pool.submit(fetch, address(photo))
        assert renders.began.wait(60)
        assert fetch(address(photo, spec)).status_code == 503
        renders.may_go_on.set()
        assert first.result().status_code == 200


def test_renderer_that_dies_is_followed_by_another(photo: CustomImage, pool: ThreadPoolExecutor) -> None:
    with held_elsewhere(conf.work_dir, f"transform-{photo.pk}-{SPEC}") as dying:
        answer = pool.submit(fetch, address(photo))
        with pytest.raises(TimeoutError):
            answer.result(timeout=0.2)
        dying.kill()
        assert answer.result(timeout=60).status_code == 200


def test_picture_that_is_replaced_meanwhile_is_shown_as_it_is_now(
    photo: CustomImage, renders: Renders, pool: ThreadPoolExecutor
) -> None:
    answer = pool.submit(fetch, address(photo))
    assert renders.began.wait(60)
    CustomImage.objects.filter(pk=photo.pk).update(version=photo.version + 1)
    renders.may_go_on.set()
    assert answer.result().status_code == 200
    names = photo.renditions.filter(filter_spec=SPEC).values_list("file", flat=True)
    assert [name.startswith(f"{photo.pk}/{photo.version + 1}/") for name in names] == [True]


def test_picture_whose_original_goes_meanwhile_is_rendered_from_the_next(
    photo: CustomImage, renders: Renders, pool: ThreadPoolExecutor
) -> None:
    answer = pool.submit(fetch, address(photo))
    assert renders.began.wait(60)
    photo.file = ContentFile(photo_bytes(300, 300), name="other.jpg")
    photo.save()
    renders.may_go_on.set()
    assert answer.result().status_code == 200
    assert renders.specs == [SPEC, SPEC]


def test_picture_that_is_deleted_meanwhile_gets_404(
    photo: CustomImage, renders: Renders, pool: ThreadPoolExecutor
) -> None:
    answers = [pool.submit(fetch, address(photo)) for _ in range(2)]
    assert renders.began.wait(60)
    photo.delete()
    renders.may_go_on.set()
    assert [answer.result().status_code for answer in answers] == [404, 404]


def test_picture_that_is_deleted_while_it_is_stored_leaves_no_file(
    photo: CustomImage, public_files: Callable[[], set[str]]
) -> None:
    def store_too_late(image: CustomImage, spec: str) -> None:
        photo.delete()
        public_storage().save(f"{image.pk}/1/late.webp", ContentFile(b"late"))
        raise IntegrityError

    url = address(photo)
    with patch.object(CustomImage, "get_rendition", store_too_late):
        assert fetch(url).status_code == 404
    assert public_files() == set()


UPLOAD = """
from django.core.files import File
from media_library.models import CustomImage
from media_library.models.files import public_storage
from media_library.transforms import transform_url
with open({path!r}, "rb") as file:
    image = CustomImage(title="Harbour", file=File(file, name="harbour.jpg"))
    image.save()
print(transform_url(image, "width-700", format="avif"))
"""


def test_processes_share_one_rendering(tmp_path: Path) -> None:
    path = tmp_path / "harbour.jpg"
    path.write_bytes(photo_bytes(1600, 1200))
    with (
        Stack(tmp_path / "data", {"WEB_WORKERS": "3"}, names=["web"]) as stack,
        ThreadPoolExecutor(9) as pool,
    ):
        url = stack.url + stack.manage("shell", "-v", "0", "-c", UPLOAD.format(path=str(path))).strip()
        answers = list(pool.map(lambda _: requests.get(url, timeout=60), range(9)))
        assert [answer.status_code for answer in answers] == [200] * 9
        assert len({answer.content for answer in answers}) == 1
        log = stack.log("web")
    assert log.count("Rendered width-700|format-avif of image 1 on demand") == 1
