"""Which files the admin's doors take, and what they say to the others."""

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile

from media_library.intake.sniff import IMAGE_TYPES
from media_library.models import CustomImage
from tests.media import photo_bytes

DRAWING = b'<svg xmlns="http://www.w3.org/2000/svg" width="200" height="100"><rect width="20" height="10"/></svg>'

pytestmark = pytest.mark.django_db


def _drop(client, name: str, data: bytes) -> dict:
    upload = SimpleUploadedFile(name, data)
    response = client.post("/admin/images/multiple/add/", {"title": "New", "files[]": upload, "collection": "1"})
    assert response.status_code == 200
    return response.json()


def test_file_dialogs_offer_every_ending_that_is_accepted():
    assert {one for known in IMAGE_TYPES for one in known.extensions} == set(settings.WAGTAILIMAGES_EXTENSIONS)


@pytest.mark.parametrize(
    ("format", "extension"),
    [
        ("TIFF", "tif"),
        ("TIFF", "tiff"),
        ("BMP", "bmp"),
        ("HEIF", "heic"),
        ("HEIF", "hif"),
        ("JPEG", "jfif"),
        ("AVIF", "avif"),
    ],
)
def test_format_is_accepted(format, extension, admin_client):
    answer = _drop(admin_client, f"harbour.{extension}", photo_bytes(64, 48, format=format))

    assert answer["success"], answer
    assert CustomImage.objects.get().width == 64


def test_drawing_is_accepted_and_has_a_thumbnail(admin_client):
    assert _drop(admin_client, "logo.svg", DRAWING)["success"]

    assert admin_client.get("/admin/media/").status_code == 200
    assert admin_client.get(f"/admin/images/{CustomImage.objects.get().pk}/").status_code == 200


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("a.svgz", b"\x1f\x8b\x08" + bytes(20), "compressed (SVGZ)"),
        ("a.svg", b"\x1f\x8b\x08" + bytes(20), "compressed (SVGZ)"),
        ("a.jp2", b"\0\0\0\x0cjP  \r\n\x87\n" + bytes(20), "JPEG 2000"),
        ("a.jxl", b"\0\0\0\x0cJXL \r\n\x87\n" + bytes(20), "JPEG XL"),
        ("a.jxl", b"\xff\n" + bytes(20), "JPEG XL"),
        ("a.psd", b"8BPS\0\1" + bytes(20), "Photoshop"),
        ("a.ico", b"\0\0\1\0\1\0" + bytes(20), "icon"),
        ("a.pdf", b"%PDF-1.7\n" + bytes(20), "a PDF"),
        ("a.zip", b"PK\3\4" + bytes(40), "a ZIP archive"),
        ("a.html", b"<!doctype html><html>" + bytes(20), "not recognised"),
        ("a.png", b"", "empty"),
        ("photo", photo_bytes(32, 32), "no ending"),
        ("a.NEF", photo_bytes(32, 32, format="TIFF"), "raw photograph (NEF)"),
    ],
)
def test_what_is_not_accepted_is_told_in_words(name, data, words, admin_client):
    answer = _drop(admin_client, name, data)

    assert not answer["success"]
    assert words in answer["error_message"]
    assert not CustomImage.objects.exists()
