"""Doors of Wagtail's admin that say something of a page without asking whether it may be seen.

Most ask the policy. The rest take the id of any page, and name it: explorer and choosers, messages of workflows, bulk
actions; and two reports tell of all pages. Whoever sees drafts nowhere but their own is shown no other here, either.
"""

from collections.abc import Callable, Iterable
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from wagtail.admin.auth import permission_denied
from wagtail.admin.menu import MenuItem
from wagtail.admin.views.pages.bulk_actions.delete import DeleteBulkAction
from wagtail.admin.views.pages.bulk_actions.move import MoveBulkAction
from wagtail.admin.views.pages.bulk_actions.publish import PublishBulkAction
from wagtail.admin.views.pages.bulk_actions.unpublish import UnpublishBulkAction
from wagtail.models import Page

from blog.editorial.permissions import page_policy

ARGUMENTS = ("page_id", "parent_page_id", "page_to_move_id", "destination_id")
"""What Wagtail calls the id of a page in its addresses."""

NAMED_IN_QUERY = "wagtailadmin_choose_page_chosen_multiple"
REPORTS = {"site-history": "site_history", "page-types-usage": "page_types_usage"}
"""Reports that name drafts of all: the names of their menu items, and of their addresses."""


class UnseenDraftsMiddleware:
    """Refuse, as Wagtail does, whatever in its admin names the draft of a page that the user doesn't see."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable, args: list[Any], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        if not request.path.startswith(reverse("wagtailadmin_home")) or not request.user.is_authenticated:
            return None
        if tells_of_all(request) and not page_policy().sees_everything(request.user):
            return permission_denied(request)
        asked = _pages_of(request, kwargs)
        drafts = Page.objects.filter(pk__in=asked, live=False, depth__gt=1) if asked else ()
        if any(not page_policy().sees(request.user, draft) for draft in drafts):
            return permission_denied(request)
        return None


def only_seen(pages: QuerySet, request: HttpRequest) -> QuerySet:
    """Hook ``construct_page_chooser_queryset``: what is published may be linked to by everybody."""
    seen = page_policy().explorable_instances(request.user)
    return pages.filter(Q(live=True) | Q(pk__in=seen.values("pk")))


def only_their_reports(request: HttpRequest, items: list[MenuItem]) -> None:
    """Hook ``construct_reports_menu``."""
    if not page_policy().sees_everything(request.user):
        items[:] = [item for item in items if item.name not in REPORTS]


class SeenPagesMixin:
    """For bulk actions on pages, which name those that the user may do nothing with, if they see them."""

    request: HttpRequest

    def get_actionable_objects(self) -> tuple[list[Page], dict[str, list[Page]]]:
        pages, others = super().get_actionable_objects()
        refused = others["items_with_no_access"]
        seen = page_policy().explorable_instances(self.request.user).filter(pk__in=[page.pk for page in refused])
        known = set(seen.values_list("pk", flat=True))
        return pages, others | {"items_with_no_access": [page for page in refused if page.pk in known]}


class DeletePagesAction(SeenPagesMixin, DeleteBulkAction):
    pass


class MovePagesAction(SeenPagesMixin, MoveBulkAction):
    pass


class PublishPagesAction(SeenPagesMixin, PublishBulkAction):
    pass


class UnpublishPagesAction(SeenPagesMixin, UnpublishBulkAction):
    pass


BULK_ACTIONS = (DeletePagesAction, MovePagesAction, PublishPagesAction, UnpublishPagesAction)


def tells_of_all(request: HttpRequest) -> bool:
    match = request.resolver_match
    names = {f"{name}{ending}" for name in REPORTS.values() for ending in ("", "_results")}
    return bool(match and match.app_name.endswith("wagtailadmin_reports") and match.url_name in names)


def _pages_of(request: HttpRequest, kwargs: dict[str, Any]) -> Iterable[int]:
    asked = {int(kwargs[name]) for name in ARGUMENTS if name in kwargs}
    if request.resolver_match and request.resolver_match.url_name == NAMED_IN_QUERY:
        asked |= {int(one) for one in request.GET.getlist("id") if one.isdecimal()}
    return asked
