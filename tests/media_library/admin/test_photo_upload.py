"""What a photograph says of itself, through Wagtail's forms."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from wagtail.models import Collection

from media_library.models import CollectionSettings, CustomImage
from tests import tus
from tests.photographs import POSITION, iptc_block, tagged, telling_photo

pytestmark = pytest.mark.django_db

SAID = iptc_block(
    (2, 5, b"Boats at dawn"), (2, 120, b"Fishing boats"), (2, 110, b"Agency"), (2, 25, b"sea"), (2, 25, b"dawn")
)


def upload(name: str = "DSC_0412.jpg", iptc: bytes = SAID) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, tagged(iptc=iptc))


def drop(client: Client) -> tuple[CustomImage, str]:
    """Drop a photograph as the page of several uploads does; returns the image and the form it answers with."""
    form = {"title": "DSC_0412", "files[]": upload(), "collection": "1"}
    answer = client.post("/admin/images/multiple/add/", form).json()
    return CustomImage.objects.get(pk=answer["image_id"]), answer["form"]


def tags(image: CustomImage) -> list[str]:
    return sorted(CustomImage.objects.get(pk=image.pk).tags.names())


def test_form_below_a_drop_shows_what_the_photograph_says(admin_client: Client):
    _image, form = drop(admin_client)

    for text in ("Boats at dawn", "Fishing boats", "sea", "dawn"):
        assert text in form


@pytest.mark.parametrize(
    ("typed", "kept"), [("dawn, sea", ["dawn", "sea"]), ("mine", ["mine"]), ("", [])], ids=["same", "other", "none"]
)
def test_tags_of_the_form_below_a_drop_win(admin_client: Client, typed: str, kept: list[str]):
    image, _form = drop(admin_client)
    prefix = f"image-{image.pk}"

    admin_client.post(
        f"/admin/images/multiple/{image.pk}/",
        {f"{prefix}-title": "Boats", f"{prefix}-collection": "1", f"{prefix}-tags": typed},
    )

    assert tags(image) == kept


@pytest.mark.parametrize(("typed", "kept"), [("", ["dawn", "sea"]), ("mine", ["mine"])])
def test_tags_typed_with_an_upload_win_over_those_of_the_file(admin_client: Client, typed: str, kept: list[str]):
    form = {"title": "DSC_0412", "file": upload(), "collection": "1", "tags": typed}

    admin_client.post("/admin/images/add/", form)

    image = CustomImage.objects.get()
    assert image.title == "Boats at dawn"
    assert tags(image) == kept


def test_upload_in_the_chooser_is_filled_too(admin_client: Client):
    address = reverse("media_library_chooser:create")

    answer = tus.send(admin_client, tagged(iptc=SAID), "DSC_0412.jpg", address=address)

    assert answer["chosen"]["title"] == "Boats at dawn"
    assert tags(CustomImage.objects.get()) == ["dawn", "sea"]


def test_tags_that_an_editor_takes_away_with_a_new_file_do_not_come_back(admin_client: Client):
    image, _form = drop(admin_client)
    form = {"title": "Boats", "file": upload("new.jpg"), "collection": "1", "tags": ""}

    admin_client.post(f"/admin/images/{image.pk}/", form)

    assert tags(image) == []


@pytest.mark.parametrize("word", ["sea", "fishing", "boats", "agency"])
def test_dropped_photograph_is_found_in_the_admin(admin_client: Client, word: str):
    image, _form = drop(admin_client)

    listing = admin_client.get("/admin/media/", {"q": word}).content.decode()

    assert reverse("wagtailimages:edit", args=(image.pk,)) in listing


def test_moving_in_bulk_to_a_collection_that_keeps_no_positions_forgets_them(
    admin_client: Client, root_collection: Collection
):
    keeping = root_collection.add_child(name="Expedition")
    CollectionSettings.objects.create(collection=keeping, keep_location=True)
    file = SimpleUploadedFile("quay.jpg", telling_photo(size=(64, 48)))
    image = CustomImage(title="Quay", collection=keeping, file=file)
    image.save()
    assert image.metadata["gps"] == POSITION
    url = reverse("wagtail_bulk_action", args=("media_library", "customimage", "add_to_collection"))

    admin_client.post(f"{url}?id={image.pk}", {"collection": root_collection.pk})

    image.refresh_from_db()
    assert image.collection == root_collection
    assert "gps" not in image.metadata
