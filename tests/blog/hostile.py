"""Texts that would run in a browser if somebody forgot to escape them, for every field and block there is."""

from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

from django.db.models import CharField, Field, Model, SlugField, TextField, URLField
from wagtail import blocks
from wagtail.embeds.blocks import EmbedBlock
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Page

from media_library.admin.choosing.blocks import MediaChooserBlock
from media_library.admin.media_collections.chooser import MediaCollectionChooserBlock
from media_library.models import Asset, MediaCollection

SCRIPT = "\"'></title></textarea><script data-hostile>1</script><b data-hostile onclick=a()>x</b>"
"""Ends attributes, titles and text areas; each element of it has an attribute by which it is found."""

ADDRESS = "https://example.org/?\"'><script/data-hostile>"
MARKUP = f'<p onclick="a()" data-hostile>Text{SCRIPT}<a href="javascript:hostile()">away</a></p>'


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if "data-hostile" in given or any(
            (value or "").strip().startswith("javascript:hos") for value in given.values()
        ):
            self.found.append(self.get_starttag_text() or tag)


def elements(html: str) -> list[str]:
    """The elements that a browser would make of hostile texts in a page."""
    reader = _Reader()
    reader.feed(html)
    return reader.found


def strings(value: Any) -> Iterator[str]:
    """All texts in JSON."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for one in value.values():
            yield from strings(one)
    elif isinstance(value, list):
        for one in value:
            yield from strings(one)


def texts(model: type[Model]) -> dict[str, Any]:
    """A hostile value for each field of text of a model, for API v3."""
    names = {one.name for one in model.api_fields}
    if issubclass(model, Page):
        names |= {"title", "seo_title", "search_description"}
    fields = {field.name: field for field in model._meta.concrete_fields if field.name in names}
    return {name: _text(field) for name, field in fields.items() if _text(field) is not None}


def _text(field: Field) -> Any:
    if isinstance(field, StreamField):
        return stream(field.stream_block)
    if isinstance(field, RichTextField):
        return MARKUP
    if isinstance(field, SlugField) or field.choices:
        return None
    if isinstance(field, URLField):
        return ADDRESS
    if isinstance(field, CharField | TextField):
        return SCRIPT[: field.max_length] if field.max_length else SCRIPT
    return None


def stream(block: blocks.StreamBlock) -> list[dict[str, Any]]:
    """One block of each kind."""
    kinds = block.child_blocks.items()
    return [
        {"type": name, "value": value(child)}
        for name, child in kinds
        # Asks the site that is named.
        if not isinstance(child, EmbedBlock)
    ]


def value(block: blocks.Block) -> Any:
    """A hostile value for a block, as API v3 takes it."""
    match block:
        case blocks.StreamBlock():
            return stream(block)
        case blocks.ListBlock():
            return [value(block.child_block)]
        case blocks.StructBlock():
            found = {name: value(child) for name, child in block.child_blocks.items()}
            if {"page", "url"} <= found.keys():
                # One of the two.
                found["page"] = None
            return found
        case blocks.RichTextBlock():
            return MARKUP
        case MediaChooserBlock():
            return Asset.objects.filter(kind=block.kinds[0]).values_list("pk", flat=True).first()
        case MediaCollectionChooserBlock():
            return MediaCollection.objects.values_list("pk", flat=True).first()
        case blocks.PageChooserBlock():
            return Page.objects.filter(depth=2).values_list("pk", flat=True).first()
        case blocks.ChoiceBlock():
            return block.meta.default
        case blocks.BooleanBlock():
            return False
        case blocks.URLBlock():
            return ADDRESS
        case blocks.IntegerBlock():
            return None
        case blocks.CharBlock() | blocks.TextBlock():
            most = block.field.max_length
            return SCRIPT[:most] if most else SCRIPT
        case _:
            raise TypeError(f"No hostile value is known for {block!r}")
