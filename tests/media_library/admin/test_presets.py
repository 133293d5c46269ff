import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cms.models import User
from media_library import manifests
from media_library.models import PresetDemand, PresetManifest
from tests.media_library.manifests import HERO, TEXT, put_in_force

pytestmark = pytest.mark.django_db

REPORT = "media_library_presets"
BACK = "media_library_presets_back"


def demanded(name: str, width: int, asked: int, in_vain: int) -> None:
    day = timezone.localdate()
    PresetDemand.objects.create(name=name, day=day, width=width, asked=asked, in_vain=in_vain)


def test_slots_that_nobody_asks_for_are_named(admin_client: Client):
    put_in_force(hero=HERO, text=TEXT)
    demanded("hero", 640, 12, 0)
    rows = admin_client.get(reverse(REPORT)).context["slots"]
    assert [(row.slot.name, row.asked, row.is_idle) for row in rows] == [("hero", 12, False), ("text", 0, True)]


def test_without_any_telling_no_slot_is_called_idle(admin_client: Client):
    put_in_force(hero=HERO)
    response = admin_client.get(reverse(REPORT))
    assert not response.context["slots"][0].is_idle
    assert "Nobody has told which slots are asked for" in response.content.decode()


def test_what_was_asked_for_in_vain_is_listed_most_often_first(admin_client: Client):
    demanded("", 2560, 30, 7)
    demanded("hero", 1920, 20, 9)
    demanded("<b>", 0, 0, 1)
    response = admin_client.get(reverse(REPORT))
    assert [row.in_vain for row in response.context["in_vain"]] == [9, 7, 1]
    assert "“&lt;b&gt;”, which can’t be made" in response.content.decode()


def test_earlier_manifest_is_put_in_force_again_as_a_new_one(admin_client: Client, admin_user: User):
    put_in_force(hero=HERO)
    put_in_force(text=TEXT)
    page = admin_client.post(reverse(BACK), {"number": 1}, follow=True).content.decode()

    row = PresetManifest.objects.first()
    assert (row.number, list(row.slots), row.user) == (3, ["hero"], admin_user)
    assert "Manifest 3 is in force now." in page


def test_settings_are_put_in_force_again(admin_client: Client):
    put_in_force(hero=HERO)
    admin_client.post(reverse(BACK), {"number": 0})
    assert manifests.current() is None


def test_whoever_may_post_none_can_not_go_back(client: Client):
    put_in_force(hero=HERO)
    editor = User.objects.create_user("editor", password="a long password")
    editor.groups.add(Group.objects.get(name="Editors"))
    client.force_login(editor)

    assert "Go back" not in client.get(reverse(REPORT)).content.decode()
    client.post(reverse(BACK), {"number": 0})
    assert manifests.current() is not None


def test_without_any_manifest_there_is_nothing_to_go_back_from(admin_client: Client):
    assert admin_client.post(reverse(BACK), {"number": 0}).status_code == 404
    assert not PresetManifest.objects.exists()


@pytest.mark.parametrize("number", ["7", "", "x", "9" * 40, "-1"])
def test_manifest_that_never_was_is_404(admin_client: Client, number: str):
    put_in_force(hero=HERO)
    assert admin_client.post(reverse(BACK), {"number": number}).status_code == 404


def test_permission_can_be_given_to_a_group(admin_client: Client):
    assert "preset manifest" in admin_client.get(reverse("wagtailusers_groups:add")).content.decode().lower()
