"""What types are made of models, annotations and blocks."""

import re
from typing import Annotated, Any, Literal, TypedDict

import pytest
from wagtail import blocks
from wagtail.api.v2.views import BaseAPIViewSet

from blog.blocks.body import BodyBlock
from blog.blocks.media import ImageBlock, VideoChooserBlock
from cms.api import api_v2
from cms.client_types.reading import Reader, content_types
from cms.client_types.writing import TypesError
from media_library.api.router import LibraryRouter
from media_library.api.shapes import Also
from media_library.api.v2 import VideosAPIViewSet
from media_library.models import Asset, CustomDocument, CustomImage, Video


@pytest.fixture
def reader() -> Reader:
    return Reader(api_v2)


def test_types_are_the_same_each_time():
    assert content_types(api_v2) == content_types(api_v2)


def test_each_page_type_has_its_name_as_a_literal():
    types = content_types(api_v2)
    assert 'type: "blog.PostPage";' in types
    alias = re.search(r"export type AnyPage = (.*);", types)[1].split(" | ")
    assert {"BlogIndexPage", "Page", "PostPage"} <= set(alias)


def test_object_without_an_address_of_its_own_has_no_detail_url(reader: Reader):
    reader.read()
    series = str(reader.module).split("export interface Series ")[1].split("\n}")[0]
    assert 'type: "blog.Series"' in series
    assert "detail_url" not in series


def test_closed_assets_are_null_where_they_are_nested(reader: Reader):
    assert "featured_image: Image | null;" in str(reader.read())


@pytest.mark.parametrize(
    ("block", "expression"),
    [
        (blocks.CharBlock(), "string"),
        (blocks.CharBlock(required=False), "string | null"),
        (blocks.CharBlock(required=False, default=""), "string"),
        (blocks.IntegerBlock(), "number"),
        (blocks.DecimalBlock(), "string"),
        (blocks.ChoiceBlock(choices=[("a", "A"), ("b", "B")]), '"a" | "b"'),
        (blocks.ChoiceBlock(choices=[("Letters", [("a", "A")])], required=False), '"" | "a" | null'),
        (blocks.MultipleChoiceBlock(choices=[("a", "A"), ("b", "B")]), '("a" | "b")[]'),
        (blocks.PageChooserBlock(), "number"),
        (blocks.ListBlock(blocks.CharBlock()), "string[]"),
        (blocks.StructBlock([("a", blocks.CharBlock())]), "{\n  a: string;\n}"),
        (
            blocks.StreamBlock([("a", blocks.CharBlock())]),
            '({ type: "a"; value: string; id: string })[]',
        ),
        (VideoChooserBlock(), "Video | null"),
        (ImageBlock(), "Image | null"),
        (blocks.ListBlock(ImageBlock()), "(Image | null)[]"),
        (BodyBlock(), "BodyBlock[]"),
    ],
)
def test_block_has_a_type(reader: Reader, block: blocks.Block, expression: str):
    assert reader.block(block) == expression


def test_stream_tells_its_blocks_apart_by_type(reader: Reader):
    reader.block(BodyBlock())
    assert '\n  | { type: "gallery"; value: Image[]; id: string }' in str(reader.module)


class Size(TypedDict):
    """Pixels."""

    width: int
    height: int | None


@pytest.mark.parametrize(
    ("hint", "expression"),
    [
        (str | None, "string | null"),
        (dict[str, float], "Record<string, number>"),
        (tuple[int, ...], "number[]"),
        (Literal["a", 1, True], '"a" | 1 | true'),
        (list[Size], "Size[]"),
        (CustomImage, "Image"),
        (Annotated[dict[str, Any], Size], "Size"),
        (
            list[Annotated[dict[str, Any], CustomImage | CustomDocument, Also(caption=str)]],
            "((Image | Document) & { caption: string })[]",
        ),
    ],
)
def test_annotation_has_a_type(reader: Reader, hint: Any, expression: str):
    assert reader.hint(hint) == expression


def test_typed_dict_becomes_an_interface_with_its_words(reader: Reader):
    reader.hint(Size)
    assert "export interface Size {\n  width: number;\n  height: number | null;\n}\n" in str(reader.module)


class Silent(blocks.CharBlock):
    def get_api_representation(self, value, context=None):
        return {"text": value}


class Vague(blocks.CharBlock):
    def get_api_representation(self, value: Any, context: Any = None) -> dict[str, Any]:
        return {"text": value}


def test_block_that_does_not_say_what_it_gives_is_named(reader: Reader):
    with pytest.raises(TypesError, match=r"annotate what Silent\.get_api_representation returns"):
        reader.block(Silent())


def test_block_that_says_nothing_of_use_is_refused(reader: Reader):
    with pytest.raises(TypesError, match="says nothing"):
        reader.block(Vague())


def test_unknown_block_is_refused(reader: Reader):
    class Odd(blocks.FieldBlock):
        field = blocks.CharBlock().field

    with pytest.raises(TypesError, match="Odd is not known"):
        reader.block(Odd())


def test_two_things_of_one_name_are_refused(reader: Reader):
    class Size(TypedDict):
        area: int

    reader.hint(Size)
    with pytest.raises(TypesError, match="called Size"):
        reader.hint(globals()["Size"])


def test_serializer_field_without_an_annotation_is_named(monkeypatch: pytest.MonkeyPatch):
    serializer = VideosAPIViewSet.base_serializer_class
    monkeypatch.setattr(serializer, "get_parts", lambda self, video: {})
    with pytest.raises(TypesError, match="VideoSerializer, field parts: annotate"):
        Reader(api_v2).public(Video)


def test_model_without_an_endpoint_shows_what_wagtail_shows():
    assert Reader(LibraryRouter("none")).public(Asset) == "Asset"
    assert BaseAPIViewSet.body_fields == ["id"]
