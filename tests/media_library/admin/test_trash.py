"""The trash in the admin and over the API."""

import re
from collections.abc import Callable

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from wagtail.models import Collection
from wagtail.permissions import policy_registry

from cms.models import User
from media_library.admin.permissions import trashed_assets
from media_library.deletion import restorable_until, trash_asset, trash_assets
from media_library.models import Asset, CustomDocument, CustomImage
from tests.blog.content import make_image, make_person


@pytest.fixture
def trashed(photo: CustomImage, admin_user: User) -> CustomImage:
    trash_asset(photo, admin_user)
    photo.refresh_from_db()
    return photo


@pytest.mark.parametrize(
    "url",
    [
        "/admin/media/",
        "/admin/media/?kind=image",
        "/admin/images/chooser/",
        "/admin/images/chooser/results/?q=harb",
        "/api/v2/images/",
        "/api/v2/images/?search=harb",
    ],
)
def test_listings_leave_the_trash_out(admin_client: Client, trashed: CustomImage, url: str):
    assert "Harbour" not in admin_client.get(url).content.decode()


def test_public_detail_of_what_is_in_the_trash_is_not_found(client: Client, trashed: CustomImage):
    assert client.get(f"/api/v2/images/{trashed.pk}/").status_code == 404


def test_trash_of_other_collections_is_not_shown(
    trashed: CustomImage, grant: Callable[..., User], harbour: Collection
):
    stranger = grant(harbour, "wagtailimages.change_image")

    assert not trashed_assets(stranger).exists()
    assert not policy_registry.get(trashed).user_has_permission_for_instance(stranger, "restore", trashed)


TRASH = "/admin/media/trash/"


def ask(client: Client, address: str) -> str:
    return client.get(address).content.decode()


def said(response) -> str:
    return " ".join(" ".join(str(one) for one in response.context["messages"]).split())


def test_page_lists_what_is_in_the_trash(admin_client: Client, trashed: CustomImage):
    content = ask(admin_client, TRASH)

    assert "Harbour</b>" in content
    assert date_format(localtime(restorable_until(trashed))) in content
    assert "ada" in content
    assert "max-165x165" in content


def test_page_of_an_empty_trash_says_how_long_things_stay(admin_client: Client, photo: CustomImage):
    content = ask(admin_client, TRASH)

    assert "What you delete stays here for 30 days." in content
    assert "Empty the trash" not in content


def test_page_is_searched_by_title(admin_client: Client, trashed: CustomImage):
    assert "Harbour</b>" in ask(admin_client, f"{TRASH}results/?q=harb")
    assert "Nothing in the trash matches your search." in ask(admin_client, f"{TRASH}results/?q=quay")


def test_page_takes_as_many_queries_for_many(admin_client: Client, trashed: CustomImage):
    ask(admin_client, TRASH)
    with CaptureQueriesContext(connection) as few:
        ask(admin_client, TRASH)
    trash_assets([make_image(f"Image {number}") for number in range(5)])
    with CaptureQueriesContext(connection) as many:
        ask(admin_client, TRASH)
    assert len(many) == len(few)


def test_page_shows_nothing_of_other_collections(
    client: Client, trashed: CustomImage, grant: Callable[..., User], harbour: Collection
):
    client.force_login(grant(harbour, "wagtailimages.change_image"))

    assert "Harbour</b>" not in ask(client, TRASH)
    client.post(f"{TRASH}restore/?id={trashed.pk}")
    client.post(f"{TRASH}delete/?all=1")
    assert CustomImage.objects.get().trashed_at


def test_menu_leads_there(admin_client: Client, root_collection: Collection):
    assert f'"{TRASH}"' in ask(admin_client, reverse("wagtailadmin_home"))


def test_who_may_only_choose_has_no_trash(client: Client, grant: Callable[..., User], harbour: Collection):
    client.force_login(grant(harbour, "wagtailimages.choose_image"))

    assert client.get(TRASH).status_code == 302
    assert client.post(f"{TRASH}restore/").status_code == 302


def test_undo_brings_it_back(admin_client: Client, photo: CustomImage):
    deleted = admin_client.post(reverse("wagtailimages:delete", args=(photo.pk,)), follow=True)
    (undo,) = re.findall(r'data-w-action-url-value="([^"]+)"', said(deleted))

    back = admin_client.post(undo.replace("&amp;", "&"), {"next": "/admin/media/"}, follow=True)

    assert back.request["PATH_INFO"] == "/admin/media/"
    assert "“Harbour” is back in the library." in said(back)
    assert not CustomImage.objects.get().trashed_at


def test_undo_of_many_brings_all_back(admin_client: Client, photo: CustomImage):
    images = [photo, make_image("Quay")]
    bulk = reverse("wagtail_bulk_action", args=("media_library", "customimage", "delete"))
    ids = "&".join(f"id={image.pk}" for image in images)
    deleted = admin_client.post(f"{bulk}?{ids}&next=/admin/", follow=True)
    (undo,) = re.findall(r'data-w-action-url-value="([^"]+)"', said(deleted))

    back = admin_client.post(undo.replace("&amp;", "&"), follow=True)

    assert "2 files are back in the library." in said(back)
    assert not CustomImage.objects.filter(trashed_at__isnull=False).exists()


@pytest.mark.parametrize("ids", ["", "id=x", "id=0", "id=-1", "id=" + "9" * 30, "id=٣"])
def test_nonsense_restores_nothing(admin_client: Client, trashed: CustomImage, ids: str):
    response = admin_client.post(f"{TRASH}restore/?{ids}", follow=True)

    assert "Nothing of this was left in the trash." in said(response)
    assert CustomImage.objects.get().trashed_at


def test_for_good_asks_first(admin_client: Client, trashed: CustomImage):
    address = f"{TRASH}delete/?id={trashed.pk}"

    assert "can't be restored afterwards" in ask(admin_client, address).replace("&#x27;", "'")
    assert "1 file has been deleted for good." in said(admin_client.post(address, follow=True))
    assert not Asset.objects.exists()


def test_emptying_leaves_what_is_in_use(admin_client: Client, trashed: CustomImage):
    keep = make_image("Quay")
    Asset.objects.filter(pk=keep.pk).update(trashed_at=trashed.trashed_at)
    make_person(portrait=keep)

    response = admin_client.post(f"{TRASH}delete/?all=1", follow=True)

    assert "1 file has been deleted for good." in said(response)
    assert "“Quay” is used in 1 place" in said(response)
    assert list(Asset.objects.all()) == [keep.asset_ptr]


def test_what_is_not_in_the_trash_is_not_deleted_for_good(admin_client: Client, photo: CustomImage):
    response = admin_client.post(f"{TRASH}delete/?id={photo.pk}", follow=True)

    assert CustomImage.objects.exists()
    assert "deleted for good" not in said(response)


def test_document_in_the_trash_is_served_to_who_may_restore_it_only(
    client: Client, admin_user: User, root_collection: Collection
):
    document = CustomDocument(title="Prices", file=ContentFile(b"Prices", name="prices.txt"))
    document.save()
    trash_asset(document)

    assert client.get(document.url).status_code == 404
    client.force_login(admin_user)
    assert client.get(document.url).status_code == 200


def test_page_that_deletes_a_collection_counts_the_trash(
    admin_client: Client, photo: CustomImage, harbour: Collection
):
    CustomImage.objects.update(collection=harbour)
    trash_asset(photo)

    content = ask(admin_client, reverse("wagtailadmin_collections:delete", args=(harbour.pk,)))

    assert "1 file of it in the trash" in content
