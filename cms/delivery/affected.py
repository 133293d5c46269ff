"""Addresses at which visitors see something of a page or an asset, for the bodies of webhooks. A bounded number."""

from collections import defaultdict
from collections.abc import Iterable

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db.models import Model
from wagtail.models import Page, ReferenceIndex

from media_library.models import Asset

MOST = 50
"""Pages whose addresses are told for one object; a logo may be on every page."""


def urls_of_page(page: Page) -> list[str]:
    """Where the page itself is seen: by visitors, and in the API. Absolute addresses."""
    return [url for url in (_seen_at(page), detail_url(type(page), page.pk)) if url]


def urls_beside_page(page: Page) -> list[str]:
    """Live pages that link to it or show it, the page above it, and its translations."""
    beside = Page.objects.filter(pk__in=_pages_that_use(Page, [page.pk]).get(page.pk, ()))
    above = Page.objects.filter(path=page.path[: -Page.steplen])
    translations = page.get_translations() if settings.WAGTAIL_I18N_ENABLED else Page.objects.none()
    return _urls((beside | above | translations).exclude(pk=page.pk))


def urls_of_assets(assets: Iterable[Asset]) -> dict[int, list[str]]:
    """Where each asset is seen, by its id: in the API, and on the live pages that use it. A few queries for all."""
    assets = list(assets)
    users = _pages_that_use(Asset, [asset.pk for asset in assets])
    wanted = {pk for pages in users.values() for pk in pages}
    pages = Page.objects.live().filter(pk__in=wanted).defer_streamfields().specific()
    seen = {page.pk: url for page in pages if (url := _seen_at(page))}
    return {
        asset.pk: [
            *filter(None, [detail_url(type(asset.specific), asset.pk)]),
            *(seen[pk] for pk in users.get(asset.pk, ()) if pk in seen),
        ]
        for asset in assets
    }


def detail_url(model: type[Model], pk: int) -> str | None:
    """The address in ``/api/v2/``; None for what has none."""
    # It imports all that has an address.
    from cms.api import api_v2

    path = api_v2.get_object_detail_urlpath(model, pk)
    return f"{settings.WAGTAILAPI_BASE_URL}{path}" if path else None


def _seen_at(page: Page) -> str | None:
    return page.specific_deferred.get_full_url() or None


def _urls(pages: Iterable[Page]) -> list[str]:
    found = pages.live().defer_streamfields().specific()[:MOST]  # type: ignore[attr-defined]
    return list(dict.fromkeys(url for page in found if (url := _seen_at(page))))


def _pages_that_use(model: type[Model], ids: list[int]) -> dict[int, list[int]]:
    """Ids of pages by that of what they use; at most ``MOST`` for each on average."""
    rows = ReferenceIndex.objects.filter(
        to_content_type=ContentType.objects.get_for_model(model),
        to_object_id__in=[str(pk) for pk in ids],
        base_content_type=ContentType.objects.get_for_model(Page),
    )
    found: dict[int, list[int]] = defaultdict(list)
    distinct = rows.order_by("to_object_id", "object_id").values_list("to_object_id", "object_id").distinct()
    for used, user in distinct[: MOST * len(ids)]:
        if len(found[int(used)]) < MOST:
            found[int(used)].append(int(user))
    return found
