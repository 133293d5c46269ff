"""What is used together: on the same pages and in the same sets, live or in a draft."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import partial
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page, ReferenceIndex

from media_library.cache_tags import USED, record
from media_library.models import Asset, MediaUsage
from media_library.related.scoring import Hits, Reason, of_places

PLACES = 20
"""Of what is used everywhere, so many places are looked at, the newest ones,"""

IN_ALL_PLACES = 2_000
"""and so many uses of other assets in all of them."""

Place = tuple[int, str]
"""Content type and id of an object."""


def used_together(asset: Asset) -> Hits:
    """In three queries."""
    references = ReferenceIndex.objects.filter(to_content_type=ContentType.objects.get_for_model(Asset))
    rows = references.filter(to_object_id=str(asset.pk)).order_by("-pk")
    live = set(rows.values_list("base_content_type", "object_id")[:PLACES])
    drafts = MediaUsage.objects.filter(asset=asset.pk).order_by("-pk").values("revision")
    uses = MediaUsage.objects.filter(revision__in=drafts[:PLACES]).values_list(
        "revision__base_content_type", "revision__object_id", "asset"
    )
    return _together(asset, [*_uses(references, live), *uses[:IN_ALL_PLACES]])


def used_together_in_public(asset: Asset) -> Hits:
    """On live pages that everybody may see. In three queries."""
    record(f"{USED}-{asset.pk}")
    pages = ContentType.objects.get_for_model(Page)
    references = ReferenceIndex.objects.filter(
        to_content_type=ContentType.objects.get_for_model(Asset), base_content_type=pages
    )
    rows = references.filter(to_object_id=str(asset.pk)).order_by("-pk").values_list("object_id", flat=True)
    ids = {key for key in rows[:PLACES] if key.isdecimal()}
    public = Page.objects.live().public().filter(pk__in=ids).values_list("pk", flat=True) if ids else ()
    return _together(asset, _uses(references, {(pages.pk, str(pk)) for pk in public}))


def _uses(references: QuerySet[ReferenceIndex], places: Iterable[Place]) -> Iterator[tuple[int, str, int]]:
    """Content type, id, and id of an asset that is used there."""
    by_type: dict[int, list[str]] = defaultdict(list)
    for content_type, key in places:
        by_type[content_type].append(key)
    if not by_type:
        return
    there = Q()
    for content_type, keys in by_type.items():
        there |= Q(base_content_type=content_type, object_id__in=keys)
    rows = references.filter(there).values_list("base_content_type", "object_id", "to_object_id")
    for content_type, key, used in rows[:IN_ALL_PLACES]:
        # What rich text names as an id need not be a number.
        if used.isdecimal():
            yield content_type, key, int(used)


def _together(asset: Asset, uses: Iterable[tuple[Any, str, int]]) -> Hits:
    """By the number of places, and by how few are used there."""
    places: dict[Place, set[int]] = defaultdict(set)
    for content_type, key, used in uses:
        places[content_type, key].add(used)
    numbers: dict[int, list[int]] = defaultdict(list)
    for there in places.values():
        for used in there - {asset.pk}:
            numbers[used].append(len(there))
    reason = partial(Reason, "used_together", _("used together"))
    return {used: reason(of_places(each)) for used, each in numbers.items()}
