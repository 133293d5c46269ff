"""What the editor's panel asks of the server while somebody types: the picture, and pages that say the same."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, JsonResponse
from django.urls import path
from django.views.decorators.http import require_GET
from wagtail.models import Page, Site
from wagtail.permissions import policy_registry

from blog.models import SiteSettings
from media_library.api.library import serving
from media_library.imaging.card import HEIGHT, WIDTH, drawable
from media_library.models import CustomImage

LONGEST_ID = 18
"""Digits: longer ones are no id."""


@require_GET
def check(request: HttpRequest) -> JsonResponse:
    """``?page=7&parent=3&title=…&description=…&picture=12``::

        {"same_title": "Another page", "same_description": null, "site_name": "Silver", "is_drawable": true,
         "picture": {"src": "…", "is_small": false, "has_alt": true} or null}

    ``picture`` is that of the site if none is named, or one that the user may not choose. 403 for whoever may neither
    change the page nor add one below ``parent``.
    """
    page, parent = _page(request, "page"), _page(request, "parent")
    if not _may_ask(request, page, parent):
        raise PermissionDenied
    siblings = parent.get_children().exclude(pk=page.pk if page else None) if parent else Page.objects.none()
    title, description = request.GET.get("title", "").strip(), request.GET.get("description", "").strip()
    around = page or parent
    site = around.get_site() if around else Site.find_for_request(request)
    with serving(request) as library:
        return JsonResponse(
            {
                "same_title": _same(siblings, title, "seo_title", "title"),
                "same_description": _same(siblings, description, "search_description"),
                "site_name": site.site_name if site else "",
                "is_drawable": bool(drawable(title)) or not title,
                "picture": _picture(request, site, library),
            }
        )


def _may_ask(request: HttpRequest, page: Page | None, parent: Page | None) -> bool:
    if page is not None:
        return page.permissions_for_user(request.user).can_edit()
    return parent is not None and parent.permissions_for_user(request.user).can_add_subpage()


def _same(siblings: Any, text: str, *names: str) -> str | None:
    """The title of a sibling that says the same in one of these columns."""
    if not text:
        return None
    for name in names:
        if found := siblings.filter(**{f"{name}__iexact": text}).values_list("title", flat=True).first():
            return str(found)
    return None


def _picture(request: HttpRequest, site: Site | None, library: Any) -> dict[str, Any] | None:
    image: CustomImage | None = None
    asked = request.GET.get("picture", "")
    if _is_id(asked):
        policy = policy_registry.get_by_type(CustomImage)
        choosable = policy.instances_user_has_any_permission_for(request.user, ["choose"])
        image = choosable.filter(pk=asked).first()
    if image is None and site is not None:
        known = SiteSettings.objects.filter(site=site).select_related("social_image").first()
        image = known.social_image if known else None
    if image is None:
        return None
    picture = library.picture(image)
    crop = picture.crops.get("og")
    return {
        "src": crop.src if crop else picture.src,
        "is_small": (image.width or WIDTH) < WIDTH or (image.height or HEIGHT) < HEIGHT,
        "has_alt": bool(image.alt_text),
    }


def _page(request: HttpRequest, name: str) -> Page | None:
    asked = request.GET.get(name, "")
    return Page.objects.filter(pk=asked).specific().first() if _is_id(asked) else None


def _is_id(value: str) -> bool:
    return value.isascii() and value.isdigit() and len(value) <= LONGEST_ID


urlpatterns = [path("seo/check/", check, name="seo_check")]
