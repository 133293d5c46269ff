"""Media that nothing uses: since when, announced, and in the end in the trash. Off unless an operator asks for it.

Nobody notes the moment at which the last page lets go of an asset, so a daily look notes what it finds unused. The
clock of each begins there, and begins anew whenever something has used it in between.
"""

import logging
from collections import defaultdict
from collections.abc import Iterable
from datetime import timedelta
from functools import partial
from smtplib import SMTPException
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from media_library.conf import conf
from media_library.deletion import trash_asset
from media_library.exceptions import AssetInUse
from media_library.housekeeping import letters
from media_library.models import Asset, UnusedAsset
from media_library.usage import unused

logger = logging.getLogger(__name__)

BATCH = 500
NAMED = 50
"""Titles in one message at most."""


def note_unused() -> None:
    """Begin the clock of what nothing uses, and stop that of what is used again or is in the trash."""
    idle = unused(Asset.objects.filter(trashed_at=None))
    UnusedAsset.objects.exclude(asset__in=idle.values("pk")).delete()
    now = timezone.now()
    while fresh := list(idle.filter(unused=None).order_by("pk").values_list("pk", flat=True)[:BATCH]):
        # Kept from endless by the rows; one that a second process has written is as good as ours.
        UnusedAsset.objects.bulk_create(
            (UnusedAsset(asset_id=asset_id, since=now) for asset_id in fresh), ignore_conflicts=True
        )


def clean_up_unused() -> int:
    """Announce what has been unused for long, and put in the trash what was announced long enough ago.

    Returns how many went. What has been used again in the meantime stays, whatever its row says.
    """
    note_unused()
    if not conf.UNUSED_CLEANUP_DAYS:
        # Whoever switches it on again begins with an announcement.
        UnusedAsset.objects.exclude(announced_at=None).update(announced_at=None)
        return 0
    gone = 0
    for row in due_for_trash().select_related("asset").order_by("pk").iterator(BATCH):
        try:
            trash_asset(row.asset)
        except AssetInUse:
            row.delete()
        else:
            gone += 1
            logger.info("Asset %s (%s) went to the trash: unused since %s", row.pk, row.asset.filename, row.since)
    UnusedAsset.objects.filter(asset__trashed_at__isnull=False).delete()
    announce()
    return gone


def announce() -> None:
    """Tell whoever uploaded it, or the administrators, what will go to the trash if nothing happens."""
    early = timezone.now() - timedelta(days=max(0, conf.UNUSED_CLEANUP_DAYS - conf.UNUSED_NOTICE_DAYS))
    waiting = UnusedAsset.objects.filter(is_kept=False, announced_at=None, since__lte=early)
    by_uploader: dict[Any, list[Asset]] = defaultdict(list)
    for row in waiting.select_related("asset", "asset__uploaded_by_user").order_by("pk"):
        user = row.asset.uploaded_by_user
        by_uploader[user if user and user.is_active and user.email else None].append(row.asset)
    for user, assets in by_uploader.items():
        try:
            for recipient in [user] if user else _administrators():
                letters.write(recipient, partial(_letter, assets))
        except (OSError, SMTPException):
            # What nobody was told of may not go: tomorrow again.
            logger.exception("Unused media could not be announced")
            continue
        told = UnusedAsset.objects.filter(pk__in=[asset.pk for asset in assets])
        told.update(announced_at=timezone.now())


def announced() -> QuerySet[UnusedAsset]:
    """What goes to the trash soon, for the board."""
    return UnusedAsset.objects.filter(is_kept=False, announced_at__isnull=False)


def due_for_trash() -> QuerySet[UnusedAsset]:
    now = timezone.now()
    return announced().filter(
        Q(announced_at__lte=now - timedelta(days=conf.UNUSED_NOTICE_DAYS)),
        since__lte=now - timedelta(days=conf.UNUSED_CLEANUP_DAYS),
    )


def goes_at(row: UnusedAsset) -> Any:
    """When an announced asset goes to the trash."""
    return max(
        (row.announced_at or timezone.now()) + timedelta(days=conf.UNUSED_NOTICE_DAYS),
        row.since + timedelta(days=conf.UNUSED_CLEANUP_DAYS),
    )


def keep(assets: QuerySet[Asset]) -> int:
    """Let these stay although nothing uses them."""
    return UnusedAsset.objects.filter(asset__in=assets.values("pk")).update(is_kept=True, announced_at=None)


def _administrators() -> Iterable[Any]:
    return get_user_model()._default_manager.filter(is_superuser=True, is_active=True).exclude(email="")


def _letter(assets: list[Asset]) -> letters.Letter:
    day = date_format(timezone.localtime() + timedelta(days=conf.UNUSED_NOTICE_DAYS))
    subject = ngettext(
        "%(number)s file that nothing uses goes to the trash soon",
        "%(number)s files that nothing uses go to the trash soon",
        len(assets),
    ) % {"number": len(assets)}
    more = len(assets) - NAMED
    return subject, [
        _("Nothing has used these for a long time, so they go to the trash on %(day)s:") % {"day": day},
        "",
        *(f"- {asset.title} ({asset.filename})" for asset in assets[:NAMED]),
        *([_("and %(number)s more") % {"number": more}] if more > 0 else []),
        "",
        _("What is used again stays, and so does what you keep here:"),
        letters.link(reverse("media_library_health")),
    ]
