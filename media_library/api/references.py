"""Which pictures, films, documents, pages and embeds an object will ask for when it is serialized or rendered.

Read from the raw data of its fields, without a query and without turning a block into its value, so it holds for
drafts as well. What it doesn't find is looked up later, at the cost of a query.
"""

from collections.abc import Callable, Hashable, Iterator
from functools import lru_cache
from typing import Any

from django.db.models import Field, ForeignKey, Model
from wagtail.blocks import Block, ChooserBlock, ListBlock, RichTextBlock, StreamBlock, StructBlock
from wagtail.embeds.blocks import EmbedBlock
from wagtail.embeds.models import Embed
from wagtail.fields import RichTextField, StreamField
from wagtail.rich_text import extract_references_from_rich_text

from media_library.api.batch import Batch

Reference = tuple[type[Model] | Callable[[], Batch], Hashable]
"""A model, or what makes a batch for the response (``Library.once``), and the key there."""


def references(instance: Model) -> Iterator[Reference]:
    """Yield ``(model, key)`` for what the fields of ``instance`` refer to: primary keys, and the URLs of embeds."""
    columns = vars(instance)
    for link in foreign_keys(type(instance)):
        # What is deferred isn't there.
        if key := columns.get(link.attname):
            yield link.related_model, key
    for field in _texts(type(instance)):
        if field.attname in columns and (value := field.value_from_object(instance)):
            if isinstance(field, StreamField):
                yield from _in_block(field.stream_block, list(value.raw_data))
            else:
                yield from _in_rich_text(value)


@lru_cache
def foreign_keys(model: type[Model]) -> list[ForeignKey]:
    """Those of a model that lead to other objects, and not to the row that it builds on."""
    fields = (field for field in model._meta.concrete_fields if isinstance(field, ForeignKey))
    return [field for field in fields if not field.remote_field.parent_link]


@lru_cache
def _texts(model: type[Model]) -> list[Field]:
    """Its fields with texts or blocks, which may name others."""
    return [field for field in model._meta.concrete_fields if isinstance(field, StreamField | RichTextField)]


def _in_block(block: Block, raw: Any) -> Iterator[Reference]:
    # Blocks may know of more than their children say.
    yield from getattr(block, "expected", _nothing)(raw)
    if isinstance(block, StreamBlock):
        for child in raw or ():
            if child["type"] in block.child_blocks:
                yield from _in_block(block.child_blocks[child["type"]], child["value"])
    elif isinstance(block, StructBlock):
        # ImageBlock also reads a bare id.
        for name, child in block.child_blocks.items() if isinstance(raw, dict) else ():
            yield from _in_block(child, raw.get(name))
    elif isinstance(block, ListBlock):
        for item in raw or ():
            # Before Wagtail 2.16 a list held bare values.
            in_block_format = isinstance(item, dict) and item.get("type") == "item"
            yield from _in_block(block.child_block, item["value"] if in_block_format else item)
    elif isinstance(block, RichTextBlock):
        yield from _in_rich_text(raw)
    elif isinstance(block, EmbedBlock):
        if raw:
            yield Embed, raw
    elif isinstance(block, ChooserBlock) and raw is not None:
        yield block.model_class, raw


def _nothing(raw: Any) -> Iterator[Reference]:
    yield from ()


def _in_rich_text(source: str | None) -> Iterator[Reference]:
    for model, key, _model_path, _content_path in extract_references_from_rich_text(source or ""):
        if str(key).isdecimal():
            yield model, int(key)
