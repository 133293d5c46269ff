"""The modal: what it lists, what it answers when something is chosen, and the files that are dropped into it."""

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urljoin

from django.core.exceptions import BadRequest
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.generic import View
from taggit.utils import parse_tags
from wagtail.admin.ui.tables import BaseColumn
from wagtail.admin.views.generic import chooser as generic
from wagtail.models import Collection
from wagtail.permissions import policy_registry

from media_library.admin.choosing.cards import Card, chosen_data, pictures
from media_library.admin.choosing.kinds import MODELS
from media_library.admin.choosing.listing import NEWEST_FIRST, ChooserFilterForm, NarrowPaginator
from media_library.admin.choosing.request import OfKinds, parse_id
from media_library.admin.choosing.suggestions import SHOWN, recently_chosen, recently_uploaded, remember_choice
from media_library.admin.choosing.uploading import accept
from media_library.admin.permissions import choosable_assets
from media_library.admin.presets.sizes import size_mark, size_warning, slots_in_force
from media_library.admin.uploads.doors import Door, doors_of
from media_library.models import Asset
from media_library.related import Related, fitting, related

MAX_CHOSEN = 500
"""Assets that one answer may describe."""


class BaseChooseView(OfKinds, generic.BaseChooseView):
    template_name = "media_library/choosing/chooser.html"
    results_template_name = "media_library/choosing/results.html"
    ordering = NEWEST_FIRST
    paginator_class = NarrowPaginator

    def get_object_list(self) -> QuerySet[Asset]:
        return self.choosable

    @cached_property
    def folders(self) -> QuerySet[Collection]:
        """Where the user may choose at least one of the kinds."""
        return self.collections_for("choose")

    def collections_for(self, action: str) -> QuerySet[Collection]:
        policies = (policy_registry.get_by_type(MODELS[kind]) for kind in self.kinds)
        mine = (policy.collections_user_has_permission_for(self.request.user, action) for policy in policies)
        return Collection.objects.filter(pk__in={one.pk for collections in mine for one in collections})

    def get_filter_form(self) -> ChooserFilterForm:
        return ChooserFilterForm(self.request.GET, kinds=self.kinds, folders=self.folders)

    @property
    def columns(self) -> list[BaseColumn]:
        # There are cards instead of a table.
        return []

    @cached_property
    def chosen(self) -> Asset | None:
        """What the field holds already, if the user may see it."""
        chosen = parse_id(self.request.GET.get("chosen"))
        return choosable_assets(self.request.user).filter(pk=chosen).first() if chosen else None

    def make_cards(self, assets: Iterable[Asset], notes: Mapping[Asset, str] | None = None) -> list[Card]:
        assets = list(assets)
        found = pictures(assets, sharp=True)
        slots = slots_in_force()
        return [
            Card(
                asset,
                self.chosen_url(asset),
                found.get(asset.pk),
                note=(notes or {}).get(asset, ""),
                size_mark=size_mark(asset, slots),
                size_warning=size_warning(asset, slots),
                is_chosen=self.chosen is not None and self.chosen.pk == asset.pk,
            )
            for asset in assets
        ]

    def make_related_cards(self, found: Iterable[Related]) -> list[Card]:
        """Cards that say why."""
        why = {one.asset: one.why for one in found}
        return self.make_cards(why, why)

    @cached_property
    def doors(self) -> list[Door]:
        """Where the user may upload files of these kinds."""
        return [door for door in doors_of(",".join(self.kinds)) if door.is_open_to(self.request.user)]

    def can_create(self) -> bool:
        return bool(self.doors)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {
            "words": self.words,
            "cards": self.make_cards(self.results),
            "is_filtering": self.filter_form.is_filtering,
        }


class ChooseView(generic.ChooseViewMixin, generic.CreationFormMixin, BaseChooseView):
    """The whole modal."""

    def get_creation_form(self) -> None:
        """Files are dropped and sent one by one; there is no form."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {
            "page_title": self.words.choose,
            "header_icon": self.words.icon,
            "recently_chosen": self.make_cards(recently_chosen(self.choosable, self.request.user)),
            "recently_uploaded": self.make_cards(recently_uploaded(self.choosable, self.request.user)),
            "chosen": self.chosen,
            "similar": self.similar,
            "fitting_url": self.append_preserved_url_parameters(urljoin(self.get_results_url(), "../fitting/")),
            "doors": self.doors,
            "upload_collections": self.collections_for("add"),
            "upload_url": self.append_preserved_url_parameters(reverse(self.create_url_name)),
            "accept": accept(self.doors),
        }

    @property
    def similar(self) -> list[Card]:
        if self.chosen is None:
            return []
        return self.make_related_cards(related(self.chosen, self.choosable, SHOWN))


class FittingView(BaseChooseView):
    """What fits the page that is being written: ``title``, ``tags`` with commas between, and ``text``, by POST."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        said = [request.POST.get(name, "") for name in ("title", "tags", "text")]
        found = fitting(said[0], parse_tags(said[1]), said[2], self.choosable, SHOWN)
        context = {
            "cards": self.make_related_cards(found),
            "is_multiple_choice": self.is_multiple_choice,
            "says_something": any(one.strip() for one in said),
        }
        return render(request, "media_library/choosing/fitting.html", context)


class ChooseResultsView(generic.ChooseResultsViewMixin, generic.CreationFormMixin, BaseChooseView):
    """The list alone, when it is searched, filtered or paged."""


class ChosenResponseMixin(OfKinds, generic.ChosenResponseMixin):
    """What the form is told. Nothing about what the user may not choose."""

    def choose(self, assets: list[Asset]) -> list[Asset]:
        remember_choice(self.request.user, assets)
        self.described = {data["id"]: data for data in chosen_data(assets, self.request.user)}
        return assets

    def get_chosen_response_data(self, item: Asset) -> dict[str, Any]:
        # As Wagtail has it: ids are text here.
        return self.described[item.pk] | {"id": str(item.pk)}


class ChosenView(generic.ChosenViewMixin, ChosenResponseMixin, View):
    def get_object(self, pk: str) -> Asset:
        [asset] = self.choose([get_object_or_404(self.choosable, pk=parse_id(pk))])
        return asset


class ChosenMultipleView(generic.ChosenMultipleViewMixin, ChosenResponseMixin, View):
    def get_objects(self, pks: list[str]) -> list[Asset]:
        """In the order in which they were chosen."""
        ids = list(dict.fromkeys(one for one in map(parse_id, pks) if one is not None))
        if len(ids) > MAX_CHOSEN:
            raise BadRequest(_("Choose at most %(number)s at a time.") % {"number": MAX_CHOSEN})
        found = self.choosable.in_bulk(ids)
        return self.choose([found[one] for one in ids if one in found])
