"""Publish when ready: a revision that nothing but unfinished media stand against goes live as soon as they are done.

The row (``WaitingPublication``) is the truth. Media that are ready send a signal, and a task looks whether somebody
waits for them; beat looks at all rows every minute, so that nothing is lost with a message or a worker. Publishing and
the end of waiting are one transaction, which begins with a conditional UPDATE: two workers publish once.
"""

import logging
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.actions import action_registry
from wagtail.actions.publish_revision import PublishRevisionAction
from wagtail.log_actions import log
from wagtail.models import DraftStateMixin, Revision

from media_library.exceptions import NotPublishable
from media_library.models import WaitingPublication
from media_library.publishing.checks import obstacles, refusal, require_publishable
from media_library.publishing.readiness import only_unfinished, unfinished

logger = logging.getLogger(__name__)

State = WaitingPublication.State

LOG_WAIT = "media_library.publish.wait"
LOG_CANCEL = "media_library.publish.cancel"
LOG_REFUSED = "media_library.publish.refused"
LOG_HELD_BACK = "media_library.publish.held_back"


def publish_when_ready(revision: Revision, user: Any = None) -> WaitingPublication:
    """Publish a revision now, or as soon as its media are ready; what waited of the same object waits no more.

    It is published with what ``user`` may do then; None is nobody who has to be asked. Raises ``PermissionDenied`` for
    somebody who may not publish now, and ``NotPublishable`` where something stands against it that time doesn't heal.
    """
    _action(revision, user).check(skip_permission_checks=user is None)
    instance = revision.as_object()
    found = obstacles(instance)
    if found and not only_unfinished(found):
        raise refusal(instance, found)
    with transaction.atomic():
        _rows(instance).filter(state=State.WAITING).update(state=State.CANCELLED, ended_at=timezone.now())
        _rows(instance).exclude(state=State.WAITING).delete()
        waiting = WaitingPublication.objects.create(
            base_content_type_id=revision.base_content_type_id,
            object_id=revision.object_id,
            revision=revision,
            asked_by=user,
        )
        waiting.assets.set({concern.asset.pk for concern in found})
        if found:
            log(instance=instance, action=LOG_WAIT, user=user, revision=revision)
        else:
            attempt(waiting)
    return waiting


def waiting_for(instance: DraftStateMixin) -> WaitingPublication | None:
    """What waits of this object, or what became of the last that did; None where there is neither."""
    return _rows(instance).select_related("revision", "asked_by").order_by("-asked_at", "-pk").first()


def progress(waiting: WaitingPublication) -> tuple[int, int]:
    """Of how many media it still waits, and how many these were."""
    return unfinished(waiting.assets.all()).count(), waiting.assets.count()


def cancel(instance: DraftStateMixin, user: Any = None) -> bool:
    """Wait no more; whether anything was waiting."""
    ended = _rows(instance).filter(state=State.WAITING).update(state=State.CANCELLED, ended_at=timezone.now())
    if ended:
        log(instance=instance, action=LOG_CANCEL, user=user)
    return bool(ended)


def may_publish(instance: DraftStateMixin, user: Any) -> bool:
    """Whether this user may publish the object now."""
    revision = instance.get_latest_revision()
    try:
        _action(revision, user).check()
    except PermissionDenied:
        return False
    return True


def awaited(asset_id: int | None = None) -> QuerySet[WaitingPublication]:
    """What waits, for this asset or for any."""
    waiting = WaitingPublication.objects.filter(state=State.WAITING)
    return waiting if asset_id is None else waiting.filter(assets=asset_id)


def publish_awaited(waiting: Iterable[WaitingPublication]) -> None:
    """Publish what is ready. One that goes wrong is logged, and tried again later."""
    for one in waiting:
        try:
            attempt(one)
        except Exception:
            logger.exception("%s could not be published and waits on", one)


def attempt(waiting: WaitingPublication) -> str:
    """Publish if nothing stands against it any more, or note why it can't be; return the state in which it is then."""
    revision = waiting.revision
    instance = revision.as_object()
    if only_unfinished(obstacles(instance)):
        return State.WAITING
    try:
        with transaction.atomic():
            # First, so that another worker waits here, and finds that it is done.
            if not _end(waiting, State.PUBLISHED):
                return waiting.state
            require_publishable(instance)
            _action(revision, waiting.asked_by).execute(skip_permission_checks=waiting.asked_by is None)
    except (NotPublishable, PermissionDenied, ValidationError, IntegrityError) as error:
        waiting.state = State.WAITING
        if isinstance(error, NotPublishable) and only_unfinished(error.obstacles):
            # Somebody has just given one of them another file.
            return State.WAITING
        with transaction.atomic():
            if _end(waiting, State.REFUSED, _reason(error)):
                log(instance=instance, action=LOG_REFUSED, revision=revision, data={"reason": waiting.reason})
    return waiting.state


def hold_back() -> list[tuple[Revision, NotPublishable]]:
    """Take what can't be published any more out of the schedule, and return it; before scheduled things are published.

    A right may end after somebody has scheduled, or a picture get another file. What only has to be finished is
    published when it is; otherwise the draft stays, and its history says why.
    """
    held = []
    due = Revision.objects.filter(approved_go_live_at__lt=timezone.now()).order_by("approved_go_live_at")
    for revision in due:
        instance = revision.as_object()
        try:
            require_publishable(instance)
        except NotPublishable as error:
            with transaction.atomic():
                Revision.objects.filter(pk=revision.pk).update(approved_go_live_at=None)
                if only_unfinished(error.obstacles):
                    publish_when_ready(revision)
                    continue
                log(instance=instance, action=LOG_HELD_BACK, revision=revision, data={"reason": str(error)})
            held.append((revision, error))
    return held


def _end(waiting: WaitingPublication, state: str, reason: str = "") -> bool:
    now = timezone.now()
    mine = WaitingPublication.objects.filter(pk=waiting.pk, state=State.WAITING)
    if mine.update(state=state, reason=reason, ended_at=now):
        waiting.state, waiting.reason, waiting.ended_at = state, reason, now
        return True
    waiting.refresh_from_db(fields=["state", "reason", "ended_at"])
    return False


def _reason(error: Exception) -> str:
    if isinstance(error, NotPublishable):
        return " ".join(concern.sentence for concern in error.obstacles)
    if isinstance(error, PermissionDenied):
        return _("Whoever asked for it may not publish it any more.")
    if isinstance(error, ValidationError):
        return " ".join(error.messages)
    return _("Something else was saved meanwhile that doesn't go with it. Open it and publish it again.")


def _action(revision: Revision, user: Any) -> PublishRevisionAction:
    """As Wagtail's API v3 publishes, so that whoever registers another action is asked here, too."""
    instance = revision.as_object()
    kinds = action_registry.get_actions_for_model(type(instance))
    return kinds.get("publish", PublishRevisionAction)(revision, user=user)


def _rows(instance: DraftStateMixin) -> QuerySet[WaitingPublication]:
    return WaitingPublication.objects.filter(
        base_content_type=instance.get_base_content_type(), object_id=str(instance.pk)
    )
