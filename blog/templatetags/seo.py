"""For ``<head>`` and for sitemaps."""

from typing import Any

from django import template
from django.utils.safestring import SafeString

from blog.models import ContentPage
from blog.seo import xml
from blog.seo.metadata import seo_of
from blog.seo.shapes import Seo
from blog.seo.structured_data import script_json
from blog.seo.surroundings import Surroundings

register = template.Library()
register.filter("in_xml", xml.in_xml)


@register.simple_tag(takes_context=True)
def seo(context: dict[str, Any]) -> Seo | None:
    """``{% seo as meta %}``: what the page tells search engines and networks; None where there is no page."""
    page = context.get("page")
    return seo_of(page, Surroundings([page], context.get("request"))) if isinstance(page, ContentPage) else None


@register.filter
def as_script(things: list[dict[str, Any]]) -> SafeString:
    """``{{ meta.json_ld|as_script }}``: JSON that no text in it can break out of."""
    return script_json(things)
