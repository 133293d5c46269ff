"""Who may do what with which asset. Every view asks about the asset itself, not only about its kind."""

from collections.abc import Iterable
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet
from wagtail.models import Collection
from wagtail.permission_policies.collections import CollectionOwnershipPermissionPolicy
from wagtail.permissions import policy_registry, register_permission_policy

from media_library.models import Asset, Audio, CustomDocument, CustomImage, Video

User = AbstractBaseUser | AnonymousUser

KINDS: tuple[type[Asset], ...] = (CustomImage, Video, Audio, CustomDocument)
ANYTHING = ("add", "change", "choose")
"""What may be permitted in a collection."""

RESTORE = "restore"
DELETE_FOR_GOOD = "delete_for_good"
IN_TRASH = {RESTORE, DELETE_FOR_GOOD}
"""What may be done to an asset in the trash, by who might delete it, and nothing else may."""


class AssetPermissionPolicy(CollectionOwnershipPermissionPolicy):
    """By collection, and owners may edit their own. What is in the trash is in no listing, and can only leave it."""

    def __init__(self, model: type[Asset]):
        # Permissions for images and documents bear the names of Wagtail's own models.
        auth_models = {CustomImage: "wagtailimages.Image", CustomDocument: "wagtaildocs.Document"}
        super().__init__(model, auth_model=auth_models.get(model, model), owner_field_name="uploaded_by_user")

    def user_has_permission(self, user: User, action: str) -> bool:
        return super().user_has_permission(user, "delete" if action in IN_TRASH else action)

    def user_has_any_permission_for_instance(self, user: User, actions: Iterable[str], instance: Asset) -> bool:
        if IN_TRASH & set(actions):
            return bool(instance.trashed_at) and super().user_has_any_permission_for_instance(
                user, {"delete"}, instance
            )
        return not instance.trashed_at and super().user_has_any_permission_for_instance(user, actions, instance)

    def instances_user_has_any_permission_for(self, user: User, actions: Iterable[str]) -> QuerySet:
        if IN_TRASH & set(actions):
            return super().instances_user_has_any_permission_for(user, {"delete"}).filter(trashed_at__isnull=False)
        return super().instances_user_has_any_permission_for(user, actions).filter(trashed_at__isnull=True)


image_permission_policy = AssetPermissionPolicy(CustomImage)
video_permission_policy = AssetPermissionPolicy(Video)
audio_permission_policy = AssetPermissionPolicy(Audio)
document_permission_policy = AssetPermissionPolicy(CustomDocument)


def register_policies() -> None:
    """Wagtail registers its own for images and documents later; those for the exact class come first."""
    for policy in (
        image_permission_policy,
        video_permission_policy,
        audio_permission_policy,
        document_permission_policy,
    ):
        register_permission_policy(policy.model, policy, exact_class=True)


class ObjectPermissionMixin:
    """For generic views that have their object from ``setup`` on: ask for permission on this very object.

    Wagtail's generic views ask whether the user may do it to any object at all.
    """

    def user_has_permission(self, permission: str) -> bool:
        return self.user_has_permission_for_instance(permission, self.object)

    def user_has_any_permission(self, permissions: Any) -> bool:
        return any(self.user_has_permission(permission) for permission in permissions)


def visible_assets(user: User) -> QuerySet[Asset]:
    """The assets of any kind that this user may choose, change or delete."""
    return _assets_for(user, {"choose", "change", "delete"})


def changeable_assets(user: User) -> QuerySet[Asset]:
    """The assets of any kind that this user may change."""
    return _assets_for(user, {"change"})


def trashed_assets(user: User) -> QuerySet[Asset]:
    """The assets in the trash that this user may restore or delete for good."""
    return _assets_for(user, {"delete"}, in_trash=True)


def visible_collections(user: User) -> QuerySet[Collection]:
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


def may_add(user: User) -> bool:
    """Whether the user may upload assets of any kind anywhere."""
    return any(policy_registry.get_by_type(model).user_has_permission(user, "add") for model in KINDS)


def may_work(user: User) -> bool:
    """Whether the user may add, change or delete assets of any kind anywhere."""
    return any(
        policy_registry.get_by_type(model).user_has_any_permission(user, {"add", "change", "delete"})
        for model in KINDS
    )


def choosable_assets(user: User) -> QuerySet[Asset]:
    """The assets of any kind that this user may choose."""
    return _assets_for(user, {"choose"})


def usable_assets(user: User) -> QuerySet[Asset]:
    """Those that this user may choose, or might if they weren't in the trash: an old draft brings them back."""
    return choosable_assets(user) | _assets_for(user, {"choose"}, in_trash=True)


def may_see_library(user: User) -> bool:
    """Whether the library is of any use to this user: whether they may do anything with assets of any kind."""
    return any(policy_registry.get_by_type(model).user_has_any_permission(user, ANYTHING) for model in KINDS)


def _assets_for(user: User, permissions: set[str], *, in_trash: bool = False) -> QuerySet[Asset]:
    """What the policies of the four kinds say, asked of the columns of ``Asset`` alone: there may be 100,000 rows."""
    assets = Asset.objects.filter(trashed_at__isnull=not in_trash)
    if not (user.is_active and user.is_authenticated):
        return assets.none()
    if user.is_superuser:
        return assets
    # To delete takes the same permission as to change.
    actions = {"change" if action == "delete" else action for action in permissions}
    paths = dict(Collection.objects.values_list("pk", "path"))
    reach: dict[tuple[frozenset[int], frozenset[int]], list[str]] = {}
    for model in KINDS:
        policy = policy_registry.get_by_type(model)
        own = _within(policy, user, {"add"}, paths) if "change" in actions else frozenset()
        reach.setdefault((_within(policy, user, actions, paths), own), []).append(model.KIND)
    allowed = Q(pk__in=[])
    # Mostly, the same holds for all kinds, and one short condition is left.
    for (all_in, own_in), kinds in reach.items():
        of_kinds = Q(kind__in=kinds) if len(reach) > 1 else Q()
        allowed |= of_kinds & (Q(collection__in=all_in) | Q(collection__in=own_in - all_in, uploaded_by_user=user.pk))
    return assets.filter(allowed)


def _within(policy: Any, user: User, actions: set[str], paths: dict[int, str]) -> frozenset[int]:
    """Ids of the collections in which the user was given one of these permissions, there or above.

    Not those that the policy tells: among them are those where the user may only change what is theirs.
    """
    given = tuple({one.collection.path for one in policy._get_user_permission_objects_for_actions(user, actions)})
    return frozenset(pk for pk, path in paths.items() if path.startswith(given))


def permitted_assets(user: AbstractBaseUser | AnonymousUser, permission: str) -> QuerySet[Asset]:
    """The assets of any kind to which this user may do this."""
    return _assets_for(user, {permission})
