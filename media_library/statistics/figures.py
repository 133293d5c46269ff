"""Sums over the assets that somebody may see: each a query or two, whatever their number."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import BigIntegerField, Count, DateField, F, Q, QuerySet, Sum
from django.db.models.functions import Cast, Coalesce, TruncDay
from django.utils import timezone

from media_library.models import Asset, AssetStatistics

WEEKLY_FROM = 120
"""Days from which on weeks are shown: more points than that are no longer told apart."""

NUMBERS = ("views", "plays", "downloads", "bytes")


@dataclass(frozen=True)
class Period:
    """The last so many days, today among them, in days or in weeks (which begin on Mondays)."""

    days: int

    @property
    def today(self) -> date:
        return timezone.localdate()

    @property
    def first(self) -> date:
        """The first day of the first step."""
        return self.step(self.today - timedelta(days=self.days - 1))

    @property
    def begin(self) -> datetime:
        return timezone.make_aware(datetime.combine(self.first, time.min))

    @property
    def in_weeks(self) -> bool:
        return self.days > WEEKLY_FROM

    def steps(self) -> Iterator[date]:
        """The first day of each step."""
        day = self.first
        while day <= self.today:
            yield day
            day += timedelta(days=7 if self.in_weeks else 1)

    def step(self, day: date) -> date:
        """The step in which a day lies."""
        return day - timedelta(days=day.weekday()) if self.in_weeks else day


def uploads(assets: QuerySet[Asset], period: Period) -> Mapping[tuple[date, str], int]:
    """How many assets came in, by step and kind."""
    rows = assets.filter(created_at__gte=period.begin).order_by()
    counted: Counter[tuple[date, str]] = Counter()
    days = rows.values("kind", day=TruncDay("created_at", output_field=DateField()))
    for row in days.annotate(number=Count("pk")):
        counted[period.step(row["day"]), row["kind"]] += row["number"]
    return counted


@dataclass(frozen=True)
class Stored:
    """What assets take, in bytes, and how many they are."""

    number: int = 0
    originals: int = 0
    renditions: int = 0
    transcodes: int = 0
    versions: int = 0
    shown: int = 0
    polished: int = 0

    @property
    def bytes(self) -> int:
        return self.originals + self.renditions + self.transcodes + self.versions

    def __add__(self, other: "Stored") -> "Stored":
        return Stored(*(getattr(self, name) + getattr(other, name) for name in self.__dataclass_fields__))


def storage(assets: QuerySet[Asset]) -> dict[tuple[int, str], Stored]:
    """What assets take, by collection and kind. ``polished`` is what polishing saved, ``shown`` what visitors get."""
    sums = {
        "number": Count("pk"),
        "originals": Sum("file_size"),
        "renditions": Sum("storage__renditions"),
        "transcodes": Sum("storage__transcodes"),
        "versions": Sum("storage__versions"),
        # What is not measured yet is neither saved nor wasted.
        "shown": Sum(Coalesce("storage__shown", "file_size")),
        "polished": Sum("bytes_saved"),
    }
    # By the column itself, SQLite would go through the index of folders, and from there to each row, which takes long.
    folders: Any = assets.order_by().values("kind", folder=Cast("collection", BigIntegerField()))
    rows = folders.annotate(**{f"sum_{name}": sums[name] for name in sums})
    return {(row["folder"], row["kind"]): Stored(**{name: row[f"sum_{name}"] or 0 for name in sums}) for row in rows}


def total(stored: Mapping[tuple[int, str], Stored], kind: str | None = None) -> Stored:
    """All of it together, or of one kind."""
    return sum((one for (_collection, its), one in stored.items() if kind in (None, its)), start=Stored())


def seen(assets: QuerySet[Asset], period: Period) -> Mapping[date, Mapping[str, int]]:
    """Views, plays, downloads and bytes, by step."""
    found: dict[date, Counter[str]] = {}
    for row in _statistics(assets, period).values("day").annotate(**_sums()):
        # Weeks are made here: SQLite would call Python for each row.
        found.setdefault(period.step(row.pop("day")), Counter()).update(row)
    return found


def most_seen(assets: QuerySet[Asset], period: Period, number: int = 10) -> dict[int, dict[str, int]]:
    """Ids of the assets that were seen or played most, with how often, in that order."""
    rows = _statistics(assets, period).values("asset").annotate(**_sums())
    ordered = rows.annotate(times=F("sum_views") + F("sum_plays")).order_by("-times", "-sum_bytes", "asset")[:number]
    return {row.pop("asset"): row for row in ordered}


def _statistics(assets: QuerySet[Asset], period: Period) -> QuerySet[AssetStatistics]:
    theirs = Q(asset__in=assets.order_by().values("pk"))
    return AssetStatistics.objects.filter(theirs, day__gte=period.first).order_by()


def _sums(names: Sequence[str] = NUMBERS) -> dict[str, Sum]:
    return {f"sum_{name}": Sum(name) for name in names}
