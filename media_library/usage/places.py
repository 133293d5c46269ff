"""Where an asset is used.

Wagtail's reference index knows what the rows of pages, snippets, settings and assets refer to; ``MediaUsage`` knows
the same of their latest drafts and scheduled revisions. What counts is decided on reading, by the object's columns:

- the row, if the object is live, or if it has no draft that will take the row's place;
- the latest revision, if the object has unpublished changes;
- a revision that is approved to go live later.

An asset in the trash still refers to its poster or watermark. That counts only when it is asked for (``with_trash``).
Older revisions don't count. A model that is no page, snippet, setting or asset of ours is seen after
``ReferenceIndex.register_model``.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import FieldDoesNotExist
from django.db.models import CASCADE, PROTECT, RESTRICT, Model, TextChoices
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.admin_url_finder import AdminURLFinder
from wagtail.models import DraftStateMixin, ReferenceIndex
from wagtail.permissions import policy_registry

from media_library.models import Asset, MediaUsage

User = AbstractBaseUser | AnonymousUser
Source = tuple[int, str]
"""An object that refers to assets: the content type of its base model, and its primary key as text."""


class State(TextChoices):
    LIVE = "live", gettext_lazy("Live")
    SCHEDULED = "scheduled", gettext_lazy("Scheduled")
    DRAFT = "draft", gettext_lazy("Draft")
    TRASHED = "trashed", gettext_lazy("In the trash")


@dataclass(frozen=True)
class Field:
    """One field or block that holds the asset: its name for an editor, and Wagtail's paths to it.

    ``content_path`` is that in the content (``body.6f2d….image``), ``model_path`` that in the model, the same for all
    objects (``body.gallery.item.image``).
    """

    name: str
    content_path: str
    model_path: str


@dataclass(frozen=True)
class Place:
    """An object that uses an asset, in one state. Of one that the user may not see, only kind and state are told.

    ``since`` is when that draft was saved, or that live version published; None where nobody noted it.
    ``goes_live_at`` is that of a scheduled revision. ``source`` names the object itself, whatever its state.
    """

    source: Source
    object: Model | None
    title: str
    kind: str
    edit_url: str | None
    fields: tuple[Field, ...]
    state: State
    since: datetime | None
    goes_live_at: datetime | None


@dataclass(frozen=True)
class _Use:
    """One reference that counts."""

    source: Source
    reference: ReferenceIndex
    state: State
    since: datetime | None = None
    goes_live_at: datetime | None = None


def usage_counts(asset_ids: Iterable[int], *, with_trash: bool = False) -> dict[int, int]:
    """How many objects use each of these assets, by id; 0 for one that nothing uses.

    Two queries, one for assets among these objects, and one for each kind of object with drafts (all pages are one
    kind), whatever the number of assets.
    """
    found = _uses(asset_ids, with_trash)
    return {asset_id: len({use.source for use in uses}) for asset_id, uses in found.items()}


def places(asset: Asset, user: User | None = None, limit: int | None = None) -> list[Place]:
    """Where an asset is used: what is live first, then scheduled, then drafts; an object once for each of its states.

    With a ``user``, objects that they may neither edit nor choose are counted, but not named. ``limit`` is how many
    places are looked up at most. One query for each model among them, and those of ``usage_counts``.
    """
    return places_in_bulk([asset.pk], user, limit)[asset.pk]


def places_in_bulk(
    asset_ids: Iterable[int], user: User | None = None, limit: int | None = None, *, with_trash: bool = False
) -> dict[int, list[Place]]:
    """``places`` of several assets by id, at most ``limit`` for each, in as many queries as for one."""
    groups = {asset_id: _group(uses)[:limit] for asset_id, uses in _uses(asset_ids, with_trash).items()}
    objects = _fetch(uses[0] for several in groups.values() for uses in several)
    finder = AdminURLFinder(user)
    return {
        asset_id: [_place(uses, objects[uses[0].source], finder) for uses in several if uses[0].source in objects]
        for asset_id, several in groups.items()
    }


def _group(uses: Iterable[_Use]) -> list[list[_Use]]:
    """References of one object in one state belong together."""
    grouped: dict[tuple[State, Source], list[_Use]] = defaultdict(list)
    for use in uses:
        grouped[use.state, use.source].append(use)
    order = list(State)
    return sorted(grouped.values(), key=lambda uses: (order.index(uses[0].state), uses[0].source))


def _uses(asset_ids: Iterable[int], with_trash: bool) -> dict[int, list[_Use]]:
    found: dict[int, list[_Use]] = {asset_id: [] for asset_id in asset_ids}
    assets = ContentType.objects.get_for_model(Asset)
    rows = list(ReferenceIndex.objects.filter(to_content_type=assets, to_object_id__in=[str(one) for one in found]))
    # A picture doesn't keep itself.
    rows = [row for row in rows if (row.base_content_type_id, row.object_id) != (assets.pk, row.to_object_id)]
    drafts = list(
        MediaUsage.objects.filter(asset__in=list(found)).select_related("revision").defer("revision__content")
    )
    standing = _standing([*rows, *(draft.revision for draft in drafts)])
    trashed = _trashed(row.object_id for row in rows if row.base_content_type_id == assets.pk)
    for row in rows:
        if row.base_content_type_id == assets.pk and row.object_id in trashed:
            use = _Use((assets.pk, row.object_id), row, State.TRASHED) if with_trash else None
        else:
            use = _in_row(row, standing)
        if use is not None:
            found[int(row.to_object_id)].append(use)
    for draft in drafts:
        if (use := _in_revision(draft, standing)) is not None:
            found[draft.asset_id].append(use)
    return found


def _trashed(ids: Iterable[str]) -> set[str]:
    """Those of the assets that are in the trash."""
    wanted = set(ids)
    if not wanted:
        return set()
    trashed = Asset.objects.filter(pk__in=wanted, trashed_at__isnull=False)
    return {str(pk) for pk in trashed.values_list("pk", flat=True)}


def _in_row(row: ReferenceIndex, standing: dict[Source, dict[str, Any]]) -> _Use | None:
    source = (row.base_content_type_id, row.object_id)
    model = _model(row.content_type_id)
    if model is None:
        return None
    if not issubclass(model, DraftStateMixin):
        return _Use(source, row, State.LIVE)
    state = standing.get(source)
    if state is None:
        return None
    if state["live"]:
        return _Use(source, row, State.LIVE, since=state["last_published_at"])
    if state["has_unpublished_changes"] and state["latest_revision"] and not takes_along(row):
        # Publishing writes the draft over it.
        return None
    return _Use(source, row, State.DRAFT)


def _in_revision(draft: MediaUsage, standing: dict[Source, dict[str, Any]]) -> _Use | None:
    revision = draft.revision
    source = (revision.base_content_type_id, revision.object_id)
    state = standing.get(source)
    if state is None:
        return None
    # Only to say where: it is never saved.
    reference = ReferenceIndex(
        content_type_id=revision.content_type_id,
        base_content_type_id=revision.base_content_type_id,
        object_id=revision.object_id,
        model_path=draft.model_path,
        content_path=draft.content_path,
    )
    if revision.approved_go_live_at is not None:
        return _Use(source, reference, State.SCHEDULED, revision.created_at, revision.approved_go_live_at)
    if state["has_unpublished_changes"] and state["latest_revision"] == revision.pk:
        return _Use(source, reference, State.DRAFT, revision.created_at)
    return None


def _standing(sources: Iterable[Any]) -> dict[Source, dict[str, Any]]:
    """How objects with drafts stand, by source: whether they are live, which revision is the latest, …

    What isn't there any more is left out. ``sources`` are rows of the index or revisions.
    """
    wanted: dict[tuple[type[Model], int], set[str]] = defaultdict(set)
    for one in sources:
        model = _model(one.content_type_id)
        if model is not None and issubclass(model, DraftStateMixin):
            # Of whatever type, pages have these columns in one table.
            owner = model._meta.get_field("latest_revision").model
            wanted[owner, one.base_content_type_id].add(one.object_id)
    columns = ("pk", "live", "has_unpublished_changes", "latest_revision", "last_published_at")
    return {
        (base, str(row["pk"])): row
        for (owner, base), ids in wanted.items()
        for row in owner._base_manager.filter(pk__in=ids).values(*columns)
    }


def takes_along(row: ReferenceIndex) -> bool:
    """Whether the database would refuse to delete the asset, or delete its referrer, too."""
    try:
        return row.on_delete in (CASCADE, PROTECT, RESTRICT)
    except (FieldDoesNotExist, LookupError):
        return False


def _fetch(uses: Iterable[_Use]) -> dict[Source, Model]:
    wanted: dict[int, set[str]] = defaultdict(set)
    for use in uses:
        wanted[use.reference.content_type_id].add(use.reference.object_id)
    found: dict[Source, Model] = {}
    for content_type_id, ids in wanted.items():
        model = _model(content_type_id)
        if model is not None:
            base = ReferenceIndex._get_base_content_type(model).pk
            found |= {(base, str(one.pk)): one for one in model._base_manager.filter(pk__in=ids)}
    return found


def _place(uses: list[_Use], found: Model, finder: AdminURLFinder) -> Place:
    use = uses[0]
    edit_url = finder.get_edit_url(found)
    kind = str(found._meta.verbose_name)
    fields: tuple[Field, ...] = ()
    is_shown = edit_url is not None or finder.user is None or may_see(finder.user, found)
    if is_shown:
        title = str(getattr(found, "get_admin_display_title", found.__str__)())
        fields = tuple({one.reference.content_path: describe_field(one.reference) for one in uses}.values())
    else:
        title = _("(Private %(object)s)") % {"object": kind}
    return Place(
        source=use.source,
        object=found if is_shown else None,
        title=title,
        kind=str(capfirst(kind)),
        edit_url=edit_url,
        fields=fields,
        state=use.state,
        since=use.since,
        goes_live_at=use.goes_live_at,
    )


def may_see(user: User, found: Model) -> bool:
    """Whether somebody may know of an object that they can't open in the admin."""
    policy = policy_registry.get(found)
    if isinstance(found, Asset) and found.trashed_at:
        return policy.user_has_permission_for_instance(user, "restore", found)
    return bool(policy and policy.user_has_any_permission_for_instance(user, {"change", "view", "choose"}, found))


def describe_field(reference: ReferenceIndex) -> Field:
    """One field or block, for editors and programs."""
    try:
        name = str(reference.describe_source_field())
    except (FieldDoesNotExist, LookupError):
        # The index remembers a field or a block that the code has no more.
        name = reference.model_path
    return Field(name, reference.content_path, reference.model_path)


def _model(content_type_id: int) -> type[Model] | None:
    return ContentType.objects.get_for_id(content_type_id).model_class()
