"""Rights that have ended on what is live: nothing is taken off by itself, so whoever may change it is told, once."""

import logging
from collections import defaultdict
from collections.abc import Iterator
from functools import partial
from smtplib import SMTPException
from typing import Any

from django.conf import settings
from django.db.models import CharField, Exists, OuterRef, QuerySet
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.admin.admin_url_finder import AdminURLFinder
from wagtail.log_actions import log
from wagtail.models import ModelLogEntry
from wagtail.permissions import policy_registry

from media_library.housekeeping import letters
from media_library.models import Asset
from media_library.rights import expired
from media_library.usage import Place, State, places_in_bulk

logger = logging.getLogger(__name__)

LOG_TOLD = "media_library.rights_ended"
"""Stands in the history of an asset of which somebody was told; a right that is extended and ends is told again."""

BATCH = 200
NAMED = 20
PLACES_NAMED = 5

NOTIFICATIONS = (
    "submitted_notifications",
    "approved_notifications",
    "rejected_notifications",
    "updated_comments_notifications",
)
"""Wagtail's choices of what to be told by mail; who wants none of it wants no mail."""


def tell_of_ended_rights() -> int:
    """Write to whoever may change what is live without a right to it, and wasn't told of yet; return how many assets.

    Mail that could not be sent is tried again the next time.
    """
    told: set[int] = set()
    for user, assets in _by_reader(_live(_untold())).items():
        try:
            letters.write(user, partial(_letter, user, assets))
        except (OSError, SMTPException):
            logger.exception("Could not write to %s that rights have ended", user)
            continue
        told.update(asset.pk for asset in assets)
    for asset in Asset.objects.filter(pk__in=told):
        log(instance=asset.specific, action=LOG_TOLD)
    return len(told)


def _untold() -> QuerySet[Asset]:
    since = ModelLogEntry.objects.filter(
        action=LOG_TOLD,
        object_id=Cast(OuterRef("pk"), CharField()),
        timestamp__date__gt=OuterRef("expires_on"),
    )
    return Asset.objects.filter(~Exists(since), expired(), trashed_at=None).order_by("pk")


def _live(assets: QuerySet[Asset]) -> Iterator[Asset]:
    """Those that something shows: a live page, a snippet, a setting."""
    ids = list(assets.values_list("pk", flat=True))
    for start in range(0, len(ids), BATCH):
        found = places_in_bulk(ids[start : start + BATCH])
        shown = [pk for pk, places in found.items() if any(place.state == State.LIVE for place in places)]
        yield from Asset.objects.filter(pk__in=shown).order_by("pk")


def _by_reader(assets: Iterator[Asset]) -> dict[Any, list[Asset]]:
    readers: dict[Any, list[Asset]] = defaultdict(list)
    for asset in assets:
        specific = asset.specific
        policy = policy_registry.get(specific)
        for user in policy.users_with_permission_for_instance("change", specific).select_related(
            "wagtail_userprofile"
        ):
            if _wants_mail(user):
                readers[user].append(asset)
    return readers


def _wants_mail(user: Any) -> bool:
    if not (user.is_active and user.email):
        return False
    if user.is_superuser and not getattr(settings, "WAGTAILADMIN_NOTIFICATION_INCLUDE_SUPERUSERS", True):
        return False
    profile = getattr(user, "wagtail_userprofile", None)
    return profile is None or any(getattr(profile, name) for name in NOTIFICATIONS)


def _letter(user: Any, assets: list[Asset]) -> letters.Letter:
    subject = ngettext(
        "The right to a file that is shown has ended",
        "The rights to %(number)s files that are shown have ended",
        len(assets),
    ) % {"number": len(assets)}
    return subject, _lines(user, assets)


def _lines(user: Any, assets: list[Asset]) -> Iterator[str]:
    yield _("These may not be shown any more, and still are. Replace them, take them out, or extend the right:")
    # Also, viewsets tell where things are edited once addresses were read.
    everything = letters.link(f"{reverse('media_library_index')}?{urlencode({'expiring': 'over', 'unused': 'false'})}")
    finder = AdminURLFinder(user)
    found = places_in_bulk([asset.pk for asset in assets[:NAMED]], user)
    for asset in assets[:NAMED]:
        last = date_format(asset.expires_on) if asset.expires_on else ""
        yield ""
        yield _("“%(title)s”, until %(day)s:") % {"title": asset.title, "day": last}
        yield letters.link(finder.get_edit_url(asset.specific))
        shown = [place for place in found[asset.pk] if place.state == State.LIVE]
        yield from (_line(place) for place in shown[:PLACES_NAMED])
        if len(shown) > PLACES_NAMED:
            yield _("- and %(number)s more") % {"number": len(shown) - PLACES_NAMED}
    yield ""
    if len(assets) > NAMED:
        yield _("and %(number)s more") % {"number": len(assets) - NAMED}
    yield _("All of them:")
    yield everything


def _line(place: Place) -> str:
    return f"- {place.title} ({place.kind})" + (f": {letters.link(place.edit_url)}" if place.edit_url else "")
