"""The trash in the admin and over the API."""

from collections.abc import Callable

import pytest
from django.test import Client
from wagtail.models import Collection
from wagtail.permissions import policy_registry

from cms.models import User
from media_library.admin.permissions import trashed_assets
from media_library.deletion import trash_asset
from media_library.models import CustomImage


@pytest.fixture
def trashed(photo: CustomImage, admin_user: User) -> CustomImage:
    trash_asset(photo, admin_user)
    photo.refresh_from_db()
    return photo


@pytest.mark.parametrize(
    "url",
    [
        "/admin/images/",
        "/admin/images/?q=harb",
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
