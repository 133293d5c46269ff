"""The field that holds what was chosen, in forms and in blocks."""

import json
from collections.abc import Callable

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import connection
from django.db.models import CASCADE, ForeignKey
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.admin.forms.models import formfield_for_dbfield
from wagtail.admin.telepath import JSContext
from wagtail.images.blocks import ImageChooserBlockComparison

from blog.blocks.media import AudioChooserBlock, ImageBlock, ImageChooserBlock, VideoBlock, VideoChooserBlock
from media_library.admin.choosing.blocks import MediaChooserBlock
from media_library.admin.choosing.widgets import MediaChooser
from media_library.models import Asset, Audio, CustomDocument, CustomImage, Video

CHOSEN = "data-asset-status-id-value"


@pytest.mark.parametrize(
    ("model", "kinds", "label"),
    [
        (CustomImage, "?kinds=image", "Choose an image"),
        (Video, "?kinds=video", "Choose a video"),
        (Audio, "?kinds=audio", "Choose audio"),
        (CustomDocument, "?kinds=document", "Choose a document"),
        (Asset, "", "Choose media"),
    ],
)
def test_foreign_keys_are_chosen_in_forms(db: None, model: type[Asset], kinds: str, label: str):
    # The admin's widgets are registered with its addresses.
    chooser = reverse("media_library_chooser:choose")

    field = formfield_for_dbfield(ForeignKey(model, on_delete=CASCADE))

    assert isinstance(field.widget, MediaChooser)
    assert field.widget.get_chooser_modal_url() == f"{chooser}{kinds}"
    assert field.widget.choose_one_text == label


def test_a_form_refuses_another_kind_with_what_it_needs(photo: CustomImage):
    reverse("media_library_chooser:choose")
    field = formfield_for_dbfield(ForeignKey(Video, on_delete=CASCADE))

    with pytest.raises(ValidationError, match="Only a video can be used here"):
        field.clean(photo.pk)


def test_a_field_shows_what_is_chosen_and_follows_its_status(film: Video, develop: Callable[..., None]):
    develop(film)

    html = MediaChooser(["video"]).render("video", film.pk, attrs={"id": "id_video"})

    shown = html.partition("<template")[0]
    assert "Tide" in shown
    assert f'{CHOSEN}="{film.pk}"' in shown
    assert film.poster_renditions.get(filter_spec="width-320|format-webp").url in shown
    assert reverse("media_library_videos:edit", args=[film.pk]) in shown


@pytest.mark.parametrize("value", [None, "", 0, 999, "zebra"])
def test_an_empty_field_follows_nothing(db: None, value: object):
    html = MediaChooser().render("media", value or None, attrs={"id": "id_media"})

    assert CHOSEN not in html.partition("<template")[0]


def test_an_unknown_kind_is_told_to_the_developer():
    with pytest.raises(ValueError, match="no kind of asset named painting"):
        MediaChooser(["painting"])


# Blocks


def test_a_block_gives_the_browser_what_the_field_shows(photo: CustomImage):
    block = ImageChooserBlock()

    state = block.get_form_state(photo)

    assert (state["id"], state["status"], state["default_alt_text"]) == (photo.pk, "uploaded", "Harbour")
    assert state["preview"]["url"] == photo.renditions.get(filter_spec="max-165x165").url
    assert "Choose an image" in json.dumps(JSContext().pack(block.widget))
    assert block.get_comparison_class() is ImageChooserBlockComparison
    assert [block().meta.icon for block in (VideoChooserBlock, AudioChooserBlock)] == ["media", "media-sound"]


def test_blocks_are_written_into_migrations_as_they_were_made():
    assert VideoChooserBlock(label="Film").deconstruct() == (
        "blog.blocks.media.VideoChooserBlock",
        (),
        {"label": "Film"},
    )
    assert MediaChooserBlock(kinds=["image", "video"]).deconstruct() == (
        "media_library.admin.choosing.blocks.MediaChooserBlock",
        (),
        {"kinds": ["image", "video"]},
    )


def test_a_block_of_several_kinds_stores_ids_and_gives_each_as_its_kind(photo: CustomImage, film: Video, sound: Audio):
    block = MediaChooserBlock(kinds=["image", "video"])

    assert block.bulk_to_python([film.pk, None, photo.pk, 999, sound.pk, film.pk]) == [
        film,
        None,
        photo,
        None,
        None,
        film,
    ]
    assert isinstance(block.to_python(film.pk), Video)
    assert block.to_python(None) is None
    assert block.get_prep_value(photo) == photo.pk
    assert list(block.extract_references(photo)) == [(Asset, str(photo.pk), "", "")]
    assert block.clean(photo) == photo


def test_a_block_of_several_kinds_reads_a_long_list_in_a_few_queries(photo: CustomImage, film: Video):
    block = MediaChooserBlock()

    with CaptureQueriesContext(connection) as queries:
        block.bulk_to_python([photo.pk, film.pk] * 10)

    assert len(queries) == 3


@pytest.mark.parametrize("block", [VideoChooserBlock, lambda: MediaChooserBlock(kinds=["video", "audio"])])
def test_a_block_refuses_another_kind_and_shows_what_it_was(
    photo: CustomImage, block: Callable[..., MediaChooserBlock]
):
    block = block()

    value = block.value_from_datadict({"film": str(photo.pk)}, {}, "film")

    with pytest.raises(ValidationError, match="be used here"):
        block.clean(value)
    assert block.get_form_state(value)["title"] == "Harbour"


@pytest.mark.parametrize(
    ("sent", "told"), [("", "required"), *((one, "not there any more") for one in ("999", "zebra", "9" * 40))]
)
def test_a_block_without_an_asset_says_that_it_needs_one(db: None, sent: str, told: str):
    block = VideoChooserBlock()

    value = block.value_from_datadict({"film": sent}, {}, "film")

    with pytest.raises(ValidationError, match=told):
        block.clean(value)
    assert block.get_form_state(value) is None


def test_a_block_that_may_be_empty_refuses_what_is_not_there(db: None):
    block = VideoChooserBlock(required=False)

    with pytest.raises(ValidationError, match="not there any more"):
        block.clean(block.value_from_datadict({"film": "999"}, {}, "film"))


def test_a_block_of_a_post_with_another_kind_is_not_saved(photo: CustomImage):
    block = VideoBlock()

    with pytest.raises(ValidationError) as refusal:
        block.clean(block.value_from_datadict({"b-video": str(photo.pk), "b-caption": ""}, {}, "b"))

    assert "Only a video" in str(refusal.value.block_errors["video"])


def test_an_image_block_takes_back_a_film_with_an_error_and_no_crash(film: Video):
    block = ImageBlock()
    value = block.value_from_datadict({"b-image": str(film.pk), "b-alt_text": "A film", "b-caption": ""}, {}, "b")

    with pytest.raises(ValidationError):
        block.clean(value)
    assert block.get_form_state(value)["image"]["title"] == "Tide"


# In place of Wagtail's own


@pytest.mark.parametrize(
    ("address", "listed", "unlisted"),
    [("wagtailimages_chooser:choose", "Harbour", "Tide"), ("wagtaildocs_chooser:choose", "Tariff", "Harbour")],
)
def test_wagtails_choosers_are_this_one_limited_to_their_kind(
    admin_client: Client, photo: CustomImage, film: Video, address: str, listed: str, unlisted: str
):
    CustomDocument(title="Tariff", file=ContentFile(b"Berths: 12", name="tariff.txt")).save()

    modal = admin_client.get(reverse(address), {"kinds": "video"}).json()["html"]

    assert 'data-controller="w-tabs media-chooser"' in modal
    assert listed in modal
    assert unlisted not in modal
    assert reverse(address.replace(":choose", ":choose_results")) in modal


def test_pictures_in_rich_text_are_asked_for_their_format(admin_client: Client, photo: CustomImage):
    modal = admin_client.get(reverse("wagtailimages_chooser:choose"), {"select_format": "true"}).json()["html"]

    select_format = reverse("wagtailimages_chooser:select_format", args=[photo.pk])
    assert f'href="{select_format}?select_format=true"' in modal
    step = admin_client.get(f"{select_format}?select_format=true").json()
    assert step["step"] == "select_format"
