"""What Wagtail's API v3 takes for granted of a request."""

import json
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from ninja.errors import HttpError
from ninja.parser import Parser
from wagtail.api.v3.routers.pages import PageCopySchema, PageCreateAliasSchema, PageMoveSchema
from wagtail.models import APIToken, Page

from media_library.api.library import serving
from media_library.api.problems import problem
from media_library.tokens import is_too_old

Endpoint = Callable[..., Any]


class SoundParser(Parser):
    """Bodies are objects of real text, and parameters are text that databases can search for."""

    def parse_body(self, request: HttpRequest) -> dict[str, Any]:
        body = super().parse_body(request)
        if not isinstance(body, dict):
            # Ninja makes a 400 of it.
            raise TypeError("The body must be a JSON object.")
        if b"\\ud" in request.body.lower():
            # Half of a surrogate pair is no text; errors that repeat it could not be sent.
            json.dumps(body, ensure_ascii=False).encode()
        return body

    def parse_querydict(self, data: MultiValueDict, list_fields: list[str], request: HttpRequest) -> dict[str, Any]:
        if any("\x00" in value for _name, values in data.lists() for value in values):
            raise HttpError(422, _("Parameters may not hold null characters."))
        return super().parse_querydict(data, list_fields, request)


def with_library(run: Endpoint) -> Endpoint:
    """Share one library among all that a response shows."""

    @wraps(run)
    def serve(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        with serving(request):
            return run(request, *args, **kwargs)

    return serve


def with_good_token(endpoint: Endpoint) -> Endpoint:
    """Refuse a token that is no good.

    Wagtail takes one that is too old until beat has revoked it, and where anybody may read, one that it doesn't know.
    """

    @wraps(endpoint)
    def serve(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        token = getattr(request, "auth", None)
        if not isinstance(token, APIToken):
            if "Authorization" in request.headers:
                return problem(401, "invalid_token", _("This token is not known, or was revoked. Make a new one."))
        elif is_too_old(token):
            return problem(401, "expired_token", _("This token is too old. Make a new one."))
        return endpoint(request, *args, **kwargs)

    return serve


def with_parent(endpoint: Endpoint) -> Endpoint:
    """Refuse to put a page beside the root of all pages, above which there is none."""

    @wraps(endpoint)
    def serve(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        data, beside = kwargs.get("data"), None
        if isinstance(data, PageCopySchema | PageCreateAliasSchema) and data.destination_id is None:
            beside = kwargs["page_id"]
        elif isinstance(data, PageMoveSchema) and data.position not in ("first-child", "last-child"):
            beside = data.destination_id
        if beside is not None and Page.objects.filter(pk=beside, depth=1).exists():
            return problem(422, "no_parent", _("Nothing stands beside the root of all pages: put it below a page."))
        return endpoint(request, *args, **kwargs)

    return serve
