"""What an object shows as it stands in memory: its media, and where each of them stands."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from html.parser import HTMLParser
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import FieldDoesNotExist
from django.db.models import ForeignKey, Model, QuerySet
from wagtail.fields import StreamField
from wagtail.models import DraftStateMixin, ReferenceIndex
from wagtail.rich_text import RichText
from wagtail.snippets.models import get_snippet_models

from media_library.models import Asset
from media_library.usage import assets_of, describe_field

Key = tuple[int, str]
"""The content type and the primary key of an object."""


@dataclass(frozen=True)
class Place:
    """One place in which an asset stands.

    ``path`` is Wagtail's path in the content (``body.6f2d….image``), ``name`` that of the field or block, for editors.
    ``described`` says whether it has words there for somebody who can't see it, or needs none (decorative); None where
    the words of the library are shown.
    """

    path: str
    name: str
    described: bool | None = None


class Content:
    """An object that is about to be published, on a day.

    ``places`` and ``through`` are by the id of an asset: where it stands in the object itself, and which snippet shows
    it that the object refers to. What is in both stands under ``places`` only.
    """

    def __init__(self, instance: Model, day: date):
        self.instance = instance
        self.day = day
        direct: dict[int, list[Place]] = defaultdict(list)
        snippets: set[Key] = set()
        own = ContentType.objects.get_for_model(instance)
        assets = ContentType.objects.get_for_model(Asset).pk
        shown = {ContentType.objects.get_for_model(model).pk for model in get_snippet_models()}
        for target, key, model_path, path in ReferenceIndex._extract_references_from_object(instance):
            # The id in rich text is whatever stands there.
            if target == assets and key.isdecimal():
                name = describe_field(ReferenceIndex(content_type=own, model_path=model_path, content_path=path)).name
                direct[int(key)].append(Place(path, name, self._is_described(path, int(key))))
            elif target in shown:
                snippets.add((target, key))
        self.places = dict(direct)
        self.through = {pk: key for pk, key in _shown_by(snippets).items() if pk not in direct}

    @property
    def assets(self) -> QuerySet[Asset]:
        """All that it shows, whatever their kind."""
        return Asset.objects.filter(pk__in={*self.places, *self.through})

    @cached_property
    def shown_already(self) -> frozenset[int]:
        """The ids of the assets that its live version shows, if it was published before."""
        one = self.instance
        if not isinstance(one, DraftStateMixin) or one.pk is None:
            return frozenset()
        published = type(one)._base_manager.filter(pk=one.pk, live=True, live_revision__isnull=False)
        return frozenset(assets_of(one)) if published.exists() else frozenset()

    def _is_described(self, path: str, pk: int) -> bool | None:
        """What the place itself says; a block as Wagtail's ImageBlock, and rich text, have words of their own."""
        name, *elements = path.split(".")
        try:
            field = self.instance._meta.get_field(name)
        except FieldDoesNotExist:
            return None
        value = getattr(self.instance, name, None)
        if isinstance(field, StreamField) and elements:
            bound = value.stream_block.get_block_by_content_path(value, elements)
            value = bound.value if bound is not None else None
        elif isinstance(field, ForeignKey):
            return None
        return _describes(value, pk)


def _describes(value: Any, pk: int) -> bool | None:
    if isinstance(value, Asset):
        # Set by the block around it (wagtail.images.blocks.ImageBlock, blog.blocks.media.PlacedImage).
        words = getattr(value, "contextual_alt_text", None)
        if words is None:
            return None
        return bool(getattr(value, "decorative", False) or words)
    if isinstance(value, RichText):
        value = value.source
    return _EmbedReader.describes(value, pk) if isinstance(value, str) else None


class _EmbedReader(HTMLParser):
    """Finds the images in rich text: ``<embed embedtype="image" id="12" alt="Boats">``.

    Wagtail's editor asks for an alt text or to say that a picture is decorative, which leaves ``alt=""``; without the
    attribute, nobody was asked.
    """

    def __init__(self, pk: int):
        super().__init__()
        self.pk = str(pk)
        self.found: list[bool] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "embed" and given.get("embedtype") == "image" and given.get("id") == self.pk:
            self.found.append("alt" in given)

    @classmethod
    def describes(cls, source: str, pk: int) -> bool | None:
        reader = cls(pk)
        reader.feed(source)
        return all(reader.found) if reader.found else None


def _shown_by(snippets: set[Key]) -> dict[int, Key]:
    """The assets that these snippets refer to as they are saved, by id, each with one of them."""
    return dict(_rows(snippets)) if snippets else {}


def _rows(snippets: set[Key]) -> Iterator[tuple[int, Key]]:
    rows = ReferenceIndex.objects.filter(
        to_content_type=ContentType.objects.get_for_model(Asset),
        base_content_type__in={one for one, _key in snippets},
        object_id__in={key for _one, key in snippets},
    ).values_list("to_object_id", "base_content_type", "object_id")
    for asset, model, key in rows:
        if (model, key) in snippets:
            yield int(asset), (model, key)
