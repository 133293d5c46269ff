from io import BytesIO
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.test import override_settings

from media_library.exceptions import DamagedFile, FileTooLarge, UnacceptableFile, UnknownFileType
from media_library.intake import inspect
from media_library.models import Asset, CustomDocument, CustomImage, Video
from media_library.models.files import originals_storage, sha256
from media_library.storage import list_folder
from tests.media import photo_bytes, photo_file, transparent_png

IMAGE, VIDEO = Asset.Kind.IMAGE, Asset.Kind.VIDEO


def test_type_comes_from_the_bytes():
    found = inspect(IMAGE, BytesIO(photo_bytes(format="WEBP")), "harbour.webp")

    assert found.mime_type == "image/webp"


@pytest.mark.parametrize("orientation", range(1, 9))
def test_dimensions_are_as_seen_whatever_the_orientation(orientation):
    found = inspect(IMAGE, BytesIO(photo_bytes(400, 300, orientation=orientation)), "harbour.jpg")

    assert (found.width, found.height) == (400, 300)


def test_transparency_is_noticed():
    assert inspect(IMAGE, BytesIO(transparent_png()), "logo.png").has_alpha


def test_name_that_says_another_type_is_refused_with_the_right_ending():
    with pytest.raises(UnknownFileType, match=r"named “\.png”, but its contents are JPEG.*“\.jpg”"):
        inspect(IMAGE, BytesIO(photo_bytes()), "harbour.png")


def test_text_that_is_named_like_a_picture_is_refused():
    with pytest.raises(UnknownFileType, match="not recognised"):
        inspect(IMAGE, BytesIO(b"<script>alert(1)</script>" * 50), "harbour.jpg")


def test_picture_is_no_film():
    with pytest.raises(UnknownFileType, match=r"a picture \(JPEG\), which is not accepted here.*“Images”"):
        inspect(VIDEO, BytesIO(photo_bytes()), "film.mp4")


def test_playlist_that_is_named_like_a_film_is_refused():
    with pytest.raises(UnknownFileType):
        inspect(VIDEO, BytesIO(b"#EXTM3U\n#EXTINF:10,\nfile:///etc/passwd\n"), "film.mp4")


@pytest.mark.parametrize("kind", [IMAGE, VIDEO])
def test_empty_file_is_refused(kind):
    with pytest.raises(DamagedFile, match="empty"):
        inspect(kind, BytesIO(b""), "harbour.jpg")


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP", "AVIF"])
def test_picture_that_is_cut_off_is_refused(format):
    whole = photo_bytes(format=format)

    with pytest.raises(DamagedFile):
        inspect(IMAGE, BytesIO(whole[: len(whole) * 2 // 3]), f"harbour.{format.lower()}")


@override_settings(WAGTAILIMAGES_MAX_IMAGE_PIXELS=100_000)
def test_too_many_pixels_are_refused():
    with pytest.raises(FileTooLarge, match="too many pixels"):
        inspect(IMAGE, BytesIO(photo_bytes(800, 600)), "harbour.jpg")


@override_settings(WAGTAILIMAGES_MAX_UPLOAD_SIZE=1000)
def test_too_many_bytes_are_refused_with_size_and_limit():
    with pytest.raises(FileTooLarge, match="at most 1000"):
        inspect(IMAGE, BytesIO(photo_bytes()), "harbour.jpg")


@override_settings(MEDIA_LIBRARY={"MAX_VIDEO_BYTES": 1000})
def test_film_over_its_own_limit_is_refused(small_film):
    with pytest.raises(FileTooLarge):
        inspect(VIDEO, BytesIO(small_film), "tide.mp4")


def test_file_is_left_at_its_beginning():
    file = BytesIO(photo_bytes())

    inspect(IMAGE, file, "harbour.jpg")

    assert file.tell() == 0


@pytest.mark.django_db
def test_saving_puts_down_what_the_file_is():
    image = CustomImage(title="Harbour", file=photo_file(width=800, height=600, orientation=6))

    image.save()

    image.refresh_from_db()
    assert (image.kind, image.mime_type, image.filename) == ("image", "image/jpeg", "harbour.jpg")
    assert (image.width, image.height, image.version) == (800, 600, 1)
    assert image.file_size == image.file.size
    assert len(image.file_hash) == 64


@pytest.mark.django_db
def test_refused_file_leaves_no_row_and_no_file():
    image = CustomImage(title="Broken", file=ContentFile(photo_bytes()[:3000], name="broken.jpg"))

    with pytest.raises(UnacceptableFile):
        image.save()

    assert not Asset.objects.exists()
    assert list(list_folder(originals_storage(), "image")) == []


@pytest.mark.django_db
def test_row_that_cannot_be_written_leaves_no_file(monkeypatch):
    monkeypatch.setattr("media_library.jobs.enqueue", _fail)
    image = CustomImage(title="Harbour", file=photo_file())

    with pytest.raises(RuntimeError):
        image.save()

    assert not Asset.objects.exists()
    assert list(list_folder(originals_storage(), "image")) == []


def _fail(asset: Asset) -> None:
    raise RuntimeError("no jobs today")


@pytest.mark.django_db
def test_document_of_any_type_is_ready_at_once():
    document = CustomDocument(title="Notes", file=ContentFile(b"plain words", name="notes.txt"))

    document.save()

    assert (document.status, document.mime_type) == ("ready", "application/octet-stream")


@pytest.mark.django_db
def test_original_has_no_url(photo):
    with pytest.raises(NotImplementedError, match="private"):
        _ = photo.file.url


@pytest.mark.django_db
def test_original_is_named_by_asset_version_and_hash(photo):
    assert photo.file.name == f"image/{photo.pk}/1/{photo.file_hash[:12]}-harbour.jpg"


@pytest.mark.django_db
def test_film_waits_for_its_workers(film: Video):
    assert (film.status, film.kind, film.width) == ("uploaded", "video", None)


@pytest.mark.parametrize("name", ["../../etc/passwd.jpg", "ünïcode ' \" name?.jpg", "x" * 300 + ".jpg"])
@pytest.mark.django_db
def test_strange_names_are_stored_safely(name):
    image = CustomImage(title="Strange", file=ContentFile(photo_bytes(64, 64), name=Path(name).name))

    image.save()

    assert image.file.name.startswith(f"image/{image.pk}/1/")
    assert ".." not in image.file.name
    assert image.file.storage.exists(image.file.name)


HOSTILE_DRAWING = (
    b'<svg xmlns="http://www.w3.org/2000/svg" width="200" height="100" onload="alert(1)">'
    b'<script>alert(2)</script><rect width="20" height="10"/></svg>'
)


@pytest.mark.django_db
def test_only_what_is_harmless_of_a_drawing_is_stored():
    image = CustomImage(title="Logo", file=ContentFile(HOSTILE_DRAWING, name="logo.svg"))

    image.save()

    image.refresh_from_db()
    stored = image.file.open().read()
    assert b"alert" not in stored
    assert b'<rect width="20"' in stored
    assert (image.mime_type, image.width, image.height, image.has_alpha) == ("image/svg+xml", 200, 100, True)
    assert image.file_size == len(stored)
    assert image.file_hash == sha256(image.file)
    assert image.file.name == f"image/{image.pk}/1/{image.file_hash[:12]}-logo.svg"


@pytest.mark.django_db
def test_drawing_that_wagtail_stored_beforehand_is_replaced_too():
    image = CustomImage(title="Logo")
    image.file.save("logo.svg", ContentFile(HOSTILE_DRAWING), save=False)
    image._set_image_file_metadata()

    image.save()

    assert list(list_folder(originals_storage(), "image")) == [image.file.name]
    assert b"alert" not in image.file.open().read()


@pytest.mark.django_db
def test_drawing_has_its_public_file_at_once():
    image = CustomImage(title="Logo", file=ContentFile(HOSTILE_DRAWING, name="logo.svg"))

    image.save()

    rendition = image.renditions.get(preset="ladder")
    assert (rendition.filter_spec, rendition.width, rendition.height) == ("original", 200, 100)
    assert rendition.file.name.endswith(".svg")
    assert rendition.file.open().read() == image.file.open().read()


@pytest.mark.django_db
def test_drawing_that_cannot_be_saved_leaves_no_file(monkeypatch):
    monkeypatch.setattr("media_library.jobs.enqueue", _fail)

    with pytest.raises(RuntimeError):
        CustomImage(title="Logo", file=ContentFile(HOSTILE_DRAWING, name="logo.svg")).save()

    assert list(list_folder(originals_storage(), "image")) == []
