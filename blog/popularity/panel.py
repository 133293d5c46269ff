from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import Panel
from wagtail.models import Page

from blog.popularity.counting import with_views


class ViewsPanel(Panel):
    """How often the page was seen; for a page that has been published."""

    def __init__(self, *args: Any, **kwargs: Any):
        kwargs.setdefault("heading", _("How often it was seen"))
        super().__init__(*args, **kwargs)

    class BoundPanel(Panel.BoundPanel):
        template_name = "blog/admin/views_panel.html"

        def is_shown(self) -> bool:
            return super().is_shown() and self.instance.first_published_at is not None

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            page = Page.objects.filter(pk=self.instance.pk)
            counted = with_views(with_views(with_views(page, 7, "week"), 30, "month"), name="ever")
            return super().get_context_data(parent_context) | {"seen": counted.values("week", "month", "ever").first()}
