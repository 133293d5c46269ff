"""A site for its front end: what is the same on all of its pages."""

from functools import cached_property
from typing import Annotated, Any, TypedDict

from django.conf import settings
from django.http import Http404, HttpResponse
from django.urls import path
from django.utils import translation
from rest_framework.fields import SerializerMethodField
from rest_framework.request import Request
from wagtail.api import APIField
from wagtail.coreutils import get_content_languages
from wagtail.models import Page, Site

from blog.blocks.links import MenuItemObject, ProfileObject
from blog.cache_tags import SITES, record_link
from blog.models import Menus, SiteSettings
from blog.models.front_end import front_end_of
from media_library.api.library import library
from media_library.api.serializers import LibrarySerializer, represent
from media_library.api.views import LibraryViewSet
from media_library.cache_tags import record
from media_library.models import CustomImage

ImageObject = Annotated[dict[str, Any], CustomImage]


class RootObject(TypedDict):
    """The page at the root of a site, in the language that was asked for."""

    id: int
    title: str
    url: str | None


class LocaleObject(TypedDict):
    """A language that a site is written in: its code, its name in itself, and the address of its root page."""

    code: str
    name: str
    url: str | None


class MenusObject(TypedDict):
    """The menus of a site."""

    main: list[MenuItemObject]
    footer: list[MenuItemObject]


class ShownSite:
    """A site as one response shows it, in the language that is active; each part is looked up once."""

    def __init__(self, site: Site, request: Request):
        self.site, self.request = site, request

    @cached_property
    def settings(self) -> SiteSettings:
        record(f"settings-{self.site.pk}")
        # Nothing is written when somebody looks.
        found = SiteSettings.objects.filter(site=self.site).first() or SiteSettings(site=self.site)
        library().expect([found])
        return found

    @cached_property
    def menus(self) -> Menus:
        record(f"menus-{self.site.pk}")
        found = Menus.objects.filter(site=self.site).first() or Menus(site=self.site)
        library().expect([found])
        return found

    @cached_property
    def roots(self) -> dict[str, Page]:
        """The root page in each language in which visitors may see it, by language code, in the settings' order."""
        record_link(self.site.root_page)
        pages = library().translations.get(self.site.root_page.translation_key) or {}
        seen = {code: page for code, page in pages.items() if library().may_visit(page)}
        if settings.WAGTAIL_I18N_ENABLED:
            return {code: seen[code] for code in get_content_languages() if code in seen}
        return {code: page for code, page in seen.items() if page.pk == self.site.root_page_id}

    @property
    def root(self) -> Page | None:
        own = next((page for page in self.roots.values() if page.pk == self.site.root_page_id), None)
        return self.roots.get(translation.get_language() or "", own)

    def image(self, name: str, context: dict[str, Any]) -> dict[str, Any] | None:
        library().fill(self.settings, only=name)
        return represent(getattr(self.settings, name), context)


class SiteSerializer(LibrarySerializer):
    """A site::

    {
      "id": 1, "meta": {"type": "wagtailcore.Site"},
      "name": "Harbour Press", "hostname": "www.example.org", "port": 443, "locale": "en",
      "root": {"id": 3, "title": "Home", "url": "https://www.example.org/"},
      "tagline": "", "description": "", "logo": {an image, or null}, "social_image": {an image, or null},
      "footer_text": "", "links": [{"label": "Mastodon", "url": "https://…"}], "x_handle": "@harbour",
      "frontend_url": "https://www.example.org",
      "menus": {"main": [{"label": "About", "url": "…", "page": 7, "children": [{…}]}], "footer": []},
      "locales": [{"code": "en", "name": "English", "url": "https://www.example.org/"}]
    }

    ``root`` is null where visitors may not see it; ``frontend_url`` is empty where there is no front end.
    """

    name = SerializerMethodField()
    locale = SerializerMethodField()
    root = SerializerMethodField()
    tagline = SerializerMethodField()
    description = SerializerMethodField()
    logo = SerializerMethodField()
    social_image = SerializerMethodField()
    footer_text = SerializerMethodField()
    links = SerializerMethodField()
    x_handle = SerializerMethodField()
    frontend_url = SerializerMethodField()
    menus = SerializerMethodField()
    locales = SerializerMethodField()

    @cached_property
    def _shown(self) -> ShownSite:
        return ShownSite(self.instance, self.context["request"])

    def get_name(self, site: Site) -> str:
        return site.site_name or (self._shown.root.title if self._shown.root else "")

    def get_locale(self, site: Site) -> str:
        return translation.get_language() or ""

    def get_root(self, site: Site) -> RootObject | None:
        root = self._shown.root
        if root is None:
            return None
        return {"id": root.pk, "title": root.title, "url": root.get_full_url(self.context["request"])}

    def get_tagline(self, site: Site) -> str:
        return self._shown.settings.tagline

    def get_description(self, site: Site) -> str:
        return self._shown.settings.description

    def get_logo(self, site: Site) -> ImageObject | None:
        return self._shown.image("logo", self.context)

    def get_social_image(self, site: Site) -> ImageObject | None:
        return self._shown.image("social_image", self.context)

    def get_footer_text(self, site: Site) -> str:
        return self._shown.settings.footer_text

    def get_links(self, site: Site) -> list[ProfileObject]:
        links = self._shown.settings.links
        return links.stream_block.get_api_representation(links, self.context)

    def get_x_handle(self, site: Site) -> str:
        return self._shown.settings.x_handle

    def get_frontend_url(self, site: Site) -> str:
        return front_end_of(site.pk, self.context["request"]).url

    def get_menus(self, site: Site) -> MenusObject:
        main, footer = self._shown.menus.main, self._shown.menus.footer
        return {
            "main": main.stream_block.get_api_representation(main, self.context),
            "footer": footer.stream_block.get_api_representation(footer, self.context),
        }

    def get_locales(self, site: Site) -> list[LocaleObject]:
        request = self.context["request"]
        return [
            {"code": code, "name": name_of_language(code), "url": page.get_full_url(request)}
            for code, page in self._shown.roots.items()
        ]


class SiteAPIViewSet(LibraryViewSet):
    """The site that was asked for; ``?locale=de`` shows it in one of its languages."""

    name = "site"
    model = Site
    listing_action = "site_view"
    base_serializer_class = SiteSerializer
    known_query_parameters = LibraryViewSet.known_query_parameters | {"locale"}
    body_fields = [
        *("id", "name", "hostname", "port", "locale", "root", "tagline", "description", "logo", "social_image"),
        *("footer_text", "links", "x_handle", "frontend_url", "menus", "locales"),
    ]
    meta_fields = ["type"]

    def site_view(self, request: Request) -> HttpResponse:
        self.check_query_parameters(self.get_queryset())
        with translation.override(self._language()):
            return self.detail_view(request, None)

    def find_base_object(self) -> Site:
        record(SITES)
        site = Site.find_for_request(self.request)
        if site is None:
            raise Http404("no site is set up")
        return site

    @classmethod
    def get_body_fields(cls, model: type[Site]) -> list[APIField]:
        return [APIField(name) for name in cls.body_fields]

    @classmethod
    def get_urlpatterns(cls) -> list:
        return [path("", cls.as_view({"get": "site_view"}), name="listing")]

    def _language(self) -> str:
        """The language that was asked for; by default, that of the root page. Raises ``Http404`` for others."""
        asked = self.request.GET.get("locale")
        if asked and asked not in get_content_languages():
            raise Http404("this locale is none of the site's")
        return asked or self.get_object().root_page.locale.language_code


def name_of_language(code: str) -> str:
    """``"Deutsch"`` for ``"de"``: what readers of a language call it."""
    try:
        return translation.get_language_info(code)["name_local"]
    except KeyError:
        return code
