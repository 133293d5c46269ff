"""The media on a page, in their order: where a page's fields lead, and what stands in its blocks."""

from collections.abc import Iterator
from typing import Any

from wagtail.blocks import StructValue
from wagtail.blocks.list_block import ListValue
from wagtail.blocks.stream_block import StreamValue

from blog.blocks.media_collection import ShownCollection
from blog.cache_tags import record_object
from blog.models import ContentPage
from media_library.api.library import library
from media_library.api.picture import Picture
from media_library.models import Asset, Audio, CustomImage, Video

PICTURES = ("thumbnail", "featured_image", "poster", "cover")
"""Fields with the picture that stands for a page, the most fitting first."""


def own_picture(page: ContentPage) -> CustomImage | None:
    """The picture that stands for a page: a field's, that of its hero, or the portrait of its person."""
    shared = library()
    for name in PICTURES:
        if hasattr(type(page), name):
            shared.fill(page, only=name)
            if (image := getattr(page, name)) is not None and shared.may_show(image):
                return image
    person = getattr(page, "person", None)
    if person is not None:
        record_object("person", person)
        shared.fill(person, only="portrait")
        image = person.portrait
    else:
        image = _hero(page)
    return image if image is not None and shared.may_show(image) else None


def standing_for(page: ContentPage) -> CustomImage | Video | Audio | None:
    """The picture that stands for a page; else the film or sound that it begins with, by its poster or cover."""
    if image := own_picture(page):
        return image
    first = next((one for one in _shown(page) if isinstance(one, (CustomImage, Video, Audio))), None)
    return first if isinstance(first, (Video, Audio)) else None


def picture_for(asset: CustomImage | Video | Audio) -> Picture | None:
    """What is ready of a picture, a poster or a cover; None for a film or a sound without any."""
    match asset:
        case CustomImage():
            return library().picture(asset)
        case Video():
            return library().film(asset).poster
        case Audio():
            return library().sound(asset).poster


def pictures_on(page: ContentPage) -> list[CustomImage]:
    """The pictures that a visitor sees on the page, each once."""
    shown = {asset.pk: asset for asset in _shown(page) if isinstance(asset, CustomImage)}
    return list(shown.values())


def films_on(page: ContentPage) -> list[Video]:
    """The films that a visitor can play on the page, each once."""
    shown = {asset.pk: asset for asset in _shown(page) if isinstance(asset, Video)}
    return list(shown.values())


def _shown(page: ContentPage) -> Iterator[Asset]:
    shared = library()
    for name in ("featured_image", "poster", "highlight_film", "cover"):
        if hasattr(type(page), name):
            shared.fill(page, only=name)
            if (asset := getattr(page, name)) is not None and shared.may_show(asset):
                yield asset
    for asset in _in_block(getattr(page, "body", None)):
        if shared.may_show(asset):
            yield asset


def _in_block(value: Any) -> Iterator[Asset]:
    if isinstance(value, Asset):
        yield value
    elif isinstance(value, ShownCollection):
        yield from (asset for asset, _caption in value.placed)
    elif isinstance(value, StructValue):
        for child in value.values():
            yield from _in_block(child)
    elif isinstance(value, ListValue):
        for child in value:
            yield from _in_block(child)
    elif isinstance(value, StreamValue):
        for block in value:
            yield from _in_block(block.value)


def _hero(page: ContentPage) -> CustomImage | None:
    heroes = (block.value for block in getattr(page, "body", None) or () if block.block_type == "hero")
    return next((hero["image"] for hero in heroes if hero["image"] is not None), None)
