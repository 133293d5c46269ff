"""The report of processing jobs: what is going on, what went wrong, how long it took."""

from typing import Any

import django_filters
from django.db.models import DurationField, ExpressionWrapper, F, QuerySet
from django.middleware.csrf import get_token
from django.urls import NoReverseMatch, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.tables import BaseColumn, Column, DateColumn, Table, TitleColumn
from wagtail.admin.views.reports import ReportView

from media_library.admin.facts import clock
from media_library.admin.permissions import changeable_assets, visible_assets
from media_library.admin.url_finder import EDIT_URLS
from media_library.models import Asset, ProcessingJob

State = ProcessingJob.State


class JobFilterSet(WagtailFilterSet):
    state = django_filters.MultipleChoiceFilter(label=_("State"), choices=State.choices)
    operation = django_filters.MultipleChoiceFilter(label=_("Step"), choices=ProcessingJob.Operation.choices)
    kind = django_filters.MultipleChoiceFilter(field_name="asset__kind", label=_("Kind"), choices=Asset.Kind.choices)

    class Meta:
        model = ProcessingJob
        fields = ("state", "operation", "kind")


class StateColumn(BaseColumn):
    cell_template_name = "media_library/jobs/state_cell.html"


class ActionColumn(BaseColumn):
    """A button to stop what goes on, or to start again what failed."""

    cell_template_name = "media_library/jobs/action_cell.html"

    def __init__(self, name: str, report: "JobReportView", **kwargs: Any):
        super().__init__(name, **kwargs)
        self.report = report

    def get_cell_context_data(self, instance: ProcessingJob, parent_context: Any) -> dict[str, Any]:
        context = super().get_cell_context_data(instance, parent_context)
        is_current = instance.version == instance.asset.version
        return context | {
            "job": instance,
            "may_act": is_current and instance.asset_id in self.report.changeable,
            "next": f"{self.report.index_url}?{self.report.request.GET.urlencode()}",
            "csrf_token": get_token(self.report.request),
        }


class JobReportView(ReportView):
    """All jobs of the assets that the user may see; a fixed number of queries."""

    model = ProcessingJob
    page_title = _("Processing")
    header_icon = "tasks"
    filterset_class = JobFilterSet
    index_url_name = "media_library_jobs"
    index_results_url_name = "media_library_jobs_results"
    verbose_name_plural = _("processing jobs")
    default_ordering = "-created_at"
    table_classname = "listing job-listing"
    list_export = [
        "asset.title",
        "asset.kind",
        "operation",
        "state",
        "attempts",
        "progress",
        "created_at",
        "started_at",
        "finished_at",
        "took",
        "reason",
    ]
    export_headings = {
        "asset.title": _("Title"),
        "asset.kind": _("Kind"),
        "operation": _("Step"),
        "took": _("Duration"),
    }
    is_searchable = True
    changeable: set[int]
    search_fields = ["asset__title", "asset__filename", "reason"]

    @cached_property
    def columns(self) -> list[BaseColumn]:
        return [
            TitleColumn(
                "asset",
                label=_("Title"),
                accessor="asset.title",
                sort_key="asset__title",
                get_url=edit_url,
            ),
            Column("operation", label=_("Step"), accessor="get_operation_display", sort_key="operation"),
            StateColumn("state", label=_("State"), sort_key="state"),
            Column("attempts", label=_("Attempts"), sort_key="attempts"),
            Column("took", label=_("Duration"), accessor=duration, sort_key="took"),
            DateColumn("created_at", label=_("Queued"), sort_key="created_at"),
            DateColumn("finished_at", label=_("Finished"), sort_key="finished_at"),
            ActionColumn("action", self, label=_("Action")),
        ]

    def get_base_queryset(self) -> QuerySet[ProcessingJob]:
        took = ExpressionWrapper(F("finished_at") - F("started_at"), output_field=DurationField())
        return (
            ProcessingJob.objects.filter(parent=None, asset__in=visible_assets(self.request.user).values("pk"))
            .select_related("asset")
            .annotate(took=took)
        )

    def order_queryset(self, queryset: QuerySet[ProcessingJob]) -> QuerySet[ProcessingJob]:
        queryset = super().order_queryset(queryset)
        return queryset.order_by(*queryset.query.order_by, "-pk")

    def get_table(self, object_list: Any) -> Table:
        jobs = list(object_list)
        changeable = changeable_assets(self.request.user).filter(pk__in=[job.asset_id for job in jobs])
        self.changeable = set(changeable.values_list("pk", flat=True))
        return super().get_table(jobs)


def edit_url(job: ProcessingJob) -> str | None:
    """Where the asset of a job is edited."""
    try:
        return reverse(EDIT_URLS[Asset.Kind(job.asset.kind)], args=[job.asset_id])
    except NoReverseMatch:
        return None


def duration(job: ProcessingJob) -> str:
    """How long the last attempt took, e.g. ``0:12``; nothing while it goes on."""
    return clock(job.took.total_seconds()) if job.took else ""


class JobReportMenuItem(MenuItem):
    def is_shown(self, request: Any) -> bool:
        return visible_assets(request.user).exists()
