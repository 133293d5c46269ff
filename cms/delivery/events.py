"""What webhooks are told of: the names of events, and the body that goes with each."""

from typing import Any
from uuid import UUID

from django.db import models
from django.utils.translation import gettext_lazy as _

from cms.delivery.models import Change


class Event(models.TextChoices):
    """Names are public: receivers choose by them."""

    PAGE_PUBLISHED = "page.published", _("A page is published, or published anew")
    PAGE_UNPUBLISHED = "page.unpublished", _("A page is unpublished")
    PAGE_DELETED = "page.deleted", _("A page that was live is deleted")
    PAGE_MOVED = "page.moved", _("A live page is moved, or its address changes")
    ASSET_READY = "asset.ready", _("A media file is ready to be shown")
    ASSET_FAILED = "asset.failed", _("A media file could not be processed")
    ASSET_REPLACED = "asset.replaced", _("A media file is replaced by another one")
    ASSET_DELETED = "asset.deleted", _("A media file is deleted")


TEST = "webhook.test"
"""What the button in the admin sends."""


def body_of(change: Change, event_id: UUID) -> dict[str, Any]:
    """What receivers get of a change::

        {
          "id": "0b6f…", "event": "page.published", "created": "2026-11-26T10:15:00+00:00",
          "subject": {"type": "blog.PostPage", "id": 7, "title": "Harbour", "urls": ["https://…/harbour/"]},
          "urls": ["https://…/harbour/"],
          "tags": ["page-7", "pages-blog.postpage-in-5"]
        }

    ``urls`` are the addresses at which something has changed, as far as they are known; ``tags`` are those of
    ``Cache-Tag`` headers, and name every answer of the API that has changed.
    """
    subject = {key: change.subject.get(key) for key in ("type", "id", "title")}
    own = list(change.subject.get("urls") or [])
    affected = change.subject.get("affected_urls") or []
    return {
        "id": str(event_id),
        "event": change.event,
        "created": change.created_at.isoformat(),
        "subject": subject | {"urls": own},
        "urls": list(dict.fromkeys([*own, *affected])),
        "tags": change.tags,
    }
