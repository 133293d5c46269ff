"""How errors of the library look over HTTP: problem+json (RFC 9457), with a stable ``code``."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _

from media_library.admin.permissions import visible_assets
from media_library.api.problems import PROBLEM_JSON
from media_library.exceptions import AssetInUse, NotPublishable
from media_library.publishing import Concern, only_unfinished


def register(api: Any) -> None:
    """Teach a Django Ninja API what the library's errors are."""
    api.add_exception_handler(AssetInUse, in_use)
    api.add_exception_handler(NotPublishable, not_publishable)


def in_use(request: HttpRequest, error: AssetInUse) -> HttpResponse:
    """409, with the places that the user may see::

    {"type": "about:blank", "title": "In use", "status": 409, "code": "in_use", "detail": "“Harbour” is used …",
     "number": 3, "places": [{"title": "Post 1", "kind": "Post", "state": "live", "fields": ["Body → Image"]}]}
    """
    return JsonResponse(describe_in_use(error), status=409, content_type=PROBLEM_JSON)


def describe_in_use(error: AssetInUse) -> dict[str, Any]:
    return {
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


def not_publishable(request: HttpRequest, error: NotPublishable) -> HttpResponse:
    """409, with the assets that stand against it, and where::

    {"type": "about:blank", "title": "Not publishable", "status": 409, "code": "not_publishable", "detail": "It …",
     "when_ready": true,
     "assets": [{"id": 12, "code": "unfinished", "reason": "“Tide” is still being processed.",
                 "places": [{"name": "Body → Video", "path": "body.6f2d….video"}]}]}

    ``code`` is ``unfinished``, ``failed``, ``missing_alt_text`` or ``expired``. ``when_ready`` says that nothing but
    time stands against it: the action ``publish_when_ready`` waits. Of an asset that the user may not see, only its id
    and its place are told, which stand in the content that they sent.
    """
    visible = visible_assets(request.user).filter(pk__in=[one.asset.pk for one in error.obstacles])
    known = set(visible.values_list("pk", flat=True))
    body = {
        "type": "about:blank",
        "title": "Not publishable",
        "status": 409,
        "code": error.code,
        "detail": _("It uses media that can't be published as they are."),
        "when_ready": only_unfinished(error.obstacles),
        "assets": [_obstacle(one, one.asset.pk in known) for one in error.obstacles],
    }
    return JsonResponse(body, status=409, content_type=PROBLEM_JSON)


def _obstacle(one: Concern, is_known: bool) -> dict[str, Any]:
    return {
        "id": one.asset.pk,
        "code": one.code if is_known else "",
        "reason": one.sentence if is_known else "",
        "places": [{"name": place.name, "path": place.path} for place in one.places],
    }
