from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from wagtail.models import Page
from wagtail_headless_preview.models import HeadlessPreviewMixin

from media_library.api.library import serving


class FrontEndMixin(HeadlessPreviewMixin):
    """A page that is seen on the front end at ``settings.FRONTEND_URL``, or else through ``templates/``.

    Put it before ``Page`` in the bases. With a front end, the page's URLs lead there, and a preview opens
    ``settings.FRONTEND_PREVIEW_URL`` (by default ``{FRONTEND_URL}/preview``) with ``content_type``, ``token`` and
    ``in_preview_panel``; the front end takes these to ``/api/v2/page_preview/``.
    """

    def get_url_parts(self, request: HttpRequest | None = None) -> tuple[int, str | None, str | None] | None:
        parts = super().get_url_parts(request=request)
        if parts is None or parts[1] is None or not settings.FRONTEND_URL:
            return parts
        return parts[0], settings.FRONTEND_URL, parts[2]

    def get_url(self, request: HttpRequest | None = None, current_site: Any = None) -> str | None:
        if settings.FRONTEND_URL:
            # Never a path alone: the front end has another host than the admin that links to it.
            return self.get_full_url(request=request)
        return super().get_url(request=request, current_site=current_site)

    url = property(get_url)

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if settings.FRONTEND_URL:
            return redirect(self.get_full_url(request))
        with serving(request):
            # Rendered in here, so that the templates use what was loaded for the whole page.
            return super().serve(request, *args, **kwargs).render()

    def get_preview_url(self, request: HttpRequest, token: str) -> str:
        base = settings.FRONTEND_PREVIEW_URL or f"{settings.FRONTEND_URL}/preview"
        query = {
            "content_type": self.get_content_type_str(),
            "token": token,
            "in_preview_panel": "true" if getattr(request, "in_preview_panel", False) else "false",
        }
        return f"{base}?{urlencode(query)}"

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponseBase:
        if settings.FRONTEND_URL:
            return super().serve_preview(request, mode_name)
        with serving(request):
            return Page.serve_preview(self, request, mode_name).render()
