from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, QueryDict
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.views.generic.base import BaseListingView
from wagtail.admin.widgets.button import HeaderButton
from wagtail.models import Collection

from media_library.admin.library.cards import cards
from media_library.admin.library.filters import LibraryFilterSet
from media_library.admin.library.folders import folder_tree
from media_library.admin.library.querying import BEST, ORDERS, chosen_order, ordered
from media_library.admin.permissions import may_add, may_see_library
from media_library.models import Asset

LAYOUTS = ("grid", "list")
PAGE_SIZES = (48, 96, 192)
LAYOUT_KEY, PAGE_SIZE_KEY = "media_library_layout", "media_library_page_size"
"""Of the session: how somebody looks at the library is no part of what they look at."""


class LibraryView(BaseListingView):
    """Every asset that the user may see, of any kind, filtered by the address; a fixed number of queries.

    ``results_only`` is the same page without its frame, for scripts.
    """

    template_name = "media_library/library/index.html"
    results_template_name = "media_library/library/results.html"
    page_title = _("Media")
    header_icon = "image"
    index_url_name = "media_library_index"
    index_results_url_name = "media_library_index_results"
    is_searchable = True
    request: HttpRequest
    args: Any
    kwargs: Any

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not may_see_library(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def params(self) -> QueryDict:
        """What the address asks for, without what Wagtail's scripts add, and without the page."""
        params = self.request.GET.copy()
        for name in list(params):
            if name.startswith("_w_") or name in (self.page_kwarg, "layout", "per_page") or not any(params[name]):
                del params[name]
        return params

    @cached_property
    def filters(self) -> LibraryFilterSet:
        filters = LibraryFilterSet(self.request.user, self.params)
        filters.offer_tags()
        # Validated with the search, which has a field of its own in the header.
        filters.is_valid()
        del filters.form.fields["q"]
        return filters

    @cached_property
    def found(self) -> QuerySet[Asset]:
        return ordered(self.filters.qs, self.params)

    @cached_property
    def is_filtering(self) -> bool:
        return bool(set(self.params) - {"q", "order"})

    @cached_property
    def is_searching(self) -> bool:
        return bool(self.params.get("q"))

    @cached_property
    def order(self) -> str:
        return chosen_order(self.params)

    def get_ordering(self) -> str:
        return self.order

    def get_queryset(self) -> QuerySet:
        # Of all that is found, ids alone are sorted; the rows of the page are read afterwards.
        return self.found.values_list("pk", flat=True)

    def get_paginator(self, queryset: Any, per_page: int, **kwargs: Any) -> Paginator:
        # To search costs more than to carry ids: once for both, not once to count and once for the page.
        return super().get_paginator(list(queryset) if self.is_searching else queryset, per_page, **kwargs)

    def page_of(self, ids: list[int]) -> list[Asset]:
        rows = Asset.objects.select_related("collection").defer("metadata").in_bulk(ids)
        # What somebody deletes in this moment isn't there.
        return [rows[pk] for pk in ids if pk in rows]

    def _remembered(self, param: str, key: str, choices: tuple[Any, ...]) -> Any:
        asked = {str(one): one for one in choices}.get(self.request.GET.get(param, ""))
        if asked is not None and asked != self.request.session.get(key):
            self.request.session[key] = asked
        remembered = self.request.session.get(key)
        return remembered if remembered in choices else choices[0]

    @cached_property
    def layout(self) -> str:
        return self._remembered("layout", LAYOUT_KEY, LAYOUTS)

    def get_paginate_by(self, queryset: QuerySet) -> int:
        return self._remembered("per_page", PAGE_SIZE_KEY, PAGE_SIZES)

    @cached_property
    def current_folder(self) -> Collection | None:
        return self.filters.form.cleaned_data.get("collection")

    @property
    def header_buttons(self) -> list[HeaderButton]:
        if not may_add(self.request.user):
            return []
        url = reverse("media_library_add")
        if self.current_folder:
            url += f"?collection_id={self.current_folder.pk}"
        return [HeaderButton(_("Add media"), url=url, icon_name="upload")]

    def address(self, **changes: str | None) -> str:
        """The address of this page with other parameters; None takes one away."""
        params = self.params.copy()
        for name, value in changes.items():
            params.pop(name, None)
            if value:
                params[name] = value
        return f"{self.index_url}?{params.urlencode()}" if params else self.index_url

    def get_table(self, object_list: Any) -> Any:
        # Shown as cards, not as rows.
        return super().get_table([])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        page: Page = context["page_obj"]
        here = self.request.GET.get(self.page_kwarg, "1") if page.number > 1 else ""
        back = self.address(p=str(page.number) if here else None)
        kinds = [("", _("All kinds")), *Asset.Kind.choices]
        chosen_kinds = self.params.getlist("kind")
        return (
            context
            | {
                "cards": cards(self.page_of(list(page.object_list)), self.request.user, back),
                "layout": self.layout,
                "layouts": [(one, self.address(layout=one), one == self.layout) for one in LAYOUTS],
                "kinds": [
                    (label, self.address(kind=kind), chosen_kinds == ([kind] if kind else [])) for kind, label in kinds
                ],
                "orders": [(key, label) for key, label in ORDERS.items() if key != BEST or self.is_searching],
                "order": self.order,
                "page_sizes": PAGE_SIZES,
                "page_size": page.paginator.per_page,
                "query": self.params.urlencode(),
                "folder": self.current_folder,
                "errors": self.errors,
                "is_narrowed": self.is_filtering or self.is_searching,
                "render_filters_fragment": self.results_only and "_w_filter_fragment" in self.request.GET,
                "add_url": self.header_buttons[0].url if self.header_buttons else "",
            }
            | ({} if self.results_only else {"tree": folder_tree(self.request.user, self.current_folder)})
        )

    @cached_property
    def errors(self) -> list[tuple[Any, str]]:
        """What is wrong with the address: name of the filter, and a sentence."""
        return [
            (self.filters.filters[name].label, " ".join(messages))
            for name, messages in self.filters.form.errors.items()
        ]
