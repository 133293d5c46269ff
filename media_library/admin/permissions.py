"""Who may do what with which asset. Every view asks about the asset itself, not only about its kind."""

from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet
from wagtail.permission_policies.collections import CollectionOwnershipPermissionPolicy
from wagtail.permissions import policy_registry

from media_library.models import Asset, Audio, CustomDocument, CustomImage, Video

video_permission_policy = CollectionOwnershipPermissionPolicy(
    Video, auth_model=Video, owner_field_name="uploaded_by_user"
)
audio_permission_policy = CollectionOwnershipPermissionPolicy(
    Audio, auth_model=Audio, owner_field_name="uploaded_by_user"
)
"""Equal to that of images: by collection, and owners may edit their own."""


class ObjectPermissionMixin:
    """For generic views that have their object from ``setup`` on: ask for permission on this very object.

    Wagtail's generic views ask whether the user may do it to any object at all.
    """

    def user_has_permission(self, permission: str) -> bool:
        return self.user_has_permission_for_instance(permission, self.object)

    def user_has_any_permission(self, permissions: Any) -> bool:
        return any(self.user_has_permission(permission) for permission in permissions)


def visible_assets(user: AbstractBaseUser | AnonymousUser) -> QuerySet[Asset]:
    """The assets of any kind that this user may choose, change or delete."""
    return _assets_for(user, {"choose", "change", "delete"})


def changeable_assets(user: AbstractBaseUser | AnonymousUser) -> QuerySet[Asset]:
    """The assets of any kind that this user may change."""
    return _assets_for(user, {"change"})


def _assets_for(user: AbstractBaseUser | AnonymousUser, permissions: set[str]) -> QuerySet[Asset]:
    allowed = Q()
    for model in (CustomImage, Video, Audio, CustomDocument):
        mine = policy_registry.get_by_type(model).instances_user_has_any_permission_for(user, permissions)
        allowed |= Q(kind=model.KIND, pk__in=mine.values("pk"))
    return Asset.objects.filter(allowed)
