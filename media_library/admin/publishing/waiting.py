"""“Publish when ready” in the admin: a button beside “Publish”, how far it is, and a way to stop it."""

from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_GET, require_POST
from wagtail.admin import messages
from wagtail.admin.action_menu import ActionMenuItem, PublishMenuItem
from wagtail.admin.admin_url_finder import AdminURLFinder
from wagtail.admin.utils import get_valid_next_url_from_request
from wagtail.log_actions import LogActionRegistry
from wagtail.models import DraftStateMixin

from media_library.admin.publishing.notices import describe, refusal_notice
from media_library.exceptions import NotPublishable
from media_library.housekeeping.ended_rights import LOG_TOLD
from media_library.publishing.waiting import (
    LOG_CANCEL,
    LOG_HELD_BACK,
    LOG_REFUSED,
    LOG_WAIT,
    State,
    cancel,
    may_publish,
    publish_when_ready,
    waiting_for,
)


class PublishWhenReadyMenuItem(PublishMenuItem):
    """Right after “Publish”, for whoever sees that."""

    name = "action-publish-when-ready"
    label = gettext_lazy("Publish when ready")
    icon_name = "time"
    template_name = "media_library/publishing/menu_item.html"


def menu_item() -> ActionMenuItem:
    return PublishWhenReadyMenuItem(order=31)


@require_POST
def ask(request: HttpRequest, content_type_id: int, object_id: str) -> HttpResponse:
    """Publish the latest draft as soon as its media are ready; back to its page."""
    instance, edit_url = _find(request, content_type_id, object_id)
    revision = instance.get_latest_revision()
    if revision is None:
        raise Http404
    try:
        waiting = publish_when_ready(revision, request.user)
    except NotPublishable as error:
        messages.error(request, refusal_notice(instance, error.obstacles, str(error)))
    else:
        if waiting.state == State.PUBLISHED:
            messages.success(request, _("“%(title)s” has been published.") % {"title": instance})
        elif waiting.state == State.REFUSED:
            messages.error(request, waiting.reason)
    return redirect(get_valid_next_url_from_request(request) or edit_url)


@require_POST
def stop(request: HttpRequest, content_type_id: int, object_id: str) -> HttpResponse:
    """Wait no more: for who asked for it, and for whoever may publish."""
    instance, edit_url = _find(request, content_type_id, object_id)
    waiting = waiting_for(instance)
    is_mine = waiting is not None and waiting.asked_by_id == request.user.pk
    if not is_mine and not may_publish(instance, request.user):
        raise PermissionDenied
    if cancel(instance, request.user):
        messages.success(request, _("“%(title)s” stays a draft until you publish it.") % {"title": instance})
    else:
        messages.warning(request, _("“%(title)s” wasn't waiting any more.") % {"title": instance})
    return redirect(get_valid_next_url_from_request(request) or edit_url)


@require_GET
@cache_control(private=True, no_store=True)
def progress(request: HttpRequest, content_type_id: int, object_id: str) -> JsonResponse:
    """How far it is, as ``notices.describe`` has it, and a sentence: ``{"state": "waiting", …, "text": "…"}``."""
    instance, _edit_url = _find(request, content_type_id, object_id)
    waiting = waiting_for(instance)
    if waiting is None:
        raise Http404
    found = describe(waiting)
    texts = {
        State.WAITING: _("Waiting for %(unfinished)s of %(media)s media.") % found,
        State.PUBLISHED: _("It is published."),
        State.REFUSED: _("It was not published. %(reason)s") % found,
        State.CANCELLED: _("It isn't waiting any more."),
    }
    return JsonResponse(found | {"text": texts[State(waiting.state)]})


def register_log_actions(actions: LogActionRegistry) -> None:
    for name, label, message in (
        (LOG_WAIT, gettext_lazy("Publish when ready"), gettext_lazy("To be published when its media are ready")),
        (LOG_CANCEL, gettext_lazy("Wait no more"), gettext_lazy("Not to be published when ready any more")),
        (LOG_REFUSED, gettext_lazy("Not published"), gettext_lazy("Could not be published when ready")),
        (
            LOG_HELD_BACK,
            gettext_lazy("Hold back"),
            gettext_lazy("Scheduled publishing held back because of its media"),
        ),
        (LOG_TOLD, gettext_lazy("Tell of ended rights"), gettext_lazy("Editors told that the right to it has ended")),
    ):
        actions.register_action(name, label, message)


def _find(request: HttpRequest, content_type_id: int, object_id: str) -> tuple[Any, str]:
    """An object with drafts and where it is edited. Raises ``Http404`` for what this user may not edit."""
    model = get_object_or_404(ContentType, pk=content_type_id).model_class()
    if model is None or not issubclass(model, DraftStateMixin):
        raise Http404
    try:
        instance: Model = get_object_or_404(model, pk=object_id)
    except (ValueError, OverflowError) as error:
        raise Http404 from error
    url = AdminURLFinder(request.user).get_edit_url(instance)
    if url is None:
        raise Http404
    return instance, url or reverse("wagtailadmin_home")
