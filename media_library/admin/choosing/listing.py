"""What the chooser lists: what the user may choose of these kinds, searched and filtered. Quick among 100,000."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.paginator import Page
from django.db.models import QuerySet
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.choosers import BaseFilterForm
from wagtail.admin.paginator import WagtailPaginator
from wagtail.models import Collection

from media_library.admin.choosing.kinds import MODELS, WORDS
from media_library.admin.library.searching import best_first, matching
from media_library.admin.permissions import choosable_assets
from media_library.models import Asset

NEWEST_FIRST = ("-created_at", "-pk")

ALONG = ("collection", "uploaded_by_user")
"""Both are asked when it is decided whether the user may edit it, too."""


class NarrowPaginator(WagtailPaginator):
    """Finds out which assets are on a page before it reads them: sorted as a whole, 100,000 rows take too long."""

    def page(self, number: Any) -> Page:
        page = super().page(number)
        ids = list(page.object_list.values_list("pk", flat=True))
        # By id alone: what they were found by needn't be asked again.
        found = Asset.objects.select_related(*ALONG).in_bulk(ids)
        page.object_list = [found[one] for one in ids if one in found]
        return page


def choosable(user: Any, kinds: tuple[str, ...]) -> QuerySet[Asset]:
    """What this user may choose of these kinds."""
    assets = choosable_assets(user)
    if len(kinds) < len(MODELS):
        assets = assets.filter(kind__in=kinds)
    return assets.select_related(*ALONG)


class ChooserFilterForm(BaseFilterForm):
    """Words, a folder and a kind. Takes ``kinds``, and ``folders``: where the user may choose."""

    q = forms.CharField(
        label=_("Search"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"placeholder": _("Title, alt text, tag or file name"), "type": "search"}),
    )
    kind = forms.ChoiceField(
        label=_("Kind"), required=False, widget=forms.RadioSelect(attrs={"data-chooser-modal-search-filter": True})
    )
    folder = forms.ModelChoiceField(
        label=_("Folder"), required=False, queryset=Collection.objects.none(), empty_label=_("All folders")
    )

    def __init__(self, data: Mapping[str, Any], kinds: tuple[str, ...], folders: QuerySet[Collection]):
        super().__init__(data)
        self.kinds = kinds
        if len(kinds) > 1:
            self.fields["kind"].choices = [("", _("All")), *((kind, WORDS[kind].plural) for kind in kinds)]
        else:
            del self.fields["kind"]
        self.fields["folder"].queryset = folders

    @cached_property
    def folders(self) -> list[tuple[Collection, int]]:
        """The folders as a tree: each with its depth below those that are shown."""
        shown = list(self.fields["folder"].queryset.order_by("path"))
        paths = {one.path for one in shown}
        return [
            (one, sum(one.path[:end] in paths for end in range(one.steplen, len(one.path), one.steplen)))
            for one in shown
        ]

    @property
    def is_filtering(self) -> bool:
        """Whether fewer than all may be listed, and an empty list says nothing about the library."""
        return any(self.data.get(name) for name in self.fields)

    def filter(self, objects: QuerySet[Asset]) -> QuerySet[Asset]:
        if folder := self.cleaned_data.get("folder"):
            self.is_filtering_by_collection = True
            objects = objects.filter(collection__in=folder.get_descendants(inclusive=True))
        if kind := self.cleaned_data.get("kind"):
            objects = objects.filter(kind=kind)
        if query := self.cleaned_data.get("q"):
            self.is_searching, self.search_query = True, query
            objects = best_first(matching(objects, query), query)
        return objects
