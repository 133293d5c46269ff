"""Sizes at addresses for which nobody vouches."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from media_library.models import CustomImage, PresetDemand
from media_library.statistics import counting, demand, vain
from media_library.statistics.demand import demand_since
from media_library.transforms.address import message, transform_url
from media_library.transforms.signing import sign
from tests.media import photo_file

pytestmark = pytest.mark.django_db


@pytest.fixture
def boats(db: None) -> CustomImage:
    image = CustomImage(title="Boats", file=photo_file(width=400, height=300))
    image.save()
    return image


def counted() -> dict[str, int]:
    vain.buffer.flush()
    return {one.name: one.in_vain for one in demand_since(timezone.localdate())}


def test_size_that_was_changed_after_signing_is_counted(client: Client, boats: CustomImage):
    address = transform_url(boats, "width-200", format="webp").replace("width-200", "width-1000")
    for _ in range(2):
        assert client.get(address).status_code == 403

    assert counted() == {"unsigned:width-1000": 2}


def test_file_that_is_not_there_is_counted_by_its_size(client: Client, boats: CustomImage):
    file = boats.renditions.get(filter_spec="width-320|format-jpeg").file
    gone = file.url.replace("width-320", "width-444")
    assert client.get(gone).status_code == 404
    assert client.get(f"/media/{boats.pk}/1/0badcafe.fill-600x400.format-avif-0123456789ab.avif").status_code == 404

    assert counted() == {"file:width-444": 1, "file:fill-600x400": 1}


@pytest.mark.parametrize(
    "address", ["/transform/x/never/7/hero.webp", "/transform/x/never/7/width-99999999", "/media/7/1/secret-0a.txt"]
)
def test_what_names_no_size_is_not_counted(client: Client, address: str):
    assert client.get(address).status_code in (403, 404)
    assert counted() == {}


def test_nothing_is_asked_of_the_database_for_a_forged_address(client: Client, django_assert_num_queries):
    with django_assert_num_queries(0):
        client.get("/transform/x/never/7/width-300.webp")


def test_flood_of_forged_sizes_is_bounded_in_memory_and_in_the_database(client: Client, monkeypatch):
    monkeypatch.setattr(vain, "MOST", 3)
    for width in range(1, 6):
        client.get(f"/transform/x/never/7/width-{width}.webp")
    (waiting,) = vain.buffer._waiting.values()
    assert len(waiting) == 4
    assert sum(counted().values()) == 5
    # Another process, with others.
    for width in range(20, 26):
        client.get(f"/transform/x/never/7/width-{width}.webp")

    found = counted()
    assert set(found) == {f"unsigned:{one}" for one in ("width-1", "width-2", "width-3", vain.OTHERS)}
    assert found["unsigned:*"] == 8


def test_flood_leaves_room_for_what_was_signed(client: Client, boats: CustomImage, monkeypatch):
    monkeypatch.setattr(demand, "MOST_REFUSED", 2)
    for width in range(1, 6):
        client.get(f"/transform/x/never/7/width-{width}.webp")
    vain.buffer.flush()
    client.get(f"/transform/{sign(message('never', str(boats.pk), 'poster'))}/never/{boats.pk}/poster")
    counting.buffer.flush()

    assert PresetDemand.objects.filter(name="poster").exists()


def test_report_says_which_sizes_stand_at_wrong_addresses(admin_client: Client):
    vain.ask(vain.Reason.UNSIGNED, "fill-600x400")
    vain.ask(vain.Reason.NO_FILE, "width-640")
    vain.buffer.flush()

    page = admin_client.get(reverse("media_library_presets")).content.decode()

    assert "fill-600x400" in page
    assert "An address of a file that isn’t there, or not any more" in page
    assert "Nothing was asked for in vain" in page
