"""The log of postings, trying them again, and what the panel of a post and its deletion say of them."""

from typing import Any

import django_filters
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic import View
from wagtail.admin import messages
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.tables import BaseColumn, Column, DateColumn
from wagtail.admin.views.reports import ReportView
from wagtail.models import Page
from wagtail.permissions import policy_registry

from blog.editorial.permissions import page_policy
from blog.models import PostPage, SharingAccount
from cms.delivery.admin.columns import AgainColumn, StateColumn
from cms.delivery.models import State
from cms.sharing import line
from cms.sharing.models import Posting
from cms.sharing.signal_handlers import send_after_commit


def postings_of(user: Any) -> QuerySet[Posting]:
    """Of posts that this user may publish; who looks after accounts sees all, those of deleted posts among them."""
    if policy_registry.get_by_type(SharingAccount).user_has_permission(user, "change"):
        return Posting.objects.all()
    mine = page_policy().instances_user_has_permission_for(user, "publish")
    return Posting.objects.filter(post__in=mine.order_by().values("pk"))


def may_look(user: Any) -> bool:
    accounts = policy_registry.get_by_type(SharingAccount)
    return accounts.user_has_permission(user, "change") or page_policy().user_has_permission(user, "publish")


class PostingFilterSet(WagtailFilterSet):
    state = django_filters.MultipleChoiceFilter(label=gettext_lazy("State"), choices=State.choices)
    account = django_filters.ModelMultipleChoiceFilter(
        label=gettext_lazy("Account"), queryset=SharingAccount.objects.all()
    )

    class Meta:
        model = Posting
        fields = ("state", "account")


class PostColumn(BaseColumn):
    cell_template_name = "sharing/post_cell.html"

    def get_cell_context_data(self, instance: Posting, parent_context: Any) -> dict[str, Any]:
        url = reverse("wagtailadmin_pages:edit", args=[instance.post_id]) if instance.post_id else ""
        return super().get_cell_context_data(instance, parent_context) | {"edit_url": url}


class PostAgainColumn(AgainColumn):
    """Try again what has failed, or waits; post again what was posted, while its post is there."""

    def may_be_sent(self, instance: Posting) -> bool:
        is_under_way = instance.state == State.QUEUED and instance.lease is not None
        return bool(instance.post_id) and super().may_be_sent(instance) and not is_under_way

    def get_label(self, instance: Posting) -> str:
        return _("Post again") if instance.state == State.DONE else _("Try again")


class PostingLogView(ReportView):
    """What was posted and what waits, newest first; a fixed number of queries."""

    model = Posting
    page_title = gettext_lazy("Shared posts")
    header_icon = "link-external"
    filterset_class = PostingFilterSet
    index_url_name = "sharing_log"
    index_results_url_name = "sharing_log_results"
    verbose_name_plural = gettext_lazy("shared posts")
    default_ordering = "-created_at"
    table_classname = "listing sending-listing"
    list_export = ["title", "account.name", "state", "attempts", "created_at", "finished_at", "url", "error"]
    export_headings = {"account.name": gettext_lazy("Account")}

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not may_look(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def columns(self) -> list[BaseColumn]:
        return [
            PostColumn("title", label=gettext_lazy("Post"), sort_key="title"),
            Column("account", label=gettext_lazy("Account"), accessor="account.name", sort_key="account__name"),
            StateColumn("state", label=gettext_lazy("State"), sort_key="state"),
            DateColumn("created_at", label=gettext_lazy("Created"), sort_key="created_at"),
            PostAgainColumn("again", self.request, "sharing_again", label=gettext_lazy("Action")),
        ]

    def get_base_queryset(self) -> QuerySet[Posting]:
        return postings_of(self.request.user).select_related("account").defer("text")


class AgainView(View):
    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        if not may_look(request.user):
            raise PermissionDenied
        posting = get_object_or_404(postings_of(request.user).select_related("account"), pk=pk)
        with transaction.atomic():
            number = line.again(posting)
            send_after_commit(pk)
        if not number:
            messages.warning(request, _("It is being posted already."))
        elif posting.account.is_active:
            messages.success(request, _("It is posted again."))
        else:
            messages.warning(request, _("The account is paused: it is posted once somebody has seen to that."))
        return redirect("sharing_log")


class PostingLogMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return may_look(request.user)


def menu_item() -> PostingLogMenuItem:
    return PostingLogMenuItem(
        _("Shared posts"), reverse("sharing_log"), name="shared-posts", icon_name="link-external", order=1410
    )


def urls() -> list[URLPattern]:
    return [
        path("reports/shared-posts/", PostingLogView.as_view(), name="sharing_log"),
        path("reports/shared-posts/results/", PostingLogView.as_view(results_only=True), name="sharing_log_results"),
        path("reports/shared-posts/<int:pk>/again/", AgainView.as_view(), name="sharing_again"),
    ]


def describe(page: Page, user: Any) -> list[dict[str, Any]]:
    """For the panel of a post (``blog.sharing.panel``)."""
    found = Posting.objects.filter(post=page.pk).select_related("account").order_by("account__name")
    told = {State.QUEUED: _("%(account)s: waits."), State.DONE: _("%(account)s: posted.")}
    return [
        {
            "text": told.get(State(one.state), _("%(account)s: not posted.")) % {"account": one.account.name}
            + (f" {one.error}" if one.error else ""),
            "url": one.url,
            "is_error": one.state == State.FAILED,
        }
        for one in found
    ]


def warn_of_what_stays(request: HttpRequest, page: Page) -> None:
    """On ``before_delete_page``: what was posted elsewhere is not ours to remove."""
    if request.method != "POST":
        return
    posts = PostPage.objects.filter(Q(pk=page.pk) | Q(path__startswith=page.path)).order_by()
    number = Posting.objects.filter(post__in=posts.values("pk"), state=State.DONE).count()
    if number:
        told = ngettext(
            "%(number)s posting on another server stays there: see the report “Shared posts”.",
            "%(number)s postings on other servers stay there: see the report “Shared posts”.",
            number,
        )
        messages.warning(request, told % {"number": number})
