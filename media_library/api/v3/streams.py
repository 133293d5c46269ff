"""StreamFields in API v3: what a token reads can be sent back, and what it sends is looked at block by block.

Visitors get blocks as in API v2, with whole pictures. Whoever writes gets and sends what is stored: the id of an
asset, rich text as Wagtail keeps it, and the fields of a block under their names::

    [{"type": "image", "value": {"image": 12, "alt_text": "Boats", …}, "id": "5b0c…"},
     {"type": "gallery", "value": [{"image": 12, …}, {"image": 13, …}], "id": "…"}]
"""

from collections.abc import Iterator
from typing import Annotated, Any

from django.core.exceptions import ValidationError
from django.db.models import Field, Model
from django.utils.translation import gettext as _
from pydantic import AfterValidator
from wagtail.api.v3.schemas import create_generator, patch_generator, read_generator
from wagtail.blocks import Block, ListBlock, RichTextBlock
from wagtail.blocks.stream_block import BaseStreamBlock
from wagtail.blocks.struct_block import BaseStructBlock
from wagtail.embeds.blocks import EmbedBlock
from wagtail.fields import StreamField

from media_library.admin.choosing.blocks import MediaChooserBlock
from media_library.admin.choosing.kinds import not_choosable, words
from media_library.models import Asset


def register() -> None:
    """Before Wagtail makes the schemas of pages and snippets from their models."""
    read_generator.register_field_schema(StreamField, for_reading)
    create_generator.register_field_schema(StreamField, for_writing)
    patch_generator.register_field_schema(StreamField, for_writing)


def for_reading(generator: Any, field: Field) -> tuple[Any, Any, Any]:
    def resolve(instance: Model, context: dict[str, Any]) -> list[Any]:
        value = getattr(instance, field.name)
        if context["request"].user.is_authenticated:
            return writable(value.stream_block, value)
        return value.stream_block.get_api_representation(value, context)

    return list[Any], [], staticmethod(resolve)


def for_writing(generator: Any, field: Field) -> tuple[Any, Any]:
    def look(value: list[Any]) -> list[Any]:
        require_blocks(field.stream_block, value, field.name)
        require_media(field.stream_block, value, field.name)
        return value

    return Annotated[list[Any], AfterValidator(look)], []


def writable(block: Block, value: Any) -> Any:
    """The value of a block as it is sent, in plain lists, dicts and strings."""
    if isinstance(block, BaseStreamBlock):
        return [
            {"type": child.block_type, "value": writable(child.block, child.value), "id": child.id} for child in value
        ]
    if isinstance(block, ListBlock):
        return [writable(block.child_block, child) for child in value]
    if isinstance(block, BaseStructBlock):
        return {name: writable(child, value.get(name)) for name, child in block.child_blocks.items()}
    return block.get_prep_value(value)


def require_blocks(block: Block, value: Any, place: str) -> None:
    """Raise ``ValueError``, with the place, where a value has another shape than its block.

    Whether it says something that may be published is for the block's own ``clean``; Wagtail takes the shape for
    granted.
    """
    if isinstance(block, BaseStreamBlock):
        for number, child in enumerate(_list(value, place)):
            here = f"{place}.{number}"
            if not isinstance(child, dict) or not isinstance(child.get("id"), str | None) or "value" not in child:
                raise ValueError(_("%(place)s: a block is an object with “type”, “value” and “id”.") % {"place": here})
            kind = child.get("type")
            if not isinstance(kind, str) or kind not in block.child_blocks:
                known = ", ".join(block.child_blocks)
                raise ValueError(_("%(place)s: “type” is one of %(known)s.") % {"place": here, "known": known})
            require_blocks(block.child_blocks[kind], child["value"], here)
    elif isinstance(block, ListBlock):
        for number, child in enumerate(_list(value, place)):
            require_blocks(block.child_block, child, f"{place}.{number}")
    elif isinstance(block, BaseStructBlock):
        if not isinstance(value, dict | None):
            raise ValueError(_("%(place)s: an object is expected.") % {"place": place})
        for name, child_block in block.child_blocks.items():
            require_blocks(child_block, (value or {}).get(name), f"{place}.{name}")
    elif not isinstance(block, RichTextBlock) and not _fits(block, value):
        raise ValueError(_("%(place)s: this is no value for it.") % {"place": place})


def require_media(block: Block, value: Any, place: str) -> None:
    """Raise ``ValueError``, with the place, where a block names an asset that isn't there, or one of another kind.

    Wagtail would save an empty place. Which assets its user may choose is for the form (ChosenMediaPageForm). One
    query, however many blocks there are; ``require_blocks`` has looked at the shape.
    """
    named = list(_named_media(block, value, place))
    kinds = dict(Asset.objects.filter(pk__in={pk for _chooser, pk, _place in named}).values_list("pk", "kind"))
    for chooser, pk, where in named:
        if pk not in kinds:
            # As of one that its user may not choose, so that nobody learns which ids there are.
            raise ValueError(f"{where}: {not_choosable()}")
        if kinds[pk] not in chooser.kinds:
            raise ValueError(f"{where}: {words(chooser.kinds).wrong_kind}")


def _named_media(block: Block, value: Any, place: str) -> Iterator[tuple[MediaChooserBlock, int, str]]:
    if isinstance(block, BaseStreamBlock):
        for number, child in enumerate(value or []):
            yield from _named_media(block.child_blocks[child["type"]], child["value"], f"{place}.{number}")
    elif isinstance(block, ListBlock):
        for number, child in enumerate(value or []):
            yield from _named_media(block.child_block, child, f"{place}.{number}")
    elif isinstance(block, BaseStructBlock):
        for name, child_block in block.child_blocks.items():
            yield from _named_media(child_block, (value or {}).get(name), f"{place}.{name}")
    elif isinstance(block, MediaChooserBlock) and value not in (None, ""):
        yield block, int(value), place


def _fits(block: Block, value: Any) -> bool:
    if isinstance(block, EmbedBlock):
        return isinstance(value, str | None)
    try:
        block.value_for_form(block.to_python(value))
    except (AttributeError, TypeError, ValueError, OverflowError, ValidationError):
        return False
    return True


def _list(value: Any, place: str) -> list[Any]:
    if not isinstance(value, list | None):
        raise ValueError(_("%(place)s: a list is expected.") % {"place": place})
    return value or []
