"""What has the same tags. A rare one says more than one that thousands have."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from django.contrib.contenttypes.models import ContentType
from django.db.models import QuerySet
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from taggit.models import Tag, TaggedItem

from media_library.cache_tags import TAGGED, record
from media_library.models import Asset
from media_library.related.each import of_each
from media_library.related.scoring import Hits, Reason, of_tags, rarity

NEWEST = 300
"""Of each tag, so many that were tagged last are looked at; one that more have is weighed as one of so many."""

MOST_TAGS = 16

NO_TAG = -1
"""For a tag, in what is asked of each."""


def tagged_alike(asset: Asset) -> Hits:
    """What has tags of this asset. Two queries, however many these are."""
    own = Tag.objects.filter(pk__in=_items().filter(object_id=asset.pk).values("tag")).order_by("pk")
    return having({tag.pk: tag.name for tag in own[:MOST_TAGS]}, but=asset.pk)


def having(names: Mapping[int, str], but: int | None = None) -> Hits:
    """Assets with some of these tags (names by id), by their share of what the tags weigh together. One query.

    Without the one with the id ``but``; tags that nothing else has weigh nothing.
    """
    record(*(f"{TAGGED}-{tag}" for tag in names))
    tags = sorted(names, key=names.__getitem__)
    members: dict[int, set[int]] = defaultdict(set)
    # Each walks the index of one tag from its end.
    last = _items().filter(tag=NO_TAG).order_by("-pk").values_list("object_id")[:NEWEST]
    for place, asset_id in of_each(last, NO_TAG, tags):
        members[tags[place]].add(asset_id)
    weights = {tag: rarity(len(members[tag])) for tag in tags if tag in members and members[tag] != {but}}
    shared: dict[int, tuple[int, ...]] = defaultdict(tuple)
    for tag in weights:
        for asset_id in members[tag]:
            shared[asset_id] += (tag,)
    if but is not None:
        shared.pop(but, None)
    # Hundreds of assets have the same few tags.
    reasons = {tags: _reason(tags, names, weights) for tags in set(shared.values())}
    return {asset_id: reasons[tags] for asset_id, tags in shared.items()}


def _reason(tags: Iterable[int], names: Mapping[int, str], weights: Mapping[int, float]) -> Reason:
    text = _("tagged %(tags)s") % {"tags": get_text_list([names[tag] for tag in tags], _("and"))}
    return Reason("same_tags", text, of_tags(tags, weights))


def _items() -> QuerySet[TaggedItem]:
    """Tags of assets: each is filed under the model of its kind, all of which share their ids."""
    kinds = ContentType.objects.get_for_models(*Asset.__subclasses__())
    return TaggedItem.objects.filter(content_type__in=[one.pk for one in kinds.values()])
