"""What was taken together: within the hour, on the same spot, in the same city. For editors only.

Neither a position nor a distance is told; positions are known of what is in collections that keep them.
"""

from datetime import datetime, timedelta
from math import asin, cos, radians, sin, sqrt
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from media_library.models import Asset
from media_library.related.indexed import newest_with_all
from media_library.related.scoring import Hits, Reason

HOUR, HALF_DAY = timedelta(hours=1), timedelta(hours=12)

EACH_SIDE = 100
"""Before and after, so many are looked at: bursts have more."""

AT_ONCE, HALVED_BY = 0.6, timedelta(minutes=10)
"""Strength of what was taken in the same second, and after what time it is half as much."""

ON_THE_SPOT, SPOT_METRES = 0.5, 200
IN_CITY, OF_CITY = 0.25, 300

EARTH_METRES = 6_371_000


def same_time(asset: Asset, among: QuerySet[Asset]) -> Hits:
    """Within an hour: the nearer in time, the more alike."""
    moment = asset.taken_at
    if moment is None:
        return {}
    return {
        pk: Reason("same_time", _("taken at the same time"), AT_ONCE * 0.5 ** (abs(taken_at - moment) / HALVED_BY))
        for pk, taken_at in _around(among, moment, HOUR, "taken_at")
        if pk != asset.pk
    }


def same_place(asset: Asset, among: QuerySet[Asset]) -> Hits:
    """In the same city by its name; or on the same spot, on the same day, where both positions are kept."""
    hits: dict[int, Reason] = {}
    if city := asset.metadata.get("city"):
        # The search index knows names of cities.
        found = among.filter(pk__in=newest_with_all(city, OF_CITY), metadata__city=city)
        hits |= dict.fromkeys(found.order_by().values_list("pk", flat=True), _reason(IN_CITY))
    here, moment = asset.metadata.get("gps"), asset.taken_at
    if here and moment:
        for pk, there in _around(among, moment, HALF_DAY, "metadata__gps"):
            if there and _metres(here, there) <= SPOT_METRES:
                hits[pk] = _reason(ON_THE_SPOT)
    hits.pop(asset.pk, None)
    return hits


def _reason(strength: float) -> Reason:
    return Reason("same_place", _("taken at the same place"), strength)


def _around(among: QuerySet[Asset], moment: datetime, within: timedelta, column: str) -> list[tuple[int, Any]]:
    """Ids and a column of the nearest in time."""
    before = among.filter(taken_at__lte=moment, taken_at__gte=moment - within).order_by("-taken_at", "-pk")
    after = among.filter(taken_at__gt=moment, taken_at__lte=moment + within).order_by("taken_at", "pk")
    return [row for side in (before, after) for row in side.values_list("pk", column)[:EACH_SIDE]]


def _metres(one: dict[str, float], other: dict[str, float]) -> float:
    """Between two positions in degrees, on a sphere (haversine: Sinnott, "Virtues of the Haversine", 1984)."""
    north, there_north = radians(one["latitude"]), radians(other["latitude"])
    east = radians(other["longitude"] - one["longitude"])
    half = sin((there_north - north) / 2) ** 2 + cos(north) * cos(there_north) * sin(east / 2) ** 2
    return 2 * EARTH_METRES * asin(sqrt(min(1.0, half)))
