from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission
from django.test import Client
from wagtail.models import APIToken, Collection, GroupCollectionPermission, GroupPagePermission, Page

from cms.models import User


class Bearer:
    """A client with a token: ``bearer.post("pages/", {...})`` below ``/api/v3/``."""

    def __init__(self, user: User):
        self.user = user
        self.token, self.secret = APIToken.create_token(user=user, name="Tests")
        self.client = Client(headers={"Authorization": f"Bearer {self.secret}"})

    def get(self, path: str, **query: Any) -> Any:
        return self.client.get(f"/api/v3/{path}", query)

    def post(self, path: str, body: Any = None) -> Any:
        return self.client.post(f"/api/v3/{path}", body or {}, content_type="application/json")

    def patch(self, path: str, body: Any) -> Any:
        return self.client.patch(f"/api/v3/{path}", body, content_type="application/json")

    def delete(self, path: str) -> Any:
        return self.client.delete(f"/api/v3/{path}")

    def upload(self, path: str, **values: Any) -> Any:
        return self.client.post(f"/api/v3/{path}", values)


@pytest.fixture
def chief(admin_user: User) -> Bearer:
    """Somebody who may do everything."""
    return Bearer(admin_user)


@pytest.fixture
def hired(db: None) -> Callable[..., Bearer]:
    """Make somebody who may do so much on collections and pages: ``hired(("wagtailimages.add_image", harbour))``."""

    def make(*grants: tuple[str, Collection | Page], username: str = "edith") -> Bearer:
        group = Group.objects.create(name=username)
        group.permissions.add(Permission.objects.get(codename="access_admin"))
        for name, place in grants:
            app_label, codename = name.split(".")
            permission = Permission.objects.get(content_type__app_label=app_label, codename=codename)
            if isinstance(place, Collection):
                GroupCollectionPermission.objects.create(group=group, collection=place, permission=permission)
            else:
                GroupPagePermission.objects.create(group=group, page=place, permission=permission)
        user = User.objects.create_user(username, f"{username}@example.org", "a long password")
        user.groups.add(group)
        return Bearer(user)

    return make
