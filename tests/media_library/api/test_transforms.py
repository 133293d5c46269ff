"""Renditions on demand, through their public door."""

import time
from collections.abc import Callable

import pytest
from django.core.files.base import ContentFile
from django.test import Client, override_settings
from wagtail.models import Collection, CollectionViewRestriction

from media_library.models import CustomImage, CustomRendition
from media_library.transforms import transform_url
from tests.media import animation_bytes, transparent_png
from tests.media_library.api.addresses import CHROME, code_of, picture_of, signed

pytestmark = pytest.mark.django_db


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


def test_preset_is_served_by_its_name(client: Client, photo: CustomImage) -> None:
    assert picture_of(client.get(transform_url(photo, "thumbnail", format="webp"))).size == (150, 150)


def test_address_that_is_made_from_the_api_is_immutable(client: Client, photo: CustomImage) -> None:
    shown = client.get(f"/api/v2/images/{photo.pk}/").json()
    response = client.get(signed(f"{shown['id']}-{shown['revision']}", "width-200.webp"))
    assert response["Cache-Control"] == "public, max-age=31536000, immutable"


@pytest.mark.parametrize(("accept", "expected"), [(CHROME, "AVIF"), ("image/webp,*/*", "WEBP"), ("*/*", "GIF")])
def test_animation_keeps_moving(client: Client, accept: str, expected: str) -> None:
    image = CustomImage(title="Wave", file=ContentFile(animation_bytes(), name="wave.gif"))
    image.save()
    response = client.get(transform_url(image, "width-40"), headers={"accept": accept})
    picture = picture_of(response)
    # Where AVIF or WebP has more bytes, another format stands in; the header says which.
    assert response["Content-Type"] == f"image/{picture.format.lower()}"
    assert (picture.format, picture.n_frames, picture.width) == (expected, 4, 40)


def test_animation_as_jpeg_is_its_first_frame(client: Client) -> None:
    image = CustomImage(title="Wave", file=ContentFile(animation_bytes(), name="wave.gif"))
    image.save()
    assert picture_of(client.get(transform_url(image, "width-40", format="jpeg"))).format == "JPEG"


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
