"""What a chooser offers before anything is searched for: what this user had lately, and what resembles the choice.

Each within what the user may choose, and each a handful of queries, whatever the size of the library.
"""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Count, QuerySet
from django.utils import timezone
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from taggit.models import TaggedItem

from media_library.admin.choosing.kinds import MODELS
from media_library.fingerprints import near
from media_library.models import Asset, RecentChoice

SHOWN = 12
"""Of each: as many as fit into the modal without paging."""

KEPT_CHOICES = 50
"""Of each user; older ones are forgotten."""

SAME_MOMENT = timedelta(hours=1)

LOOKS_ALIKE = gettext_lazy("looks alike")

Reason = tuple[int, Any]
"""The id of an asset, and why it is offered."""


def remember_choice(user: Any, assets: Iterable[Asset]) -> None:
    """Note that this user has just chosen these assets."""
    now = timezone.now()
    choices = [RecentChoice(user=user, asset_id=asset.pk, chosen_at=now) for asset in assets]
    RecentChoice.objects.bulk_create(
        choices, update_conflicts=True, unique_fields=["user", "asset"], update_fields=["chosen_at"]
    )
    mine = RecentChoice.objects.filter(user=user)
    kept = mine.order_by("-chosen_at", "-pk").values_list("pk", flat=True)[:KEPT_CHOICES]
    mine.exclude(pk__in=list(kept)).delete()


def recently_chosen(choosable: QuerySet[Asset], user: Any) -> QuerySet[Asset]:
    """What this user chose last, the latest first."""
    mine = choosable.filter(recent_choices__user=user)
    return mine.order_by("-recent_choices__chosen_at", "-pk")[:SHOWN]


def recently_uploaded(choosable: QuerySet[Asset], user: Any) -> QuerySet[Asset]:
    """What this user uploaded last, the latest first."""
    return choosable.filter(uploaded_by_user=user).order_by("-created_at", "-pk")[:SHOWN]


def similar(choosable: QuerySet[Asset], chosen: Asset) -> dict[Asset, str]:
    """What resembles an asset, the nearest first, each with the reasons."""
    others = choosable.exclude(pk=chosen.pk)
    reasons: dict[int, list[Any]] = {}
    for found_by in (_looking_alike, _of_the_same_moment, _with_the_same_tags):
        for asset_id, reason in found_by(others, chosen):
            reasons.setdefault(asset_id, []).append(reason)
    # What looks alike comes first, as it was found; of the others, those with most reasons.
    nearest = sorted(reasons, key=lambda one: (LOOKS_ALIKE not in reasons[one], -len(reasons[one])))[:SHOWN]
    found = others.in_bulk(nearest)
    return {found[one]: ", ".join(map(str, reasons[one])) for one in nearest if one in found}


def _looking_alike(others: QuerySet[Asset], chosen: Asset) -> list[Reason]:
    ids = [asset_id for asset_id, _distance in near(chosen)]
    choosable = set(others.filter(pk__in=ids).values_list("pk", flat=True))
    return [(asset_id, LOOKS_ALIKE) for asset_id in ids if asset_id in choosable][:SHOWN]


def _of_the_same_moment(others: QuerySet[Asset], chosen: Asset) -> list[Reason]:
    if chosen.taken_at is None:
        return []
    moment = chosen.taken_at
    before = others.filter(taken_at__lte=moment, taken_at__gte=moment - SAME_MOMENT).order_by("-taken_at", "-pk")
    after = others.filter(taken_at__gt=moment, taken_at__lte=moment + SAME_MOMENT).order_by("taken_at", "pk")
    found: list[tuple[int, Any]] = [
        row for side in (before, after) for row in side.values_list("pk", "taken_at")[:SHOWN]
    ]
    found.sort(key=lambda row: abs(row[1] - moment))
    return [(asset_id, _("taken at the same time")) for asset_id, _taken_at in found[:SHOWN]]


def _with_the_same_tags(others: QuerySet[Asset], chosen: Asset) -> list[Reason]:
    tags = dict(chosen.specific.tags.values_list("pk", "name"))
    if not tags:
        return []
    kinds = [content_type.pk for content_type in ContentType.objects.get_for_models(*MODELS.values()).values()]
    tagged = TaggedItem.objects.filter(tag__in=list(tags), content_type__in=kinds)
    shared = tagged.filter(object_id__in=others.values("pk")).values("object_id").annotate(shared=Count("tag"))
    ids = list(shared.order_by("-shared", "-object_id").values_list("object_id", flat=True)[:SHOWN])
    names: dict[int, set[str]] = {}
    for asset_id, tag_id in tagged.filter(object_id__in=ids).values_list("object_id", "tag"):
        names.setdefault(asset_id, set()).add(tags[tag_id])
    return [
        (asset_id, _("tagged %(tags)s") % {"tags": get_text_list(sorted(names.get(asset_id, ())), _("and"))})
        for asset_id in ids
    ]
