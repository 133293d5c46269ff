"""What a chooser offers before anything is searched for: what this user had lately. Within what they may choose."""

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from media_library.models import Asset, RecentChoice

SHOWN = 12
"""Of each: as many as fit into the modal without paging."""

KEPT_CHOICES = 50
"""Of each user; older ones are forgotten."""


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
