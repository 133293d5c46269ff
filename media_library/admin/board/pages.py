"""What the pages of the board have in common: who may see them, the way between them, and the period."""

import time
from collections.abc import Callable
from typing import Any

from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.functional import Promise, cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.generic import TemplateView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from media_library.admin.permissions import may_work, visible_assets
from media_library.models import Asset
from media_library.statistics.figures import Period

PERIODS = (7, 30, 90, 365)
USUAL_PERIOD = 30

SLOW_SECONDS = 0.25
REMEMBERED_SECONDS = 5 * 60
"""As old as figures of storage may be, too."""

TABS: tuple[tuple[str, str | Promise], ...] = (
    ("media_library_dashboard", _("Dashboard")),
    ("media_library_health", _("Health")),
)


def remembered(figure: Callable[[QuerySet[Asset], Period], Any], user: Any, period: Period) -> Any:
    """Figures of what this user may see, over a period; those that took long may be some minutes old."""
    key = f"media-board-{figure.__name__}-{user.pk}-{period.days}-{period.today}"
    found = cache.get(key)
    if found is None:
        began = time.monotonic()
        found = figure(visible_assets(user), period)
        if time.monotonic() - began > SLOW_SECONDS:
            cache.set(key, found, REMEMBERED_SECONDS)
    return found


class BoardView(WagtailAdminTemplateMixin, TemplateView):
    """Figures of the assets that the user may see, and of no others."""

    url_name = ""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not may_work(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def assets(self) -> QuerySet[Asset]:
        return visible_assets(self.request.user)

    @cached_property
    def period(self) -> Period:
        """As the address says (``?days=90``); the usual one where it says nothing that can be chosen."""
        wanted = self.request.GET.get("days", "")
        return Period(next((days for days in PERIODS if str(days) == wanted), USUAL_PERIOD))

    def remembered(self, figure: Callable[[QuerySet[Asset], Period], Any]) -> Any:
        return remembered(figure, self.request.user, self.period)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*self.breadcrumbs_items, {"url": "", "label": self.get_page_title()}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        tabs = [(reverse(name), label, name == self.url_name) for name, label in TABS]
        periods = [
            (days, ngettext("%(days)s day", "%(days)s days", days) % {"days": days}, days == self.period.days)
            for days in PERIODS
        ]
        return super().get_context_data(**kwargs) | {"tabs": tabs, "periods": periods}
