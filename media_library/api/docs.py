"""OpenAPI documents and the pages that show them, from this server alone (``ninja`` in ``INSTALLED_APPS``)."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse

View = Callable[..., HttpResponse]


def gated(view: View) -> View:
    """Hidden where ``WAGTAILAPI_DOCS_ENABLED`` is false, as Wagtail hides its own; for Ninja's ``docs_decorator``."""

    @wraps(view)
    def show(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not getattr(settings, "WAGTAILAPI_DOCS_ENABLED", True):
            raise Http404
        return view(request, *args, **kwargs)

    return show
