"""Pages of one asset's versions. All of them are for who may change the asset; nothing here is public."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import cache_control
from django.views.generic import View
from wagtail.admin import messages
from wagtail.admin.admin_url_finder import AdminURLFinder
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.widgets.button import HeaderButton

from media_library.admin.permissions import changeable_assets, visible_assets
from media_library.admin.versions import facts
from media_library.admin.versions.forms import ChangeForm, ReplaceForm
from media_library.deletion.guard import SHOWN
from media_library.exceptions import MediaLibraryError
from media_library.models import Asset, AssetVersion
from media_library.replacement import current_number, replace_file, restore_version, versions
from media_library.usage import places, usage_counts


class AssetMixin(WagtailAdminTemplateMixin):
    """For pages of one asset: 404 for what the user may not see, refused for what they may only choose."""

    header_icon = "history"
    request: HttpRequest
    kwargs: dict[str, Any]

    @cached_property
    def asset(self) -> Asset:
        pk = self.kwargs["pk"]
        asset = get_object_or_404(visible_assets(self.request.user), pk=pk)
        if not changeable_assets(self.request.user).filter(pk=pk).exists():
            raise PermissionDenied
        return asset.specific

    @cached_property
    def versions(self) -> list[AssetVersion]:
        return versions(self.asset)

    def version(self, number: Any) -> AssetVersion:
        """One of them by its number as it stands in an address; 404 without it."""
        found = next((one for one in self.versions if str(one.number) == str(number)), None)
        if found is None:
            raise Http404
        return found

    @property
    def versions_url(self) -> str:
        return reverse("media_library_versions", args=[self.asset.pk])

    def get_page_subtitle(self) -> str:
        return self.asset.title

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        edit_url = AdminURLFinder(self.request.user).get_edit_url(self.asset)
        items = [*super().get_breadcrumbs_items(), {"url": edit_url, "label": self.asset.title}]
        if not isinstance(self, VersionsView):
            items.append({"url": self.versions_url, "label": VersionsView.page_title})
        return [*items, {"url": "", "label": self.get_page_title(), "sublabel": self.asset.title}]

    def shown(self, version: AssetVersion) -> dict[str, Any]:
        """A version for a template."""
        return {
            "version": version,
            "preview": facts.preview_url(version, self.asset),
            "facts": facts.facts(version),
        }

    def used(self) -> dict[str, Any]:
        """The places that change along with the file, as places.html takes them."""
        return {
            "places": places(self.asset, self.request.user, limit=SHOWN),
            "number": usage_counts([self.asset.pk])[self.asset.pk],
        }


class VersionsView(AssetMixin, View):
    page_title = gettext_lazy("Versions")
    template_name = "media_library/versions/index.html"

    @property
    def header_buttons(self) -> list[HeaderButton]:
        url = reverse("media_library_replace_file", args=[self.asset.pk])
        return [HeaderButton(_("Replace the file"), url=url, icon_name="upload")]

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self.render_to_response(self.get_context_data())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {
            "asset": self.asset,
            "shown": [self.shown(one) for one in self.versions],
            "kept": sum(one.file_size or 0 for one in self.versions if not one.is_current),
        }


class CompareView(AssetMixin, View):
    """``?left=1&right=3``, by the numbers of versions; the two latest without it."""

    page_title = gettext_lazy("Compare versions")
    template_name = "media_library/versions/compare.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self.render_to_response(self.get_context_data())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        if len(self.versions) < 2:
            raise Http404
        newest, before, *_rest = self.versions
        left = self.version(self.request.GET.get("left", before.number))
        right = self.version(self.request.GET.get("right", newest.number))
        widest = max(left.width or 0, right.width or 0)
        sides = [self.shown(one) | {"width": facts.shown_width(one, widest)} for one in (left, right)]
        return super().get_context_data(**kwargs) | {
            "asset": self.asset,
            "sides": sides,
            "rows": facts.compared(left, right),
            "versions": self.versions,
            "can_overlay": facts.is_picture(self.asset) and all(one["preview"] for one in sides),
        }


class ChangeView(AssetMixin, View):
    """A form that puts another file in the place of this one, below the places that change along."""

    http_method_names = ["get", "post"]
    form_class: type[ChangeForm]

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=self.form()))

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        form = self.form(request.POST, request.FILES)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form), status=422)
        try:
            number = self.change(form)
        except MediaLibraryError as error:
            form.add_error(None, str(error))
            return self.render_to_response(self.get_context_data(form=form), status=422)
        self.tell(number, form.cleaned_data["base"])
        return redirect(self.versions_url)

    def form(self, *data: Any) -> ChangeForm:
        return self.form_class(*data, initial={"base": current_number(self.asset.pk)})

    def change(self, form: ChangeForm) -> int:
        """Do it, and return the number of the new version."""
        raise NotImplementedError

    def tell(self, number: int, base: int | None) -> None:
        """Say what has happened, and what somebody else did while the form was open."""
        words = {"title": self.asset.title, "number": number}
        messages.success(
            self.request,
            _("“%(title)s” has a new file: version %(number)s. Pages show it as soon as it is developed.") % words,
        )
        between = AssetVersion.objects.filter(asset=self.asset.pk, number__gt=base or number, number__lt=number)
        for version in between.select_related("created_by").order_by("number"):
            words = {"number": version.number, "user": version.created_by or _("someone else")}
            messages.warning(
                self.request,
                _("Meanwhile %(user)s had replaced the file, too. That is version %(number)s, and it is kept.")
                % words,
            )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        return context | {"asset": self.asset, "current": self.shown(self.versions[0]), "used": self.used()}


class ReplaceView(ChangeView):
    page_title = gettext_lazy("Replace the file")
    header_icon = "upload"
    template_name = "media_library/versions/replace.html"

    def form(self, *data: Any) -> ReplaceForm:
        return ReplaceForm(*data, asset=self.asset, initial={"base": current_number(self.asset.pk)})

    def change(self, form: ChangeForm) -> int:
        data = form.cleaned_data
        return replace_file(self.asset, data["file"], self.request.user, data["note"])


class RestoreVersionView(ChangeView):
    page_title = gettext_lazy("Restore a version")
    template_name = "media_library/versions/restore.html"
    form_class = ChangeForm

    @property
    def wanted(self) -> AssetVersion:
        version = self.version(self.kwargs["number"])
        if version.is_current:
            raise Http404
        return version

    def change(self, form: ChangeForm) -> int:
        return restore_version(self.wanted, self.request.user, form.cleaned_data["note"])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {
            "wanted": self.shown(self.wanted),
            "sides": [self.shown(self.wanted), self.shown(self.versions[0])],
        }


@method_decorator(cache_control(private=True, max_age=24 * 60 * 60), name="dispatch")
class VersionPreviewView(AssetMixin, View):
    """The picture that was kept of a former version."""

    http_method_names = ["get"]

    def get(self, request: HttpRequest, pk: int, number: int) -> FileResponse:
        return _hand_out(self.version(number).preview)


@method_decorator(cache_control(private=True, no_store=True), name="dispatch")
class VersionDownloadView(AssetMixin, View):
    """The very file that was uploaded, with all that it says of itself."""

    http_method_names = ["get"]

    def get(self, request: HttpRequest, pk: int, number: int) -> FileResponse:
        version = self.version(number)
        file = self.asset.file if version.is_current else version.file
        return _hand_out(file, as_attachment=True, filename=version.filename)


def _hand_out(file: Any, **options: Any) -> FileResponse:
    if not file:
        raise Http404
    try:
        answer = FileResponse(file.open("rb"), **options)
    except FileNotFoundError as error:
        raise Http404 from error
    # What a stranger uploaded must not run in the admin.
    answer["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
