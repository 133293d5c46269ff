from io import BytesIO

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse
from PIL import Image
from wagtail.models import Collection

from cms.models import User
from media_library.editing import edit
from media_library.exceptions import UnacceptableRecipe
from media_library.imaging.operations import NO_WATERMARK, OwnWatermark, Recipe
from media_library.models import CollectionSettings, CustomImage, CustomRendition
from tests.blog.content import lose
from tests.media import drawing_file, photo_file


@pytest.fixture
def harbour(root_collection: Collection) -> Collection:
    return root_collection.add_child(name="Harbour")


@pytest.fixture
def archive(root_collection: Collection) -> Collection:
    return root_collection.add_child(name="Archive")


def add(collection: Collection, **recipe: object) -> CustomImage:
    image = CustomImage(title="Quay", file=photo_file(), collection=collection, recipe=recipe)
    image.save()
    return image


@pytest.fixture
def logo(db: None) -> CustomImage:
    data = BytesIO()
    Image.new("RGB", (60, 30), (255, 0, 255)).save(data, "PNG")
    image = CustomImage(title="Logo", file=ContentFile(data.getvalue(), name="logo.png"))
    image.save()
    return image


def mark(collection: Collection, **options: object) -> CollectionSettings:
    return CollectionSettings.objects.create(collection=collection, **options)


def version(image: CustomImage) -> int:
    return CustomImage.objects.get(pk=image.pk).version


def test_collection_gives_its_watermark(harbour: Collection):
    image = add(harbour)
    mark(harbour, watermark_text="© Harbour", watermark_position="top-left", watermark_opacity=0.3)

    watermark = image.get_watermark()

    assert watermark is not None
    assert (watermark.text, watermark.position, watermark.opacity) == ("© Harbour", "top-left", 0.3)


def test_picture_of_the_watermark_is_taken_as_edited(harbour: Collection, logo: CustomImage, admin_user: User):
    image = add(harbour)
    mark(harbour, watermark_image=logo)
    edit(logo, Recipe(rotate=90), admin_user)

    assert image.get_watermark().picture.size == (30, 60)


def test_own_watermark_comes_before_that_of_the_collection(harbour: Collection):
    mark(harbour, watermark_text="© Harbour")
    image = add(harbour, watermark={"text": "© Ada"})

    assert image.get_watermark().text == "© Ada"


def test_picture_may_refuse_the_watermark(harbour: Collection):
    mark(harbour, watermark_text="© Harbour")

    assert add(harbour, watermark=NO_WATERMARK).get_watermark() is None


@pytest.mark.parametrize("options", [{}, {"keep_location": True}, {"watermark_text": "  "}])
def test_without_settings_there_is_no_watermark(harbour: Collection, options: dict):
    mark(harbour, **options)

    assert add(harbour).get_watermark() is None


def test_logo_does_not_carry_itself(harbour: Collection, logo: CustomImage):
    CustomImage.objects.filter(pk=logo.pk).update(collection=harbour)
    mark(harbour, watermark_image=logo)

    assert CustomImage.objects.get(pk=logo.pk).get_watermark() is None


def test_new_watermark_begins_a_version_of_the_pictures_that_follow_it(harbour: Collection, archive: Collection):
    following, own, none = add(harbour), add(harbour, watermark={"text": "A"}), add(harbour, watermark=NO_WATERMARK)
    elsewhere = add(archive)

    mark(harbour, watermark_text="© Harbour")

    assert [version(image) for image in (following, own, none, elsewhere)] == [2, 1, 1, 1]
    assert following.jobs.get().version == 2


def test_watermark_that_goes_begins_a_version(harbour: Collection):
    settings = mark(harbour, watermark_text="© Harbour")
    image = add(harbour)

    settings.delete()

    assert version(image) == 2


def test_other_settings_begin_no_version(harbour: Collection):
    settings = mark(harbour, watermark_text="© Harbour")
    image = add(harbour)

    settings.keep_location = True
    settings.save()

    assert version(image) == 1


def test_edited_logo_begins_a_version_of_those_that_carry_it(harbour: Collection, logo: CustomImage, admin_user: User):
    mark(harbour, watermark_image=logo)
    by_collection, own = add(harbour), add(harbour, watermark={"image": logo.pk})

    edit(logo, Recipe(tone="greyscale"), admin_user)

    assert [version(image) for image in (by_collection, own)] == [2, 2]


def test_replaced_logo_begins_a_version_of_those_that_carry_it(harbour: Collection, logo: CustomImage):
    mark(harbour, watermark_image=logo)
    image = add(harbour)

    logo.file = photo_file("new.jpg")
    logo.save()

    assert version(image) == 2


def test_renamed_logo_begins_no_version(harbour: Collection, logo: CustomImage):
    mark(harbour, watermark_image=logo)
    image = add(harbour)

    logo.title = "Our logo"
    logo.save()

    assert version(image) == 1


def test_lost_logo_begins_a_version_of_those_that_carried_it(harbour: Collection, logo: CustomImage):
    mark(harbour, watermark_image=logo)
    image = add(harbour)

    lose(logo)

    assert version(image) == 2
    assert CustomImage.objects.get(pk=image.pk).get_watermark() is None


def test_picture_that_moves_to_another_watermark_begins_a_version(harbour: Collection, archive: Collection):
    mark(harbour, watermark_text="© Harbour")
    image, own = add(archive), add(archive, watermark={"text": "A"})

    for one in (image, own):
        one.collection = harbour
        one.save()

    assert [version(one) for one in (image, own)] == [2, 1]


def test_picture_that_moves_between_equal_collections_begins_no_version(harbour: Collection, archive: Collection):
    image = add(archive)

    image.collection = harbour
    image.save()

    assert version(image) == 1


def test_pictures_that_move_in_bulk_begin_a_version(admin_client: Client, harbour: Collection, archive: Collection):
    mark(harbour, watermark_text="© Harbour")
    moving, there = add(archive), add(harbour)
    address = reverse("wagtail_bulk_action", args=("media_library", "customimage", "add_to_collection"))

    admin_client.post(f"{address}?id={moving.pk}&id={there.pk}", {"collection": harbour.pk})

    assert [version(image) for image in (moving, there)] == [2, 1]


def opened(rendition: CustomRendition) -> Image.Image:
    with rendition.file.open() as file:
        return Image.open(file).convert("RGB")


def test_every_rendition_but_the_smallest_carries_the_mark(harbour: Collection, logo: CustomImage, develop):
    mark(harbour, watermark_image=logo, watermark_position="centre", watermark_opacity=1)
    image = add(harbour)

    develop(image)

    for rendition in image.renditions.all():
        red, green, blue = opened(rendition).getpixel((rendition.width // 2, rendition.height // 2))
        is_marked = red > 200 and green < 60 and blue > 200
        assert is_marked == (max(rendition.width, rendition.height) >= 200), rendition.filter_spec


def test_no_rendition_goes_out_without_the_mark_while_the_rest_is_made(harbour: Collection, logo: CustomImage):
    mark(harbour, watermark_image=logo, watermark_position="centre", watermark_opacity=1)

    image = add(harbour)

    first = image.renditions.get(preset="ladder")
    assert opened(first).getpixel((first.width // 2, first.height // 2))[1] < 60


def test_without_the_file_of_its_watermark_nothing_is_made(harbour: Collection, logo: CustomImage, develop):
    mark(harbour, watermark_image=logo)
    logo.file.storage.delete(logo.file.name)

    image = add(harbour)
    develop(image)

    assert not image.renditions.exists()
    assert "“Logo”, can't be read" in image.status_reason


@pytest.fixture
def drawing(harbour: Collection) -> CustomImage:
    image = CustomImage(title="Drawing", file=drawing_file(), collection=harbour)
    image.save()
    return image


def test_drawing_in_a_collection_with_a_watermark_stays_as_it_is(harbour: Collection, develop):
    mark(harbour, watermark_text="© Harbour")
    image = CustomImage(title="Drawing", file=drawing_file(), collection=harbour)

    image.save()
    develop(image)

    assert image.status == image.Status.READY


def test_drawing_cannot_be_a_watermark(drawing: CustomImage, photo: CustomImage, admin_user: User):
    with pytest.raises(UnacceptableRecipe, match="can't be a watermark"):
        edit(photo, Recipe(watermark=OwnWatermark(image=drawing.pk)), admin_user)


def test_drawing_cannot_be_edited(drawing: CustomImage, admin_user: User):
    with pytest.raises(UnacceptableRecipe, match="can't be edited here"):
        edit(drawing, Recipe(rotate=90), admin_user)
