"""What resembles an asset."""

from enum import Enum

from django.db.models import QuerySet

from media_library.models import Asset
from media_library.related.looks import looking_alike, same_file
from media_library.related.moment import same_place, same_time
from media_library.related.scoring import Related, best
from media_library.related.tags import tagged_alike
from media_library.related.uses import used_together, used_together_in_public


class Audience(Enum):
    """Who is told. When and where something was taken, and what drafts and closed pages use, isn't for visitors."""

    EDITORS = "editors"
    VISITORS = "visitors"


def related(
    asset: Asset, among: QuerySet[Asset], limit: int = 12, *, audience: Audience = Audience.EDITORS
) -> list[Related]:
    """What resembles an asset most, of those in ``among``: what the one who asks may see. Never the asset itself.

    In a fixed number of queries. Notes the cache tags of what decides it.
    """
    found = [same_file(asset, among), looking_alike(asset)]
    if audience is Audience.EDITORS:
        found += [same_time(asset, among), same_place(asset, among)]
    found.append(tagged_alike(asset))
    found.append(used_together(asset) if audience is Audience.EDITORS else used_together_in_public(asset))
    return best(found, among, limit)
