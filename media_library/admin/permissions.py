"""Who may do what with which asset. Every view asks about the asset itself, not only about its kind."""

from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet
from wagtail.models import Collection
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

KINDS: tuple[type[Asset], ...] = (CustomImage, Video, Audio, CustomDocument)
ANYTHING = ("add", "change", "choose")
"""What may be permitted in a collection."""


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


def visible_collections(user: AbstractBaseUser | AnonymousUser) -> QuerySet[Collection]:
    """The collections in which this user may do anything with assets of any kind."""
    if not (user.is_active and user.is_authenticated):
        return Collection.objects.none()
    if user.is_superuser:
        return Collection.objects.all()
    allowed = Q(pk__in=[])
    for model in KINDS:
        mine = policy_registry.get_by_type(model).collections_user_has_any_permission_for(user, ANYTHING)
        allowed |= Q(pk__in=mine.values("pk"))
    return Collection.objects.filter(allowed)


def may_add(user: AbstractBaseUser | AnonymousUser) -> bool:
    """Whether the user may upload assets of any kind anywhere."""
    return any(policy_registry.get_by_type(model).user_has_permission(user, "add") for model in KINDS)


def may_work(user: AbstractBaseUser | AnonymousUser) -> bool:
    """Whether the library is of any use to this user: whether they may add or change assets of any kind."""
    return any(
        policy_registry.get_by_type(model).user_has_any_permission(user, {"add", "change", "delete"})
        for model in KINDS
    )


def _assets_for(user: AbstractBaseUser | AnonymousUser, permissions: set[str]) -> QuerySet[Asset]:
    """What the policies of the four kinds say, asked of the columns of ``Asset`` alone: there may be 100,000 rows."""
    assets = Asset.objects.filter(trashed_at=None)
    if not (user.is_active and user.is_authenticated):
        return assets.none()
    if user.is_superuser:
        return assets
    # To delete takes the same permission as to change.
    actions = {"change" if action == "delete" else action for action in permissions}
    allowed = Q(pk__in=[])
    for model in KINDS:
        policy = policy_registry.get_by_type(model)
        # Not those that the policy tells: among them are those where the user may only change what is theirs.
        where = Q(collection__in=policy._collections_with_perm(user, actions))
        if "change" in actions:
            where |= Q(collection__in=policy._collections_with_perm(user, {"add"}), uploaded_by_user=user.pk)
        allowed |= Q(kind=model.KIND) & where
    return assets.filter(allowed)
