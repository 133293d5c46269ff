"""Pictures among the documents are handed out as they are, so they are stored without what they say of themselves."""

from io import BytesIO

import pytest
from django.core.files.base import ContentFile
from PIL import Image, ImageChops, PngImagePlugin

from media_library.exceptions import DamagedFile, UnacceptableFile
from media_library.intake.scrubbing import scrub
from media_library.models import CustomDocument
from tests.media import photo_bytes

MIME_TYPES = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp"}
PRIVATE = (b"Darkroom Test Camera", b"Exif\0\0MM", b"ns.adobe.com", b"Our address")


def _scrubbed(data: bytes, form: str) -> bytes:
    result = scrub(BytesIO(data), MIME_TYPES[form])
    assert result is not None
    return result


@pytest.mark.parametrize("form", MIME_TYPES)
def test_nothing_of_the_camera_and_the_place_stays(form):
    data = photo_bytes(64, 48, format=form)
    assert b"Darkroom Test Camera" in data

    scrubbed = _scrubbed(data, form)

    assert not any(words in scrubbed for words in PRIVATE)
    assert not Image.open(BytesIO(scrubbed)).getexif().get_ifd(0x8825)


@pytest.mark.parametrize("form", MIME_TYPES)
def test_not_a_pixel_changes(form):
    data = photo_bytes(64, 48, format=form)

    scrubbed = _scrubbed(data, form)

    assert ImageChops.difference(Image.open(BytesIO(data)), Image.open(BytesIO(scrubbed))).getbbox() is None


@pytest.mark.parametrize("form", MIME_TYPES)
def test_which_way_is_up_stays(form):
    scrubbed = _scrubbed(photo_bytes(64, 48, orientation=6, format=form), form)

    assert dict(Image.open(BytesIO(scrubbed)).getexif()) == {0x0112: 6}


@pytest.mark.parametrize("form", MIME_TYPES)
def test_colour_profile_stays(form):
    from PIL import ImageCms

    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    output = BytesIO()
    Image.new("RGB", (8, 8), "red").save(output, form, icc_profile=profile, exif=b"Exif\0\0MM\0*\0\0\0\x08\0\0")

    assert Image.open(BytesIO(_scrubbed(output.getvalue(), form))).info["icc_profile"] == profile


def test_film_that_hangs_on_a_photograph_goes():
    scrubbed = _scrubbed(photo_bytes(64, 48) + b"\0\0\0\x18ftypmp42 our garden, in motion", "JPEG")

    assert b"our garden" not in scrubbed


def test_text_of_a_png_goes():
    text = PngImagePlugin.PngInfo()
    text.add_text("Comment", "Our address")
    text.add_itxt("XML:com.adobe.xmp", "<x xmlns='http://ns.adobe.com/xap/1.0/'/>")
    output = BytesIO()
    Image.new("RGB", (8, 8)).save(output, "PNG", pnginfo=text)

    scrubbed = _scrubbed(output.getvalue(), "PNG")

    assert not any(words in scrubbed for words in PRIVATE)


def test_picture_that_says_nothing_is_left_alone():
    output = BytesIO()
    Image.new("RGB", (8, 8)).save(output, "PNG")

    assert scrub(output, "image/png") is None


def test_tiff_that_says_something_is_refused_with_what_to_do():
    output = BytesIO()
    exif = Image.Exif()
    exif[0x010F] = "Darkroom Test Camera"
    Image.new("RGB", (8, 8)).save(output, "TIFF", exif=exif)

    with pytest.raises(UnacceptableFile, match="under Images"):
        scrub(output, "image/tiff")


@pytest.mark.parametrize("form", MIME_TYPES)
@pytest.mark.parametrize("kept", [20, 100, 300])
def test_picture_that_is_cut_off_is_damaged(form, kept):
    with pytest.raises(DamagedFile):
        scrub(BytesIO(photo_bytes(64, 48, format=form)[:kept]), MIME_TYPES[form])


@pytest.mark.django_db
def test_document_that_is_a_photograph_is_stored_without_its_place(client):
    document = CustomDocument(title="Press photo", file=ContentFile(photo_bytes(64, 48), name="press.jpg"))
    document.save()

    handed_out = b"".join(client.get(document.url))

    assert len(handed_out) == document.file_size
    assert not any(words in handed_out for words in PRIVATE)
    assert Image.open(BytesIO(handed_out)).size == (64, 48)
