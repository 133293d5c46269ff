"""Which URLs were answered with which tags, for CDNs that forget by URL only."""

import hashlib
import logging
from collections import OrderedDict
from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from django.db import DatabaseError, transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from cms.delivery.models import DeliveredTag, DeliveredURL
from cms.delivery.tags import ALL

logger = logging.getLogger(__name__)

KEPT = timedelta(days=2)
"""Far longer than any CDN may keep an answer of the API (``Cache-Control``); each new one is noted anew."""


_noted: OrderedDict[str, float] = OrderedDict()
"""What this process has remembered, and when that was made: a hit touches no database."""

MOST_NOTED = 20_000


def note(request: HttpRequest, entry: Any, **kwargs: Any) -> None:
    """Receives ``response_delivered``."""
    url = request.build_absolute_uri()
    if _noted.get(url) != entry.made_at and remember(url, entry.tags):
        _noted[url] = entry.made_at
        if len(_noted) > MOST_NOTED:
            with suppress(KeyError):
                _noted.popitem(last=False)


def remember(url: str, tags: Iterable[str]) -> bool:
    """Note what stands at an absolute URL, and return whether that is noted.

    A database that can't take it doesn't keep the answer from its reader.
    """
    wanted = set(tags) - {ALL}
    digest = hashlib.sha256(url.encode()).hexdigest()
    try:
        with transaction.atomic():
            row, is_new = DeliveredURL.objects.update_or_create(digest=digest, defaults={"url": url})
            present = set() if is_new else set(row.tags.values_list("tag", flat=True))
            row.tags.filter(tag__in=present - wanted).delete()
            DeliveredTag.objects.bulk_create(
                [DeliveredTag(url=row, tag=tag) for tag in sorted(wanted - present)], ignore_conflicts=True
            )
    except DatabaseError:
        logger.warning(
            "A CDN may keep %s until it expires: what it is made of could not be noted.", url, exc_info=True
        )
        return False
    return True


def made_of(tags: Iterable[str]) -> QuerySet[DeliveredURL]:
    """What was delivered with any of these tags."""
    wanted = set(tags)
    if ALL in wanted:
        return DeliveredURL.objects.all()
    return DeliveredURL.objects.filter(pk__in=DeliveredTag.objects.filter(tag__in=wanted).values("url"))


def forget(urls: Iterable[str], before: datetime) -> None:
    """Drop those that a CDN has forgotten, unless they were delivered again since ``before``."""
    digests = [hashlib.sha256(url.encode()).hexdigest() for url in urls]
    for start in range(0, len(digests), 500):
        DeliveredURL.objects.filter(digest__in=digests[start : start + 500], delivered_at__lt=before).delete()


def forget_old() -> None:
    DeliveredURL.objects.filter(delivered_at__lt=timezone.now() - KEPT).delete()
