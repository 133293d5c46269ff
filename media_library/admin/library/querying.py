"""What the library shows: the one query behind its page, "all that match", and whoever else lists assets."""

from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.db.models import F, QuerySet
from django.db.models.functions import Lower
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from media_library.admin.library.filters import LibraryFilterSet
from media_library.admin.library.searching import best_first, terms
from media_library.models import Asset

BEST = "best"
NEWEST = "newest"

ORDERS = {
    BEST: _("Best match"),
    NEWEST: _("Newest first"),
    "oldest": _("Oldest first"),
    "title": _("Title, A to Z"),
    "title-reversed": _("Title, Z to A"),
    "largest": _("Largest first"),
    "smallest": _("Smallest first"),
    "taken": _("Last taken first"),
    "taken-reversed": _("First taken first"),
}
# Equal values must not move between pages, so each ends with the id.
COLUMNS: dict[str, tuple[Any, ...]] = {
    NEWEST: ("-created_at", "-pk"),
    "oldest": ("created_at", "pk"),
    "title": (Lower("title"), "pk"),
    "title-reversed": (Lower("title").desc(), "-pk"),
    "largest": (F("file_size").desc(nulls_last=True), "-pk"),
    "smallest": (F("file_size").asc(nulls_last=True), "pk"),
    "taken": (F("taken_at").desc(nulls_last=True), "-pk"),
    "taken-reversed": (F("taken_at").asc(nulls_last=True), "pk"),
}


def library_assets(user: AbstractBaseUser | AnonymousUser, params: QueryDict) -> QuerySet[Asset]:
    """The assets that this user may see and that the parameters of the library's address leave, in their order.

    ``params`` as in the address: ``kind=image&kind=video&collection=3&tag=sea&q=boat&order=title``; what may stand
    there is in ``LibraryFilterSet``. None at all if one of them is wrong.
    """
    return ordered(LibraryFilterSet(user, params).qs, params)


def ordered(assets: QuerySet[Asset], params: QueryDict) -> QuerySet[Asset]:
    """The assets in the order that the parameters ask for."""
    order = chosen_order(params)
    if order == BEST:
        return best_first(assets, params.get("q", ""))
    return assets.order_by(*COLUMNS[order])


def chosen_order(params: QueryDict) -> str:
    """The order that is asked for; an unknown one, or "best match" without words, is the usual one."""
    searching = bool(terms(params.get("q", "")))
    order = params.get("order", "")
    if order in COLUMNS or (order == BEST and searching):
        return order
    return BEST if searching else NEWEST
