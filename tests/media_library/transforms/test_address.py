from datetime import timedelta
from unittest.mock import patch

import pytest
from django.template import Context, Template
from wagtail.models import Collection, CollectionViewRestriction

from media_library.exceptions import InvalidTransform
from media_library.models import CustomImage
from media_library.transforms import revision, transform_url
from media_library.transforms.signing import is_signed


def test_address_is_a_signature_and_what_it_signs(photo: CustomImage) -> None:
    _, prefix, signature, message = transform_url(photo, "fill-600x400|webpquality-70", format="webp").split("/", 3)
    assert prefix == "transform"
    assert message == f"never/{photo.pk}-{revision(photo)}/fill-600x400_webpquality-70.webp"
    assert is_signed(message, signature)


@pytest.mark.parametrize("limit", [3600, timedelta(hours=1)])
def test_address_may_expire(photo: CustomImage, limit: float | timedelta) -> None:
    with patch("time.time", return_value=1_800_000_000.5):
        assert "/1800003600/" in transform_url(photo, "width-800", expires_in=limit)


def test_address_may_be_absolute(photo: CustomImage) -> None:
    url = transform_url(photo, "width-800", base_url="https://cms.example")
    assert url.startswith("https://cms.example/transform/")


def test_what_the_server_would_refuse_is_not_signed(photo: CustomImage) -> None:
    with pytest.raises(InvalidTransform):
        transform_url(photo, "original")
    with pytest.raises(InvalidTransform):
        transform_url(photo, "width-800", format="gif")


def test_revision_changes_with_file_edits_and_focal_point(photo: CustomImage) -> None:
    seen = {revision(photo)}
    photo.version += 1
    seen.add(revision(photo))
    photo.recipe = {"rotate": 90}
    seen.add(revision(photo))
    photo.focal_point_x = 10
    seen.add(revision(photo))
    assert len(seen) == 4


def test_revision_does_not_change_with_words(photo: CustomImage) -> None:
    before = revision(photo)
    photo.title, photo.alt_text = "Other", "Other"
    photo.save()
    assert revision(CustomImage.objects.get(pk=photo.pk)) == before


def test_template_tag_gives_the_address(photo: CustomImage) -> None:
    template = Template('{% load media_library_tags %}{% transform_url photo "width-800" format="avif" %}')
    assert template.render(Context({"photo": photo})) == transform_url(photo, "width-800", format="avif")


def test_template_tag_is_silent_about_what_is_closed(photo: CustomImage, root_collection: Collection) -> None:
    photo.collection = root_collection.add_child(name="Press")
    photo.save()
    CollectionViewRestriction.objects.create(
        collection=photo.collection, restriction_type=CollectionViewRestriction.LOGIN
    )
    template = Template('{% load media_library_tags %}{% transform_url photo "width-800" %}')
    assert template.render(Context({"photo": photo})) == ""
