"""What users have asked to be done to many files: what goes on, what came of it, and stopping it."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_GET
from django.views.generic import TemplateView, View
from wagtail.admin import messages
from wagtail.admin.ui.tables import BaseColumn, Column, DateColumn, TitleColumn
from wagtail.admin.utils import get_user_display_name
from wagtail.admin.views import generic
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from media_library import bulk
from media_library.admin.bulk.wording import WORDINGS, describe, describe_left_out, summarise
from media_library.admin.jobs.report import EDIT_URLS
from media_library.admin.permissions import visible_assets
from media_library.models import Asset, BulkOperation

INDEX_TITLE = gettext_lazy("Bulk operations")

SHOWN_FAILURES = 200
"""Files that are named on the page of an operation, with why they stayed as they were."""


def own_operations(user: Any) -> QuerySet[BulkOperation]:
    """Those that the user has started; for superusers, everybody's."""
    operations = BulkOperation.objects.select_related("user")
    return operations if user.is_superuser else operations.filter(user=user.pk)


class StateColumn(BaseColumn):
    cell_template_name = "media_library/bulk/state_cell.html"

    def get_cell_context_data(self, instance: BulkOperation, parent_context: Any) -> dict[str, Any]:
        return super().get_cell_context_data(instance, parent_context) | {"summary": summarise(instance)}


class OperationsView(generic.IndexView):
    model = BulkOperation
    page_title = INDEX_TITLE
    header_icon = "list-ul"
    index_url_name = "media_library_operations"
    index_results_url_name = "media_library_operations_results"
    default_ordering = "-created_at"
    any_permission_required: list[str] = []
    permission_policy = None
    columns = [
        TitleColumn(
            "action",
            label=gettext_lazy("Operation"),
            accessor=describe,
            get_url=lambda operation: reverse("media_library_operation", args=(operation.pk,)),
        ),
        Column("total", label=gettext_lazy("Files"), sort_key="total"),
        StateColumn("state", label=gettext_lazy("State"), sort_key="state"),
        Column("user", label=gettext_lazy("User"), accessor=lambda operation: get_user_display_name(operation.user)),
        DateColumn("created_at", label=gettext_lazy("Started"), sort_key="created_at"),
        DateColumn("finished_at", label=gettext_lazy("Finished"), sort_key="finished_at"),
    ]

    def get_base_queryset(self) -> QuerySet[BulkOperation]:
        return own_operations(self.request.user)


class OperationView(WagtailAdminTemplateMixin, TemplateView):
    template_name = "media_library/bulk/operation.html"

    @cached_property
    def operation(self) -> BulkOperation:
        return get_object_or_404(own_operations(self.request.user), pk=self.kwargs["pk"])

    @property
    def header_icon(self) -> str:
        return WORDINGS[self.operation.action].icon

    def get_page_title(self) -> str:
        return describe(self.operation)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *self.breadcrumbs_items,
            {"url": reverse("media_library_operations"), "label": INDEX_TITLE},
            {"url": "", "label": self.get_page_title()},
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | operation_context(self.operation, self.request.user)


def operation_panel(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Progress or results, as HTML for the dialog."""
    operation = get_object_or_404(own_operations(request.user), pk=pk)
    context = operation_context(operation, request.user) | {"in_dialog": True}
    return render(request, "media_library/bulk/panel.html", context)


def operation_context(operation: BulkOperation, user: Any) -> dict[str, Any]:
    failures = list(_failures(operation)) if operation.failed else []
    return {
        "operation": operation,
        "summary": summarise(operation),
        "left_out": describe_left_out(operation.left_out) if operation.left_out else "",
        "failures": _linked(failures, user),
        "number_of_other_failures": operation.failed - len(failures),
    }


def _failures(operation: BulkOperation) -> Iterator[dict[str, Any]]:
    """The first files that stayed as they were. Memory holds a batch at a time."""
    number = 0
    for batch in operation.batches.filter(is_done=True).exclude(failures=[]).defer("asset_ids").iterator(20):
        for failure in batch.failures:
            yield failure
            number += 1
            if number == SHOWN_FAILURES:
                return


def _linked(failures: list[dict[str, Any]], user: Any) -> list[dict[str, Any]]:
    """With the address of each that is still there for the user to see, and of the places that use it."""
    seen = visible_assets(user).filter(pk__in=[one["id"] for one in failures])
    kinds = dict(seen.values_list("pk", "kind"))
    return [
        one
        | {
            "edit_url": reverse(EDIT_URLS[Asset.Kind(kinds[one["id"]])], args=(one["id"],)),
            "usage_url": _usage_url(kinds[one["id"]], one["id"]) if one["code"] == "in_use" else "",
        }
        if one["id"] in kinds
        else one
        for one in failures
    ]


def _usage_url(kind: str, asset_id: int) -> str:
    """The page that lists what uses an asset."""
    names = {
        Asset.Kind.IMAGE: "wagtailimages:image_usage",
        Asset.Kind.DOCUMENT: "wagtaildocs:document_usage",
        Asset.Kind.VIDEO: "media_library_videos:usage",
        Asset.Kind.AUDIO: "media_library_audio:usage",
    }
    return reverse(names[Asset.Kind(kind)], args=(asset_id,))


@require_GET
@cache_control(private=True, no_store=True)
def operation_status(request: HttpRequest, pk: UUID) -> JsonResponse:
    """``{"state": "running", "done": 312, "total": 1204, "is_finished": false, "text": "312 files are done."}``"""
    operation = get_object_or_404(own_operations(request.user), pk=pk)
    return JsonResponse(
        {
            "state": operation.state,
            "done": operation.done,
            "total": operation.total,
            "is_finished": operation.is_finished,
            "text": summarise(operation),
        }
    )


class CancelOperationView(View):
    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: UUID) -> HttpResponseBase:
        operation = get_object_or_404(own_operations(request.user), pk=pk)
        stopped = bulk.cancel(operation)
        if not request.accepts("text/html"):
            return JsonResponse({"stopped": stopped})
        if stopped:
            messages.success(request, _("It is being cancelled. What is done stays."))
        else:
            messages.warning(request, _("There was nothing left to cancel."))
        return redirect("media_library_operation", pk=pk)
