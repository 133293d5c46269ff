from collections.abc import Callable, Iterator

import pytest
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.test import Client
from django.urls import re_path

from cms.delivery.versions import cache
from media_library.cache_tags import record

View = Callable[[HttpRequest], HttpResponse]


class Site:
    """Where ``view`` answers at every path, and counts how often it is asked."""

    def __init__(self) -> None:
        self.asked: list[HttpRequest] = []
        self.tags: tuple[str, ...] = ("page-7",)
        self.body = {"title": "Harbour", "text": "Boats at dawn. " * 200}
        self.view: View = lambda request: JsonResponse(self.body)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        self.asked.append(request)
        record(*self.tags)
        return self.view(request)


site = Site()
urlpatterns = [
    re_path(r"^admin/", site, name="wagtailadmin_home"),
    re_path(r"", site),
]


@pytest.fixture(autouse=True)
def api(settings) -> Iterator[Site]:
    """APIs of one view, with the response cache switched on."""
    settings.ROOT_URLCONF = __name__
    settings.RESPONSE_CACHE = True
    cache.clear()
    site.__init__()  # type: ignore[misc]
    yield site


@pytest.fixture
def reader() -> Client:
    return Client(raise_request_exception=False)


@pytest.fixture
def other() -> Client:
    """A reader at another web process: nothing in memory is shared."""
    return Client(raise_request_exception=False)
