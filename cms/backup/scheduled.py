"""Backups by the clock. Beat asks often, and the place itself says when the last one was made.

So nothing is put off by beat's restarts, and what failed is tried again at the next look.
"""

import logging
from datetime import UTC, datetime, timedelta
from smtplib import SMTPException

from django.conf import settings
from django.core.cache import cache
from django.utils.translation import gettext as _

from cms.backup.errors import BackupError
from cms.backup.locking import Running
from cms.backup.making import make_backup
from cms.backup.manifest import moment_of, stamps
from cms.backup.places import place_at, told
from cms.models import User
from media_library.housekeeping import letters

logger = logging.getLogger(__name__)

TOLD = "backup:failure-told"
TOLD_SECONDS = 24 * 60 * 60
"""So often people are written to about what goes on failing."""


def make_due_backup() -> bool:
    """Back up to ``BACKUP_TO`` if it is time; return whether it was. A failure is logged, and told by mail."""
    if not settings.BACKUP_TO:
        return False
    try:
        place = place_at(settings.BACKUP_TO)
        with told(settings.BACKUP_TO):
            is_due = _is_due(stamps(place))
        if is_due:
            make_backup(place, keep=settings.BACKUP_KEEP)
    except Running:
        return False
    except Exception as error:
        logger.exception("The backup to %s failed", settings.BACKUP_TO)
        _tell(error)
        raise
    cache.delete(TOLD)
    return is_due


def _is_due(there: list[str]) -> bool:
    if not there:
        return True
    # A clock that was wrong may have put it into a year to come.
    return abs(datetime.now(UTC) - moment_of(there[-1])) >= timedelta(hours=settings.BACKUP_EVERY)


def _tell(error: Exception) -> None:
    """Write to all superusers, once a day. What isn't a ``BackupError`` may hold anything, and stays in the log."""
    if not cache.add(TOLD, True, TOLD_SECONDS):
        return
    reason = str(error) if isinstance(error, BackupError) else type(error).__name__
    for user in User.objects.filter(is_superuser=True, is_active=True).exclude(email=""):
        try:
            letters.write(user, lambda: (_("The backup failed"), _lines(reason)))
        except (OSError, SMTPException):
            logger.exception("Could not write to %s that the backup failed", user)


def _lines(reason: str) -> list[str]:
    return [
        _("No backup of this site could be made:"),
        "",
        reason,
        "",
        _("It is tried again every ten minutes; the next letter comes in a day. The log tells more."),
    ]
