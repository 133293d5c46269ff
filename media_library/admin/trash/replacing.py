"""Replace everywhere with …: the way out for what can't be deleted since it is used."""

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView
from wagtail.admin.admin_url_finder import AdminURLFinder
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from media_library.admin.choosing.kinds import MODELS
from media_library.admin.choosing.widgets import MediaChooser
from media_library.admin.permissions import visible_assets
from media_library.exceptions import NotReplaced
from media_library.models import Asset
from media_library.usage import Place, original, places, replace_everywhere, usage_counts

AT_A_TIME = 100
"""Objects that one request rewrites at most: each is published anew."""

DELETE_URLS: dict[str, str] = {
    Asset.Kind.IMAGE: "wagtailimages:delete",
    Asset.Kind.VIDEO: "media_library_videos:delete",
    Asset.Kind.AUDIO: "media_library_audio:delete",
    Asset.Kind.DOCUMENT: "wagtaildocs:delete",
}


@dataclass(frozen=True)
class UsingObject:
    """An object that uses the asset, with its place in each state: live, scheduled, draft."""

    key: str
    places: list[Place]
    is_following: bool
    """An alias of another one that is listed, and so changed with it."""

    @property
    def first(self) -> Place:
        return self.places[0]

    @property
    def can_be_chosen(self) -> bool:
        return self.first.object is not None and not self.is_following


class ReplaceForm(forms.Form):
    objects = forms.MultipleChoiceField(
        required=True,
        error_messages={
            "required": gettext_lazy("Choose where it is to be replaced."),
            "invalid_choice": gettext_lazy("Something has changed meanwhile. Look through the list again."),
        },
    )

    def __init__(self, *args: Any, old: Asset, user: Any, keys: list[str], **kwargs: Any):
        super().__init__(*args, **kwargs)
        choosable = visible_assets(user).filter(kind=old.kind).exclude(pk=old.pk)
        self.fields["new"] = forms.ModelChoiceField(
            choosable,
            label=_("Replace it with"),
            widget=MediaChooser(kinds=[old.kind]),
            error_messages={
                "required": _("Choose the file that takes its place."),
                "invalid_choice": _("Choose another file of the same kind."),
            },
        )
        self.fields["objects"].choices = [(key, key) for key in keys]


class ReplaceEverywhereView(WagtailAdminTemplateMixin, FormView):
    """The places with boxes and a chooser; afterwards, what became of each."""

    form_class = ReplaceForm
    template_name = "media_library/trash/replace.html"
    page_title = gettext_lazy("Replace everywhere")
    header_icon = "resubmit"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        asset = get_object_or_404(Asset, pk=kwargs["pk"])
        if not visible_assets(request.user).filter(pk=asset.pk).exists():
            raise PermissionDenied
        self.old = asset

    def get_page_subtitle(self) -> str:
        return self.old.title

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        title, subtitle = str(self.page_title), self.get_page_subtitle()
        return [*self.breadcrumbs_items, {"url": "", "label": title, "sublabel": subtitle}]

    @cached_property
    def using(self) -> list[UsingObject]:
        found: dict[tuple[int, str], list[Place]] = defaultdict(list)
        for place in places(self.old, self.request.user, limit=AT_A_TIME):
            found[place.source].append(place)
        return [
            UsingObject(f"{source[0]}:{source[1]}", several, original(several[0]) in found)
            for source, several in found.items()
        ]

    def get_form_kwargs(self) -> dict[str, Any]:
        keys = [one.key for one in self.using if one.can_be_chosen]
        return super().get_form_kwargs() | {"old": self.old, "user": self.request.user, "keys": keys}

    def form_valid(self, form: ReplaceForm) -> HttpResponse:
        new = form.cleaned_data["new"]
        chosen = set(form.cleaned_data["objects"])
        sources = {one.first.source for one in self.using if one.key in chosen}
        sources |= {one.first.source for one in self.using if original(one.first) in sources}
        try:
            result = replace_everywhere(self.old, new, self.request.user, sources)
        except NotReplaced as refusal:
            form.add_error("new", str(refusal))
            return self.form_invalid(form)
        context = self.get_context_data(form=form)
        return self.render_to_response(context | {"result": result, "new": new, **self._afterwards()})

    def _afterwards(self) -> dict[str, Any]:
        rest = usage_counts([self.old.pk])[self.old.pk]
        return {"rest": rest, "delete_url": None if rest else reverse(DELETE_URLS[self.old.kind], args=(self.old.pk,))}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        form = context["form"]
        return context | {
            "old": self.old,
            "using": self.using,
            "number": usage_counts([self.old.pk])[self.old.pk],
            "checked": set(form.data.getlist("objects")) if form.is_bound else {one.key for one in self.using},
            "edit_url": AdminURLFinder(self.request.user).get_edit_url(self.old.specific),
            "kind": MODELS[self.old.kind]._meta.verbose_name,
            "media": form.media,
        }
