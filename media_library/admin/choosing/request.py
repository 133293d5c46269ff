"""What a chooser reads of its address."""

from typing import Any

from django.core.exceptions import BadRequest
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import cached_property
from wagtail.admin.views.generic.chooser import PreserveURLParametersMixin

from media_library.admin.choosing.kinds import Words, parse_kinds, words
from media_library.admin.choosing.listing import choosable
from media_library.models import Asset

SELECT_FORMAT = "wagtailimages_chooser:select_format"
"""Wagtail's own step, which stays as it is."""


def parse_id(value: str | None) -> int | None:
    """An id of an asset; None for what can't be one."""
    return int(value) if value and value.isascii() and value.isdigit() and len(value) <= 18 else None


class OfKinds(PreserveURLParametersMixin):
    """For views that are limited to some kinds, by ``?kinds=image,video`` or where Wagtail's own choosers stand."""

    model = Asset
    kinds: tuple[str, ...] = ()
    chosen_url_name = ""
    request: HttpRequest

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        if not self.kinds:
            try:
                self.kinds = parse_kinds(request.GET.get("kinds", ""))
            except ValueError as error:
                raise BadRequest(str(error)) from error

    @property
    def words(self) -> Words:
        return words(self.kinds)

    @cached_property
    def choosable(self) -> QuerySet[Asset]:
        return choosable(self.request.user, self.kinds)

    def chosen_url(self, asset: Asset) -> str:
        """The address that chooses this asset. Rich text asks for the format of a picture next."""
        takes_format = self.request.GET.get("select_format") and asset.kind == Asset.Kind.IMAGE
        name = SELECT_FORMAT if takes_format else self.chosen_url_name
        return self.append_preserved_url_parameters(reverse(name, args=(asset.pk,)))
