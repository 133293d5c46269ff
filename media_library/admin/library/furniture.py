"""Where the rest of Wagtail's admin leads to the library: menu, home page, search, old addresses, collections."""

from typing import Any

from django.http import HttpRequest, HttpResponseRedirect, QueryDict
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.menu import MenuItem
from wagtail.admin.navigation import get_site_for_user
from wagtail.admin.search import SearchArea
from wagtail.admin.site_summary import SummaryItem

from media_library.admin.permissions import may_see_library, visible_assets
from media_library.models import Asset

REPLACED = ("images", "documents")
"""Names of Wagtail's own menu entries and search areas: the library shows both, and more."""

KEPT = {"q": "q", "collection_id": "collection", "tag": "tag"}
"""What of the addresses of the old listings goes on, and as what."""


class LibraryMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return may_see_library(request.user)


class LibrarySearchArea(SearchArea):
    def is_shown(self, request: HttpRequest) -> bool:
        return may_see_library(request.user)


class LibrarySummaryItem(SummaryItem):
    order = 200
    template_name = "media_library/library/site_summary.html"

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        return {
            "total": visible_assets(self.request.user).count(),
            "site_name": get_site_for_user(self.request.user)["site_name"],
        }

    def is_shown(self) -> bool:
        return may_see_library(self.request.user)


def menu_item() -> MenuItem:
    # No beginning of another entry's name: Wagtail's menu would show that one as active with it.
    return LibraryMenuItem(_("Media"), reverse("media_library_index"), name="library", icon_name="image", order=300)


def search_area() -> SearchArea:
    return LibrarySearchArea(_("Media"), reverse("media_library_index"), name="media", icon_name="image", order=200)


def only_the_library(request: HttpRequest, items: list[Any]) -> None:
    """Take what leads to images and documents alone out of the menu, or from among the areas to search."""
    items[:] = [item for item in items if item.name not in REPLACED]


def summaries(request: HttpRequest, items: list[Any]) -> None:
    """One figure on the home page, in place of Wagtail's of images and of documents."""
    items[:] = [item for item in items if type(item).__name__ not in ("ImagesSummaryItem", "DocumentsSummaryItem")]
    items.append(LibrarySummaryItem(request))


def old_listing(request: HttpRequest, kind: str) -> HttpResponseRedirect:
    """Lead from where one kind was listed to the same in the library."""
    params = QueryDict(mutable=True)
    params["kind"] = kind
    for old, new in KEPT.items():
        if values := request.GET.getlist(old):
            params.setlist(new, values)
    return HttpResponseRedirect(f"{reverse('media_library_index')}?{params.urlencode()}")


urlpatterns: list[URLPattern] = [
    path(f"{folder}/{end}", old_listing, {"kind": kind})
    for folder, kind in (("images", Asset.Kind.IMAGE), ("documents", Asset.Kind.DOCUMENT))
    for end in ("", "results/")
]
"""In front of Wagtail's own of the same addresses; their names lead here, too."""
