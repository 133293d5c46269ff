"""The ways to publish in the admin. What can't be published stays a draft; warnings come earlier."""

from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import Resolver404, resolve, reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from wagtail.actions.publish_page_revision import PublishPageRevisionAction
from wagtail.actions.registry import ActionRegistry
from wagtail.admin import messages
from wagtail.admin.admin_url_finder import AdminURLFinder
from wagtail.admin.mail import send_mail
from wagtail.models import DraftStateMixin, Page

from media_library.admin.publishing.notices import concerns_notice, refusal_notice, waiting_notice
from media_library.exceptions import NotPublishable
from media_library.publishing import concerns, obstacles, only_unfinished
from media_library.publishing.waiting import State, hold_back, publish_when_ready, waiting_for

WHEN_READY = "when-ready"
"""Value of the button that publishes, where somebody means: as soon as the media are ready."""


def refuse_publishing(request: HttpRequest, instance: Any) -> HttpResponse | None:
    """Hooks ``before_publish_page`` and ``before_publish``: stop, with the draft already saved, and say why.

    The page that is gone back to lists what stands against it (``warn``).
    """
    found = obstacles(instance)
    if not found:
        return None
    if instance.live and not instance.live_revision_id:
        # Wagtail's page of a new page saves it as live before it asks.
        instance.live, instance.has_unpublished_changes = False, True
        type(instance)._base_manager.filter(pk=instance.pk).update(live=False, has_unpublished_changes=True)
    edit_url = AdminURLFinder(request.user).get_edit_url(instance)
    if request.POST.get("action-publish") == WHEN_READY and only_unfinished(found):
        publish_when_ready(instance.get_latest_revision(), request.user)
        told = _("“%(title)s” is saved, and will be published as soon as its media are ready.") % {"title": instance}
        messages.success(request, told)
    else:
        told = _("“%(title)s” is saved as a draft, but it can't be published yet.") % {"title": instance}
        messages.error(request, refusal_notice(instance, found, told))
        if edit_url is None:
            messages.error(request, concerns_notice(instance, found, request.user, _("Why not:")))
    return redirect(edit_url or reverse("wagtailadmin_home"))


def refuse_publishing_in_bulk(
    request: HttpRequest, action_type: str, objects: list[Any], action: Any
) -> HttpResponse | None:
    """Hook ``before_bulk_action``: none of the pages is published if one of them can't be."""
    if action_type != "publish":
        return None
    pages = list(objects)
    if action.cleaned_form.cleaned_data.get("include_descendants"):
        pages += [below for page in objects for below in page.get_descendants().not_live().specific()]
    refused = [(page, found) for page in pages if (found := obstacles(page.get_latest_revision_as_object()))]
    for page, found in refused:
        told = _("“%(title)s” can't be published, so nothing was:") % {"title": page.get_admin_display_title()}
        messages.error(request, concerns_notice(page, found, request.user, told))
    return redirect(_back(request)) if refused else None


def warn(request: HttpRequest, instance: Model) -> None:
    """Hooks ``before_edit_page`` and ``before_edit_snippet``: what will stand against publishing, now or soon.

    And what waits to be published, or could not be.
    """
    # After the first autosave of a new page, Wagtail's script fetches parts of this one, and shows no messages.
    if request.method != "GET" or "_w_hydrate_create_view" in request.GET:
        return
    if found := concerns(instance):
        stands = any(one.blocks for one in found)
        told = _("This can't be published as it is:") if stands else _("Before you publish this:")
        messages.warning(request, concerns_notice(instance, found, request.user, told))
    if isinstance(instance, DraftStateMixin) and (waiting := waiting_for(instance)):
        if waiting.state == State.WAITING:
            messages.info(request, waiting_notice(instance, waiting))
        elif waiting.state == State.REFUSED and instance.has_unpublished_changes:
            told = _("It was to be published when ready, and was not: %(reason)s") % {"reason": waiting.reason}
            messages.error(request, told)


class NotPublishableMiddleware:
    """For all other ways to publish in the admin, as workflows: back to where the user was, with the reason."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, NotPublishable) or not request.path.startswith(reverse("wagtailadmin_home")):
            return None
        back = _back(request)
        if exception.instance is not None:
            told = _("“%(title)s” can't be published yet.") % {"title": exception.instance}
            messages.error(request, refusal_notice(exception.instance, exception.obstacles, told))
        if not _lists_concerns(back):
            told = _("What stands against it:")
            messages.error(request, concerns_notice(exception.instance, exception.obstacles, request.user, told))
        return redirect(back)


class PublishPageAction(PublishPageRevisionAction):
    """Wagtail's action as its API v3 takes it from the registry: a refusal leaves nothing half done."""

    def execute(self, skip_permission_checks: bool = False) -> Any:
        with transaction.atomic():
            return super().execute(skip_permission_checks=skip_permission_checks)


def register_actions(registry: ActionRegistry) -> None:
    registry.register(Page, PublishPageAction)


def hold_back_and_tell() -> int:
    """Take out of the schedule what can't be published any more, and write to who scheduled it; return how many."""
    held = hold_back()
    for revision, refusal in held:
        if revision.user and revision.user.email:
            subject = _("“%(title)s” was not published") % {"title": revision.object_str}
            # The mail is the same for whoever reads it: the person chose these assets, or could see the draft.
            send_mail(subject, f"{refusal}\n\n{_('The draft is kept.')}", [revision.user.email], fail_silently=True)
    return len(held)


def _back(request: HttpRequest) -> str:
    came_from = request.META.get("HTTP_REFERER", "")
    is_ours = url_has_allowed_host_and_scheme(came_from, {request.get_host()}, require_https=request.is_secure())
    return came_from if is_ours else reverse("wagtailadmin_home")


def _lists_concerns(url: str) -> bool:
    """Whether the page there says by itself what stands against publishing (``warn``)."""
    try:
        path = "/" + url.partition("://")[2].partition("/")[2] if "://" in url else url
        return resolve(path.partition("?")[0]).view_name == "wagtailadmin_pages:edit"
    except Resolver404:
        return False
