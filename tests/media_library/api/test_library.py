from collections.abc import Callable

import pytest
from django.http import HttpRequest
from wagtail.embeds.models import Embed
from wagtail.models import Page

from blog.models import BlogIndexPage, PostPage
from media_library.api.library import Library, library, serving, sharing
from media_library.api.references import references
from media_library.models import CustomDocument, CustomImage, Video
from tests.blog.content import (
    block,
    embedded,
    gallery_block,
    image_block,
    make_blog,
    make_image,
    make_person,
    make_post,
    rich_text_block,
)


@pytest.fixture
def blog(db: None) -> BlogIndexPage:
    return make_blog()


def test_references_are_found_in_fields_and_at_any_depth_of_a_body(blog: BlogIndexPage) -> None:
    post = PostPage(title="Draft", featured_image_id=1)
    post.body = PostPage._meta.get_field("body").stream_block.to_python(
        [
            {"type": "image", "value": {"image": 2}},
            {"type": "gallery", "value": [{"type": "item", "value": {"image": 3}, "id": "a"}]},
            {"type": "video", "value": {"video": 4}},
            {"type": "embed", "value": "https://example.org/film"},
            {
                "type": "rich_text",
                "value": '<a linktype="page" id="5">x</a><a linktype="document" id="6">y</a>'
                '<embed embedtype="image" id="7" format="left" alt=""/><a linktype="page" id="x">z</a>',
            },
            {"type": "no longer known", "value": 8},
        ]
    )
    found = {
        (model, key) for model, key in references(post) if model in (CustomImage, Video, Embed, Page, CustomDocument)
    }
    assert found == {
        (CustomImage, 1),
        (CustomImage, 2),
        (CustomImage, 3),
        (Video, 4),
        (Embed, "https://example.org/film"),
        (Page, 5),
        (CustomDocument, 6),
        (CustomImage, 7),
    }


def test_finding_references_takes_no_query(blog: BlogIndexPage, django_assert_num_queries: Callable) -> None:
    image = make_image()
    make_post(blog, 1, featured_image=image, body=[image_block(image), rich_text_block(embedded(image))])
    post = PostPage.objects.defer("body").get()
    with django_assert_num_queries(0):
        assert (CustomImage, image.pk) in set(references(post))
    post = PostPage.objects.get()
    with django_assert_num_queries(0):
        assert len([key for model, key in references(post) if model is CustomImage]) == 3


def test_attached_objects_have_their_images_at_hand(blog: BlogIndexPage, django_assert_num_queries: Callable) -> None:
    make_post(blog, 1, featured_image=make_image("One"), author=make_person(portrait=make_image("Two")))
    post = PostPage.objects.select_related("author").get()
    shared = Library()
    shared.attach([post])
    with django_assert_num_queries(0):
        assert post.featured_image.title == "One"
        assert post.author.portrait.title == "Two"


def test_chosen_assets_are_copies_in_the_order_of_their_ids(db: None) -> None:
    one, two = make_image("One"), make_image("Two")
    chosen = Library().choose(CustomImage, [two.pk, None, one.pk, two.pk, 999])
    assert [image and image.title for image in chosen] == ["Two", None, "One", "Two", None]
    assert chosen[0] is not chosen[3]


def test_one_library_is_shared_while_serving() -> None:
    assert library() is not library()
    with serving(HttpRequest()) as shared, sharing() as same:
        assert library() is shared is same
    assert library() is not shared


def test_the_same_image_has_different_words_in_different_places(blog: BlogIndexPage) -> None:
    image = make_image()
    make_post(blog, 1, body=[image_block(image, alt="One"), gallery_block(image), block("rich_text", "<p>x</p>")])
    post = PostPage.objects.get()
    assert post.body[0].value["image"].contextual_alt_text == "One"
    assert post.body[1].value[0]["image"].contextual_alt_text == "Harbour here"
    assert post.body[0].value["image"].contextual_alt_text == "One"
