"""Wagtail's user bar, and its checks of a page's content, on front ends."""

from typing import Any

from django.conf import settings
from django.core.signing import BadSignature
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe
from wagtail.admin.userbar import BaseItem, ContentCheckerItem, Userbar
from wagtail.models import Page
from wagtail_headless_preview.models import HeadlessPreviewMixin

from blog.models.front_end import front_end_origins

LARGEST_ID = 2**31 - 1
"""Of a page: what the database's integers hold."""


class FrontEndUserbar(Userbar):
    """Wagtail's, with addresses that hold on another host."""

    template_name = "blog/userbar.html"


class FrontEndCheckerItem(ContentCheckerItem):
    """Wagtail's checks, whose results the admin and front ends may tell each other."""

    def get_axe_spec(self, request: HttpRequest) -> dict[str, Any]:
        here = f"{request.scheme}://{request.get_host()}"
        origins = ["<same_origin>", here, *sorted(front_end_origins() - {here})]
        return {**super().get_axe_spec(request), "allowedOrigins": origins}


def let_front_ends_check(request: HttpRequest, items: list[BaseItem], page: Any) -> None:
    """Put our checks in the place of Wagtail's; a hook for ``construct_wagtail_userbar``."""
    items[:] = [
        FrontEndCheckerItem(in_editor=item.in_editor) if isinstance(item, ContentCheckerItem) else item
        for item in items
    ]


@require_safe
def userbar(request: HttpRequest) -> HttpResponse:
    """``GET /userbar/?page=12``: the bar as HTML for an editor who is logged in; 204 for everybody else.

    With ``in_preview_panel=true``, only the checks, hidden, for the editor's panel to show; the ``token`` of the
    preview does for a login there, since browsers may keep cookies from a frame of another site. Browsers give the
    answer to scripts of the sites' front ends, and of no others.
    """
    request.in_preview_panel = request.GET.get("in_preview_panel") == "true"  # type: ignore[attr-defined]
    if request.user.has_perm("wagtailadmin.access_admin") or (request.in_preview_panel and _has_token(request)):
        bar = FrontEndUserbar(object=_page(request.GET.get("page", "")))
        response = HttpResponse(bar.render_html({"request": request}))
    else:
        response = HttpResponse(status=204)
    response["Cache-Control"] = "private, no-store"
    patch_vary_headers(response, ["Origin", "Cookie"])
    if (origin := request.headers.get("Origin")) in front_end_origins():
        response["Access-Control-Allow-Origin"] = origin
        response["Access-Control-Allow-Credentials"] = "true"
    return response


def _page(pk: str) -> Page | None:
    known = pk.isascii() and pk.isdecimal() and len(pk) < 11 and int(pk) <= LARGEST_ID
    page = Page.objects.filter(pk=int(pk)).first() if known else None
    return page.specific_deferred if page is not None else None


def _has_token(request: HttpRequest) -> bool:
    signer = HeadlessPreviewMixin.get_preview_signer()
    try:
        signer.unsign(request.GET.get("token", ""), max_age=settings.PREVIEW_TOKEN_MAX_AGE)
    except BadSignature:
        return False
    return True
