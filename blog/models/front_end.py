import secrets
from typing import Any, NamedTuple, TypedDict
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from wagtail.coreutils import get_content_languages
from wagtail.models import Page
from wagtail_headless_preview.models import HeadlessPreviewMixin, PagePreview

from blog.cache_tags import SITES, record_link
from blog.models.settings import SiteSettings
from media_library.api.library import serving, sharing
from media_library.cache_tags import record

KEPT_DRAFTS = 50


class FrontEnd(NamedTuple):
    """Where visitors see a site, and where editors see drafts of it; neither address ends in a slash.

    Both are empty for a site without a front end, whose pages are seen through ``templates/``.
    """

    url: str = ""
    preview_url: str = ""


def front_end_of(site_id: int | None, remembered_on: Any = None) -> FrontEnd:
    """The front end of a site: what its settings say, or else ``FRONTEND_URL`` and ``FRONTEND_PREVIEW_URL``.

    ``remembered_on`` is a request, or any other object that lives no longer than one, for as many sites as are asked
    for without another look.
    """
    record(SITES)
    try:
        of_sites = remembered_on._front_ends
    except AttributeError:
        of_sites = SiteSettings.get_front_ends()
        if remembered_on is not None:
            remembered_on._front_ends = of_sites
    own_url, own_preview_url = of_sites.get(site_id, ("", ""))
    if own_url:
        return FrontEnd(own_url, own_preview_url or f"{own_url}/preview")
    url = settings.FRONTEND_URL
    return FrontEnd(url, own_preview_url or settings.FRONTEND_PREVIEW_URL or f"{url}/preview") if url else FrontEnd()


def front_end_origins() -> set[str]:
    """Where all front ends are, and their previews, as browsers say it: ``{"https://www.example.org"}``."""
    own = [url for urls in SiteSettings.get_front_ends().values() for url in urls]
    every = [settings.FRONTEND_URL, settings.FRONTEND_PREVIEW_URL, *own]
    return {f"{parts.scheme}://{parts.netloc}" for parts in map(urlsplit, every) if parts.netloc}


class Alternate(TypedDict):
    """A page in one language: a language code, or ``x-default`` for whoever reads none of them; and its address."""

    locale: str
    html_url: str


class FrontEndMixin(HeadlessPreviewMixin):
    """A page that is seen on its site's front end (`front_end_of`), or else through ``templates/``.

    Put it before ``Page`` in the bases. With a front end, the page's URLs lead there, and a preview opens the front
    end's address for previews with ``content_type``, ``token`` and ``in_preview_panel``; the front end takes these to
    ``/api/v2/page_preview/``.
    """

    def get_front_end(self, request: HttpRequest | None = None) -> FrontEnd:
        """The front end on which this page is seen. A page outside of all sites is seen where most are."""
        parts = super().get_url_parts(request=_of_django(request))
        return front_end_of(parts[0] if parts else None, request or self)

    def get_url_parts(self, request: HttpRequest | None = None) -> tuple[int, str | None, str | None] | None:
        record_link(self)
        request = _of_django(request)
        if request is None:
            return self._find_url_parts(None)
        # A page is linked to many times in one answer.
        known = vars(request).setdefault("_url_parts", {})
        place = (self.pk, self.url_path, self.locale_id)
        if place not in known:
            known[place] = self._find_url_parts(request)
        return known[place]

    def _find_url_parts(self, request: HttpRequest | None) -> tuple[int, str | None, str | None] | None:
        parts = super().get_url_parts(request=request)
        if parts is None or parts[1] is None:
            return parts
        site_id, root_url, path = parts
        return site_id, front_end_of(site_id, request or self).url or root_url, path

    def get_url(self, request: HttpRequest | None = None, current_site: Any = None) -> str | None:
        if self.get_front_end(request).url:
            # Never a path alone: the front end has another host than the admin that links to it.
            return self.get_full_url(request=request)
        return super().get_url(request=request, current_site=current_site)

    url = property(get_url)

    def get_alternates(self, request: HttpRequest | None = None) -> list[Alternate]:
        """The languages in which visitors find this page, this one among them, as search engines want to know them.

        None for a page that is in one language only. A mirrored page (an alias) is not in the language that its place
        says, and is left out.
        """
        if not settings.WAGTAIL_I18N_ENABLED:
            return []
        with sharing() as library:
            translations = library.translations.get(self.translation_key) or {}
            found = {
                code: url
                for code in get_content_languages()
                if (page := translations.get(code)) is not None and page.alias_of_id is None
                if library.may_visit(page) and (url := page.get_full_url(request))
            }
        if len(found) < 2:
            return []
        default = found.get(settings.LANGUAGE_CODE) or next(iter(found.values()))
        return [{"locale": code, "html_url": url} for code, url in {**found, "x-default": default}.items()]

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        return super().get_context(request, *args, **kwargs) | {"alternates": self.get_alternates(request)}

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if self.get_front_end(request).url:
            return redirect(self.get_full_url(request))
        with serving(request):
            # Rendered in here, so that the templates use what was loaded for the whole page.
            return super().serve(request, *args, **kwargs).render()

    def get_preview_url(self, request: HttpRequest, token: str) -> str:
        query = {
            "content_type": self.get_content_type_str(),
            "token": token,
            "in_preview_panel": "true" if getattr(request, "in_preview_panel", False) else "false",
        }
        return f"{self.get_front_end(request).preview_url}?{urlencode(query)}"

    def create_page_preview(self) -> PagePreview:
        """Keep this draft for the front end, under a token of its own: two editors never see each other's.

        Of one page, only the newest are kept; each may be as large as the page, and every pause in typing makes one.
        """
        of = f"id={self.pk}"
        if self.pk is None:
            of = f"parent_id={self.get_parent().pk};page_type={self._meta.label}"
        token = self.get_preview_signer().sign(f"{of};draft={secrets.token_urlsafe(9)}")
        preview, _created = self.update_page_preview(token)
        others = PagePreview.objects.filter(token__startswith=f"{of};").order_by("-pk")
        others.filter(pk__in=list(others.values_list("pk", flat=True)[KEPT_DRAFTS:])).delete()
        return preview

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponseBase:
        if self.get_front_end(request).url:
            return super().serve_preview(request, mode_name)
        with serving(request):
            return Page.serve_preview(self, request, mode_name).render()


def _of_django(request: Any) -> Any:
    # Of a page that is in several sites, Wagtail gives the address in the one that was asked for, if it can see that.
    return getattr(request, "_request", request)
