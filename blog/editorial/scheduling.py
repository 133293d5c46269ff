"""Schedules: what goes live and what ends, each page by itself."""

import logging
from collections.abc import Callable, Iterable

from django.apps import apps
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from wagtail.models import DraftStateMixin, Page, Revision

from blog.editorial.permissions import User

logger = logging.getLogger(__name__)


def do_what_is_due() -> tuple[int, int]:
    """Publish and take off what schedules ask for; return how many of each.

    As Wagtail's command ``publish_scheduled``, with each page in a transaction of its own: one that fails is logged,
    tried again at the next run, and keeps no other waiting. What begins comes before what ends, so that nothing
    that is over is seen again after a machine was down.
    """
    due = Revision.objects.filter(approved_go_live_at__lt=timezone.now()).order_by("approved_go_live_at")
    begun = _each(due, lambda revision: revision.publish(log_action="wagtail.publish.scheduled"))
    ended = 0
    for model in (Page, *_drafted_models()):
        over = model.objects.filter(live=True, expire_at__lt=timezone.now()).order_by("expire_at")
        ended += _each(over, _take_off)
    return begun, ended


def unschedule(page: Page, user: User | None = None) -> int:
    """Take a page's revisions out of the schedule, with a note in its history; return how many there were."""
    revisions = list(page.revisions.filter(approved_go_live_at__isnull=False))
    for revision in revisions:
        revision.approved_go_live_at = None
        revision.save(user=user, update_fields=["approved_go_live_at"])
    return len(revisions)


def _take_off(instance: DraftStateMixin) -> None:
    instance = getattr(instance, "specific", instance)
    instance.unpublish(set_expired=True, log_action="wagtail.unpublish.scheduled")


def _drafted_models() -> Iterable[type[DraftStateMixin]]:
    return (one for one in apps.get_models() if issubclass(one, DraftStateMixin) and not issubclass(one, Page))


def _each(due: QuerySet, do: Callable[..., object]) -> int:
    done = 0
    for pk in list(due.values_list("pk", flat=True)):
        try:
            with transaction.atomic():
                # Another worker may have done it meanwhile, or somebody may have taken it back.
                found = due.select_for_update(of=("self",)).filter(pk=pk).first()
                if found is not None:
                    do(found)
                    done += 1
        except Exception:
            logger.exception("What was scheduled for %s %s is not done", due.model._meta.label, pk)
    return done
