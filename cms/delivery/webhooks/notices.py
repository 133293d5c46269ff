"""Mail to whoever may do something about a webhook."""

import logging
from functools import partial
from smtplib import SMTPException

from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail.permissions import policy_registry

from cms.delivery.models import Webhook
from media_library.housekeeping import letters

logger = logging.getLogger(__name__)


def tell_of_switching_off(webhook: Webhook, notice: str) -> None:
    """Write that a webhook was switched off, and why. Mail that can't be sent is in the log; the page says it, too."""
    policy = policy_registry.get_by_type(Webhook)
    for user in policy.users_with_permission("change").select_related("wagtail_userprofile"):
        if not user.email:
            continue
        try:
            letters.write(user, partial(_letter, webhook, notice))
        except (OSError, SMTPException):
            logger.exception("Could not write to user %s that webhook %s was switched off", user.pk, webhook.pk)


def _letter(webhook: Webhook, notice: str) -> letters.Letter:
    return _("The webhook “%(name)s” was switched off") % {"name": webhook.name}, [
        notice,
        _("What changes from now on is not told to %(url)s. Switch it on again here:") % {"url": webhook.url},
        letters.link(reverse("webhooks:edit", args=[webhook.pk])),
    ]
