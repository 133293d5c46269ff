"""Renditions on demand: what caches are told, what changes, where files lie, and what logs say."""

from collections.abc import Callable
from unittest.mock import patch

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import Storage
from django.test import Client

from media_library.models import CustomImage
from media_library.transforms import transform_url
from tests.media import photo_bytes
from tests.media_library.api.addresses import CHROME, picture_of, signed

pytestmark = pytest.mark.django_db


def test_named_revision_is_immutable(client: Client, photo: CustomImage) -> None:
    response = client.get(transform_url(photo, "width-200", format="webp"))
    assert response["Cache-Control"] == "public, max-age=31536000, immutable"


def test_whatever_is_current_is_kept_for_minutes(client: Client, photo: CustomImage) -> None:
    assert client.get(signed(photo.pk, "width-200.webp"))["Cache-Control"] == "public, max-age=300"


def test_no_cache_keeps_it_longer_than_the_address_is_good(client: Client, photo: CustomImage) -> None:
    response = client.get(transform_url(photo, "width-200", format="webp", expires_in=100))
    seconds = int(response["Cache-Control"].removeprefix("public, max-age=").removesuffix(", immutable"))
    assert 90 < seconds <= 100


def test_known_copy_gets_304_with_the_same_headers(client: Client, photo: CustomImage) -> None:
    url = transform_url(photo, "width-200")
    first = client.get(url, headers={"accept": CHROME})
    again = client.get(url, headers={"accept": CHROME, "if-none-match": f'"other", W/{first["ETag"]}'})
    assert again.status_code == 304
    assert again.content == b""
    for name in ("ETag", "Cache-Control", "Vary", "Access-Control-Allow-Origin"):
        assert again[name] == first[name]


def test_formats_have_different_etags(client: Client, photo: CustomImage) -> None:
    url = transform_url(photo, "width-200")
    assert client.get(url, headers={"accept": CHROME})["ETag"] != client.get(url)["ETag"]


def test_head_tells_the_size_and_sends_nothing(client: Client, photo: CustomImage) -> None:
    url = transform_url(photo, "width-200", format="webp")
    head = client.head(url)
    assert head.content == b""
    assert int(head["Content-Length"]) == len(b"".join(client.get(url)))
    assert head["Content-Type"] == "image/webp"


def test_page_of_any_host_may_read_it(client: Client, photo: CustomImage) -> None:
    for url in (transform_url(photo, "width-200"), signed(photo.pk, "blur-5")):
        assert client.get(url)["Access-Control-Allow-Origin"] == "*"


def test_no_cookie_is_read_or_set(admin_client: Client, photo: CustomImage) -> None:
    response = admin_client.get(transform_url(photo, "width-200", format="webp"))
    assert "Vary" not in response
    assert not response.cookies


# Changes.


def test_replaced_picture_is_shown_at_its_old_address_for_minutes(
    client: Client, photo: CustomImage, django_capture_on_commit_callbacks: Callable
) -> None:
    url = transform_url(photo, "max-200x200", format="webp")
    old = client.get(url)
    with django_capture_on_commit_callbacks(execute=True):
        photo.file = ContentFile(photo_bytes(300, 300), name="other.jpg")
        photo.save()
    new = client.get(url)
    assert new["ETag"] != old["ETag"]
    assert new["Cache-Control"] == "public, max-age=300"
    assert picture_of(new).size == (200, 200)
    assert transform_url(photo, "max-200x200", format="webp") != url


def test_new_focal_point_gives_another_picture(client: Client, photo: CustomImage) -> None:
    url = transform_url(photo, "fill-100x300", format="webp")
    old = client.get(url)
    photo.focal_point_x, photo.focal_point_y, photo.focal_point_width, photo.focal_point_height = 700, 500, 50, 50
    photo.save()
    new = client.get(url)
    assert new["ETag"] != old["ETag"]
    assert new["Cache-Control"] == "public, max-age=300"


def test_deleted_picture_gets_404(client: Client, photo: CustomImage) -> None:
    url = transform_url(photo, "width-200", format="webp")
    client.get(url)
    photo.delete()
    assert client.get(url).status_code == 404


def test_rendition_of_an_older_version_is_not_served(client: Client, photo: CustomImage) -> None:
    url = signed(photo.pk, "width-200.webp")
    client.get(url)
    # As if it had been written by somebody who began before the picture was replaced.
    CustomImage.objects.filter(pk=photo.pk).update(version=photo.version + 1)
    client.get(url)
    rendition = photo.renditions.get(filter_spec="width-200|format-webp")
    assert rendition.file.name.startswith(f"{photo.pk}/{photo.version + 1}/")


def test_lost_file_is_made_again(client: Client, photo: CustomImage) -> None:
    url = transform_url(photo, "width-200", format="webp")
    client.get(url)
    rendition = photo.renditions.get(filter_spec="width-200|format-webp")
    rendition.file.storage.delete(rendition.file.name)
    assert picture_of(client.get(url)).size == (200, 150)


# Storage elsewhere, and logs.


class Elsewhere(Storage):
    """Like S3: files have addresses, and no paths."""

    def exists(self, name: str) -> bool:
        return True

    def url(self, name: str) -> str:
        return f"https://cdn.example/{name}"


def test_file_in_another_storage_is_redirected_to(client: Client, photo: CustomImage) -> None:
    url = transform_url(photo, "width-200")
    client.get(url)
    with patch("media_library.api.transforms.public_storage", Elsewhere):
        response = client.get(url)
    assert response.status_code == 302
    assert response["Location"].startswith(f"https://cdn.example/{photo.pk}/1/width-200")
    assert response["Vary"] == "Accept"
    # A replaced file is gone after some weeks, so no redirect may live as long as a file.
    assert response["Cache-Control"] == "public, max-age=86400"


@pytest.mark.parametrize("expires", ["never", "1"])
def test_no_log_holds_a_signature(
    client: Client, photo: CustomImage, caplog: pytest.LogCaptureFixture, expires: str
) -> None:
    caplog.set_level("DEBUG")
    url = signed(photo.pk, "width-200", expires)
    client.get(url)
    client.post(url)
    client.get(url + ".avif")
    assert "width-200" in caplog.text
    assert url.split("/")[2] not in caplog.text
