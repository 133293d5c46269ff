"""The library for programs, wired. Its document is served at ``/api/media/openapi.json``, its page at ``…/docs/``."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, include, path, re_path
from wagtail.utils.urlpatterns import decorate_urlpatterns

from media_library.api.docs import gated
from media_library.api.rest import errors
from media_library.api.rest.analytics import router as analytics
from media_library.api.rest.assets import router as assets
from media_library.api.rest.auth import SIGNED_IN
from media_library.api.rest.collections import router as collections
from media_library.api.rest.direct import router as direct
from media_library.api.rest.document import LibraryAPI
from media_library.api.rest.door import door
from media_library.api.rest.editing import router as editing
from media_library.api.rest.events import router as events
from media_library.api.rest.feed import router as feed
from media_library.api.rest.presets import router as presets
from media_library.api.rest.related import router as related
from media_library.api.rest.resumable import router as resumable
from media_library.api.rest.search import router as search
from media_library.api.rest.trash import router as trash
from media_library.api.rest.uploading import router as uploading
from media_library.api.rest.uses import router as uses
from media_library.api.rest.versions import router as versions

api = LibraryAPI(
    title="Darkroom media",
    version="1.0.0",
    description=(
        "Upload, edit, find and delete media. Errors are `application/problem+json` with a stable `code`. "
        "Tokens are made in the admin, under Settings → API tokens."
    ),
    urls_namespace="media_api",
    openapi_url="/media/openapi.json",
    docs_url="/media/docs/",
    docs_decorator=gated,
    auth=SIGNED_IN,
)
errors.register(api)
api.add_router("/media", assets)
api.add_router("/media", search)
api.add_router("/media", uses)
api.add_router("/media", related)
api.add_router("/media", presets)
api.add_router("/media", trash)
api.add_router("/media", uploading)
api.add_router("/media", analytics)
api.add_router("/media", feed)
api.add_router("/collections", collections)
api.add_router("/media", resumable)
api.add_router("/media", direct)
api.add_router("/media", versions)
api.add_router("/media", editing)
api.add_router("/media", events)


def not_found(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    """404 for a path that is none of the API's; the last slash belongs to each."""
    return errors.not_found().response()


def urlpatterns() -> list[URLPattern | URLResolver]:
    """What stands below ``/api/``."""
    patterns, _app, namespace = api.urls
    decorate_urlpatterns(patterns, door)
    return [
        path("", include((patterns, "ninja"), namespace=namespace)),
        re_path(r"^(?:media|collections)(?:/.*)?$", door(not_found)),
    ]
