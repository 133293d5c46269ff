"""What is suggested for the media that a user may change, to be accepted, reworded or rejected, one by one or many."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import Page, Paginator
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic import View
from wagtail.admin import messages
from wagtail.admin.utils import get_valid_next_url_from_request
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from media_library import insight
from media_library.admin.duplicates.report import edit_url
from media_library.admin.facts import thumbnail_urls_of
from media_library.admin.permissions import changeable_assets, may_work
from media_library.exceptions import NotChanged
from media_library.insight import embedding, endpoint, text
from media_library.models import Asset, Suggestion

ASSETS_ON_A_PAGE = 15

MOST_AT_ONCE = 500
"""Suggestions that are decided on by one press of a button."""


@dataclass(frozen=True)
class Suggested:
    """An asset and what is suggested for it."""

    asset: Asset
    thumbnail: str
    edit_url: str
    suggestions: list[Suggestion]


class SuggestionsView(WagtailAdminTemplateMixin, View):
    """By asset, the newest first; ``?field=tag`` and ``?source=people`` leave the others out."""

    http_method_names = ["get"]
    page_title = gettext_lazy("Suggestions")
    header_icon = "tag"
    template_name = "media_library/suggestions/index.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        if not may_work(request.user):
            raise PermissionDenied
        return self.render_to_response(self.get_context_data())

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*super().get_breadcrumbs_items(), {"url": "", "label": self.get_page_title()}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        asked, fields = self.request.GET, dict(Suggestion.Field.choices)
        field = asked.get("field", "") if asked.get("field") in fields else ""
        mine = open_suggestions(field)
        assets = changeable_assets(self.request.user).filter(Exists(mine.filter(asset=OuterRef("pk"))))
        page = Paginator(assets.order_by("-pk"), ASSETS_ON_A_PAGE).get_page(asked.get("p"))
        return super().get_context_data(**kwargs) | {
            "page": page,
            "suggested": describe(page, mine),
            "field": field,
            "fields": fields.items(),
            "asks_elsewhere": endpoint.is_on(),
            # The sentences are for whoever runs the server.
            "model_problem": embedding.problem() if self.request.user.is_superuser else "",
            "text_problem": text.problem() if self.request.user.is_superuser else "",
            "here": self.request.get_full_path(),
        }


class DecideView(View):
    """POST ``accept=12`` or ``reject=12``; or ``decision=accept`` or ``reject`` with ``ids``, one or many times.

    ``text-12`` says in which words suggestion 12 is accepted. Those that the user may not decide on are left out.
    """

    http_method_names = ["post"]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not may_work(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def post(self, request: HttpRequest) -> HttpResponse:
        is_accepted, ids = _decision(request.POST)
        mine = Suggestion.objects.filter(pk__in=ids[:MOST_AT_ONCE], asset__in=changeable_assets(request.user))
        done, problems = 0, set[str]()
        for one in mine.select_related("asset").order_by("pk"):
            try:
                with transaction.atomic():
                    if is_accepted:
                        insight.accept(one, request.user, request.POST.get(f"text-{one.pk}", ""))
                    else:
                        insight.reject(one, request.user)
            except NotChanged as error:
                problems.add(f"“{one.text}”: {error}")
            else:
                done += 1
        self._tell(is_accepted, done, problems)
        return redirect(get_valid_next_url_from_request(request) or reverse("media_library_suggested"))

    def _tell(self, is_accepted: bool, done: int, problems: Iterable[str]) -> None:
        if done and is_accepted:
            text = ngettext("%(number)s suggestion accepted.", "%(number)s suggestions accepted.", done)
            messages.success(self.request, text % {"number": done})
        elif done:
            text = ngettext(
                "%(number)s suggestion rejected. It will not come back.",
                "%(number)s suggestions rejected. They will not come back.",
                done,
            )
            messages.success(self.request, text % {"number": done})
        for problem in sorted(problems):
            messages.error(self.request, problem)
        if not done and not problems:
            messages.warning(self.request, _("Nothing was chosen. Tick the suggestions that are meant."))


def open_suggestions(field: str = "") -> QuerySet[Suggestion]:
    """What nobody has decided on, of one field or of all, in the order in which it is shown."""
    found = Suggestion.objects.filter(state=Suggestion.State.OPEN)
    return (found.filter(field=field) if field else found).order_by("field", "-confidence", "pk")


def describe(page: Page | Iterable[Asset], suggestions: QuerySet[Suggestion]) -> list[Suggested]:
    """These assets with what is suggested for them, in a fixed number of queries."""
    assets = list(page)
    of: dict[int, list[Suggestion]] = {asset.pk: [] for asset in assets}
    for one in suggestions.filter(asset__in=of):
        of[one.asset_id].append(one)
    thumbnails = thumbnail_urls_of(assets)
    return [Suggested(one, thumbnails.get(one.pk, ""), edit_url(one), of[one.pk]) for one in assets if of[one.pk]]


def _decision(post: QueryDict) -> tuple[bool, list[int]]:
    """Whether to accept, and which."""
    for name in ("accept", "reject"):
        if name in post:
            return name == "accept", _numbers(post.getlist(name)[:1])
    return post.get("decision") == "accept", _numbers(post.getlist("ids"))


def _numbers(values: Iterable[str]) -> list[int]:
    return [int(one) for one in values if one.isascii() and one.isdigit() and len(one) < 19]
