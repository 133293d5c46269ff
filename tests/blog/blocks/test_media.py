from collections.abc import Callable
from typing import Any

import pytest
from wagtail.blocks import StructBlockValidationError

from blog.blocks.media import AudioBlock, ImageBlock, VideoBlock
from media_library.models import Audio, CustomImage, Video
from tests.blog.content import image_value, make_image


@pytest.fixture
def block() -> ImageBlock:
    return ImageBlock()


def test_image_needs_alt_text(block: ImageBlock, photo: CustomImage) -> None:
    with pytest.raises(StructBlockValidationError) as raised:
        block.clean(block.to_python({"image": photo.pk, "alt_text": "", "decorative": False, "caption": ""}))
    assert list(raised.value.block_errors) == ["alt_text"]
    assert raised.value.block_errors["alt_text"].code == "missing_alt_text"


def test_decorative_image_needs_none(block: ImageBlock, photo: CustomImage) -> None:
    value = block.clean(block.to_python(image_value(photo, decorative=True)))
    assert value["image"].contextual_alt_text == ""


def test_draft_may_wait_with_alt_text(block: ImageBlock, photo: CustomImage) -> None:
    block.defer_required_validation()
    try:
        block.clean(block.to_python({"image": photo.pk, "alt_text": "", "decorative": False, "caption": ""}))
    finally:
        block.restore_deferred_validation()


def test_image_knows_the_alt_text_of_its_place(block: ImageBlock, photo: CustomImage) -> None:
    value = block.to_python(image_value(photo, alt="A ferry"))
    assert value["image"].contextual_alt_text == "A ferry"
    assert block.get_prep_value(value) == image_value(photo, alt="A ferry")


def test_one_image_in_two_places_keeps_the_words_of_both(block: ImageBlock, photo: CustomImage) -> None:
    one = block.normalize({"image": photo, "alt_text": "One", "decorative": False, "caption": ""})
    two = block.normalize({"image": photo, "alt_text": "Two", "decorative": False, "caption": ""})
    assert (one["image"].contextual_alt_text, two["image"].contextual_alt_text) == ("One", "Two")


def test_caption_and_alt_text_can_be_searched(block: ImageBlock, photo: CustomImage) -> None:
    value = block.to_python(image_value(photo, alt="A ferry", caption="On Monday"))
    assert block.get_searchable_content(value) == ["A ferry", "On Monday"]


def test_many_images_are_chosen_in_as_many_queries_as_one(
    block: ImageBlock, db: None, django_assert_num_queries: Callable
) -> None:
    images = [make_image(f"Image {number}") for number in range(3)]
    for some in (images[:1], images):
        with django_assert_num_queries(1):  # images with their tags
            values = block.bulk_to_python([image_value(image) for image in some])
        assert [value["image"] for value in values] == [_placed(image) for image in some]


def _placed(image: CustomImage) -> CustomImage:
    image.contextual_alt_text = f"{image.title} here"
    return image


@pytest.mark.parametrize("context", [None, {}])
def test_blocks_answer_without_an_api_around_them(
    context: dict[str, Any] | None, photo: CustomImage, film: Video
) -> None:
    image_block, video_block = ImageBlock(), VideoBlock()
    image = image_block.get_api_representation(image_block.to_python(image_value(photo)), context)
    video = video_block.get_api_representation(video_block.to_python({"video": film.pk, "caption": "Tide"}), context)
    assert image and image["src"].startswith("/media/")
    assert video and (video["caption"], video["poster"]) == ("Tide", None)


def test_empty_block_is_none(db: None) -> None:
    video_block = VideoBlock()
    assert video_block.get_api_representation(video_block.to_python({"video": None, "caption": ""})) is None


def test_sound_answers_without_an_api_around_it(sound: Audio) -> None:
    audio_block = AudioBlock()
    shown = audio_block.get_api_representation(audio_block.to_python({"audio": sound.pk, "caption": "At noon"}))
    assert shown and (shown["caption"], shown["sources"]) == ("At noon", [])


def test_empty_block_of_sound_is_none(db: None) -> None:
    audio_block = AudioBlock()
    assert audio_block.get_api_representation(audio_block.to_python({"audio": None, "caption": ""})) is None
