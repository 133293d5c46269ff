import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from media_library.models import Asset
from tests.media import photo_bytes

pytestmark = pytest.mark.django_db

WHOLE = photo_bytes(format="PNG")
DAMAGED = {
    "cut off in the header": WHOLE[:40],
    "cut off in the picture": WHOLE[: len(WHOLE) // 2],
    "nothing but a signature": WHOLE[:8] + b"\0" * 400,
}


def _drop(client, name: str, data: bytes) -> dict:
    response = client.post(
        "/admin/images/multiple/add/", {"title": name, "files[]": SimpleUploadedFile(name, data), "collection": "1"}
    )
    assert response.status_code == 200
    return response.json()


@pytest.mark.parametrize("data", DAMAGED.values(), ids=DAMAGED.keys())
def test_damaged_picture_is_refused_with_a_sentence(admin_client, data):
    answer = _drop(admin_client, "broken.png", data)

    assert not answer["success"]
    assert "damaged" in answer["error_message"]
    assert not Asset.objects.exists()


def test_wrong_ending_is_refused_with_the_right_one(admin_client):
    answer = _drop(admin_client, "harbour.jpg", WHOLE)

    assert "Rename it to end in “.png”" in answer["error_message"]


def test_editor_replaces_the_file_of_an_image(admin_client, photo, develop):
    develop(photo)
    form = {"title": "New", "collection": "1", "tags": "", "file": SimpleUploadedFile("new.png", WHOLE)}

    admin_client.post(f"/admin/images/{photo.pk}/", form)

    photo.refresh_from_db()
    assert (photo.title, photo.version, photo.mime_type, photo.status) == ("New", 2, "image/png", "uploaded")
    assert photo.renditions.filter(filter_spec="width-320|format-jpeg").exists()


def test_editor_changes_the_title_without_a_new_version(admin_client, photo, develop):
    develop(photo)

    admin_client.post(f"/admin/images/{photo.pk}/", {"title": "Quay", "collection": "1", "tags": ""})

    photo.refresh_from_db()
    assert (photo.title, photo.version, photo.status) == ("Quay", 1, "ready")
