"""What can be done to each of many assets.

An action has its user and its parameters, and is given one asset after the other: as its concrete kind, locked, inside
a savepoint. Doing it twice does no harm. It raises a ``MediaLibraryError`` for an asset that stays as it is.
"""

from collections.abc import Mapping
from datetime import date
from functools import cached_property
from typing import Any, ClassVar
from uuid import UUID

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.log_actions import log
from wagtail.models import Collection
from wagtail.permissions import policy_registry
from wagtail.search import index

from media_library import jobs, media_collections
from media_library.deletion import restore_asset, trash_asset
from media_library.exceptions import NotChanged
from media_library.models import Asset, BulkOperation, CustomImage, MediaCollection
from media_library.models.asset import RIGHTS as TERMS_OF_USE
from media_library.signals import tell_changed

User = AbstractBaseUser | AnonymousUser

RIGHTS = ("credit", "licence", *TERMS_OF_USE)
"""Fields that say who an asset belongs to, and how it may be used."""


def may(user: User, permission: str, asset: Asset) -> bool:
    """Whether a user may do this to this very asset."""
    policy = policy_registry.get_by_type(type(asset))
    return bool(policy.user_has_permission_for_instance(user, permission, asset))


class Action:
    """``permission`` is what its user needs on each asset; ``kinds`` are those that it makes sense for."""

    permission: ClassVar[str] = "change"
    kinds: ClassVar[tuple[str, ...]] = tuple(Asset.Kind.values)
    order: ClassVar[tuple[str, ...]] = ()
    """In which order assets are taken; empty for that of the listing."""
    takes_trash: ClassVar[bool] = False
    """Whether it is for what is in the trash, and nothing else."""
    log_action: ClassVar[str] = ""

    def __init__(self, parameters: Mapping[str, Any], user: User, operation_id: UUID | None = None):
        self.parameters = parameters
        self.user = user
        self.operation_id = operation_id

    def apply(self, asset: Asset) -> None:
        """Do it to one asset, and note it in the log if anything has changed."""
        raise NotImplementedError

    def finish(self) -> None:
        """After the last asset of a batch, in the same transaction."""

    def log(self, asset: Asset, **data: Any) -> None:
        log(
            instance=asset,
            action=self.log_action,
            user=self.user,
            uuid=self.operation_id,
            data=data,
            content_changed=True,
        )


class Move(Action):
    """``{"collection": 3}``"""

    log_action = "media_library.bulk_move"

    @cached_property
    def collection(self) -> Collection | None:
        return Collection.objects.filter(pk=self.parameters["collection"]).first()

    @cached_property
    def _open_to(self) -> dict[type[Asset], bool]:
        return {}

    def _may_add(self, model: type[Asset]) -> bool:
        if model not in self._open_to:
            offered = policy_registry.get_by_type(model).collections_user_has_permission_for(self.user, "add")
            self._open_to[model] = offered.filter(pk=self.parameters["collection"]).exists()
        return self._open_to[model]

    def apply(self, asset: Asset) -> None:
        if self.collection is None:
            raise NotChanged(_("The collection has been deleted. Choose another one."))
        if asset.collection_id == self.collection.pk:
            return
        if not self._may_add(type(asset)):
            raise NotChanged(
                _("You may not add files of this kind (%(kind)s) to “%(collection)s”.")
                % {"kind": asset.get_kind_display(), "collection": self.collection.name}
            )
        before = asset.collection.name
        asset.collection = self.collection
        # Saved, so that watermark and position follow the new collection.
        asset.save(update_fields=["collection", "updated_at"])
        self.log(asset, **{"from": before, "to": self.collection.name})


class Tag(Action):
    """``{"tags": ["harbour", "night"]}``"""

    log_action = "media_library.bulk_tag"

    def apply(self, asset: Asset) -> None:
        present = {name.casefold() for name in asset.tags.names()}
        if missing := [name for name in self.parameters["tags"] if name.casefold() not in present]:
            asset.tags.add(*missing)
            _tagged(asset)
            self.log(asset, tags=missing)


class Untag(Action):
    """``{"tags": ["harbour"]}``"""

    log_action = "media_library.bulk_untag"

    def apply(self, asset: Asset) -> None:
        unwanted = {name.casefold() for name in self.parameters["tags"]}
        if found := [name for name in asset.tags.names() if name.casefold() in unwanted]:
            asset.tags.remove(*found)
            _tagged(asset)
            self.log(asset, tags=found)


def _tagged(asset: Asset) -> None:
    """Tags are rows of their own: the asset's is not written, but what searches find of it is."""
    Asset.objects.filter(pk=asset.pk).update(updated_at=timezone.now())
    index.insert_or_update_object(asset)


class SetRights(Action):
    """``{"licence": "CC BY 4.0", "expires_on": "2027-12-31", "credit": ""}``: those of ``RIGHTS`` that change."""

    log_action = "media_library.bulk_rights"

    @cached_property
    def values(self) -> dict[str, Any]:
        values = {name: self.parameters[name] for name in RIGHTS if name in self.parameters}
        if expires_on := values.get("expires_on"):
            values["expires_on"] = date.fromisoformat(expires_on)
        return values

    def apply(self, asset: Asset) -> None:
        if changed := [name for name, value in self.values.items() if getattr(asset, name) != value]:
            for name in changed:
                setattr(asset, name, self.values[name])
            asset.save(update_fields=[*changed, "updated_at"])
            self.log(asset, fields=changed)


class Collect(Action):
    """``{"media_collection": 5}``: at its end, in this order."""

    permission = "choose"

    def __init__(self, *args: Any):
        super().__init__(*args)
        self.assets: list[Asset] = []

    @cached_property
    def media_collection(self) -> MediaCollection:
        """Raises ``NotChanged`` when nothing can be added to it (any more)."""
        found = MediaCollection.objects.filter(pk=self.parameters["media_collection"]).first()
        if found is None:
            raise NotChanged(_("The media collection has been deleted. Choose another one."))
        policy = policy_registry.get_by_type(MediaCollection)
        if not policy.user_has_permission_for_instance(self.user, "change", found):
            raise NotChanged(_("You may not change “%(title)s”.") % {"title": found.title})
        return found

    def apply(self, asset: Asset) -> None:
        if self.media_collection:
            self.assets.append(asset)

    def finish(self) -> None:
        if self.assets:
            media_collections.add(self.media_collection, self.assets, self.user)


class Develop(Action):
    """Pictures are made anew in all their sizes. Of films and sounds, the poster, and what is missing: making all of a
    film anew would take it off its pages meanwhile."""

    kinds = (Asset.Kind.IMAGE, Asset.Kind.VIDEO, Asset.Kind.AUDIO)
    log_action = "media_library.bulk_develop"

    def apply(self, asset: Asset) -> None:
        # Workers get to know from the reaper.
        if isinstance(asset, CustomImage):
            jobs.redevelop(CustomImage.objects.filter(pk=asset.pk))
        elif jobs.enqueue(asset):
            Asset.objects.filter(pk=asset.pk).update(status=Asset.Status.UPLOADED, status_reason="")
            tell_changed(asset.kind, [asset.pk])
        self.log(asset)


class Delete(Action):
    """Into the trash. What is used stays."""

    permission = "delete"
    # Films before the pictures that are their posters.
    order = ("-kind", "pk")

    def apply(self, asset: Asset) -> None:
        trash_asset(asset, self.user)


class Restore(Action):
    """Out of the trash."""

    permission = "restore"
    takes_trash = True

    def apply(self, asset: Asset) -> None:
        restore_asset(asset, self.user)


ACTIONS: dict[str, type[Action]] = {
    BulkOperation.Action.MOVE: Move,
    BulkOperation.Action.TAG: Tag,
    BulkOperation.Action.UNTAG: Untag,
    BulkOperation.Action.RIGHTS: SetRights,
    BulkOperation.Action.COLLECT: Collect,
    BulkOperation.Action.DEVELOP: Develop,
    BulkOperation.Action.DELETE: Delete,
    BulkOperation.Action.RESTORE: Restore,
}

LOG_TEXTS = "media_library.bulk_texts"

LOG_ACTIONS: dict[str, tuple[str | Promise, str | Promise]] = {
    Move.log_action: (gettext_lazy("Move"), gettext_lazy("Moved to another collection")),
    Tag.log_action: (gettext_lazy("Add tags"), gettext_lazy("Tags added")),
    Untag.log_action: (gettext_lazy("Remove tags"), gettext_lazy("Tags removed")),
    SetRights.log_action: (gettext_lazy("Set rights"), gettext_lazy("Rights changed")),
    Develop.log_action: (gettext_lazy("Develop again"), gettext_lazy("Developed again")),
    LOG_TEXTS: (gettext_lazy("Edit texts"), gettext_lazy("Texts edited")),
}
"""Label and message of what Wagtail's log says of these actions; deleting and restoring have words of their own."""
