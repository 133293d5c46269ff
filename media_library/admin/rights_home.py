"""The admin's home page says which rights end, for as long as something shows the asset."""

from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from wagtail.admin.admin_url_finder import AdminURLFinder
from wagtail.admin.ui.components import Component

from media_library.admin.permissions import changeable_assets
from media_library.rights import expired, expiring_soon
from media_library.usage import usage_counts

SHOWN = 10
LOOKED_AT = 100
"""Assets of which it is asked whether they are used at all, those that ended last first."""


class EndingRightsPanel(Component):
    name = "ending_rights"
    template_name = "media_library/admin/ending_rights.html"
    order = 250

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        user = parent_context["request"].user
        ending = changeable_assets(user).filter(expired() | expiring_soon()).order_by("-expires_on", "pk")
        assets = list(ending[:LOOKED_AT])
        numbers = usage_counts([asset.pk for asset in assets]) if assets else {}
        used = [asset for asset in assets if numbers[asset.pk]][:SHOWN]
        finder, today = AdminURLFinder(user), timezone.localdate()
        return {
            "rows": [
                {
                    "asset": asset,
                    "number": numbers[asset.pk],
                    "is_over": asset.expires_on is not None and asset.expires_on < today,
                    "url": finder.get_edit_url(asset),
                }
                for asset in used
            ]
        }


def add_panel(request: HttpRequest, panels: list[Any]) -> None:
    """Hook ``construct_homepage_panels``."""
    panels.append(EndingRightsPanel())
