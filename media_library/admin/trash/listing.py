"""What is in the trash: who put it there, and until when it can be restored."""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import BaseColumn, Column, DateColumn, UserColumn
from wagtail.admin.views.generic.base import BaseListingView
from wagtail.admin.widgets.button import HeaderButton

from media_library.admin.choosing.cards import pictures
from media_library.admin.permissions import may_work, trashed_assets
from media_library.conf import conf
from media_library.deletion import restorable_until
from media_library.models import Asset


class AssetColumn(BaseColumn):
    cell_template_name = "media_library/trash/asset_cell.html"


class UntilColumn(Column):
    cell_template_name = "media_library/trash/until_cell.html"


class ActionsColumn(BaseColumn):
    cell_template_name = "media_library/trash/actions_cell.html"


class TrashView(BaseListingView):
    """What this user put in the trash, or might have. A fixed number of queries."""

    page_title = _("Trash")
    header_icon = "bin"
    template_name = "media_library/trash/index.html"
    results_template_name = "media_library/trash/results.html"
    index_url_name = "media_library_trash"
    index_results_url_name = "media_library_trash_results"
    default_ordering = "-trashed_at"
    paginate_by = 50
    is_searchable = True
    # The search index leaves out what is in the trash.
    search_backend_name = None
    search_fields = ["title", "filename"]
    table_classname = "listing trash-listing"
    columns = [
        AssetColumn("title", label=_("Title"), sort_key="title"),
        Column("collection", label=_("Collection"), accessor="collection.name", classname="trash-listing__minor"),
        DateColumn("trashed_at", label=_("Deleted"), sort_key="trashed_at"),
        UserColumn("trashed_by", label=_("By"), classname="trash-listing__minor"),
        UntilColumn("until", label=_("Restorable until"), accessor=lambda asset: day(restorable_until(asset))),
        ActionsColumn("actions", label=_("Actions")),
    ]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not may_work(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    @property
    def no_results_message(self) -> Any:
        if self.is_searching:
            return _("Nothing in the trash matches your search.")
        return _("The trash is empty. What you delete stays here for %(days)s days.") % {"days": conf.TRASH_DAYS}

    @property
    def header_buttons(self) -> list[HeaderButton]:
        if not trashed_assets(self.request.user).exists():
            return []
        empty = f"{reverse('media_library_delete_for_good')}?all=1"
        return [HeaderButton(_("Empty the trash"), url=empty, icon_name="bin", classname="no")]

    def get_base_queryset(self) -> QuerySet[Asset]:
        return trashed_assets(self.request.user).select_related("collection", "trashed_by")

    def get_table(self, object_list: Iterable[Asset]) -> Any:
        return super().get_table(with_thumbnail_urls(object_list))


def with_thumbnail_urls(assets: Iterable[Asset]) -> list[Asset]:
    """The assets, each with the URL of a picture that is there already as ``thumbnail_url``. Two queries."""
    listed = list(assets)
    found = pictures(listed)
    for asset in listed:
        asset.thumbnail_url = found[asset.pk].url if asset.pk in found else ""
    return listed


def day(moment: Any) -> str:
    return date_format(timezone.localtime(moment))
