"""Publishing in the admin: what can't be shown is named with links, and the draft is kept. Warnings come earlier."""

from collections.abc import Callable, Iterable
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.actions.publish_page_revision import PublishPageRevisionAction
from wagtail.actions.registry import ActionRegistry
from wagtail.admin import messages
from wagtail.admin.admin_url_finder import AdminURLFinder
from wagtail.admin.mail import send_mail
from wagtail.log_actions import LogActionRegistry
from wagtail.models import Page

from media_library.admin.permissions import visible_assets
from media_library.exceptions import NotPublishable
from media_library.housekeeping.ended_rights import LOG_TOLD
from media_library.publishing import LOG_HELD_BACK, Concern, concerns, hold_back, obstacles

User = AbstractBaseUser | AnonymousUser


def sentences(found: Iterable[Concern], user: User) -> SafeString:
    """A list of what is to be said, each leading to its asset; none is named that the user may not see."""
    found = list(found)
    visible = set(visible_assets(user).filter(pk__in=[one.asset.pk for one in found]).values_list("pk", flat=True))
    finder = AdminURLFinder(user)
    rows: list[tuple[str]] = []
    for concern in found:
        if concern.asset.pk not in visible:
            private = _("A file that you may not see has no right to be shown then. Ask whoever looks after it.")
            rows.append((format_html("{}", private if concern.blocks else ""),))
        elif url := finder.get_edit_url(concern.asset):
            rows.append((format_html('<a href="{}">{}</a>', url, concern.sentence),))
        else:
            rows.append((concern.sentence,))
    return format_html("<ul>{}</ul>", format_html_join("", "<li>{}</li>", (row for row in rows if row[0])))


def refuse_publishing(request: HttpRequest, instance: Model) -> HttpResponse | None:
    """Hooks ``before_publish_page`` and ``before_publish``: stop, with the draft already saved, and say why."""
    found = obstacles(instance)
    if not found:
        return None
    if instance.live and not instance.live_revision_id:
        # Wagtail's page of a new page saves it as live before it asks.
        instance.live, instance.has_unpublished_changes = False, True
        type(instance)._base_manager.filter(pk=instance.pk).update(live=False, has_unpublished_changes=True)
    messages.error(
        request,
        format_html(
            "{} {}",
            _("“%(title)s” is saved as a draft, but it can't be published:") % {"title": instance},
            sentences(found, request.user),
        ),
    )
    return redirect(AdminURLFinder(request.user).get_edit_url(instance) or reverse("wagtailadmin_home"))


def refuse_publishing_in_bulk(
    request: HttpRequest, action_type: str, objects: list[Any], action: Any
) -> HttpResponse | None:
    """Hook ``before_bulk_action``: none of the pages is published if one of them can't be."""
    if action_type != "publish":
        return None
    refused = [(page, found) for page in objects if (found := obstacles(page.get_latest_revision_as_object()))]
    for page, found in refused:
        told = _("“%(title)s” can't be published, so nothing was:") % {"title": page.get_admin_display_title()}
        messages.error(request, format_html("{} {}", told, sentences(found, request.user)))
    return redirect(_back(request)) if refused else None


def warn(request: HttpRequest, instance: Model) -> None:
    """Hooks ``before_edit_page`` and ``before_edit_snippet``: what will stand against publishing, now or soon."""
    if request.method == "GET" and (found := concerns(instance)):
        told = _("Rights to what is used here:")
        messages.warning(request, format_html("{} {}", told, sentences(found, request.user)))


class NotPublishableMiddleware:
    """For all other ways to publish in the admin, as workflows: back to where the user was, with the reason."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, NotPublishable) or not request.path.startswith(reverse("wagtailadmin_home")):
            return None
        told = _("This can't be published:")
        messages.error(request, format_html("{} {}", told, sentences(exception.obstacles, request.user)))
        return redirect(_back(request))


class PublishPageAction(PublishPageRevisionAction):
    """Wagtail's action as its API v3 takes it from the registry: a refusal leaves nothing half done."""

    def execute(self, skip_permission_checks: bool = False) -> Any:
        with transaction.atomic():
            return super().execute(skip_permission_checks=skip_permission_checks)


def register_actions(registry: ActionRegistry) -> None:
    registry.register(Page, PublishPageAction)


def register_log_actions(actions: LogActionRegistry) -> None:
    actions.register_action(
        LOG_HELD_BACK, gettext_lazy("Hold back"), gettext_lazy("Scheduled publishing held back: rights have ended")
    )
    actions.register_action(
        LOG_TOLD, gettext_lazy("Tell of ended rights"), gettext_lazy("Editors told that the right to it has ended")
    )


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
