"""What a chooser offers before anything is searched for: what this user had lately, and what resembles the choice.

Each within what the user may choose, and each a handful of queries, whatever the size of the library.
"""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any, NamedTuple

from django.contrib.contenttypes.models import ContentType
from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from taggit.models import TaggedItem
from wagtail.models import ReferenceIndex

from media_library.admin.choosing.kinds import MODELS
from media_library.admin.library.searching import matching
from media_library.fingerprints import near
from media_library.models import Asset, RecentChoice

SHOWN = 12
"""Of each: as many as fit into the modal without paging."""

KEPT_CHOICES = 50
"""Of each user; older ones are forgotten."""

SAME_MOMENT = timedelta(hours=1)

USERS_LOOKED_AT, CANDIDATES = 50, 500
"""Of what is used on every page, so many pages are asked what else they use, and so many of these are looked at."""


class Reason(NamedTuple):
    """Why an asset is offered: a word for programs, and words for editors."""

    code: str
    text: Any


SAME_FILE = Reason("same_file", gettext_lazy("the same file"))
LOOKS_ALIKE = Reason("looks_alike", gettext_lazy("looks alike"))
SAME_TIME = Reason("same_time", gettext_lazy("taken at the same time"))
SAME_PLACE = Reason("same_place", gettext_lazy("taken at the same place"))
USED_TOGETHER = Reason("used_together", gettext_lazy("used together"))

Found = list[tuple[int, Reason]]
"""Ids of assets, the nearest first, each with why it is offered."""


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


def similar(choosable: QuerySet[Asset], chosen: Asset, limit: int = SHOWN) -> dict[Asset, list[Reason]]:
    """What resembles an asset, the nearest first, each with the reasons. Looks at ``limit`` of each reason."""
    others = choosable.exclude(pk=chosen.pk)
    reasons: dict[int, list[Reason]] = {}
    for found_by in FINDERS:
        for asset_id, reason in found_by(others, chosen, limit):
            reasons.setdefault(asset_id, []).append(reason)
    # What looks alike comes first, as it was found; of the others, those with most reasons.
    nearest = sorted(
        reasons, key=lambda one: (not {SAME_FILE, LOOKS_ALIKE}.intersection(reasons[one]), -len(reasons[one]))
    )[:limit]
    found = others.in_bulk(nearest)
    return {found[one]: reasons[one] for one in nearest if one in found}


def _the_same_file(others: QuerySet[Asset], chosen: Asset, limit: int) -> Found:
    if not chosen.file_hash:
        return []
    same = others.filter(kind=chosen.kind, file_hash=chosen.file_hash).order_by("pk")
    return [(asset_id, SAME_FILE) for asset_id in same.values_list("pk", flat=True)[:limit]]


def _looking_alike(others: QuerySet[Asset], chosen: Asset, limit: int) -> Found:
    ids = [asset_id for asset_id, _distance in near(chosen)]
    choosable = set(others.filter(pk__in=ids).values_list("pk", flat=True))
    return [(asset_id, LOOKS_ALIKE) for asset_id in ids if asset_id in choosable][:limit]


def _of_the_same_moment(others: QuerySet[Asset], chosen: Asset, limit: int) -> Found:
    if chosen.taken_at is None:
        return []
    moment = chosen.taken_at
    before = others.filter(taken_at__lte=moment, taken_at__gte=moment - SAME_MOMENT).order_by("-taken_at", "-pk")
    after = others.filter(taken_at__gt=moment, taken_at__lte=moment + SAME_MOMENT).order_by("taken_at", "pk")
    found: list[tuple[int, Any]] = [
        row for side in (before, after) for row in side.values_list("pk", "taken_at")[:limit]
    ]
    found.sort(key=lambda row: abs(row[1] - moment))
    return [(asset_id, SAME_TIME) for asset_id, _taken_at in found[:limit]]


def _of_the_same_place(others: QuerySet[Asset], chosen: Asset, limit: int) -> Found:
    """By the name of the city, which the search index knows; no index leads to a position."""
    city = chosen.metadata.get("city")
    if not city:
        return []
    there = matching(others, city).filter(metadata__city=city).order_by("-created_at", "-pk")
    return [(asset_id, SAME_PLACE) for asset_id in there.values_list("pk", flat=True)[:limit]]


def _tagged_alike(others: QuerySet[Asset], chosen: Asset, limit: int) -> Found:
    tags = dict(chosen.specific.tags.values_list("pk", "name"))
    if not tags:
        return []
    kinds = [content_type.pk for content_type in ContentType.objects.get_for_models(*MODELS.values()).values()]
    tagged = TaggedItem.objects.filter(tag__in=list(tags), content_type__in=kinds)
    shared = tagged.filter(object_id__in=others.values("pk")).values("object_id").annotate(shared=Count("tag"))
    ids = list(shared.order_by("-shared", "-object_id").values_list("object_id", flat=True)[:limit])
    names: dict[int, set[str]] = {}
    for asset_id, tag_id in tagged.filter(object_id__in=ids).values_list("object_id", "tag"):
        names.setdefault(asset_id, set()).add(tags[tag_id])
    return [
        (
            asset_id,
            Reason(
                "same_tags",
                _("tagged %(tags)s") % {"tags": get_text_list(sorted(names.get(asset_id, ())), _("and"))},
            ),
        )
        for asset_id in ids
    ]


def _used_with(others: QuerySet[Asset], chosen: Asset, limit: int) -> Found:
    """In the same pages and sets, by the reference index: those that share most of them with it."""
    assets = ContentType.objects.get_for_model(Asset)
    references = ReferenceIndex.objects.filter(to_content_type=assets)
    users = list(
        references.filter(to_object_id=str(chosen.pk))
        .order_by("-pk")
        .values_list("base_content_type", "object_id")[:USERS_LOOKED_AT]
    )
    by_type: dict[int, list[str]] = {}
    for content_type_id, object_id in users:
        by_type.setdefault(content_type_id, []).append(object_id)
    there = Q(pk__in=[])
    for content_type_id, ids in by_type.items():
        there |= Q(base_content_type=content_type_id, object_id__in=ids)
    shared = references.filter(there).values("to_object_id").annotate(shared=Count("object_id", distinct=True))
    # What rich text names as an id need not be a number.
    rows = shared.order_by("-shared", "to_object_id").values_list("to_object_id", flat=True)[:CANDIDATES]
    ids_there = [int(key) for key in rows if key.isdecimal()]
    choosable = set(others.filter(pk__in=ids_there).values_list("pk", flat=True))
    return [(asset_id, USED_TOGETHER) for asset_id in ids_there if asset_id in choosable][:limit]


FINDERS = (_the_same_file, _looking_alike, _of_the_same_moment, _of_the_same_place, _tagged_alike, _used_with)
