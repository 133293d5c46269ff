"""The API itself, without any router."""

from typing import Any

from ninja import NinjaAPI
from wagtail.api.v3.errors import register_exception_handlers
from wagtail.utils.urlpatterns import decorate_urlpatterns

from media_library.api import errors
from media_library.api.docs import gated
from media_library.api.rest.door import door
from media_library.api.v3 import errors as errors_of_v3
from media_library.api.v3.requests import SoundParser, with_good_token, with_library, with_parent

NAMESPACE = "wagtailapi_v3"
"""Under which Wagtail's routers look for each other's addresses."""


def make_api() -> NinjaAPI:
    """An API like Wagtail's own, which has the library's errors, and none of the routers that apps added to that."""
    api = NinjaAPI(
        title="Pages",
        version="3.0.0",
        description="Write, publish and schedule pages, by token: Wagtail's API v3.",
        urls_namespace=NAMESPACE,
        docs_decorator=gated,
        openapi_url="/openapi.json",
        docs_url="/docs/",
        parser=SoundParser(),
    )
    register_exception_handlers(api)
    errors.register(api)
    errors_of_v3.register(api)
    api.add_decorator(with_library, mode="view")
    api.add_decorator(with_parent)
    api.add_decorator(with_good_token)
    return api


def urls(api: NinjaAPI) -> tuple[Any, str, str]:
    """What ``path()`` takes: each address counted with those of the other API for programs, by the same limits."""
    patterns, app, namespace = api.urls
    return decorate_urlpatterns(patterns, door), app, namespace
