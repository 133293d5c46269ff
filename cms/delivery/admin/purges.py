"""The report of what a CDN was asked to forget, and asking it again."""

from typing import Any

import django_filters
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic import View
from wagtail.admin import messages
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.tables import BaseColumn, Column, DateColumn
from wagtail.admin.views.reports import ReportView
from wagtail.permissions import policy_registry

from cms.delivery import sending
from cms.delivery.admin.columns import AgainColumn, StateColumn
from cms.delivery.models import Purge, State
from cms.delivery.purge import line
from cms.delivery.purge.tasks import send_purges_task
from media_library import hosts


class PurgeFilterSet(WagtailFilterSet):
    state = django_filters.MultipleChoiceFilter(label=gettext_lazy("State"), choices=State.choices)

    class Meta:
        model = Purge
        fields = ("state",)


class WhatColumn(BaseColumn):
    cell_template_name = "delivery/purge_cell.html"


class PurgeReportView(ReportView):
    """Newest first; a fixed number of queries."""

    model = Purge
    page_title = gettext_lazy("CDN")
    header_icon = "globe"
    filterset_class = PurgeFilterSet
    template_name = "delivery/purges.html"
    index_url_name = "delivery_purges"
    index_results_url_name = "delivery_purges_results"
    verbose_name_plural = gettext_lazy("purges")
    default_ordering = "-created_at"
    table_classname = "listing sending-listing"
    list_export = ["tags", "urls", "state", "attempts", "created_at", "finished_at", "error"]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        require_permission(request)
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def columns(self) -> list[BaseColumn]:
        return [
            WhatColumn("what", label=gettext_lazy("To be forgotten")),
            StateColumn("state", label=gettext_lazy("State"), sort_key="state"),
            Column("attempts", label=gettext_lazy("Attempts"), sort_key="attempts"),
            DateColumn("created_at", label=gettext_lazy("Created"), sort_key="created_at"),
            DateColumn("finished_at", label=gettext_lazy("Finished"), sort_key="finished_at"),
            AgainColumn("again", self.request, "delivery_purge_again", label=gettext_lazy("Action")),
        ]

    def get_context_data(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(*args, **kwargs) | {
            "number_failed": Purge.objects.filter(state=State.FAILED).count(),
            "is_configured": line.is_configured(),
            "hosts": described_hosts(),
        }

    def order_queryset(self, queryset: QuerySet[Purge]) -> QuerySet[Purge]:
        queryset = super().order_queryset(queryset)
        return queryset.order_by(*queryset.query.order_by, "-pk")


class TryAgainView(View):
    """Ask the CDN again: for one, or for all that have failed."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int | None = None) -> HttpResponse:
        require_permission(request)
        rows = Purge.objects.filter(state=State.FAILED) if pk is None else Purge.objects.filter(pk=pk)
        with transaction.atomic():
            number = sending.send_again(rows)
            transaction.on_commit(send_purges_task.delay, robust=True)
        messages.success(
            request,
            ngettext("%(number)s purge is sent again.", "%(number)s purges are sent again.", number)
            % {"number": number},
        )
        return redirect("delivery_purges")


class PurgeMenuItem(MenuItem):
    def is_shown(self, request: Any) -> bool:
        return may_see(request.user) and bool(line.is_configured() or hosts.configured() or Purge.objects.exists())


def described_hosts() -> list[dict[str, Any]]:
    """The hosts for media in their order: ``host``, whether it ``is_up`` (None before it was asked), ``is_used``."""
    known = hosts.state()
    return [
        {
            "host": host,
            "is_up": known.hosts[host].is_up if host in known.hosts else None,
            "is_used": host == known.current,
        }
        for host in hosts.configured()
    ]


def may_see(user: Any) -> bool:
    """Whether this user may see what a CDN is asked, and ask it again."""
    return policy_registry.get_by_type(Purge).user_has_permission(user, "change")


def require_permission(request: HttpRequest) -> None:
    if not may_see(request.user):
        raise PermissionDenied(_("You may not see what a CDN is asked."))


def menu_item() -> PurgeMenuItem:
    return PurgeMenuItem(
        gettext_lazy("CDN"), reverse("delivery_purges"), name="cdn-purges", icon_name="globe", order=1410
    )
