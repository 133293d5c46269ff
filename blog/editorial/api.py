"""What Wagtail's API v3 has no address for: schedules, and submitting for review. Errors are problem+json."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Router, Schema
from pydantic import AwareDatetime, PositiveInt
from wagtail.actions import action_registry
from wagtail.api.v3.auth import BearerTokenAuth
from wagtail.api.v3.permissions import require_any_permission
from wagtail.api.v3.routers.pages import PageDetailSchema
from wagtail.models import Page, WorkflowState

from blog.editorial.scheduling import unschedule
from media_library.api.problems import problem

actions = Router(tags=["pages"], auth=BearerTokenAuth())


class Schedule(Schema):
    """When a page goes live, and ends: ISO 8601 with an offset from UTC, as ``2026-12-24T18:00:00+01:00``."""

    go_live_at: AwareDatetime
    expire_at: AwareDatetime | None = None


@actions.post(
    "/{page_id}/actions/schedule/",
    response=PageDetailSchema,
    url_name="pages_actions_schedule",
    operation_id="pages_actions_schedule",
    summary="Schedule page",
)
@require_any_permission(Page, ("publish",))
def schedule(request: HttpRequest, page_id: PositiveInt, data: Schedule) -> Page | HttpResponse:
    """Publish the latest draft at a time to come. Of a page that is scheduled already, this is the new time."""
    if data.go_live_at <= timezone.now():
        return problem(422, "in_the_past", _("“go_live_at” has passed. Name a time to come, or publish the page."))
    if data.expire_at and data.expire_at <= data.go_live_at:
        return problem(422, "ends_first", _("“expire_at” must be after “go_live_at”."))
    page = _page_for(request, page_id, "can_publish")
    with transaction.atomic():
        unschedule(page, request.user)
        draft = page.get_latest_revision_as_object()
        draft.go_live_at, draft.expire_at = data.go_live_at, data.expire_at
        action_class = action_registry.get_action_class(type(draft), "edit")
        action_class(draft, user=request.user, publish=True).execute()
    return type(draft).objects.get(pk=draft.pk).get_latest_revision_as_object()


@actions.post(
    "/{page_id}/actions/unschedule/",
    response=PageDetailSchema,
    url_name="pages_actions_unschedule",
    operation_id="pages_actions_unschedule",
    summary="Take page out of the schedule",
)
@require_any_permission(Page, ("publish",))
def take_back(request: HttpRequest, page_id: PositiveInt) -> Page | HttpResponse:
    """Keep the draft, and publish nothing by itself. 409 ``not_scheduled`` if there is nothing to take back."""
    page = _page_for(request, page_id, "can_unschedule")
    if not unschedule(page, request.user):
        return problem(409, "not_scheduled", _("This page is not scheduled."))
    return page.get_latest_revision_as_object()


@actions.post(
    "/{page_id}/actions/submit/",
    response=PageDetailSchema,
    url_name="pages_actions_submit",
    operation_id="pages_actions_submit",
    summary="Submit page for review",
)
@require_any_permission(Page, ("add", "change"))
def submit(request: HttpRequest, page_id: PositiveInt) -> Page | HttpResponse:
    """Ask for a review of the latest draft, or for another one after changes were asked for.

    409 ``in_review`` if it's under review, ``no_workflow`` if nobody reviews such pages, ``locked`` if it's locked.
    """
    page = _page_for(request, page_id, "can_edit")
    if page.workflow_in_progress:
        return problem(409, "in_review", _("This page is under review already."))
    if not page.has_workflow:
        return problem(409, "no_workflow", _("There is no workflow for this page. Ask somebody to publish it."))
    if (lock := page.get_lock()) and lock.for_user(request.user):
        return problem(409, "locked", _("This page is locked, or scheduled. Nothing can be submitted meanwhile."))
    draft: Any = page.get_latest_revision_as_object()
    draft.full_clean()
    with transaction.atomic():
        if page.latest_revision is None:
            page.save_revision(user=request.user)
        state = page.current_workflow_state
        if state and state.status == WorkflowState.STATUS_NEEDS_CHANGES:
            state.resume(request.user)
        else:
            page.get_workflow().start(page, request.user)
    return draft


def _page_for(request: HttpRequest, page_id: int, permission: str) -> Page:
    """Raise ``Http404``, or ``PermissionDenied`` if the user's permission on this very page isn't enough."""
    page = get_object_or_404(Page, pk=page_id).specific
    if not getattr(page.permissions_for_user(request.user), permission)():
        raise PermissionDenied
    return page
