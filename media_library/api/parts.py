"""What answers show of single objects, kept from one answer to the next: a list is put together of what was written
before, and only what is new or has changed since is loaded and serialized. A detail has one part, whatever else stands
in its address.

Where parts are kept is the affair of who gives requests a ``kept_parts`` (``cms/delivery/cache/parts.py``); requests
that have none are answered without.
"""

from collections.abc import Collection, Iterable
from typing import Any, Protocol

import orjson
from django.db.models import Model, QuerySet
from django.utils.translation import get_language
from rest_framework.request import Request
from rest_framework.response import Response

from media_library.api.rendering import written
from media_library.cache_tags import Collected, collect, note, noted, record

SHAPING = ("fields", "rich_text_format", "site")
"""Parameters by which an object looks different. All others say which objects there are, and in which order."""


class Part(Protocol):
    """What an answer shows of one object, as JSON, and what that was made of."""

    body: bytes
    made_of: Collected


class KeptParts(Protocol):
    """Parts, as one request sees them."""

    def find(self, key: str) -> Part | None:
        """The part of this key, if it is still true."""

    def keep(self, made: dict[str, tuple[bytes, Collected]]) -> None:
        """Keep what was made since the request came, by key, unless what it was made of may have changed meanwhile."""


def _kept_parts(request: Request) -> KeptParts | None:
    return getattr(request._request, "kept_parts", None)


class PartsMixin:
    """An endpoint that loads and serializes only those objects of which no part is kept."""

    parts_made_of: tuple[str, ...] = ()
    """Tags of what each object of the list depends on, and does not note itself."""

    def detail_view(self: Any, request: Request, pk: int | None) -> Response:
        kept = _kept_parts(request)
        if kept is None:
            return super().detail_view(request, pk)  # type: ignore[misc]
        key = self._key_of_parts("detail")
        if part := kept.find(key):
            note(part.made_of)
            return Response(orjson.Fragment(part.body))
        with collect() as made_of:
            body = written(super().detail_view(request, pk).data)  # type: ignore[misc]
        kept.keep({key: (body, made_of)})
        return Response(orjson.Fragment(body))

    def listing_view(self: Any, request: Request) -> Response:
        kept = _kept_parts(request)
        if kept is None:
            wanted, objects = self._list()
            objects = objects or self._load(wanted)
            page = [objects[pk] for pk in wanted if pk in objects]
            return self.get_paginated_response(self.get_serializer(page, many=True).data)
        made: dict[str, tuple[bytes, Collected]] = {}
        at_hand: dict[Any, Model] = {}
        key_of_list = self._key_of_list()
        # What comes in another order each time is looked for each time.
        if (listed := kept.find(key_of_list)) and request.GET.get("order") != "random":
            note(listed.made_of)
            wanted, self.paginator.total_count = orjson.loads(listed.body)
        else:
            with collect() as made_of:
                record(*noted())
                wanted, at_hand = self._list()
            made[key_of_list] = orjson.dumps([wanted, self.paginator.total_count]), made_of
            if not wanted:
                # Fields that there are not are an error of an empty list, too.
                self.get_serializer([], many=True)
        key = self._key_of_parts(request.GET.get("type", ""))
        parts = {pk: part for pk in wanted if (part := kept.find(f"{key}{pk}"))}
        for part in parts.values():
            note(part.made_of)
        shown = {pk: part.body for pk, part in parts.items()}
        if missing := [pk for pk in wanted if pk not in parts]:
            objects = at_hand or self._load(missing)
            for pk, part in self._make_parts(objects[pk] for pk in missing if pk in objects).items():
                made[f"{key}{pk}"], shown[pk] = part, part[0]
        if made:
            kept.keep(made)
        # What has gone between the two queries is left out.
        return self.get_paginated_response([orjson.Fragment(shown[pk]) for pk in wanted if pk in shown])

    def _list(self: Any) -> tuple[list[Any], dict[Any, Model]]:
        """The ids on this page of the list, and the objects that a search has found with them."""
        queryset = self.get_queryset()
        self.check_query_parameters(queryset)
        found = self.filter_queryset(queryset)
        if isinstance(found, QuerySet):
            self.note_list()
            return self.paginator.paginate_ids(found, self.request, view=self), {}
        # Results of a search are objects already; of a queryset, only those are loaded that are needed.
        at_hand = {one.pk: one for one in self.paginate_queryset(found)}
        return list(at_hand), at_hand

    def _load(self: Any, ids: Collection[Any]) -> dict[Any, Model]:
        return self.get_queryset().order_by().in_bulk(ids)

    def _make_parts(self: Any, objects: Iterable[Model]) -> dict[Any, tuple[bytes, Collected]]:
        objects = list(objects)
        if not objects:
            return {}
        serializer = self.get_serializer(objects, many=True).child
        made = {}
        for one in objects:
            with collect() as made_of:
                record(*self.parts_made_of)
                body = written(serializer.to_representation(one))
            made[one.pk] = body, made_of
        return made

    def _key_of_list(self: Any) -> str:
        """All by which the same endpoint lists others, or not at all."""
        asked = sorted((name, values) for name, values in self.request.GET.lists() if name != "_")
        return f"{self.request.build_absolute_uri(self.request.path)} list {asked} {get_language()}"

    def _key_of_parts(self: Any, shown_as: str) -> str:
        """How the keys of an endpoint's parts begin: all by which the same object looks different."""
        request = self.request
        asked = [request.GET.getlist(name) for name in SHAPING]
        return f"{request.build_absolute_uri(request.path)} {shown_as} {asked} {get_language()} "
