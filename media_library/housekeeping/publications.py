"""Whoever has asked to publish something when it is ready is written to: it is live, or why not."""

import logging
from collections.abc import Iterator
from functools import partial
from smtplib import SMTPException
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.admin.admin_url_finder import AdminURLFinder

from media_library.housekeeping import letters
from media_library.models import WaitingPublication

logger = logging.getLogger(__name__)

State = WaitingPublication.State


def tell_of_publications() -> int:
    """Write of what has ended and wasn't told of yet; return how many. Mail that fails is tried again."""
    told = 0
    ended = WaitingPublication.objects.filter(state__in=(State.PUBLISHED, State.REFUSED), told_at=None)
    for one in ended.select_related("revision__user", "asked_by"):
        mine = WaitingPublication.objects.filter(pk=one.pk)
        # Another worker may be at it.
        if not mine.filter(told_at=None).update(told_at=timezone.now()):
            continue
        reader = one.asked_by or one.revision.user
        if reader is None or not (reader.is_active and reader.email):
            continue
        try:
            letters.write(reader, partial(_letter, one, reader))
        except (OSError, SMTPException):
            logger.exception("Could not write to %s of %s", reader, one)
            mine.update(told_at=None)
            continue
        told += 1
    return told


def _letter(ended: WaitingPublication, reader: Any) -> letters.Letter:
    names = {"title": ended.revision.object_str}
    if ended.state == State.PUBLISHED:
        return _("“%(title)s” is published") % names, _lines(ended, reader, _("Its media are ready, and so it is."))
    return _("“%(title)s” was not published") % names, _lines(ended, reader, ended.reason, _("The draft is kept."))


def _lines(ended: WaitingPublication, reader: Any, *sentences: str) -> Iterator[str]:
    yield from sentences
    instance = ended.revision.content_object
    if url := AdminURLFinder(reader).get_edit_url(instance):
        yield ""
        yield letters.link(url)
