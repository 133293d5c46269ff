"""From views, serializers, annotations and blocks to TypeScript.

Nothing is guessed: what can't be found out raises `TypesError`, which says where an annotation is missing.
"""

import datetime
import inspect
import types
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import is_dataclass
from decimal import Decimal
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints, is_typeddict

from django.core.exceptions import FieldDoesNotExist
from django.db.models import Model
from django.utils.safestring import SafeString
from rest_framework import fields as drf
from rest_framework.relations import ManyRelatedField
from wagtail import blocks
from wagtail.api.v2 import serializers as stock
from wagtail.api.v2.router import WagtailAPIRouter
from wagtail.api.v2.views import BaseAPIViewSet
from wagtail.embeds.blocks import EmbedBlock
from wagtail.models import Page, get_page_models

from cms.client_types.writing import Module, TypesError, array, braces, literal, union, without_null
from media_library.api.shapes import Also, Inside

PLAIN: dict[Any, str] = {
    str: "string",
    SafeString: "string",
    bool: "boolean",
    int: "number",
    float: "number",
    object: "unknown",
    types.NoneType: "null",
    None: "null",
    # As Django REST framework writes them.
    Decimal: "string",
    uuid.UUID: "string",
    datetime.date: "string",
    datetime.datetime: "string",
    datetime.time: "string",
}

FIELDS: dict[type[drf.Field], str] = {
    drf.BooleanField: "boolean",
    drf.CharField: "string",
    drf.UUIDField: "string",
    drf.IntegerField: "number",
    drf.FloatField: "number",
    drf.DecimalField: "string",
    drf.DateField: "string",
    drf.DateTimeField: "string",
    drf.TimeField: "string",
    drf.DurationField: "string",
    drf.JSONField: "unknown",
    stock.PageHtmlUrlField: "string | null",
    stock.PageLocaleField: "string",
    stock.TagsField: "string[]",
}

BLOCKS: dict[type[blocks.Block], str] = {
    blocks.CharBlock: "string",
    blocks.TextBlock: "string",
    blocks.RegexBlock: "string",
    blocks.URLBlock: "string",
    blocks.EmailBlock: "string",
    blocks.RichTextBlock: "string",
    blocks.RawHTMLBlock: "string",
    blocks.DecimalBlock: "string",
    blocks.DateBlock: "string",
    blocks.TimeBlock: "string",
    blocks.DateTimeBlock: "string",
    EmbedBlock: "string",
    blocks.BooleanBlock: "boolean",
    blocks.IntegerBlock: "number",
    blocks.FloatBlock: "number",
    blocks.ChooserBlock: "number",
    blocks.StaticBlock: "null",
}

PAGE_TYPE = "PageType"


def content_types(router: WagtailAPIRouter) -> str:
    """The module of types for everything that a router serves."""
    return str(Reader(router).read())


class Reader:
    """Reads types into a module, for what a router serves; each method returns how a type is spelled."""

    def __init__(self, router: WagtailAPIRouter):
        self.router = router
        self.module = Module()
        self._being_read: set[str] = set()

    def read(self) -> Module:
        pages = sorted((self.public(model) for model in get_page_models()), key=str)
        self.module.alias("AnyPage", union(pages), "A page of any type; `meta.type` tells them apart.")
        self.module.alias(PAGE_TYPE, 'AnyPage["meta"]["type"]')
        endpoints = {}
        for name, viewset in self.router._endpoints.items():
            # A preview lists nothing; it is the detail of a page. Nor does the site.
            if viewset.listing_action != "listing_view":
                if viewset.model is not Page:
                    self.public(viewset.model)
                continue
            whole = "AnyPage" if viewset.model is Page else self.public(viewset.model)
            listed = self.serialized(viewset._get_serializer_class(self.router, viewset.model, []))
            endpoints[name] = braces({"listing": without_null(listed), "detail": whole})
        self.module.interface("Endpoints", endpoints, "What the listing of an endpoint holds, and its detail.")
        return self.module

    def public(self, model: type[Model]) -> str:
        """The whole object of a model, as its own endpoint shows it."""
        return without_null(self.serialized(self._whole(model)))

    def inside(self, model: type[Model]) -> str:
        """The object of a model as others hold it."""
        serializer_class = self._viewset(model)._get_serializer_class(self.router, model, [], nested=True)
        return without_null(self.serialized(serializer_class))

    def _viewset(self, model: type[Model]) -> type[BaseAPIViewSet]:
        endpoint = self.router.get_model_endpoint(model)
        return endpoint[1] if endpoint else BaseAPIViewSet

    def _whole(self, model: type[Model]) -> type[stock.BaseSerializer]:
        return self._viewset(model)._get_serializer_class(self.router, model, [], show_details=True)

    # Serializers

    def serialized(self, serializer_class: type[stock.BaseSerializer]) -> str:
        """The object that a serializer makes; with null if it says that it may make none."""
        model, names = serializer_class.Meta.model, set(serializer_class.Meta.fields)
        variant = ""
        if names != set(self._whole(model).Meta.fields):
            listed = self._viewset(model)._get_serializer_class(self.router, model, [])
            variant = "Summary" if names == set(listed.Meta.fields) else "Reference"
        name = model.__name__.removeprefix("Custom") + variant
        if name not in self._being_read:
            self._being_read.add(name)
            self.module.interface(name, self._fields(serializer_class(), variant), _first_line(model))
            self._being_read.remove(name)
        returned = _hints(serializer_class.to_representation).get("return")
        return union([name, "null"]) if type(None) in get_args(returned) else name

    def _fields(self, serializer: stock.BaseSerializer, variant: str) -> dict[str, str]:
        expressions = {}
        for name, field in serializer.fields.items():
            if name == "type":
                expressions[name] = self._type_name(serializer.Meta.model, variant)
            elif isinstance(field, stock.DetailUrlField):
                if self.router.get_object_detail_urlpath(serializer.Meta.model, 1):
                    expressions[name] = "string"
            else:
                try:
                    expressions[name] = self.field(field, serializer)
                except TypesError as error:
                    raise TypesError(f"{type(serializer).__name__}, field {name}: {error}") from error
        meta = {name: expressions.pop(name) for name in serializer.fields if _is_meta(name, serializer, expressions)}
        whole = {"id": expressions.pop("id")} if "id" in expressions else {}
        return whole | ({"meta": braces(meta)} if meta else {}) | expressions

    def _type_name(self, model: type[Model], variant: str) -> str:
        # A page that is not whole may be one of any type below.
        return PAGE_TYPE if model is Page and variant else literal(model._meta.label)

    def field(self, field: drf.Field, serializer: stock.BaseSerializer) -> str:
        """The type of one field; with null where its column may be null."""
        model = serializer.Meta.model
        expression = self._of_field(field, serializer)
        try:
            column = model._meta.get_field(field.source)
        except FieldDoesNotExist:
            return expression
        return union([expression, "null"]) if column.null and not column.many_to_many else expression

    def _of_field(self, field: drf.Field, serializer: stock.BaseSerializer) -> str:
        model = serializer.Meta.model
        if isinstance(field, drf.SerializerMethodField):
            return self._returned(getattr(serializer, field.method_name or ""))
        if isinstance(field, stock.PageParentField | stock.PageAliasOfField):
            return union([self._page_reference(), "null"])
        if isinstance(field, stock.ChildRelationField):
            return array(without_null(self.serialized(field.serializer_class)))
        if isinstance(field, ManyRelatedField):
            return array(self._of_field(field.child_relation, serializer))
        if isinstance(field, stock.RelatedField):
            return self.serialized(field.serializer_class)
        if isinstance(field, stock.StreamField):
            return self.block(model._meta.get_field(field.source).stream_block)
        if isinstance(field, drf.ReadOnlyField):
            return self._of_attribute(model, field.source)
        if _hints(type(field).to_representation).get("return"):
            return self._returned(field.to_representation)
        if isinstance(field, drf.ChoiceField):
            return union(literal(one) for one in ([""] if field.allow_blank else []) + list(field.choices))
        if isinstance(field, drf.ListField):
            return array(self._of_field(field.child, serializer))
        return _by_class(type(field), FIELDS)

    def _of_attribute(self, model: type[Model], name: str) -> str:
        found = inspect.getattr_static(model, name)
        function = getattr(found, "fget", None) or getattr(found, "func", None) or found
        return self._returned(function)

    def _page_reference(self) -> str:
        serializer_class = stock.get_serializer_class(
            Page,
            ["id", "type", "detail_url", "html_url", "title"],
            meta_fields=["type", "detail_url", "html_url"],
            base=self._viewset(Page).base_serializer_class,
        )
        return self.serialized(serializer_class)

    # Annotations

    def _returned(self, function: Any) -> str:
        try:
            return self.hint(_hints(function)["return"])
        except KeyError:
            raise TypesError(f"annotate what {function.__qualname__} returns") from None

    def hint(self, hint: Any) -> str:
        """The type of a Python annotation (media_library/api/shapes.py says what may stand there)."""
        origin, arguments = get_origin(hint), get_args(hint)
        if isinstance(hint, blocks.Block):
            return self.block(hint)
        if isinstance(hint, str | int | float) or hint is Any or hint is dict:
            raise TypesError(f"{hint!r} says nothing: annotate it with its shape")
        if origin is Annotated:
            return self._annotated(hint)
        if origin in (Union, types.UnionType):
            return union(self.hint(one) for one in arguments)
        if origin is Literal:
            return union(literal(one) for one in arguments)
        if origin is dict or origin is Mapping:
            return f"Record<string, {self.hint(arguments[1])}>"
        if origin in (list, tuple, set, frozenset, Sequence, Iterable, Iterator):
            return array(self.hint(arguments[0]))
        if hint in PLAIN:
            return PLAIN[hint]
        if isinstance(hint, type) and issubclass(hint, Model):
            return self.public(hint)
        if is_typeddict(hint) or is_dataclass(hint):
            fields = {name: self.hint(one) for name, one in get_type_hints(hint, include_extras=True).items()}
            return self.module.interface(hint.__name__, fields, _first_line(hint))
        raise TypesError(f"{hint!r} has no counterpart in TypeScript")

    def _annotated(self, hint: Any) -> str:
        base, *metadata = get_args(hint)
        extras = {
            name: self.hint(one) for also in metadata if isinstance(also, Also) for name, one in also.fields.items()
        }
        if get_origin(base) is dict:
            base = metadata[0]
        shape = self.inside(base) if any(isinstance(one, Inside) for one in metadata) else self.hint(base)
        if not extras:
            return shape
        return (
            f"{f'({shape})' if ' | ' in shape else shape} & {{ {'; '.join(f'{k}: {v}' for k, v in extras.items())} }}"
        )

    # Blocks

    def block(self, block: blocks.Block) -> str:
        """What a block looks like in the API. Optional blocks are null where no editor has filled them."""
        if hasattr(block, "api_type"):
            return self.hint(block.api_type())
        method = type(block).get_api_representation
        is_stock = method.__module__.startswith("wagtail.")
        if not is_stock and not hasattr(block, "leaves_out_null"):
            return self._returned(method)
        if isinstance(block, blocks.BaseStreamBlock):
            return array(self._stream(block))
        if isinstance(block, blocks.ListBlock):
            return array(self._child(block, block.child_block))
        if isinstance(block, blocks.BaseStructBlock):
            fields = {name: self.block(child) for name, child in block.child_blocks.items()}
            is_named = type(block).__module__.split(".")[0] != "wagtail"
            return (
                self.module.interface(type(block).__name__, fields, _first_line(block)) if is_named else braces(fields)
            )
        expression = self._of_simple_block(block)
        is_optional = not block.required and block.get_default() is None
        return union([expression, "null"]) if is_optional else expression

    def _stream(self, block: blocks.BaseStreamBlock) -> str:
        members = [
            f"{{ type: {literal(name)}; value: {self._child(block, child)}; id: string }}"
            for name, child in block.child_blocks.items()
        ]
        if type(block).__module__.split(".")[0] == "wagtail":
            return union(members)
        return self.module.alias(type(block).__name__, "".join(f"\n  | {one}" for one in members), _first_line(block))

    def _child(self, block: blocks.Block, child: blocks.Block) -> str:
        expression = self.block(child)
        return without_null(expression) if getattr(block, "leaves_out_null", False) else expression

    def _of_simple_block(self, block: blocks.Block) -> str:
        if isinstance(block, blocks.ChoiceBlock | blocks.MultipleChoiceBlock):
            values = [value for value in _choices(block.field.choices) if value != "" or not block.required]
            expression = union(literal(value) for value in values)
            return array(expression) if isinstance(block, blocks.MultipleChoiceBlock) else expression
        return _by_class(type(block), BLOCKS)


def _is_meta(name: str, serializer: stock.BaseSerializer, expressions: Mapping[str, str]) -> bool:
    return name in serializer.meta_fields and name in expressions


def _hints(function: Any) -> dict[str, Any]:
    return get_type_hints(function, include_extras=True)


def _by_class(cls: type, known: Mapping[Any, str]) -> str:
    for one in cls.__mro__:
        if one in known:
            return known[one]
    raise TypesError(f"{cls.__module__}.{cls.__qualname__} is not known: annotate what makes its representation")


def _choices(choices: Iterable[Any]) -> Iterator[Any]:
    for value, label in choices:
        if isinstance(label, list | tuple):
            yield from _choices(label)
        else:
            yield value


def _first_line(documented: Any) -> str:
    """The first line of a docstring of our own, as JSDoc has it; Django and Wagtail write some, too."""
    cls = documented if isinstance(documented, type) else type(documented)
    is_ours = cls.__module__.split(".")[0] in ("blog", "cms", "media_library")
    lines = (cls.__doc__ or "").strip().splitlines()
    if not (is_ours and lines) or lines[0].startswith(f"{cls.__name__}("):
        return ""
    return lines[0].replace("``", "`").removesuffix(":")
