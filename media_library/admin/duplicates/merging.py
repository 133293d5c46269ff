"""The page that makes one asset of two: both side by side, and who wins in which field."""

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import View
from wagtail.admin import messages
from wagtail.admin.admin_url_finder import AdminURLFinder
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from media_library.admin.duplicates.report import merge_url
from media_library.admin.facts import thumbnail_urls_of
from media_library.admin.permissions import changeable_assets, visible_assets
from media_library.admin.status import MAX_DIGITS
from media_library.admin.trash.furniture import with_undo
from media_library.admin.versions.facts import compared, preview_url
from media_library.deletion.guard import SHOWN
from media_library.exceptions import MediaLibraryError
from media_library.merging import FIELDS, merge, require_mergeable, takes_over
from media_library.models import Asset
from media_library.replacement import versions
from media_library.usage import places, usage_counts

KEPT, OTHER = "kept", "other"


@dataclass(frozen=True)
class Choice:
    """One field that both may have: what each says, and whose is taken."""

    name: str
    label: str
    kept: str
    other: str
    chosen: str

    @property
    def differs(self) -> bool:
        return self.kept != self.other


class MergeView(WagtailAdminTemplateMixin, View):
    """``?keep=2&other=7``; POST with ``field-<name>`` "kept" or "other" does it."""

    http_method_names = ["get", "post"]
    page_title = gettext_lazy("Merge duplicates")
    header_icon = "copy"
    template_name = "media_library/duplicates/merge.html"

    @cached_property
    def assets(self) -> tuple[Asset, Asset]:
        """What is kept, and the other. 404 for what the user may not see, refused for what they may not change."""
        ids = [self.request.GET.get(name, "") for name in ("keep", "other")]
        if not all(one.isascii() and one.isdecimal() and len(one) <= MAX_DIGITS for one in ids):
            raise Http404
        found = visible_assets(self.request.user).in_bulk([int(one) for one in ids])
        if not all(int(one) in found for one in ids):
            raise Http404
        # To put one in the trash takes the same permission.
        if changeable_assets(self.request.user).filter(pk__in=found).count() < len(found):
            raise PermissionDenied
        kept, other = (found[int(one)].specific for one in ids)
        return kept, other

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.render_to_response(self.get_context_data())

    def post(self, request: HttpRequest) -> HttpResponse:
        kept, other = self.assets
        fields = [name for name in FIELDS if request.POST.get(f"field-{name}") == OTHER]
        try:
            result = merge(kept, other, request.user, fields)
        except MediaLibraryError as error:
            return self.render_to_response(self.get_context_data(problem=str(error)), status=409)
        if result.left:
            problem = _(
                "“%(other)s” is still used in places that could not be changed, so it stays as it is. What could be "
                "changed shows “%(kept)s” now."
            ) % {"other": other.title, "kept": kept.title}
            context = self.get_context_data(problem=problem, left=result.left)
            return self.render_to_response(context, status=409)
        text = _("“%(other)s” is merged into “%(kept)s”, and is in the trash.")
        messages.success(request, with_undo(text % {"other": other.title, "kept": kept.title}, [other]))
        return redirect(reverse("media_library_duplicates"))

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *super().get_breadcrumbs_items(),
            {"url": reverse("media_library_duplicates"), "label": _("Duplicates")},
            {"url": "", "label": self.get_page_title()},
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kept, other = self.assets
        try:
            require_mergeable(kept, other)
        except MediaLibraryError as error:
            return super().get_context_data(**kwargs) | {"impossible": str(error), "sides": ()}
        counts = usage_counts([kept.pk, other.pk])
        thumbnails = thumbnail_urls_of([kept, other])
        finder = AdminURLFinder(self.request.user)
        now = [versions(one)[0] for one in (kept, other)]
        return super().get_context_data(**kwargs) | {
            "kept": kept,
            "other": other,
            "sides": [
                {
                    "asset": one,
                    "preview": preview_url(version, one) or thumbnails.get(one.pk, ""),
                    "edit_url": finder.get_edit_url(one),
                    "used": counts[one.pk],
                    "version": version,
                }
                for one, version in zip((kept, other), now, strict=True)
            ],
            "rows": compared(*now),
            "choices": [one for one in self.choices() if one.kept or one.other],
            "tags": sorted({*kept.tags.names(), *other.tags.names()}),
            "used": {"places": places(other, self.request.user, limit=SHOWN), "number": counts[other.pk]},
            "swap_url": merge_url(other, kept),
        }

    def choices(self) -> list[Choice]:
        kept, other = self.assets
        taken = takes_over(kept, other)
        if self.request.method == "POST":
            taken = [name for name in FIELDS if self.request.POST.get(f"field-{name}") == OTHER]
        return [
            Choice(
                name,
                capfirst(str(kept._meta.get_field(name).verbose_name)),
                _words(kept, name),
                _words(other, name),
                OTHER if name in taken else KEPT,
            )
            for name in FIELDS
        ]


def _words(asset: Asset, name: str) -> str:
    value = getattr(asset, name)
    if hasattr(value, "year"):
        return date_format(value)
    display = getattr(asset, f"get_{name}_display", None)
    return str(display() if display and value else value or "")
