"""The usage pages of assets: Wagtail's own, with drafts and scheduled revisions."""

from functools import cached_property
from typing import Any

from django.http import HttpRequest
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import BaseColumn, Column, Table, TitleColumn
from wagtail.admin.views.generic.base import BaseListingView
from wagtail.documents.views import documents
from wagtail.images.views import images

from media_library.models import Asset
from media_library.usage import Place, places


class StateColumn(BaseColumn):
    cell_template_name = "media_library/admin/place_state_cell.html"


class FieldsColumn(BaseColumn):
    cell_template_name = "media_library/admin/place_fields_cell.html"


class PlacesMixin:
    """For Wagtail's usage views. What the user may not edit or choose is listed without its name."""

    object: Asset
    request: HttpRequest

    @cached_property
    def columns(self) -> list[BaseColumn]:
        return [
            TitleColumn("name", label=_("Name"), accessor="title", get_url=lambda place: place.edit_url),
            Column("content_type", label=_("Type"), accessor="kind"),
            StateColumn("state", label=_("State")),
            FieldsColumn("field", label=_("Field")),
        ]

    def get_queryset(self) -> list[Place]:
        return places(self.object, self.request.user)

    def get_table(self, object_list: list[Place], **kwargs: Any) -> Table:
        # Not that of UsageView, whose rows are references.
        return BaseListingView.get_table(self, object_list, **kwargs)


class ImageUsageView(PlacesMixin, images.UsageView):
    pass


class DocumentUsageView(PlacesMixin, documents.UsageView):
    pass


# At the addresses of Wagtail's own views, before these; their names lead here, too.
urlpatterns: list[URLPattern] = [
    path("images/usage/<int:image_id>/", ImageUsageView.as_view()),
    path("documents/usage/<int:document_id>/", DocumentUsageView.as_view()),
]
