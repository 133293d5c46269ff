from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from django.conf import settings
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.urls import path
from rest_framework.renderers import BrowsableAPIRenderer
from rest_framework.request import Request
from wagtail.api.utils import get_base_url
from wagtail.api.v2.serializers import BaseSerializer
from wagtail.api.v2.utils import BadRequestError
from wagtail.api.v2.views import BaseAPIViewSet
from wagtail.api.validators import SiteFilterValidator

from media_library.api.counting import KeptCountPagination
from media_library.api.library import library, serving
from media_library.api.rendering import CompactJSONRenderer
from media_library.api.router import LibraryRouter
from media_library.api.serializers import LibrarySerializer
from media_library.cache_tags import CONTENT, RELEVANCE, collect, record

FieldConfig = tuple[str, bool, list | None]
"""One field of ``?fields=``, as Wagtail parses it: its name, whether it has a minus, and what stands in brackets."""


MOST_SERIALIZER_CLASSES = 500
"""How many are kept: clients choose fields as they like."""


class LibraryViewSet(BaseAPIViewSet):
    """An endpoint whose objects may hold media: all of a response's media come in the same few queries.

    ``?site=www.example.org`` or ``?site=localhost:8001`` chooses the site; without it, the host that the client called
    does, and for any other host, the default site. Media belong to all sites.
    """

    known_query_parameters = BaseAPIViewSet.known_query_parameters | {"site"}

    base_serializer_class = LibrarySerializer
    pagination_class = KeptCountPagination
    renderer_classes = [CompactJSONRenderer, BrowsableAPIRenderer]
    listing_action = "listing_view"
    """The action behind the endpoint's bare name."""
    tag = ""
    """How the cache tags of its objects begin: ``image`` of ``image-12``; that of lists is in ``listed_as``."""
    listed_as = ""
    pages_of_lists = frozenset({"limit", "offset", "fields", "rich_text_format", "site", "format", "_"})
    """Parameters that neither filter nor order."""
    nested_whole = False
    """Whether its objects show all their fields inside others; naming some of them then leaves only these."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        # Collected in here too, for counts of lists (counting.py).
        with collect(), serving(request, base_url=get_base_url(request) or ""):
            return super().dispatch(request, *args, **kwargs)

    def initialize_request(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Request:
        # Who asks is what the API's authentication says, as in Wagtail's own views.
        library().request = super().initialize_request(request, *args, **kwargs)
        return library().request

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if name := request.GET.get("site"):
            try:
                # Where all of Wagtail looks, for pages' addresses and settings alike.
                request._request._wagtail_site = SiteFilterValidator(site=name, request=request).site_obj
            except ValueError as error:
                raise BadRequestError(str(error)) from error

    def note_object(self, key: Any) -> None:
        """Note that the response was made of this object, whether it is there or not."""
        # What a client has sent goes into headers.
        if self.tag and (number := str(key)).isascii() and number.isdecimal() and len(number) < 20:
            record(f"{self.tag}-{number}")

    def note_list(self) -> None:
        """Note that the response depends on which objects there are, and perhaps on what they say."""
        if self.listed_as:
            record(self.listed_as)
            if not set(self.request.GET) <= self.pages_of_lists:
                record(f"{self.listed_as}{CONTENT}")
            if "search" in self.request.GET:
                record(RELEVANCE)

    def paginate_queryset(self, queryset: Any) -> Sequence[Model]:
        self.note_list()
        return list(super().paginate_queryset(queryset))

    def get_serializer(self, shown: Any, *args: Any, **kwargs: Any) -> BaseSerializer:
        if kwargs.get("many"):
            library().expect(shown)
        return super().get_serializer(shown, *args, **kwargs)

    def get_object(self) -> Model:
        if not hasattr(self, "_expected_object"):
            self._expected_object = self.find_base_object()
            library().expect([self._expected_object])
        return self._expected_object

    def find_base_object(self) -> Model:
        """The object that the detail shows."""
        self.note_object(self.kwargs.get("pk"))
        return super().get_object()

    def find_view(self, request: Request) -> HttpResponse:
        """Redirect to the detail on the host that the client called, whatever WAGTAILAPI_BASE_URL says."""
        self.note_found(request)
        response = super().find_view(request)
        response["Location"] = urlunsplit(("", "", *urlsplit(response["Location"])[2:]))
        return response

    def get_renderer_context(self) -> dict[str, Any]:
        context = super().get_renderer_context()
        # Wagtail's are indented.
        del context["indent"]
        return context

    def note_found(self, request: Request) -> None:
        """Note what decides whether something is found, and what."""
        if set(request.GET) & self.find_query_parameters <= {"id"}:
            self.note_object(request.GET.get("id", ""))
        elif self.listed_as:
            record(f"{self.listed_as}{CONTENT}")

    @classmethod
    def get_nested_default_fields(cls, model: type[Model]) -> list[str]:
        return cls.get_available_fields(model) if cls.nested_whole else super().get_nested_default_fields(model)

    @classmethod
    def _get_serializer_class(
        cls,
        router: LibraryRouter,
        model: type[Model],
        fields_config: list[FieldConfig],
        show_details: bool = False,
        nested: bool = False,
    ) -> type[BaseSerializer]:
        # Where there is one language, Wagtail leaves it out.
        in_languages = settings.WAGTAIL_I18N_ENABLED
        key = (cls, model, str(fields_config), show_details, nested, in_languages)
        if key not in router.serializer_classes:
            made = cls._make_serializer_class(router, model, fields_config, show_details, nested)
            if len(router.serializer_classes) >= MOST_SERIALIZER_CLASSES:
                router.serializer_classes.clear()
            router.serializer_classes[key] = made
        return router.serializer_classes[key]

    @classmethod
    def _make_serializer_class(
        cls,
        router: LibraryRouter,
        model: type[Model],
        fields_config: list[FieldConfig],
        show_details: bool,
        nested: bool,
    ) -> type[BaseSerializer]:
        named = fields_config and any(not negated for _name, negated, _fields in fields_config)
        if nested and cls.nested_whole and named and fields_config[0][0] not in ("*", "_"):
            fields_config = [("_", False, None), *fields_config]
        return super()._get_serializer_class(router, model, fields_config, show_details, nested)

    @classmethod
    def get_urlpatterns(cls) -> list:
        return [
            *super().get_urlpatterns(),
            path("<int:pk>", cls.as_view({"get": "detail_view"})),
            path("find", cls.as_view({"get": "find_view"})),
        ]
