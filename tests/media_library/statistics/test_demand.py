"""What front ends ask for, by slot and by width."""

import pytest
from django.test import Client
from django.utils import timezone

from media_library.models import CustomImage, PresetDemand
from media_library.statistics import counting, demand
from media_library.statistics.demand import Demand, demand_since
from media_library.transforms.address import message
from media_library.transforms.signing import sign
from tests.media import photo_file
from tests.media_library.manifests import put_in_force

pytestmark = pytest.mark.django_db

HERO = {"aspect": "2:1", "widths": [320, 640], "formats": ["webp"]}


@pytest.fixture
def boats(db: None) -> CustomImage:
    image = CustomImage(title="Boats", file=photo_file(width=1400, height=300))
    image.save()
    return image


def counted(name: str = "hero") -> list[Demand]:
    counting.buffer.flush()
    return [one for one in demand_since(timezone.localdate()) if one.name == name]


def ask(client: Client, name: str, image: CustomImage) -> int:
    picture = str(image.pk)
    return client.get(f"/transform/{sign(message('never', picture, name))}/never/{picture}/{name}").status_code


def test_slots_that_are_shown_are_counted_by_width(tell, boats):
    put_in_force(hero=HERO)
    view = {"id": boats.pk, "type": "view", "slot": "hero"}
    tell(view | {"width": 300}, view | {"width": 310}, view | {"width": 600}, view)

    assert counted() == [Demand("hero", 0, 1, 0), Demand("hero", 320, 2, 0), Demand("hero", 640, 1, 0)]


def test_wider_than_any_file_of_a_slot_is_in_vain(tell, boats):
    put_in_force(hero=HERO)
    tell({"id": boats.pk, "type": "view", "slot": "hero", "width": 700})
    assert counted() == [Demand("hero", 960, 1, 1)]


def test_wider_than_the_picture_is_in_vain_whatever_the_slot(tell, boats):
    tell(*({"id": boats.pk, "type": "view", "width": width} for width in (600, 1500, 2000, 5000)))
    assert counted(demand.ANY) == [
        Demand("", 640, 1, 0),
        Demand("", 1920, 1, 0),
        Demand("", 2560, 1, 1),
        Demand("", demand.WIDEST, 1, 1),
    ]


def test_slots_that_nobody_has_named_are_left_out(tell, boats):
    put_in_force(hero=HERO)
    tell({"id": boats.pk, "type": "view", "slot": "forged"}, {"id": boats.pk + 99, "type": "view", "slot": "hero"})
    assert counted("forged") == counted() == []


def test_signed_address_of_a_slot_is_counted(client, boats):
    put_in_force(hero=HERO)
    assert ask(client, "hero.webp", boats) == 200
    assert counted() == [Demand("hero", 0, 1, 0)]


def test_signed_address_of_what_is_no_slot_is_in_vain(client, boats):
    assert ask(client, "poster.webp", boats) == 400
    assert counted("poster.webp") == [Demand("poster.webp", 0, 0, 1)]


def test_refused_names_of_a_day_are_bounded(client, boats, monkeypatch):
    monkeypatch.setattr(demand, "MOST_REFUSED", 2)
    for name in ("one", "two", "three", "one"):
        ask(client, name, boats)
        counting.buffer.flush()
    assert set(PresetDemand.objects.values_list("name", flat=True)) == {"one", "two"}


@pytest.mark.parametrize("slot", [7, "x" * 33, None, ["hero"]])
def test_slot_is_a_name(client, boats, slot):
    body = {"events": [{"id": boats.pk, "type": "view", "slot": slot}]}
    assert client.post("/api/media/beacon/", body, content_type="application/json").status_code == 400
