from typing import Any

from django.db.models import Sum
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from media_library.admin.board.charts import plain, size
from media_library.admin.board.dashboard import seen_charts
from media_library.admin.board.engagement import engagement_charts, heat_map
from media_library.admin.board.pages import BoardView
from media_library.admin.url_finder import EDIT_URLS
from media_library.models import Asset, AssetStatistics
from media_library.statistics import figures
from media_library.statistics.engagement import engagement


class AssetStatisticsView(BoardView):
    """What visitors saw of one asset; 404 for one that the user may not see."""

    template_name = "media_library/board/asset.html"
    header_icon = "history"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.pk = kwargs["pk"]

    @cached_property
    def asset(self) -> Asset:
        return get_object_or_404(self.assets, pk=self.pk)

    def get_page_title(self) -> str:
        return _("Statistics of “%(title)s”") % {"title": self.asset.title}

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        edit = {"url": reverse(EDIT_URLS[Asset.Kind(self.asset.kind)], args=[self.pk]), "label": self.asset.title}
        return [*self.breadcrumbs_items, edit, {"url": "", "label": self.get_page_title()}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        seen = figures.seen(self.assets.filter(pk=self.asset.pk), self.period)
        ever = AssetStatistics.objects.filter(asset=self.asset.pk).aggregate(
            plays=Sum("plays"), downloads=Sum("downloads"), bytes=Sum("bytes")
        )
        counts = engagement(self.asset.pk, self.period.first)
        return super().get_context_data(**kwargs) | {
            "tabs": [],
            "asset": self.asset,
            "charts": [*seen_charts(seen, self.period), *engagement_charts(self.asset, counts)],
            "heat": heat_map(self.asset, counts),
            "tiles": [
                (_("Views"), plain(self.asset.view_count)),
                (_("Plays"), plain(ever["plays"] or 0)),
                (_("Downloads"), plain(ever["downloads"] or 0)),
                (_("Sent to visitors"), size(ever["bytes"] or 0)),
            ],
        }
