"""The one door for all that makes answers stale."""

import logging
from collections.abc import Iterable
from functools import partial
from typing import Any

from django.db import transaction

from cms.delivery import others, versions
from cms.delivery.models import Change

logger = logging.getLogger(__name__)


def announce(tags: Iterable[str], event: str = "", subject: dict[str, Any] | None = None) -> None:
    """Tell caches, CDN and webhooks, once the transaction is committed, that what was made of ``tags`` is stale.

    ``event`` is what webhooks call it (``page.published``), and ``subject`` what it happened to.
    """
    change = Change.objects.create(event=event, subject=subject or {}, tags=sorted(set(tags)))
    transaction.on_commit(partial(tell, [change]), robust=True)


def tell(changes: Iterable[Change]) -> None:
    """Tell everybody of these, and forget them; what another process has told meanwhile is not told twice."""
    changes = list(changes)
    versions.bump({tag for change in changes for tag in change.tags})
    with transaction.atomic():
        ours = Change.objects.filter(pk__in=[change.pk for change in changes])
        others.queue(list(ours.select_for_update().order_by("pk")))
        ours.delete()
