"""The page on which an asset is shared: its address, and a text for each network; or why it isn't public."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.views.generic import View
from wagtail.admin.admin_url_finder import AdminURLFinder
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from blog.sharing.assets import NotShared, asset_texts, shared_address
from blog.sharing.links import links_with, measured
from media_library import rights
from media_library.admin.asset_links import AssetLink
from media_library.admin.permissions import User, visible_assets
from media_library.models import Asset


class ShareAssetView(WagtailAdminTemplateMixin, View):
    """404 for what the user may not see."""

    http_method_names = ["get"]
    page_title = _("Share it")
    header_icon = "link-external"
    template_name = "blog/sharing/sheet.html"

    @cached_property
    def asset(self) -> Asset:
        return get_object_or_404(visible_assets(self.request.user), pk=self.kwargs["pk"]).specific

    def get_page_subtitle(self) -> str:
        return self.asset.title

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        edit_url = AdminURLFinder(self.request.user).get_edit_url(self.asset)
        above = [{"url": edit_url, "label": self.asset.title}] if edit_url else []
        here = {"url": "", "label": self.get_page_title(), "sublabel": self.asset.title}
        return [*super().get_breadcrumbs_items(), *above, here]

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        try:
            url = shared_address(self.asset)
        except NotShared as reason:
            return self.render_to_response(self.get_context_data(why_not=str(reason)))
        texts = measured(links_with(asset_texts(self.asset, url), self.asset.title, url))
        warning = rights.describe(self.asset)
        return self.render_to_response(self.get_context_data(url=url, texts=texts, warning=warning))


def links(asset: Asset, user: User) -> list[AssetLink]:
    """Hook ``register_asset_links``."""
    return [AssetLink("link-external", _("Share it"), reverse("blog_share_asset", args=[asset.pk]))]


def urls() -> list[URLPattern]:
    """Hook ``register_admin_urls``."""
    return [path("media/<int:pk>/share/", ShareAssetView.as_view(), name="blog_share_asset")]
