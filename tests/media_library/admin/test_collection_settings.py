from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.models import Collection

from cms.models import User
from media_library.models import CollectionSettings

INDEX = "media_library_collections"


def address(collection: Collection) -> str:
    return reverse("media_library_edit_collection", args=(collection.pk,))


FIELDS = {"watermark_text": "© Harbour", "watermark_position": "top-left", "watermark_opacity": "0.5"}


@pytest.fixture
def keeper(grant: Callable[..., User], harbour: Collection, archive: Collection) -> Client:
    """Someone who may change one collection only."""
    client = Client()
    client.force_login(grant(harbour, "wagtailcore.change_collection"))
    return client


def test_every_collection_is_listed(admin_client: Client, harbour: Collection, archive: Collection):
    CollectionSettings.objects.create(collection=harbour, watermark_text="© Harbour", keep_location=True)

    content = admin_client.get(reverse(INDEX)).content.decode()

    for collection in (harbour, archive):
        assert address(collection) in content
    assert "“© Harbour”" in content
    assert "Kept" in content


def test_settings_are_made_on_the_first_save(admin_client: Client, harbour: Collection):
    admin_client.post(address(harbour), FIELDS | {"keep_location": "on"})

    settings = CollectionSettings.objects.get(collection=harbour)
    assert (settings.watermark_text, settings.watermark_position) == ("© Harbour", "top-left")
    assert settings.keep_location


def test_settings_are_changed(admin_client: Client, harbour: Collection):
    CollectionSettings.objects.create(collection=harbour, watermark_text="© Old")

    admin_client.post(address(harbour), FIELDS)

    assert CollectionSettings.objects.get().watermark_text == "© Harbour"


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("watermark_text", "日", "has no 日"),
        ("watermark_opacity", "2", "less than or equal to 1"),
        ("watermark_position", "left", "not one of the available choices"),
    ],
)
def test_mistake_is_told_in_the_form(admin_client: Client, harbour: Collection, field: str, value: str, message: str):
    content = admin_client.post(address(harbour), FIELDS | {field: value}).content.decode()

    assert message in content
    assert not CollectionSettings.objects.exists()


def test_keeper_of_a_collection_may_change_its_settings(keeper: Client, harbour: Collection):
    keeper.post(address(harbour), FIELDS)

    assert CollectionSettings.objects.get().collection == harbour


def test_keeper_sees_no_other_collection(keeper: Client, harbour: Collection, archive: Collection):
    content = keeper.get(reverse(INDEX)).content.decode()

    assert address(harbour) in content
    assert address(archive) not in content


def test_keeper_of_another_collection_finds_nothing(keeper: Client, archive: Collection):
    assert keeper.get(address(archive)).status_code == 404
    assert keeper.post(address(archive), FIELDS).status_code == 404


def test_editor_of_pictures_may_not_change_settings(grant: Callable[..., User], harbour: Collection):
    client = Client()
    client.force_login(grant(harbour, "wagtailimages.change_image"))

    answer = client.get(address(harbour), headers={"X-Requested-With": "XMLHttpRequest"})

    assert answer.status_code in (403, 404)


def test_menu_shows_them_to_those_who_may(admin_client: Client):
    assert reverse(INDEX) in admin_client.get(reverse("wagtailadmin_home")).content.decode()


def test_page_of_the_collection_leads_to_its_settings(admin_client: Client, harbour: Collection):
    content = admin_client.get(reverse("wagtailadmin_collections:edit", args=(harbour.pk,))).content.decode()

    assert address(harbour) in content
