from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission
from django.test import Client
from wagtail.models import APIToken, Collection, GroupCollectionPermission

from cms.models import User

ALL = [
    f"{action}_{kind}" for action in ("add", "change", "choose") for kind in ("image", "video", "audio", "document")
]


class ApiClient(Client):
    """Sends JSON, and a token if it has one."""

    def __init__(self, token: str = "", **kwargs: Any):
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        # As for browsers, so that what a session forgets to send is noticed.
        super().__init__(enforce_csrf_checks=True, headers=headers, **kwargs)

    def post_json(self, path: str, data: Any, **kwargs: Any) -> Any:
        return self.post(path, data, content_type="application/json", **kwargs)

    def patch_json(self, path: str, data: Any, **kwargs: Any) -> Any:
        return self.patch(path, data, content_type="application/json", **kwargs)


def api_client(user: User) -> ApiClient:
    """A client with a new token of this user."""
    _token, plaintext = APIToken.create_token(user=user, name="Tests")
    return ApiClient(plaintext)


@pytest.fixture
def anybody() -> ApiClient:
    """Without a token."""
    return ApiClient()


@pytest.fixture
def admin_api(admin_user: User) -> ApiClient:
    """With a superuser's token."""
    return api_client(admin_user)


@pytest.fixture
def press(root_collection: Collection) -> Collection:
    """A folder in which ``writer`` may do everything."""
    return root_collection.add_child(name="Press")


@pytest.fixture
def grant(db: None) -> Callable[..., None]:
    """Give a user permissions in a folder, by their code names."""

    def give(user: User, folder: Collection, *codenames: str) -> None:
        group = Group.objects.create(name=f"{user} in {folder}")
        for permission in Permission.objects.filter(codename__in=codenames or ALL):
            GroupCollectionPermission.objects.create(group=group, collection=folder, permission=permission)
        user.groups.add(group)

    return give


@pytest.fixture
def writer(press: Collection, grant: Callable[..., None]) -> User:
    """Somebody who works in the folder ``press``, and nowhere else."""
    user = User.objects.create_user("grace", "grace@example.org", "a long password")
    grant(user, press)
    return user


@pytest.fixture
def writer_api(writer: User) -> ApiClient:
    return api_client(writer)
