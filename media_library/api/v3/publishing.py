"""“Publish when ready” of pages, by token. See media_library/publishing/waiting.py."""

from datetime import datetime

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from ninja import Router, Schema, Status
from ninja.errors import HttpError
from pydantic import PositiveInt
from wagtail.actions.publish_page_revision import PublishPagePermissionError
from wagtail.api.v3.auth import BearerTokenAuth
from wagtail.api.v3.permissions import require_any_permission
from wagtail.models import Page

from media_library.models import WaitingPublication
from media_library.publishing.waiting import State, cancel, progress, publish_when_ready, waiting_for

pages = Router(tags=["pages"], auth=BearerTokenAuth())
ADDRESS = "/{page_id}/actions/publish_when_ready/"


class Waiting(Schema):
    """What becomes of a page that is to be published when ready.

    ``state`` is waiting, published, refused or cancelled; ``unfinished`` is for how many of its ``media`` it waits,
    and ``reason`` is why it was refused. ``revision`` is the id of what is published.
    """

    state: str
    revision: int
    unfinished: int
    media: int
    reason: str
    asked_at: datetime
    ended_at: datetime | None


@pages.post(
    ADDRESS,
    response={200: Waiting, 202: Waiting},
    url_name="pages_actions_publish_when_ready",
    operation_id="pages_actions_publish_when_ready",
    summary="Publish page as soon as its media are ready",
)
@require_any_permission(Page, ("publish",))
def ask(request: HttpRequest, page_id: PositiveInt) -> Status:
    """200 if it is published, 202 if it waits; 409 ``not_publishable`` where time won't help."""
    page = _writable(request, page_id)
    revision = page.get_latest_revision() or page.save_revision(user=request.user)
    waiting = publish_when_ready(revision, request.user)
    if waiting.state == State.REFUSED:
        raise HttpError(409, waiting.reason)
    return Status(202 if waiting.state == State.WAITING else 200, _describe(waiting))


@pages.get(
    ADDRESS,
    response=Waiting,
    url_name="pages_actions_publish_when_ready_state",
    operation_id="pages_actions_publish_when_ready_state",
    summary="What becomes of it",
)
@require_any_permission(Page, ("add", "change", "publish"))
def state(request: HttpRequest, page_id: PositiveInt) -> Waiting:
    """404 for a page that nobody asked to publish when ready, or that the user may neither edit nor publish."""
    page = get_object_or_404(Page, pk=page_id)
    may = page.permissions_for_user(request.user)
    waiting = waiting_for(page) if may.can_edit() or may.can_publish() else None
    if waiting is None:
        raise HttpError(404, _("Nobody has asked to publish this page when it is ready."))
    return _describe(waiting)


@pages.delete(
    ADDRESS,
    response={204: None},
    url_name="pages_actions_publish_when_ready_cancel",
    operation_id="pages_actions_publish_when_ready_cancel",
    summary="Wait no more",
)
@require_any_permission(Page, ("publish",))
def stop(request: HttpRequest, page_id: PositiveInt) -> Status:
    """204, whether it waited or not. The page stays as it is."""
    cancel(_writable(request, page_id), request.user)
    return Status(204, None)


def _writable(request: HttpRequest, page_id: int) -> Page:
    page = get_object_or_404(Page, pk=page_id).specific
    if not page.permissions_for_user(request.user).can_publish():
        raise PublishPagePermissionError(_("You do not have permission to publish this page."))
    return page


def _describe(waiting: WaitingPublication) -> Waiting:
    unfinished, media = progress(waiting)
    is_waiting = waiting.state == State.WAITING
    return Waiting(
        state=str(waiting.state),
        revision=waiting.revision_id,
        unfinished=unfinished if is_waiting else 0,
        media=media,
        reason=waiting.reason,
        asked_at=waiting.asked_at,
        ended_at=waiting.ended_at,
    )
