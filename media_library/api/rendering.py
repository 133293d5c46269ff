"""Answers as JSON: compact, and without writing again what was written before."""

from collections.abc import Callable
from functools import cached_property
from typing import Any

import orjson
from rest_framework.renderers import JSONRenderer
from rest_framework.utils.encoders import JSONEncoder

_encoder = JSONEncoder()
_PLAIN: dict[type, Callable[[Any], Any]] = {
    str: str.__str__,
    dict: dict,
    list: list,
    tuple: list,
    int: int,
    float: float,
}


class Written:
    """What a ``WrittenDict`` and a ``WrittenList`` share: their JSON, which is written at the first use and kept."""

    @cached_property
    def json(self) -> orjson.Fragment:
        return orjson.Fragment(orjson.dumps(self, default=_default))


class WrittenDict(Written, dict):
    """A dictionary that many answers hold and nobody changes."""


class WrittenList(Written, list):
    """A list that many answers hold and nobody changes."""


def written(data: Any) -> bytes:
    """Data as compact JSON."""
    return orjson.dumps(data, default=_default, option=orjson.OPT_PASSTHROUGH_SUBCLASS | orjson.OPT_NON_STR_KEYS)


class CompactJSONRenderer(JSONRenderer):
    """JSON without spaces: Wagtail's is indented, which makes it twice as long and takes ten times as long.

    Whoever wants to read it asks for ``Accept: application/json; indent=4``.
    """

    def render(self, data: Any, accepted_media_type: str | None = None, renderer_context: Any = None) -> bytes:
        if data is None:
            return b""
        compact = written(data)
        if self.get_indent(accepted_media_type or "", renderer_context or {}) is None:
            return compact
        return super().render(orjson.loads(compact), accepted_media_type, renderer_context)


def _default(value: Any) -> Any:
    """What orjson does not know by itself, among it all that was made of Python's own types."""
    if isinstance(value, Written):
        return value.json
    plain = next((plain for kind, plain in _PLAIN.items() if isinstance(value, kind)), _encoder.default)
    return plain(value)
