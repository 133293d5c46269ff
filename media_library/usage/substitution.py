"""Putting one asset in the place of another in the content of an object, at any depth. Nothing is saved here."""

import re
from collections.abc import Iterator
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import ForeignKey, Model
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel, get_all_child_relations
from wagtail.blocks import Block, ChooserBlock, ListBlock, RichTextBlock, StreamBlock, StructBlock
from wagtail.fields import RichTextField, StreamField
from wagtail.models import ReferenceIndex
from wagtail.rich_text import features
from wagtail.rich_text.rewriters import extract_attrs

from media_library.models import Asset
from media_library.models.recipe import RecipeField

TAG = re.compile(r"<(?:a|embed)\b[^>]*>")
"""Links and embeds, as Wagtail stores rich text."""

ID = re.compile(r'(\bid=")[^"]*(")')


def substitute(content: Model, old: Asset, new: Asset) -> bool:
    """Let an object, or a draft of it, refer to ``new`` where it refers to ``old``; whether that changed anything."""
    changed = False
    for field in content._meta.concrete_fields:
        if isinstance(field, ForeignKey):
            changed |= _in_foreign_key(content, field, old, new)
            continue
        value = field.value_from_object(content)
        if not value:
            continue
        if isinstance(field, StreamField):
            block = field.stream_block
            before = block.get_prep_value(value)
            after = _in_block(block, before, old, new)
            if after != before:
                setattr(content, field.name, block.to_python(after))
                changed = True
            continue
        if isinstance(field, RichTextField):
            after = _in_rich_text(value, old, new)
        elif isinstance(field, RecipeField):
            after = _in_recipe(value, old, new)
        else:
            continue
        if after != value:
            setattr(content, field.name, after)
            changed = True
    if isinstance(content, ClusterableModel):
        for relation in get_all_child_relations(content):
            changed |= _in_children(getattr(content, relation.get_accessor_name()), old, new)
    return changed


def refers(content: Model, asset: Asset) -> bool:
    """Whether an object, or a draft of it, refers to an asset, as the reference index would have it."""
    assets = ContentType.objects.get_for_model(Asset).pk
    return any(
        (target, key) == (assets, str(asset.pk))
        for target, key, _model_path, _content_path in ReferenceIndex._extract_references_from_object(content)
    )


def _in_foreign_key(content: Model, field: ForeignKey, old: Asset, new: Asset) -> bool:
    if isinstance(field, ParentalKey) or field.remote_field.parent_link or not issubclass(field.related_model, Asset):
        return False
    if getattr(content, field.attname) != old.pk:
        return False
    # The id alone: what the field leads to is looked up when somebody asks.
    setattr(content, field.attname, new.pk)
    if field.is_cached(content):
        field.delete_cached_value(content)
    return True


def _in_children(manager: Any, old: Asset, new: Asset) -> bool:
    children = list(manager.all())
    # All of them, where any() would stop at the first.
    changes = [substitute(child, old, new) for child in children]
    if not any(changes):
        return False
    manager.set(children)
    return True


def _in_block(block: Block, raw: Any, old: Asset, new: Asset) -> Any:
    """The raw value of a block, with ``new`` in place of ``old``."""
    if isinstance(block, StreamBlock):
        return [
            child | {"value": _in_block(block.child_blocks[child["type"]], child["value"], old, new)}
            if child["type"] in block.child_blocks
            else child
            for child in raw or ()
        ]
    if isinstance(block, StructBlock):
        if not isinstance(raw, dict):
            # ImageBlock also reads a bare id.
            return _in_chooser(raw, old, new, _models(block))
        return {
            name: _in_block(block.child_blocks[name], value, old, new) if name in block.child_blocks else value
            for name, value in raw.items()
        }
    if isinstance(block, ListBlock):
        return [
            item | {"value": _in_block(block.child_block, item["value"], old, new)}
            if isinstance(item, dict) and item.get("type") == "item"
            # Before Wagtail 2.16 a list held bare values.
            else _in_block(block.child_block, item, old, new)
            for item in raw or ()
        ]
    if isinstance(block, RichTextBlock):
        return _in_rich_text(raw, old, new) if isinstance(raw, str) else raw
    if isinstance(block, ChooserBlock):
        return _in_chooser(raw, old, new, [block.model_class])
    return raw


def _models(block: StructBlock) -> list[type[Model]]:
    return [one.model_class for one in block.child_blocks.values() if isinstance(one, ChooserBlock)]


def _in_chooser(raw: Any, old: Asset, new: Asset, models: list[type[Model]]) -> Any:
    return new.pk if raw == old.pk and any(issubclass(model, Asset) for model in models) else raw


def _in_rich_text(source: str, old: Asset, new: Asset) -> str:
    types = set(_rich_text_types(type(old.specific)))

    def swap(tag: re.Match) -> str:
        attrs = extract_attrs(tag.group())
        kind = attrs.get("linktype") or attrs.get("embedtype")
        if kind not in types or attrs.get("id") != str(old.pk):
            return tag.group()
        return ID.sub(rf"\g<1>{new.pk}\g<2>", tag.group(), count=1)

    return TAG.sub(swap, source)


def _rich_text_types(model: type[Asset]) -> Iterator[str]:
    for handler in (*features.get_link_types().values(), *features.get_embed_types().values()):
        try:
            if issubclass(handler.get_model(), model):
                yield handler.identifier
        except NotImplementedError:
            continue


def _in_recipe(recipe: dict[str, Any], old: Asset, new: Asset) -> dict[str, Any]:
    mark = recipe.get("watermark")
    if isinstance(mark, dict) and mark.get("image") == old.pk:
        return recipe | {"watermark": mark | {"image": new.pk}}
    return recipe
