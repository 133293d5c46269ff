"""Putting one asset in the place of another wherever it is used: "replace everywhere with …".

Each object is rewritten in a transaction of its own, under a lock. What has drafts gets new revisions by that user:
what is live is published again, a newer draft stays a draft, what is scheduled stays scheduled, and what is in
moderation stays in moderation.
"""

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Model
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from wagtail.actions.publish_page_revision import PublishPageRevisionAction
from wagtail.actions.publish_revision import PublishRevisionAction
from wagtail.admin.utils import get_user_display_name
from wagtail.locks import BaseLock, BasicLock, ScheduledForPublishLock, WorkflowLock
from wagtail.log_actions import log
from wagtail.models import DraftStateMixin, LockableMixin, Page, Revision, RevisionMixin, WorkflowMixin
from wagtail.permissions import policy_registry

from media_library.exceptions import MediaLibraryError, NotReplaced
from media_library.models import Asset
from media_library.usage.places import Place, Source, User, places
from media_library.usage.substitution import refers, substitute

logger = logging.getLogger(__name__)

LOG_REPLACE = "media_library.replace_everywhere"

Rewriter = Callable[[Any, Asset, Asset, User | None], None]

_by_hand: dict[type[Model], Rewriter] = {}


def rewrite_by(model: type[Model], rewriter: Rewriter) -> None:
    """Objects of this model are not simply saved: ``rewriter(object, old, new, user)`` does it, in the transaction."""
    _by_hand[model] = rewriter


@dataclass(frozen=True)
class Outcome:
    """What became of one object; ``reason`` says why it is as it was, and is empty where all went well."""

    place: Place
    reason: str = ""


@dataclass
class Replacement:
    """What ``replace_everywhere`` has done, and what it has left as it was."""

    done: list[Outcome] = field(default_factory=list)
    left: list[Outcome] = field(default_factory=list)


def replace_everywhere(
    old: Asset, new: Asset, user: User | None = None, sources: Iterable[Source] | None = None
) -> Replacement:
    """Let everything that uses ``old`` use ``new`` instead, or only what ``sources`` names (``Place.source``).

    With a ``user``, only what they may edit, and publish where it is live or scheduled; without one, everything.
    A failure leaves the others done. Raises ``NotReplaced`` where ``new`` can't take the place of ``old``.
    """
    _require_fitting(old, new)
    wanted = None if sources is None else set(sources)
    found: dict[Source, Place] = {}
    for place in places(old, user):
        if wanted is None or place.source in wanted:
            # An object stands in several states, and is rewritten in all of them at once.
            found.setdefault(place.source, place)
    result = Replacement()
    # Aliases follow when their original is published; one that wasn't is told itself, and they stay with it.
    for place in sorted(found.values(), key=lambda one: original(one) is not None):
        if original(place) in {outcome.place.source for outcome in result.left}:
            continue
        reason = _attempt(place, old, new, user)
        (result.left if reason else result.done).append(Outcome(place, reason))
    if any(outcome.place.object is None for outcome in result.left):
        # What the user may not see may be an alias that has followed.
        still = {place.source for place in places(old)}
        result.left = [outcome for outcome in result.left if outcome.place.source in still]
    if result.done:
        data = {"new": {"id": new.pk, "title": new.title}, "places": len(result.done), "left": len(result.left)}
        log(instance=old.specific, action=LOG_REPLACE, user=user, data=data)
    return result


def original(place: Place) -> Source | None:
    """The page whose alias this one is. It can only be changed there."""
    original_id = getattr(place.object, "alias_of_id", None)
    return (place.source[0], str(original_id)) if original_id else None


def _require_fitting(old: Asset, new: Asset) -> None:
    if old.pk == new.pk:
        raise NotReplaced(_("Choose another file: this is the same one."))
    if old.kind != new.kind:
        raise NotReplaced(_("Choose a file of the same kind."))


def _attempt(place: Place, old: Asset, new: Asset, user: User | None) -> str:
    """Rewrite one object; returns why it is as it was, or nothing."""
    if place.object is None:
        return _("You may not see it.")
    try:
        with transaction.atomic():
            _rewrite(place, place.object, old, new, user)
    except MediaLibraryError as refusal:
        return str(refusal)
    except ValidationError as error:
        return _("It can't be saved as it is: %(problems)s") % {"problems": " ".join(error.messages)}
    except IntegrityError:
        logger.warning("%r can't have asset %s in place of %s", place.object, new.pk, old.pk, exc_info=True)
        return _("It can't have this file in that place. Perhaps it has it already.")
    except Exception:
        # The others must not suffer from it.
        logger.exception("Asset %s couldn't be replaced with %s in %r", old.pk, new.pk, place.object)
        return _("Something went wrong. Try again, or replace it there by hand.")
    return ""


def _rewrite(place: Place, found: Model, old: Asset, new: Asset, user: User | None) -> None:
    # Assets before objects, as where a draft is saved (recording.py): two at once wait for each other in one order.
    if not Asset.objects.select_for_update(no_key=True, of=("self",)).filter(pk=new.pk, trashed_at=None):
        raise NotReplaced(_("The other file has been deleted meanwhile. Choose another one."))
    current = _locked(found)
    if current is None:
        return
    if getattr(current, "alias_of_id", None) and not refers(current, old):
        # It has followed.
        return
    is_shown = isinstance(current, DraftStateMixin) and (current.live or bool(_scheduled(current)))
    _require_permission(place, current, user, to_publish=is_shown)
    if isinstance(current, DraftStateMixin):
        _rewrite_drafts(current, old, new, user)
    elif rewriter := _by_hand.get(type(current)):
        rewriter(current, old, new, user)
    elif _substituted(current, old, new):
        current.save()
        if isinstance(current, RevisionMixin):
            current.save_revision(user=user, log_action=True, clean=False)
        else:
            log(instance=current, action="wagtail.edit", user=user, content_changed=True)


def _locked(found: Model) -> Model | None:
    """The object as it is now; nobody else changes it until the transaction ends."""
    model = type(found)
    owner = model._meta.get_field("latest_revision").model if isinstance(found, DraftStateMixin) else model
    if not owner._base_manager.select_for_update(of=("self",)).filter(pk=found.pk):
        return None
    return model._base_manager.get(pk=found.pk)


def _require_permission(place: Place, current: Any, user: User | None, *, to_publish: bool) -> None:
    if user is None:
        return
    policy = policy_registry.get(current)
    may_edit = place.edit_url is not None or policy.user_has_permission_for_instance(user, "change", current)
    if not may_edit:
        raise NotReplaced(_("You may not edit it."))
    if isinstance(current, Page):
        may_publish = current.permissions_for_user(user).can_publish()
    else:
        may_publish = policy.user_has_permission(user, "publish")
    if to_publish and not may_publish:
        raise NotReplaced(_("You may not publish it."))


def _require_free(current: Any, user: User | None) -> None:
    if getattr(current, "alias_of_id", None):
        title = current.alias_of.get_admin_display_title()
        raise NotReplaced(_("It is an alias of “%(title)s”. Replace the file there.") % {"title": title})
    if isinstance(current, LockableMixin):
        # What is in moderation is locked, too, but for its reviewers.
        lock = current.get_lock()
        # What is scheduled is locked for everybody; it is scheduled again, at the same time.
        if lock and not isinstance(lock, ScheduledForPublishLock) and (user is None or lock.for_user(user)):
            raise NotReplaced(_lock_reason(lock))


def _lock_reason(lock: BaseLock) -> str:
    if isinstance(lock, WorkflowLock):
        return _("It is in moderation (%(task)s). Only its reviewers can change it meanwhile.") % {
            "task": lock.task.name
        }
    if isinstance(lock, BasicLock) and lock.object.locked_by and lock.object.locked_at:
        return _("%(user)s locked it on %(date)s. Ask them to unlock it.") % {
            "user": get_user_display_name(lock.object.locked_by),
            "date": date_format(timezone.localtime(lock.object.locked_at), "SHORT_DATE_FORMAT"),
        }
    return _("It is locked. Unlock it first.")


def _rewrite_drafts(current: Any, old: Asset, new: Asset, user: User | None) -> None:
    scheduled = _scheduled(current)
    latest = current.latest_revision if current.has_unpublished_changes else None
    drafts: list[tuple[Revision, datetime | None]] = [(one, one.approved_go_live_at) for one in scheduled]
    if latest is not None and latest not in scheduled:
        drafts.append((latest, None))
    in_row = refers(current, old)
    if not in_row and not any(refers(revision.as_object(), old) for revision, _when in drafts):
        # Somebody else has just done it.
        return
    _require_free(current, user)
    if in_row and current.live:
        _publish_row(current, old, new, user)
    elif in_row:
        # Foreign keys of a row that isn't live may still keep the asset.
        _substituted(current, old, new)
        current.save(**({"clean": False} if isinstance(current, Page) else {}))
        if not drafts:
            current.save_revision(user=user, log_action=True, clean=False)
    # All of them, so that the newest stays the newest.
    for revision, goes_live_at in drafts:
        # As it stands on the object as that is now.
        draft = Revision.objects.get(pk=revision.pk).as_object()
        _substituted(draft, old, new)
        Revision.objects.filter(pk=revision.pk).update(approved_go_live_at=None)
        draft.save_revision(user=user, approved_go_live_at=goes_live_at, log_action=True, clean=False)


def _publish_row(current: Any, old: Asset, new: Asset, user: User | None) -> None:
    """Publish what is live once more, whatever newer drafts there are."""
    _substituted(current, old, new)
    if current.go_live_at and current.go_live_at > timezone.now():
        # That of a draft: it would be scheduled instead.
        current.go_live_at = None
    revision = current.save_revision(user=user, log_action=True, clean=False)
    if isinstance(current, WorkflowMixin) and current.current_workflow_state:
        _publish_beside_moderation(revision, user)
    else:
        revision.publish(user=user, skip_permission_checks=True)


def _publish_beside_moderation(revision: Revision, user: User | None) -> None:
    """Publishing cancels the moderation of a draft, since it takes its place; what is live already does not."""
    is_page = isinstance(revision.content_object, Page)
    action = (PublishPageRevisionAction if is_page else PublishRevisionAction)(revision, user=user)
    # As where it was looked up before, and there was none.
    action.object._current_workflow_states = []
    action.execute(skip_permission_checks=True)


def _scheduled(current: Any) -> list[Revision]:
    return list(current.revisions.filter(approved_go_live_at__isnull=False).order_by("created_at", "pk"))


def _substituted(content: Any, old: Asset, new: Asset) -> bool:
    changed = substitute(content, old, new)
    if refers(content, old):
        raise NotReplaced(_("It has the file in a place that can't be changed from here. Replace it there by hand."))
    return changed
