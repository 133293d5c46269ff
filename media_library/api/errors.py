"""How errors of the library look over HTTP: problem+json (RFC 9457), with a stable ``code``."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse

from media_library.api.problems import PROBLEM_JSON
from media_library.exceptions import AssetInUse


def register(api: Any) -> None:
    """Teach a Django Ninja API what the library's errors are."""
    api.add_exception_handler(AssetInUse, in_use)


def in_use(request: HttpRequest, error: AssetInUse) -> HttpResponse:
    """409, with the places that the user may see::

    {"type": "about:blank", "title": "In use", "status": 409, "code": "in_use", "detail": "“Harbour” is used …",
     "number": 3, "places": [{"title": "Post 1", "kind": "Post", "state": "live", "fields": ["Body → Image"]}]}
    """
    body = {
        "type": "about:blank",
        "title": "In use",
        "status": 409,
        "code": error.code,
        "detail": str(error),
        "number": error.number,
        "places": [
            {
                "title": place.title,
                "kind": place.kind,
                "state": place.state.value,
                "fields": [field.name for field in place.fields],
            }
            for place in error.places
        ],
    }
    return JsonResponse(body, status=409, content_type=PROBLEM_JSON)
