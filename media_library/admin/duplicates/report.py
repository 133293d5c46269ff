"""The report of duplicates: groups of assets that are the same file, or look alike."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic import View
from wagtail.admin import messages
from wagtail.admin.menu import MenuItem
from wagtail.admin.utils import get_valid_next_url_from_request
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from media_library import duplicates
from media_library.admin.facts import thumbnail_urls_of
from media_library.admin.jobs.report import EDIT_URLS
from media_library.admin.permissions import changeable_assets, may_work, visible_assets
from media_library.admin.status import parse_ids
from media_library.models import Asset, DuplicatePair
from media_library.usage import usage_counts

GROUPS_ON_A_PAGE = 20

MOST_PAIRS = 10_000
"""The latest pairs that the report looks at; those before them come up as these are dealt with."""

SORTS = {"exact": gettext_lazy("The same file"), "similar": gettext_lazy("Looks alike")}


@dataclass(frozen=True)
class Member:
    """An asset of a group as the report shows it; ``merge_url`` is empty where the user may not merge it."""

    asset: Asset
    thumbnail: str
    edit_url: str | None
    used: int
    is_exact: bool = False
    merge_url: str = ""
    dismissable: bool = False


@dataclass(frozen=True)
class Group:
    """Assets that belong together; the first one is the one that is best kept."""

    members: list[Member]

    @property
    def ids(self) -> str:
        return ",".join(str(member.asset.pk) for member in self.members)


class DuplicatesView(WagtailAdminTemplateMixin, View):
    """What this user may see of it, in pages; ``?sort=exact`` or ``similar``. A fixed number of queries."""

    http_method_names = ["get"]
    page_title = gettext_lazy("Duplicates")
    header_icon = "copy"
    template_name = "media_library/duplicates/index.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        if not may_work(request.user):
            raise PermissionDenied
        return self.render_to_response(self.get_context_data())

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*super().get_breadcrumbs_items(), {"url": "", "label": self.get_page_title()}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        sort = self.request.GET.get("sort", "")
        pairs = duplicates.pairs_among(visible_assets(self.request.user))
        if sort in SORTS:
            pairs = pairs.filter(is_exact=sort == "exact")
        page = Paginator(duplicates.groups(pairs, MOST_PAIRS), GROUPS_ON_A_PAGE).get_page(self.request.GET.get("p"))
        return super().get_context_data(**kwargs) | {
            "page": page,
            "groups": describe(page, pairs, self.request.user),
            "sort": sort,
            "sorts": SORTS.items(),
            "here": self.request.get_full_path(),
        }


def describe(page: Page | Sequence[list[int]], pairs: QuerySet[DuplicatePair], user: Any) -> list[Group]:
    """These groups with all that the report says of them."""
    ids = [pk for group in page for pk in group]
    found = visible_assets(user).select_related("collection", "uploaded_by_user").in_bulk(ids)
    changeable = set(changeable_assets(user).filter(pk__in=ids).values_list("pk", flat=True))
    thumbnails, counts = thumbnail_urls_of(found.values()), usage_counts(found)
    exact = _ids_in(pairs.filter(first__in=ids, is_exact=True))
    groups = []
    for group in page:
        # First what is best kept: what is used most, then the largest, then the oldest.
        ordered = sorted(
            (found[pk] for pk in group if pk in found), key=lambda one: (-counts[one.pk], -_pixels(one), one.pk)
        )
        members = []
        for asset in ordered:
            others = asset is not ordered[0] and {asset.pk, ordered[0].pk} <= changeable
            members.append(
                Member(
                    asset,
                    thumbnails.get(asset.pk, ""),
                    edit_url(asset) if asset.pk in changeable else None,
                    counts[asset.pk],
                    asset.pk in exact,
                    merge_url(ordered[0], asset) if others else "",
                    asset.pk in changeable,
                )
            )
        if len(members) > 1:
            groups.append(Group(members))
    return groups


def edit_url(asset: Asset) -> str:
    """Where an asset is edited, without asking for its row of that kind."""
    return reverse(EDIT_URLS[Asset.Kind(asset.kind)], args=[asset.pk])


def merge_url(kept: Asset, other: Asset) -> str:
    return f"{reverse('media_library_merge')}?keep={kept.pk}&other={other.pk}"


def _ids_in(pairs: QuerySet[DuplicatePair]) -> set[int]:
    return {pk for pair in pairs.values_list("first", "second") for pk in pair}


def _pixels(asset: Asset) -> int:
    return (asset.width or 0) * (asset.height or 0) or asset.file_size or 0


class NotDuplicateView(View):
    """POST ``ids=1,2,3``: those of them that the user may change are no duplicates of each other."""

    http_method_names = ["post"]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not may_work(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def post(self, request: HttpRequest) -> HttpResponse:
        try:
            ids = parse_ids(request.POST.get("ids", ""))
        except ValueError as error:
            messages.error(request, str(error))
            return self.go_on()
        mine = _within(ids, request.user)
        number = duplicates.dismiss(duplicates.pairs_among(mine), request.user)
        if number:
            text = ngettext("Noted: this is no duplicate.", "Noted: these are no duplicates.", len(ids) - 1)
            messages.success(request, text)
        else:
            messages.warning(request, _("Nothing was left to note. Somebody else may have been faster."))
        return self.go_on()

    def go_on(self) -> HttpResponse:
        return redirect(get_valid_next_url_from_request(self.request) or reverse("media_library_duplicates"))


def _within(ids: Iterable[int], user: Any) -> QuerySet[Asset]:
    return changeable_assets(user).filter(pk__in=list(ids))


class DuplicatesMenuItem(MenuItem):
    def is_shown(self, request: Any) -> bool:
        return may_work(request.user)


def menu_item() -> DuplicatesMenuItem:
    url = reverse("media_library_duplicates")
    return DuplicatesMenuItem(_("Duplicates"), url, name="duplicates", icon_name="copy", order=1210)
