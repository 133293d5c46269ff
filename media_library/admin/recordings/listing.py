from typing import Any

import django_filters
from django.contrib.admin.utils import quote
from django.db.models import QuerySet
from django.template.defaultfilters import filesizeformat
from django.utils.functional import Promise, cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import BaseMediaFilterSet, NumberRangeWidget
from wagtail.admin.ui.tables import BaseColumn, Column, DateColumn, Table
from wagtail.admin.utils import set_query_params
from wagtail.admin.views import generic
from wagtail.models import ReferenceIndex

from media_library.admin.facts import clock, with_thumbnails
from media_library.admin.permissions import audio_permission_policy, video_permission_policy
from media_library.admin.recordings.columns import (
    BulkActionsColumn,
    FileTitleColumn,
    StatusColumn,
    ThumbnailColumn,
    UsageColumn,
)
from media_library.admin.recordings.kinds import OfKind
from media_library.models import Asset, Audio, Video


class UsageFilter(django_filters.RangeFilter):
    """Assets that are used so often; as plain ids, because a search can't filter by what isn't indexed."""

    def filter(self, queryset: QuerySet, value: slice | None) -> QuerySet:
        if not value:
            return queryset
        counted = super().filter(with_reference_count(queryset.model.objects.all()), value)
        return queryset.filter(pk__in=list(counted.values_list("pk", flat=True)))


class RecordingFilterSet(BaseMediaFilterSet):
    usage_count = UsageFilter(field_name="reference_count", label=_("Usage count"), widget=NumberRangeWidget())


class VideoFilterSet(RecordingFilterSet):
    permission_policy = video_permission_policy

    class Meta:
        model = Video
        fields = ("status",)


class AudioFilterSet(RecordingFilterSet):
    permission_policy = audio_permission_policy

    class Meta:
        model = Audio
        fields = ("status",)


def with_reference_count(assets: QuerySet) -> QuerySet:
    """Add ``reference_count``: how many places use each asset. References are filed under ``Asset``."""
    return assets.annotate(reference_count=ReferenceIndex.usage_count_subquery(Asset))


class RecordingTable(Table):
    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        context = super().get_context_data(parent_context)
        context["current_collection"] = parent_context.get("current_collection")
        return context


class RecordingIndexView(OfKind, generic.IndexView):
    """All films or sounds that the user may change or delete; a fixed number of queries, and no file is opened."""

    template_name = "media_library/recordings/index.html"
    results_template_name = "media_library/recordings/index_results.html"
    any_permission_required = ("add", "change", "delete")
    default_ordering = "-created_at"
    table_class = RecordingTable
    table_classname = "listing recording-listing"
    show_other_searches = True
    usage_url_name = ""

    @property
    def page_title(self) -> Promise:
        return self.kind.words.plural

    @property
    def add_item_label(self) -> Promise:
        return self.kind.words.add

    def get_base_queryset(self) -> QuerySet:
        recordings = self.permission_policy.instances_user_has_any_permission_for(
            self.request.user, ["change", "delete"]
        ).select_related("collection")
        if self.is_ordered_by_usage:
            recordings = with_reference_count(recordings)
        return with_thumbnails(recordings)

    def order_queryset(self, queryset: QuerySet) -> QuerySet:
        # Equal values must not move between pages; "id" is in the search index, "pk" is not.
        queryset = super().order_queryset(queryset)
        return queryset.order_by(*queryset.query.order_by, "-id")

    @cached_property
    def current_collection(self) -> Any:
        return self.filters and self.filters.form.cleaned_data.get("collection_id")

    @cached_property
    def columns(self) -> list[BaseColumn]:
        def sortable(key: str) -> str | None:
            # These columns are not in the search index.
            return None if self.is_searching else key

        return [
            BulkActionsColumn("bulk_actions", obj_type=self.kind.name),
            ThumbnailColumn("thumbnail", label=self.kind.words.picture, classname="recording-listing__thumbnail"),
            FileTitleColumn(
                "title",
                label=_("Title"),
                sort_key="title",
                get_url=self.get_edit_url,
                get_title_id=lambda recording: f"{self.kind.name}_{quote(recording.pk)}_title",
                classname="title-with-filename",
            ),
            StatusColumn("status", label=_("Status"), sort_key="status", classname="recording-listing__status"),
            Column(
                "duration",
                label=_("Duration"),
                accessor=lambda recording: clock(recording.duration),
                sort_key=sortable("duration"),
            ),
            Column(
                "file_size",
                label=_("Size"),
                accessor=lambda recording: filesizeformat(recording.file_size or 0),
                sort_key="file_size",
            ),
            Column("collection", label=_("Collection"), accessor="collection.name"),
            DateColumn("created_at", label=_("Created"), sort_key="created_at"),
            UsageColumn(
                "reference_count",
                self.usage_url_name,
                label=_("Usage"),
                sort_key=sortable("reference_count"),
            ),
        ]

    def get_filterset_kwargs(self) -> dict[str, Any]:
        return super().get_filterset_kwargs() | {"is_searching": self.is_searching}

    def get_add_url(self) -> str | None:
        url = super().get_add_url()
        collection = self.current_collection
        return url and set_query_params(url, {"collection_id": collection and collection.pk})

    def get_edit_url(self, instance: Asset) -> str | None:
        query = self.request.GET.urlencode()
        url = super().get_edit_url(instance)
        return url and set_query_params(url, {"next": f"{self.index_url}?{query}" if query else self.index_url})

    @cached_property
    def is_ordered_by_usage(self) -> bool:
        return self.ordering in ("reference_count", "-reference_count")

    def get_table(self, object_list: Any) -> Table:
        # Counted for this page only, unless the whole listing had to be counted for its order.
        recordings = list(object_list)
        if not self.is_ordered_by_usage:
            shown = with_reference_count(self.model.objects.filter(pk__in=[one.pk for one in recordings]))
            counts = dict(shown.values_list("pk", "reference_count"))
            for recording in recordings:
                recording.reference_count = counts.get(recording.pk, 0)
        return super().get_table(recordings)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {
            "current_collection": self.current_collection,
            "words": self.kind.words,
        }
