"""The usage pages of assets list what is live and what isn't yet."""

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse

from media_library.models import Asset, CustomDocument, CustomImage, Video
from tests.blog.content import linked, make_blog, make_post, rich_text_block, video_block


def saved(asset: Asset) -> None:
    """Use an asset in the draft of a post."""
    post = make_post(make_blog(), 1)
    block = video_block(asset) if isinstance(asset, Video) else rich_text_block(linked(asset))
    post.body = type(post)._meta.get_field("body").stream_block.to_python([block])
    post.save_revision()


def test_usage_page_of_an_image_lists_drafts(admin_client: Client, photo: CustomImage):
    post = make_post(make_blog(), 1, featured_image=photo)
    post.save_revision()

    content = admin_client.get(reverse("wagtailimages:image_usage", args=(photo.pk,))).content.decode()

    assert f'<a href="/admin/pages/{post.pk}/edit/#:w:contentpath=featured_image">Featured image</a>' in content
    assert content.count("Featured image") == 2
    assert "Live" in content
    assert "Draft" in content


def test_usage_page_of_a_document_lists_drafts(admin_client: Client):
    document = CustomDocument(title="Prices", file=ContentFile(b"Prices", name="prices.txt"))
    document.save()
    saved(document)

    content = admin_client.get(reverse("wagtaildocs:document_usage", args=(document.pk,))).content.decode()

    assert "Body → Text" in content


def test_usage_page_of_a_film_lists_drafts(admin_client: Client, film: Video):
    saved(film)

    content = admin_client.get(reverse("media_library_videos:usage", args=(film.pk,))).content.decode()

    assert "Body → Video" in content


@pytest.mark.parametrize("name", ["wagtailimages:image_usage", "wagtailimages:delete"])
def test_unused_image_has_a_page(admin_client: Client, photo: CustomImage, name: str):
    assert admin_client.get(reverse(name, args=(photo.pk,))).status_code == 200
