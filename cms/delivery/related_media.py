"""Whose related media are others when an asset comes or goes, is tagged otherwise, or is used by another page.

See docs/invalidation.md.
"""

from collections.abc import Collection, Iterable
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import CharField, Model
from django.db.models.functions import Cast
from django.db.models.signals import m2m_changed
from taggit.models import TaggedItem
from wagtail.models import Page, ReferenceIndex

from cms.delivery.changes import announce
from media_library.cache_tags import ALIKE, TAGGED, USED
from media_library.fingerprints import near
from media_library.models import Asset
from media_library.signals import looks_changed
from media_library.usage import assets_of

MANY = 5
"""Of more assets that come at once, nobody looks for what resembles each of them."""


def connect() -> None:
    m2m_changed.connect(tell_of_tags, sender=TaggedItem)
    looks_changed.connect(tell_of_looks)


def tell_of_looks(**kwargs: Any) -> None:
    announce([ALIKE])


def tell_of_tags(instance: Any, action: str, pk_set: set[int] | None, **kwargs: Any) -> None:
    if not isinstance(instance, Asset):
        return
    if action == "pre_clear":
        announce(_tagged(_items([instance.pk]).values_list("tag", flat=True)))
    elif action in ("post_add", "post_remove") and pk_set:
        announce(_tagged(pk_set))


def by_coming(asset_ids: Collection[int]) -> set[str]:
    """What these assets may be related to, as they come, or have other files."""
    if len(asset_ids) > MANY:
        return {ALIKE}
    found = by_going(asset_ids)
    for asset in Asset.objects.filter(pk__in=asset_ids):
        found |= {f"{ALIKE}-{pk}" for pk, _distance in near(asset)}
        if asset.file_hash:
            same = Asset.objects.filter(file_hash=asset.file_hash, kind=asset.kind)
            found |= {f"{ALIKE}-{pk}" for pk in same.values_list("pk", flat=True)}
    return found


def by_going(asset_ids: Collection[int]) -> set[str]:
    """What has the tags of these assets, which are rarer without them. One query.

    An answer that shows one of them has the tag of that asset itself.
    """
    return _tagged(_items(asset_ids).values_list("tag", flat=True))


def used_by(page: Page) -> set[str]:
    """What a page uses, as it is in memory; of one whose fields aren't, as it is stored."""
    if type(page) is Page or page.get_deferred_fields():
        return stored_uses(page)
    assets = ContentType.objects.get_for_model(Asset).pk
    references = ReferenceIndex._extract_references_from_object(page)
    return _used(key for target, key, *_paths in references if target == assets)


def stored_uses(page: Model) -> set[str]:
    return _used(map(str, assets_of(page)))


def used_below(path: str) -> set[str]:
    """What all pages from this path of the tree down use."""
    pages = Page.objects.filter(path__startswith=path).annotate(key=Cast("pk", CharField())).values("key")
    rows = ReferenceIndex.objects.filter(
        to_content_type=ContentType.objects.get_for_model(Asset),
        base_content_type=ContentType.objects.get_for_model(Page),
        object_id__in=pages,
    )
    return _used(rows.values_list("to_object_id", flat=True).distinct())


def _items(asset_ids: Collection[int]) -> Any:
    kinds = ContentType.objects.get_for_models(*Asset.__subclasses__()).values()
    return TaggedItem.objects.filter(object_id__in=asset_ids, content_type__in=[kind.pk for kind in kinds])


def _tagged(tag_ids: Iterable[int]) -> set[str]:
    return {f"{TAGGED}-{pk}" for pk in tag_ids}


def _used(keys: Iterable[str]) -> set[str]:
    # The id in rich text is whatever stands there.
    return {f"{USED}-{key}" for key in keys if key.isdecimal()}
