"""Renditions on demand, through their public door."""

import time
from collections.abc import Callable
from io import BytesIO
from unittest.mock import patch

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import Storage
from django.http import HttpResponse
from django.test import Client, override_settings
from PIL import Image
from wagtail.models import Collection, CollectionViewRestriction

from media_library.models import CustomImage, CustomRendition
from media_library.transforms import transform_url
from media_library.transforms.address import message
from media_library.transforms.signing import sign
from tests.media import photo_bytes, transparent_png

pytestmark = pytest.mark.django_db

CHROME = "image/avif,image/webp,image/apng,image/svg+xml,image/*,*/*;q=0.8"


def signed(picture: str | int, name: str, expires: str | int = "never") -> str:
    """An address signed as a front end does it, without a look at what is allowed."""
    text = message(str(expires), str(picture), name)
    return f"/transform/{sign(text)}/{text}"


def picture_of(response: HttpResponse) -> Image.Image:
    assert response.status_code == 200, response.content
    return Image.open(BytesIO(b"".join(response)))


def code_of(response: HttpResponse) -> tuple[int, str]:
    assert response["Content-Type"] == "application/problem+json"
    return response.status_code, response.json()["code"]


def test_first_request_renders_and_the_second_does_not(client: Client, photo: CustomImage) -> None:
    url = transform_url(photo, "fill-100x90", format="webp")
    first = picture_of(client.get(url))
    rendition = photo.renditions.get(filter_spec="fill-100x90|format-webp")
    second = client.get(url)
    assert (first.format, first.size) == ("WEBP", (100, 90))
    assert picture_of(second).size == (100, 90)
    assert second["Content-Type"] == "image/webp"
    assert CustomRendition.objects.get(image=photo, filter_spec="fill-100x90|format-webp") == rendition


def test_finished_one_takes_two_queries(
    client: Client, photo: CustomImage, django_assert_num_queries: Callable
) -> None:
    url = transform_url(photo, "fill-100x90", format="webp")
    client.get(url)
    with django_assert_num_queries(2):
        client.get(url)


def test_rung_of_the_ladder_is_not_rendered_again(
    client: Client, photo: CustomImage, develop: Callable[..., None]
) -> None:
    develop(photo)
    before = CustomRendition.objects.count()
    picture_of(client.get(transform_url(photo, "width-640", format="avif")))
    assert CustomRendition.objects.count() == before


def test_rendition_tells_nothing_of_the_camera(client: Client, photo: CustomImage) -> None:
    body = b"".join(client.get(transform_url(photo, "width-200", format="jpeg")))
    assert b"Darkroom Test Camera" not in body


def test_small_original_is_not_enlarged(client: Client, photo: CustomImage) -> None:
    assert picture_of(client.get(transform_url(photo, "width-5000", format="webp"))).size == (800, 600)


# Negotiation. What is chosen for which header: tests/media_library/transforms/test_negotiation.py.


@pytest.mark.parametrize(("accept", "expected"), [(CHROME, "AVIF"), ("image/webp,*/*", "WEBP"), ("*/*", "JPEG")])
def test_client_gets_the_format_that_it_accepts(
    client: Client, photo: CustomImage, accept: str, expected: str
) -> None:
    response = client.get(transform_url(photo, "width-200"), headers={"accept": accept})
    assert response["Vary"] == "Accept"
    assert response["Content-Type"] == f"image/{expected.lower()}"
    assert picture_of(response).format == expected


def test_transparent_picture_stays_transparent(client: Client) -> None:
    image = CustomImage(title="Logo", file=ContentFile(transparent_png(), name="logo.png"))
    image.save()
    picture = picture_of(client.get(transform_url(image, "width-200"), headers={"accept": "*/*"}))
    assert picture.format == "PNG"
    assert picture.convert("RGBA").getpixel((5, 5))[3] == 0


def test_explicit_format_is_the_same_for_all(client: Client, photo: CustomImage) -> None:
    response = client.get(transform_url(photo, "width-200", format="webp"), headers={"accept": CHROME})
    assert response["Content-Type"] == "image/webp"
    assert "Vary" not in response


def test_refusals_of_a_negotiated_address_vary_too(client: Client, photo: CustomImage) -> None:
    for url in (signed(photo.pk, "blur-5"), signed(999, "width-200"), f"/transform/x/never/{photo.pk}/width-200"):
        assert client.get(url)["Vary"] == "Accept"


# Who may ask for what.


@pytest.mark.parametrize(
    "tamper",
    [
        lambda url: url.replace("width-200", "width-201"),
        lambda url: url.replace("/never/", "/9999999999/"),
        lambda url: url.replace("/transform/", "/transform/A"),
        lambda url: f"{url}.avif",
    ],
)
def test_changed_address_gets_403(client: Client, photo: CustomImage, tamper: Callable[[str], str]) -> None:
    response = client.get(tamper(transform_url(photo, "width-200")))
    assert code_of(response) == (403, "bad_signature")
    assert response["Cache-Control"] == "no-store"


def test_without_a_signature_nobody_learns_what_exists(client: Client, photo: CustomImage) -> None:
    answers = {client.get(f"/transform/{'A' * 43}/never/{pk}/{name}").content
               for pk in (photo.pk, 999) for name in ("width-200", "blur-5")}  # fmt: skip
    assert len(answers) == 1


def test_address_that_is_over_gets_410(client: Client, photo: CustomImage) -> None:
    assert code_of(client.get(signed(photo.pk, "width-200", int(time.time()) - 1))) == (410, "expired")


def test_unknown_picture_gets_404(client: Client) -> None:
    assert code_of(client.get(signed(999, "width-200"))) == (404, "not_found")


@pytest.mark.parametrize(
    ("picture", "name", "expires"),
    [("1", "original", "never"), ("1", "width-200.gif", "never"), ("x", "width-200", "never"),
     ("1-XYZ", "width-200", "never"), ("1", "width-200", "soon"), ("9" * 30, "width-200", "never")],
)  # fmt: skip
def test_signed_nonsense_gets_400(client: Client, picture: str, name: str, expires: str) -> None:
    assert code_of(client.get(signed(picture, name, expires))) == (400, "invalid_transform")


def test_closed_collection_gets_404_for_everybody(
    admin_client: Client, client: Client, photo: CustomImage, root_collection: Collection
) -> None:
    url = transform_url(photo, "width-200", format="webp")
    picture_of(client.get(url))
    press = root_collection.add_child(name="Press")
    photo.collection = press.add_child(name="Embargo")
    photo.save()
    CollectionViewRestriction.objects.create(collection=press, restriction_type=CollectionViewRestriction.LOGIN)
    assert code_of(client.get(url)) == (404, "not_found")
    # What one may see, a cache would show to all.
    assert code_of(admin_client.get(url)) == (404, "not_found")


@override_settings(MEDIA_LIBRARY={"TRANSFORM_MAX_PIXELS": 100 * 75})
def test_too_many_pixels_get_400(client: Client, photo: CustomImage) -> None:
    picture_of(client.get(transform_url(photo, "width-100", format="webp")))
    response = client.get(transform_url(photo, "width-101", format="webp"))
    assert code_of(response) == (400, "invalid_transform")
    assert "101 by 75 pixels" in response.json()["detail"]


@override_settings(MEDIA_LIBRARY={"TRANSFORM_MAX_EDGE": 100})
def test_too_long_an_edge_gets_400(client: Client, photo: CustomImage) -> None:
    assert code_of(client.get(transform_url(photo, "width-101", format="webp"))) == (400, "invalid_transform")


def test_drawing_gets_400(client: Client, photo: CustomImage) -> None:
    CustomImage.objects.filter(pk=photo.pk).update(file="image/1/1/logo.svg")
    assert code_of(client.get(signed(photo.pk, "width-200"))) == (400, "invalid_transform")


@pytest.mark.parametrize("method", ["post", "put", "delete", "patch"])
def test_only_reading_is_allowed(client: Client, photo: CustomImage, method: str) -> None:
    assert getattr(client, method)(transform_url(photo, "width-200")).status_code == 405


# Originals that can't be rendered.


def test_picture_that_failed_gets_422(client: Client, photo: CustomImage) -> None:
    CustomImage.objects.filter(pk=photo.pk).update(status="failed")
    response = client.get(transform_url(photo, "width-200"))
    assert code_of(response) == (422, "damaged_file")


def test_lost_original_gets_422(client: Client, photo: CustomImage) -> None:
    photo.file.storage.delete(photo.file.name)
    assert code_of(client.get(transform_url(photo, "width-200"))) == (422, "damaged_file")


def test_damaged_original_gets_422(client: Client, photo: CustomImage) -> None:
    with photo.file.storage.open(photo.file.name, "r+b") as original:
        original.truncate(2000)
    assert code_of(client.get(transform_url(photo, "width-200"))) == (422, "damaged_file")


# Caches.


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
