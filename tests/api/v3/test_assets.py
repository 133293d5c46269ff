"""Images and documents in API v3 come past intake, permissions and the trash, and keep their originals."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django.fixtures import Settings
from wagtail.models import Collection, CollectionViewRestriction, ModelLogEntry

from blog.models import BlogIndexPage
from media_library.deletion import trash_asset
from media_library.models import Asset, CustomDocument, CustomImage
from tests.api.v3.conftest import Bearer
from tests.blog.content import make_image, make_person
from tests.media import drawing_file, photo_bytes

PHOTO = photo_bytes(96, 72)


@pytest.fixture
def harbour(root_collection: Collection) -> Collection:
    return root_collection.add_child(name="Harbour")


@pytest.fixture
def archive(root_collection: Collection) -> Collection:
    return root_collection.add_child(name="Archive")


@pytest.fixture
def edith(hired: Callable[..., Bearer], harbour: Collection, archive: Collection) -> Bearer:
    """Somebody who works with what is in ``harbour``, and with nothing else."""
    names = ["wagtailimages.add_image", "wagtailimages.change_image", "wagtailimages.choose_image"]
    names += ["wagtaildocs.add_document", "wagtaildocs.change_document", "wagtaildocs.choose_document"]
    return hired(*((name, harbour) for name in names))


def make_document(title: str = "Prices", **values: object) -> CustomDocument:
    document = CustomDocument(title=title, file=ContentFile(b"%PDF-1.4 prices", name="prices.pdf"), **values)
    document.save()
    return document


def upload(data: bytes, name: str = "harbour.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data)


def originals() -> list[Path]:
    return [path for path in (settings.DATA_DIR / "originals").rglob("*") if path.is_file()]


def titles(response: object) -> list[str]:
    return [item["title"] for item in response.json()["items"]]


# Writing


def test_image_is_taken_in_as_in_the_admin(chief: Bearer):
    response = chief.upload("images/", file=upload(PHOTO), title="Harbour", alt_text="Boats at dawn")

    assert response.status_code == 201, response.content
    image = CustomImage.objects.get(pk=response.json()["id"])
    assert (image.title, image.alt_text, image.mime_type) == ("Harbour", "Boats at dawn", "image/jpeg")
    assert image.uploaded_by_user == chief.user
    assert image.jobs.filter(state="queued").exists()
    assert image.renditions.exists()
    entry = ModelLogEntry.objects.get(action="wagtail.create", object_id=str(image.pk))
    assert entry.user == chief.user


def test_document_is_taken_in_as_in_the_admin(chief: Bearer):
    response = chief.upload("documents/", file=upload(b"%PDF-1.4 prices", "prices.pdf"), title="Prices")

    assert response.status_code == 201, response.content
    document = CustomDocument.objects.get(pk=response.json()["id"])
    assert (document.mime_type, document.uploaded_by_user) == ("application/pdf", chief.user)
    assert ModelLogEntry.objects.get(action="wagtail.create", object_id=str(document.pk)).user == chief.user


@pytest.mark.parametrize(
    ("kind", "name", "data"),
    [
        ("images", "harbour.jpg", b"<html>no picture</html>"),
        ("images", "harbour.jpg", PHOTO[:400]),
        ("images", "harbour.jpg", b""),
        ("images", "harbour.jpg", b"MZ\x90\x00 no picture either"),
        ("images", "harbour.png", b"%PDF-1.4 prices"),
        ("documents", "prices.pdf", b""),
        ("documents", "picture.jpg", PHOTO[:400]),
    ],
)
def test_bad_bytes_are_refused_and_leave_neither_row_nor_file(chief: Bearer, kind: str, name: str, data: bytes):
    response = chief.upload(f"{kind}/", file=upload(data, name), title="Bad")

    assert response.status_code == 422, response.content
    assert response["Content-Type"] == "application/problem+json"
    assert [error["loc"] for error in response.json()["errors"]] == [["file"]]
    assert not Asset.objects.exists()
    assert originals() == []


def test_document_above_the_limit_is_refused(chief: Bearer, settings: Settings):
    settings.MEDIA_LIBRARY = {**settings.MEDIA_LIBRARY, "MAX_DOCUMENT_BYTES": 100}

    assert chief.upload("documents/", file=upload(b"%PDF-1.4" * 20, "a.pdf"), title="Large").status_code == 422
    assert not Asset.objects.exists()


def test_drawing_is_cleaned(chief: Bearer):
    script = drawing_file().read().replace(b"</svg>", b"<script>alert(1)</script></svg>")

    response = chief.upload("images/", file=upload(script, "logo.svg"), title="Logo")

    assert response.status_code == 201, response.content
    assert all(b"alert(1)" not in path.read_bytes() for path in Path(settings.MEDIA_ROOT).rglob("*.svg"))


def test_details_can_be_changed_one_by_one(chief: Bearer, photo: CustomImage):
    response = chief.patch(f"images/{photo.pk}/", {"alt_text": "Boats at dawn"})

    assert response.status_code == 200, response.content
    photo.refresh_from_db()
    assert (photo.title, photo.alt_text) == ("Harbour", "Boats at dawn")
    assert ModelLogEntry.objects.get(action="wagtail.edit").user == chief.user


def test_what_is_used_is_not_deleted_and_the_answer_says_where(chief: Bearer, photo: CustomImage):
    make_person(portrait=photo)

    response = chief.delete(f"images/{photo.pk}/")

    assert (response.status_code, response["Content-Type"]) == (409, "application/problem+json")
    assert response.json()["code"] == "in_use"
    assert [place["title"] for place in response.json()["places"]] == ["Ada Example"]
    assert not CustomImage.objects.get().trashed_at


@pytest.mark.parametrize("kind", ["images", "documents"])
def test_what_is_deleted_goes_to_the_trash(chief: Bearer, kind: str):
    asset = make_image() if kind == "images" else make_document()

    assert chief.delete(f"{kind}/{asset.pk}/").status_code == 204

    asset = Asset.objects.get()
    assert (bool(asset.trashed_at), asset.trashed_by) == (True, chief.user)
    assert originals()


# Reading


@pytest.mark.parametrize("kind", ["images", "documents"])
def test_trash_is_neither_listed_nor_shown_nor_changed(chief: Bearer, kind: str):
    asset = make_image() if kind == "images" else make_document()
    trash_asset(asset)

    assert chief.get(f"{kind}/").json() == {"items": [], "count": 0}
    assert chief.get(f"{kind}/", search=asset.title).json()["count"] == 0
    assert chief.get(f"{kind}/{asset.pk}/").status_code == 404
    assert chief.patch(f"{kind}/{asset.pk}/", {"title": "Found"}).status_code == 404
    assert chief.delete(f"{kind}/{asset.pk}/").status_code == 404
    assert Asset.objects.get().title == asset.title


def test_download_url_is_the_largest_rendition_and_never_the_original(
    chief: Bearer, photo: CustomImage, develop: Callable[..., None]
):
    develop(photo)
    largest = photo.largest_rendition()

    for response in (chief.get("images/"), chief.get(f"images/{photo.pk}/")):
        answer = response.json()
        image = answer["items"][0] if "items" in answer else answer
        assert image["meta"]["download_url"] == largest.url
        assert photo.file.name not in response.content.decode()


def test_answer_to_an_upload_names_no_original(chief: Bearer):
    response = chief.upload("images/", file=upload(PHOTO), title="Harbour")

    image = CustomImage.objects.get()
    assert response.json()["meta"]["detail_url"].endswith(f"/api/v3/images/{image.pk}/")
    assert image.file.name not in response.content.decode()


def test_document_is_handed_out_by_the_view_that_knows_its_restrictions(chief: Bearer):
    document = make_document()

    url = chief.get(f"documents/{document.pk}/").json()["meta"]["download_url"]

    assert url.endswith(document.url)
    assert "/documents/" in url


def test_list_of_images_takes_as_many_queries_for_twenty_as_for_two(
    chief: Bearer, django_assert_max_num_queries: Callable
):
    for number in range(20):
        make_image(f"Image {number}")
    chief.get("images/")
    with django_assert_max_num_queries(12):
        assert chief.get("images/").json()["count"] == 20


@pytest.mark.parametrize("kind", ["images", "documents"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_nobody_comes_in_without_a_token(kind: str, method: str, admin_client: Client):
    # A session of the admin is no token.
    assert getattr(admin_client, method)(f"/api/v3/{kind}/").status_code == 401


# Permissions of collections


def test_user_sees_what_they_may_work_with(edith: Bearer, harbour: Collection, archive: Collection):
    make_image("Ours", collection=harbour)
    theirs = make_image("Theirs", collection=archive)

    assert titles(edith.get("images/")) == ["Ours"]
    assert edith.get(f"images/{theirs.pk}/").status_code == 404


@pytest.mark.parametrize("kind", ["images", "documents"])
def test_nothing_is_done_to_what_lies_in_another_folder(edith: Bearer, archive: Collection, kind: str):
    asset = make_image("Theirs", collection=archive) if kind == "images" else make_document(collection=archive)

    assert edith.patch(f"{kind}/{asset.pk}/", {"title": "Mine"}).status_code == 404
    assert edith.delete(f"{kind}/{asset.pk}/").status_code == 404
    asset.refresh_from_db()
    assert (asset.title == "Mine", asset.trashed_at) == (False, None)


def test_who_may_only_choose_may_not_change(hired: Callable[..., Bearer], harbour: Collection, archive: Collection):
    rob = hired(
        ("wagtailimages.choose_image", harbour),
        ("wagtailimages.add_image", archive),
        ("wagtailimages.change_image", archive),
    )
    image = make_image("Theirs", collection=harbour)

    assert titles(rob.get("images/")) == ["Theirs"]
    assert rob.patch(f"images/{image.pk}/", {"title": "Mine"}).status_code == 403
    assert rob.delete(f"images/{image.pk}/").status_code == 403


def test_who_may_only_add_changes_what_is_theirs(hired: Callable[..., Bearer], harbour: Collection):
    rob = hired(("wagtailimages.add_image", harbour))
    mine = make_image("Mine", collection=harbour, uploaded_by_user=rob.user)
    theirs = make_image("Theirs", collection=harbour)

    assert titles(rob.get("images/")) == ["Mine"]
    assert rob.patch(f"images/{mine.pk}/", {"title": "Mine, too"}).status_code == 200
    assert rob.patch(f"images/{theirs.pk}/", {"title": "Mine"}).status_code == 404


@pytest.mark.parametrize("kind", ["images", "documents"])
def test_file_comes_into_a_folder_of_the_user(edith: Bearer, harbour: Collection, kind: str):
    file = upload(PHOTO) if kind == "images" else upload(b"%PDF-1.4 prices", "prices.pdf")

    response = edith.upload(f"{kind}/", file=file, title="New", collection_id=harbour.pk)

    assert response.status_code == 201, response.content
    assert Asset.objects.get().collection == harbour


@pytest.mark.parametrize("kind", ["images", "documents"])
def test_file_comes_into_no_folder_of_others(edith: Bearer, archive: Collection, kind: str):
    file = upload(PHOTO) if kind == "images" else upload(b"%PDF-1.4 prices", "prices.pdf")

    response = edith.upload(f"{kind}/", file=file, title="New", collection_id=archive.pk)

    assert response.status_code == 422, response.content
    assert not Asset.objects.exists()


@pytest.mark.parametrize("kind", ["images", "documents"])
def test_nothing_is_moved_into_a_folder_of_others(edith: Bearer, harbour: Collection, archive: Collection, kind: str):
    asset = make_image(collection=harbour) if kind == "images" else make_document(collection=harbour)

    assert edith.patch(f"{kind}/{asset.pk}/", {"collection_id": archive.pk}).status_code == 422
    asset.refresh_from_db()
    assert asset.collection == harbour


def test_user_without_permission_to_add_gets_403(hired: Callable[..., Bearer], harbour: Collection):
    rob = hired(("wagtailimages.choose_image", harbour))

    assert rob.upload("images/", file=upload(PHOTO), title="New").status_code == 403
    assert rob.upload("documents/", file=upload(b"%PDF-1.4", "a.pdf"), title="New").status_code == 403
    assert not Asset.objects.exists()


def test_closed_collection_stays_closed_to_who_may_not_work_with_it(
    chief: Bearer, edith: Bearer, archive: Collection, blog: BlogIndexPage
):
    secret = make_image("Secret", collection=archive)
    CollectionViewRestriction.objects.create(collection=archive, restriction_type=CollectionViewRestriction.LOGIN)

    assert titles(chief.get("images/")) == ["Secret"]
    assert titles(edith.get("images/")) == []
    assert edith.get(f"images/{secret.pk}/").status_code == 404


def test_stranger_finds_no_picture_by_what_its_file_says(edith: Bearer, archive: Collection):
    image = make_image("Theirs", collection=archive)
    CustomImage.objects.filter(pk=image.pk).update(metadata={"camera": "Pentax K1000"})
    CustomImage.objects.get(pk=image.pk).save()

    assert edith.get("images/", search="Pentax").json()["count"] == 0


def test_errors_are_problems(chief: Bearer):
    response = chief.get("images/999/")

    assert response["Content-Type"] == "application/problem+json"
    assert json.loads(response.content)["status"] == 404
