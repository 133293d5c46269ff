import json
from typing import Any

import pytest

from media_library.exceptions import InvalidManifest
from media_library.imaging.orders import Subject, orders
from media_library.imaging.presets import LADDER
from media_library.imaging.slots import MAX_BYTES, Slot, digest, presets_of, read_slots

HERO = {"aspect": "16:9", "widths": [640, 1280]}


def read(**slots: Any) -> tuple[Slot, ...]:
    return read_slots(json.dumps({"slots": slots}).encode())


def errors(body: Any) -> list[tuple[str, str]]:
    with pytest.raises(InvalidManifest) as caught:
        read_slots(body if isinstance(body, bytes) else json.dumps(body).encode())
    return caught.value.errors


def made(subject: Subject, *slots: Slot) -> set[tuple[str, str]]:
    return {(one.preset, one.spec) for one in orders(subject, presets_of(slots)) if one.format == "webp"}


def test_slot_has_a_crop_of_its_aspect_in_each_width():
    [slot] = read(hero=HERO)
    assert [preset.operation for preset in slot.presets] == ["fill-640x360", "fill-1280x720"]


def test_what_is_left_out_has_its_usual_value():
    [slot] = read(hero={"aspect": "16:9", "widths": [1280, 640]})
    assert slot == Slot("hero", "16:9", (640, 1280), ("avif", "webp", "fallback"), "", 1280)


def test_only_slots_and_what_is_always_needed_are_made():
    crops = {spec for preset, spec in made(Subject(4000, 3000), *read(hero=HERO)) if preset not in ("admin", LADDER)}
    ladder = {spec for preset, spec in made(Subject(4000, 3000), *read(hero=HERO)) if preset == LADDER}
    assert crops == {"fill-640x360|format-webp", "fill-1280x720|format-webp"}
    assert ladder == {"width-320|format-webp", "width-1280|format-webp"}


def test_sharing_has_its_crop_whatever_the_front_end_needs():
    assert "og" in {one.preset for one in orders(Subject(4000, 3000), presets_of(read(hero=HERO)))}


def test_pictures_as_they_are_come_in_the_widths_of_their_slot():
    slots = read(text={"aspect": None, "widths": [500, 900]})
    specs = {spec for preset, spec in made(Subject(4000, 3000), *slots) if preset == LADDER}
    assert specs == {f"width-{width}|format-webp" for width in (320, 500, 900, 1280)}


def test_no_two_files_are_made_of_widths_that_a_picture_is_too_small_for():
    slots = read(hero={"aspect": "16:9", "widths": [640, 1280, 1920]})
    crops = {spec for preset, spec in made(Subject(1000, 800), *slots) if preset == "hero"}
    assert crops == {"fill-640x360|format-webp", "fill-1280x720|format-webp"}


def test_missing_pixels_are_counted_by_width_and_by_height_of_the_crop():
    [slot] = read(hero={"aspect": "16:9", "widths": [1920]})
    assert slot.missing(1500, 2000) == (420, 0)
    assert slot.missing(4000, 1000) == (0, 80)
    assert slot.missing(1920, 1080) == (0, 0)


def test_same_slots_in_another_order_have_the_same_digest():
    card = {"aspect": None, "widths": [320]}
    assert digest(read(hero=HERO, card=card)) == digest(read(card=card, hero=HERO))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("widths", [0]),
        ("widths", [10**9]),
        ("widths", [True]),
        ("widths", [640.5]),
        ("widths", [640, 640]),
        ("widths", list(range(1, 1000))),
        ("widths", []),
        ("widths", 640),
        ("aspect", "16/9"),
        ("aspect", "16:0"),
        ("aspect", "100:1"),
        ("aspect", 1.78),
        ("formats", ["jxl"]),
        ("formats", []),
        ("formats", [{}]),
        ("minimum", 0),
        ("minimum", "1600"),
        ("description", "two\nlines"),
        ("description", "\ud800"),
        ("width", [640]),
    ],
)
def test_refusal_names_slot_and_field(field, value):
    [(place, message)] = errors({"slots": {"hero": HERO | {field: value}}})
    assert place == f"slots.hero.{field}"
    assert message.startswith(place)


def test_height_that_follows_from_a_width_has_bounds_too():
    assert errors({"slots": {"strip": {"aspect": "1:20", "widths": [8000]}}})[0][0] == "slots.strip.widths"


def test_million_widths_are_refused_without_being_read():
    body = b'{"slots": {"hero": {"aspect": null, "widths": [' + b"1," * 1_000_000 + b"1]}}}"
    assert str(MAX_BYTES) in errors(body)[0][1]


@pytest.mark.parametrize("name", ["ladder", "Admin", "still", "original", "width-800", "a" * 33, "", "ä", "\ud800"])
def test_names_that_are_taken_or_are_none_are_refused(name):
    assert errors({"slots": {name: HERO}})[0][0].startswith("slots.")


def test_two_slots_of_one_name_are_refused():
    body = b'{"slots": {"hero": {"aspect": null, "widths": [1]}, "hero": {"aspect": null, "widths": [2]}}}'
    assert errors(body)[0][0] == "slots.hero"


def test_all_that_is_wrong_is_told_at_once():
    found = errors({"slots": {"hero": {"aspect": "x", "widths": []}, "card": 3}, "more": 1})
    assert [place for place, _message in found] == ["more", "slots.hero.aspect", "slots.hero.widths", "slots.card"]


def test_more_files_than_a_worker_should_make_of_one_picture_are_refused():
    slots = {f"slot-{number}": {"aspect": None, "widths": list(range(100, 112))} for number in range(10)}
    assert errors({"slots": slots})[0][0] == "slots"


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{}", b'{"slots": []}', b"\xff", b"[" * 60_000, b'{"slots": {}}', b"1" * 5000]
)
def test_what_is_no_manifest_is_refused(body):
    assert errors(body)[0][0] == "body"
