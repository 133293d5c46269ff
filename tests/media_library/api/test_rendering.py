import datetime
import json
from collections import OrderedDict

import orjson
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy

from media_library.api.rendering import CompactJSONRenderer, WrittenDict, WrittenList


def rendered(data: object, accepted: str = "application/json") -> str:
    return CompactJSONRenderer().render(data, accepted).decode()


def test_answer_has_no_spaces():
    assert (
        rendered(OrderedDict(id=1, title="Möwe", tags=["sea", "dawn"]))
        == '{"id":1,"title":"Möwe","tags":["sea","dawn"]}'
    )


def test_whoever_wants_to_read_it_gets_it_indented():
    assert rendered({"id": 1, "sources": WrittenList([1])}, "application/json; indent=2") == (
        '{\n  "id": 1,\n  "sources": [\n    1\n  ]\n}'
    )


def test_what_python_adds_to_plain_types_is_written_plainly():
    data = {"html": SafeString("<b>"), "lazy": gettext_lazy("Image"), "day": datetime.date(2026, 1, 2), 3: (1, 2)}
    assert json.loads(rendered(data)) == {"html": "<b>", "lazy": "Image", "day": "2026-01-02", "3": [1, 2]}


def test_what_many_answers_hold_is_written_once():
    crops = WrittenDict(og={"src": "a.jpg"})
    assert rendered({"presets": crops}) == rendered({"presets": crops}) == '{"presets":{"og":{"src":"a.jpg"}}}'
    assert isinstance(crops.json, orjson.Fragment)
    assert crops.json is crops.json


def test_nothing_is_empty():
    assert rendered(None) == ""
