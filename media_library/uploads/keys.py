"""Requests that are sent again: a key that a program makes up for each file stands for what came of it, for a day.

As draft-ietf-httpapi-idempotency-key-header has it. The key's row is written in the transaction that makes the thing,
so two requests at once wait for each other in the database, on whichever machines they are.
"""

import hashlib
import json
from datetime import timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from media_library.exceptions import KeyReused
from media_library.models import IdempotencyKey

KEPT_HOURS = 24


def take(user: Any, key: str, request: Any) -> tuple[IdempotencyKey, bool]:
    """The row of this key, inside a transaction, and whether it is new; the thing is then made, and put into it.

    ``request`` is what must be the same when it is sent again, as JSON takes it. Raises ``KeyReused`` where it isn't.
    """
    mine = IdempotencyKey.objects.filter(user=user, key=_digest(key))
    mine.filter(created_at__lt=_oldest()).delete()
    fingerprint = _digest(json.dumps(request, sort_keys=True))
    row, is_new = IdempotencyKey.objects.select_related("asset", "upload").get_or_create(
        user=user, key=_digest(key), defaults={"fingerprint": fingerprint}
    )
    if row.fingerprint != fingerprint:
        raise KeyReused(_("This idempotency key was used for another request before. Make a new one for each file."))
    return row, is_new


def forget_old() -> int:
    """Delete the keys that nobody will send again; return how many."""
    return IdempotencyKey.objects.filter(created_at__lt=_oldest()).delete()[0]


def _oldest() -> Any:
    return timezone.now() - timedelta(hours=KEPT_HOURS)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
