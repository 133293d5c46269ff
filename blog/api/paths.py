"""From the path that a visitor sees to the page."""

from django.conf import settings
from django.http import Http404
from django.utils import translation
from rest_framework.request import Request
from wagtail.models import Page, Site

from blog.cache_tags import SITES, slug_tag
from media_library.cache_tags import record


def page_at(request: Request, path: str) -> Page | None:
    """The page at a path such as ``/travel/harbour/`` on the site that was asked for, or None.

    Below ``/de/``, it is the page in German. What follows a question mark or hash sign counts for nothing.
    """
    site = Site.find_for_request(request)
    if site is None or "\0" in path:
        return None
    record(SITES)
    steps = [step for step in path.partition("#")[0].partition("?")[0].split("/") if step]
    # Whatever is found or not found there, a page of that slug decides it.
    record(slug_tag(steps[-1]) if steps else f"link-{site.root_page_id}")
    root = site.root_page
    if settings.WAGTAIL_I18N_ENABLED:
        code = translation.get_language_from_path(f"/{steps[0]}/") if steps else None
        if code is not None and code != settings.LANGUAGE_CODE:
            steps = steps[1:]
        record(f"link-{site.root_page_id}")
        with translation.override(code or settings.LANGUAGE_CODE):
            root = root.localized
        if code is not None and root.locale.language_code != code:
            return None
    try:
        return root.specific.route(request, steps).page
    except Http404:
        return None
