"""What is read most: a report for editors."""

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.tables import BaseColumn, Column, DateColumn, TitleColumn
from wagtail.admin.views.reports import ReportView
from wagtail.models import Page

from blog.editorial.permissions import page_policy
from blog.popularity.counting import with_views

PERMISSIONS = ["add", "change", "publish"]


class MostReadView(ReportView):
    """Live pages that were seen at all, by views of the last 7 or 30 days, or ever; a fixed number of queries."""

    model = Page
    page_title = _("Most read")
    header_icon = "view"
    index_url_name = "blog_most_read"
    index_results_url_name = "blog_most_read_results"
    any_permission_required = PERMISSIONS
    verbose_name_plural = _("pages")
    default_ordering = "-month"
    is_searchable = True
    search_fields = ["title"]
    list_export = ["title", "page_type_display_name", "week", "month", "ever", "first_published_at"]
    export_headings = {
        "title": _("Title"),
        "page_type_display_name": _("Type"),
        "week": _("Views in 7 days"),
        "month": _("Views in 30 days"),
        "ever": _("Views"),
        "first_published_at": _("Published"),
    }

    @cached_property
    def columns(self) -> list[BaseColumn]:
        return [
            TitleColumn("title", label=_("Title"), sort_key="title", get_url=edit_url),
            Column("page_type_display_name", label=_("Type")),
            Column("week", label=_("7 days"), sort_key="week"),
            Column("month", label=_("30 days"), sort_key="month"),
            Column("ever", label=_("Ever"), sort_key="ever"),
            DateColumn("first_published_at", label=_("Published"), sort_key="first_published_at"),
        ]

    def get_base_queryset(self) -> QuerySet[Page]:
        seen = page_policy().explorable_instances(self.request.user).live().filter(statistics__view_count__gt=0)
        return with_views(with_views(with_views(seen, 7, "week"), 30, "month"), name="ever")

    def order_queryset(self, queryset: QuerySet[Page]) -> QuerySet[Page]:
        queryset = super().order_queryset(queryset)
        return queryset.order_by(*queryset.query.order_by, "-pk")


def edit_url(page: Page) -> str:
    return reverse("wagtailadmin_pages:edit", args=[page.pk])


class MostReadMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return page_policy().user_has_any_permission(request.user, PERMISSIONS)


def menu_item() -> MenuItem:
    """Hook ``register_reports_menu_item``."""
    return MostReadMenuItem(_("Most read"), reverse("blog_most_read"), name="most-read", icon_name="view", order=900)


def urls() -> list[URLPattern]:
    """Hook ``register_admin_urls``."""
    return [
        path("reports/most-read/", MostReadView.as_view(), name="blog_most_read"),
        path("reports/most-read/results/", MostReadView.as_view(results_only=True), name="blog_most_read_results"),
    ]
