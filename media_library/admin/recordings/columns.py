"""Columns of the listing and of the chooser."""

from typing import Any

from django.contrib.admin.utils import quote
from django.urls import reverse
from wagtail.admin.ui.tables import BaseColumn, BulkActionsCheckboxColumn, Column, TitleColumn

from media_library.models import Asset


class BulkActionsColumn(BulkActionsCheckboxColumn):
    """The checkboxes; "select all" means all of the collection that is shown."""

    def get_header_context_data(self, parent_context: Any) -> dict[str, Any]:
        context = super().get_header_context_data(parent_context)
        if collection := parent_context.get("current_collection"):
            context["parent"] = collection.pk
        return context


class ThumbnailColumn(BaseColumn):
    cell_template_name = "media_library/recordings/thumbnail_cell.html"


class FileTitleColumn(TitleColumn):
    cell_template_name = "media_library/recordings/title_cell.html"


class StatusColumn(BaseColumn):
    cell_template_name = "media_library/recordings/status_cell.html"


class UsageColumn(Column):
    cell_template_name = "media_library/recordings/usage_cell.html"

    def __init__(self, name: str, usage_url_name: str, **kwargs: Any):
        super().__init__(name, **kwargs)
        self.usage_url_name = usage_url_name

    def get_cell_context_data(self, instance: Asset, parent_context: Any) -> dict[str, Any]:
        context = super().get_cell_context_data(instance, parent_context)
        context["usage_url"] = reverse(self.usage_url_name, args=(quote(instance.pk),))
        return context
