"""How long an API token is good for. Wagtail's are good until they are revoked; ``API_TOKEN_DAYS`` ends them.

Both APIs ask here at each request, so that none outlives its last day; beat then revokes it, and the admin shows that.
"""

import logging
from datetime import datetime, timedelta

from django.utils import timezone
from wagtail.log_actions import log
from wagtail.models import APIToken

from media_library.conf import conf

logger = logging.getLogger(__name__)


def is_too_old(token: APIToken) -> bool:
    """Whether the days of a token are over, whether it is revoked yet or not."""
    oldest = _made_after()
    return oldest is not None and token.created < oldest


def revoke_old_tokens() -> int:
    """From beat: revoke the tokens whose days are over, each with a line in Wagtail's log; return how many."""
    oldest = _made_after()
    if oldest is None:
        return 0
    old = list(APIToken.objects.filter(revoked_at__isnull=True, created__lt=oldest))
    for token in old:
        token.revoke()
        log(token, "wagtail.apitoken.revoke", data={"reason": "too old", "days": conf.API_TOKEN_DAYS})
        logger.info("The API token %s is too old, and is revoked", token.pk)
    return len(old)


def _made_after() -> datetime | None:
    """The moment since which a token that is good was made; None if tokens have no end."""
    return timezone.now() - timedelta(days=conf.API_TOKEN_DAYS) if conf.API_TOKEN_DAYS else None
