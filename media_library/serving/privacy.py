"""Which collections are not open to everybody."""

from collections.abc import Iterable

from django.db.models import Q
from wagtail.models import Collection, CollectionViewRestriction

from media_library.models import Asset


def collections_below(restrictions: Iterable[CollectionViewRestriction]) -> set[int]:
    """Ids of the restricted collections with all that is below them. No query where there is no restriction."""
    roots = [one.collection_id for one in restrictions]
    if not roots:
        return set()
    paths = Collection.objects.filter(pk__in=roots).values_list("path", flat=True)
    below = Q(pk__in=[])
    for path in paths:
        below |= Q(path__startswith=path)
    return set(Collection.objects.filter(below).values_list("pk", flat=True))


def restrictions_of(asset_id: int) -> list[CollectionViewRestriction]:
    """What stands between a visitor and an asset; one query where nothing is private at all."""
    restrictions = list(CollectionViewRestriction.objects.select_related("collection"))
    if not restrictions:
        return []
    path = Collection.objects.filter(pk__in=Asset.objects.filter(pk=asset_id).values("collection")).values_list(
        "path", flat=True
    )
    here = path.first() or ""
    return [one for one in restrictions if here.startswith(one.collection.path)]
