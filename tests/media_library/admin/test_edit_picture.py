"""The page on which a picture is edited, without its script; that is in tests/browser/test_picture_editor.py."""

import json
from collections.abc import Callable
from io import BytesIO

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse
from PIL import Image
from wagtail.models import Collection

from cms.models import User
from media_library.editing import edit
from media_library.imaging.operations import Recipe
from media_library.models import CollectionSettings, CustomImage
from tests.media import photo_bytes, photo_file, transparent_png


def address(image: CustomImage) -> str:
    return reverse("media_library_edit_picture", args=(image.pk,))


def setup_of(client: Client, image: CustomImage) -> dict:
    return json.loads(client.get(address(image)).context["setup"])


def save(client: Client, image: CustomImage, recipe: object, **more: object):
    edits = {"recipe": recipe, "base": setup_of(client, image)["base"], **more}
    return client.post(address(image), {"edits": json.dumps(edits)})


def stored(image: CustomImage) -> CustomImage:
    return CustomImage.objects.get(pk=image.pk)


@pytest.fixture
def theirs(archive: Collection) -> CustomImage:
    image = CustomImage(title="Theirs", file=photo_file(), collection=archive)
    image.save()
    return image


@pytest.fixture
def ours(harbour: Collection) -> CustomImage:
    image = CustomImage(title="Ours", file=photo_file(), collection=harbour)
    image.save()
    return image


@pytest.fixture
def edith(grant: Callable[..., User], harbour: Collection, archive: Collection) -> Client:
    """An editor who may change pictures of one collection only."""
    client = Client()
    client.force_login(grant(harbour, "wagtailimages.change_image", "wagtailimages.choose_image"))
    return client


def test_page_begins_with_the_recipe(admin_client: Client, admin_user: User, photo: CustomImage):
    edit(photo, Recipe(rotate=90), admin_user)

    setup = setup_of(admin_client, photo)

    assert setup["recipe"] == {"rotate": 90}
    assert (setup["width"], setup["height"]) == (800, 600)


def test_page_shows_the_focal_point_where_it_is_in_the_unedited_picture(
    admin_client: Client, admin_user: User, photo: CustomImage
):
    edit(photo, Recipe(rotate=90), admin_user, (0.25, 0.5))

    assert setup_of(admin_client, photo)["focal"] == pytest.approx([0.5, 0.75])


def test_page_has_nothing_inline(admin_client: Client, photo: CustomImage):
    editor = admin_client.get(address(photo)).content.decode().partition('class="picture-editor"')[2]

    assert " style=" not in editor
    assert " onclick=" not in editor


def test_edits_are_saved(admin_client: Client, photo: CustomImage):
    answer = save(admin_client, photo, {"rotate": 180, "tone": "sepia", "contrast": 0}, focal_point=[0.5, 0.5])

    assert answer.status_code == 200
    assert stored(photo).recipe == {"rotate": 180, "tone": "sepia"}
    assert stored(photo).focal_point_x == 400


def test_answer_lets_the_page_follow_the_work(admin_client: Client, photo: CustomImage):
    answer = save(admin_client, photo, {"rotate": 180}).json()

    assert f'data-asset-status-id-value="{photo.pk}"' in answer["status_html"]
    assert 'data-asset-status-status-value="uploaded"' in answer["status_html"]
    assert answer["base"] == setup_of(admin_client, photo)["base"]


def test_focal_point_that_nobody_touched_is_carried_over(admin_client: Client, photo: CustomImage):
    save(admin_client, photo, {}, focal_point=[0.25, 0.5])

    save(admin_client, photo, {"flip_horizontal": True})

    assert stored(photo).focal_point_x == 600


def test_focal_point_may_be_removed(admin_client: Client, photo: CustomImage):
    save(admin_client, photo, {}, focal_point=[0.25, 0.5])

    save(admin_client, photo, {}, focal_point=None)

    assert not stored(photo).has_focal_point()


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"recipe": {"rotate": 12}}, "90, 180 or 270"),
        ({"recipe": {"crop": [0, 0, 0, 0]}}, "Nothing is left"),
        ({"recipe": {"watermark": {"image": 999}}}, "may not use this picture"),
        ({"recipe": {}, "focal_point": [2, 0]}, "inside the picture"),
        ({"recipe": {}, "focal_point": "middle"}, "inside the picture"),
    ],
)
def test_nonsense_is_refused_in_words(admin_client: Client, photo: CustomImage, more: dict, message: str):
    answer = save(admin_client, photo, **more)

    assert answer.status_code == 400
    assert message in answer.json()["message"]
    assert stored(photo).version == 1


@pytest.mark.parametrize("edits", ["", "{", "[]", "{}", '{"recipe": {}}'])
def test_request_that_cannot_be_read_is_refused(admin_client: Client, photo: CustomImage, edits: str):
    answer = admin_client.post(address(photo), {"edits": edits})

    assert answer.status_code == 400
    assert "Reload the page" in answer.json()["message"]


def test_second_editor_does_not_overwrite_the_first(admin_client: Client, admin_user: User, photo: CustomImage):
    base = setup_of(admin_client, photo)["base"]
    edit(photo, Recipe(rotate=90), admin_user)

    answer = admin_client.post(address(photo), {"edits": json.dumps({"recipe": {"tone": "sepia"}, "base": base})})

    assert answer.status_code == 409
    assert "Someone else" in answer.json()["message"]
    assert stored(photo).recipe == {"rotate": 90}


def test_editor_of_the_collection_may_edit(edith: Client, ours: CustomImage):
    assert save(edith, ours, {"rotate": 90}).status_code == 200


@pytest.mark.parametrize("name", ["media_library_edit_picture", "media_library_picture_source"])
def test_editor_of_another_collection_is_refused(edith: Client, theirs: CustomImage, name: str):
    answer = edith.get(reverse(name, args=(theirs.pk,)), headers={"X-Requested-With": "XMLHttpRequest"})

    assert answer.status_code == 403


def test_editor_of_another_collection_cannot_save(edith: Client, theirs: CustomImage):
    edits = json.dumps({"recipe": {"rotate": 90}, "base": ""})

    answer = edith.post(address(theirs), {"edits": edits}, headers={"X-Requested-With": "XMLHttpRequest"})

    assert answer.status_code == 403
    assert stored(theirs).version == 1


def test_stranger_is_sent_to_the_login(client: Client, photo: CustomImage):
    answer = client.get(reverse("media_library_picture_source", args=(photo.pk,)))

    assert answer.status_code == 302
    assert "/login/" in answer["Location"]


def test_missing_image_is_not_found(admin_client: Client):
    assert admin_client.get(reverse("media_library_edit_picture", args=(999,))).status_code == 404


def test_logo_of_another_collection_is_refused(edith: Client, ours: CustomImage, theirs: CustomImage):
    answer = save(edith, ours, {"watermark": {"image": theirs.pk}})

    assert answer.status_code == 400
    assert "may not use this picture" in answer.json()["message"]


def test_logo_that_someone_else_has_chosen_may_stay(edith: Client, ours: CustomImage, theirs: CustomImage):
    mark = {"image": theirs.pk, "text": "", "position": "centre", "opacity": 0.5}
    CustomImage.objects.filter(pk=ours.pk).update(recipe={"watermark": mark})

    assert save(edith, ours, {"rotate": 90, "watermark": mark}).status_code == 200


def source(client: Client, image: CustomImage) -> Image.Image:
    answer = client.get(reverse("media_library_picture_source", args=(image.pk,)))
    assert answer["Content-Type"] == "image/webp"
    return Image.open(BytesIO(answer.content))


def test_source_is_the_unedited_picture(admin_client: Client, admin_user: User, photo: CustomImage):
    edit(photo, Recipe(crop=(0, 0, 0.5, 1)), admin_user)

    assert source(admin_client, photo).size == (800, 600)


def test_source_is_upright_small_and_knows_nothing_of_the_camera(admin_client: Client):
    image = CustomImage(title="Tower", file=ContentFile(photo_bytes(1500, 2000, orientation=6), name="tower.jpg"))
    image.save()

    picture = source(admin_client, image)

    assert picture.size == (1200, 1600)
    assert not picture.getexif()
    assert "exif" not in picture.info


def test_source_is_transparent_where_the_original_is(admin_client: Client):
    image = CustomImage(title="Logo", file=ContentFile(transparent_png(), name="logo.png"))
    image.save()

    assert source(admin_client, image).mode == "RGBA"


def test_source_is_kept_by_nobody_but_the_browser(admin_client: Client, photo: CustomImage):
    answer = admin_client.get(reverse("media_library_picture_source", args=(photo.pk,)))

    assert "private" in answer["Cache-Control"]


def test_missing_original_is_told_on_the_page(admin_client: Client, admin_user: User, photo: CustomImage):
    edit(photo, Recipe(rotate=90), admin_user)
    photo.file.storage.delete(photo.file.name)

    assert "original of this picture is missing" in admin_client.get(address(photo)).content.decode()


def test_watermark_is_drawn_for_the_canvas(admin_client: Client, photo: CustomImage):
    mark = reverse("media_library_watermark_preview")

    text = Image.open(BytesIO(admin_client.get(mark, {"text": "© Ada"}).content))
    picture = Image.open(BytesIO(admin_client.get(mark, {"image": photo.pk}).content))

    assert text.mode == "RGBA"
    assert text.width > text.height
    assert picture.width / picture.height == pytest.approx(800 / 600, rel=0.01)


@pytest.mark.parametrize(
    "query", [{"text": ""}, {"text": "x" * 101}, {"text": "日"}, {"image": "999"}, {"image": "x"}]
)
def test_watermark_that_cannot_be_drawn_is_told_in_words(admin_client: Client, query: dict):
    answer = admin_client.get(reverse("media_library_watermark_preview"), query)

    assert answer.status_code == 400
    assert answer.json()["message"].endswith(".")


def test_watermark_does_not_show_pictures_of_other_collections(edith: Client, theirs: CustomImage):
    answer = edith.get(reverse("media_library_watermark_preview"), {"image": theirs.pk})

    assert answer.status_code == 400


def test_page_says_what_the_collection_stamps(admin_client: Client, ours: CustomImage, harbour: Collection):
    CollectionSettings.objects.create(collection=harbour, watermark_text="© Harbour")

    answer = admin_client.get(address(ours))

    assert "The collection “Harbour” stamps “© Harbour” on its images." in answer.content.decode()
    assert json.loads(answer.context["setup"])["collection"]["text"] == "© Harbour"


def test_edit_page_of_the_image_leads_to_the_editor(admin_client: Client, photo: CustomImage):
    content = admin_client.get(reverse("wagtailimages:edit", args=(photo.pk,))).content.decode()

    assert address(photo) in content
