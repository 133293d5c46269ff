"""Pages in several languages."""

from contextlib import nullcontext
from typing import Any

from django.conf import settings
from django.utils import translation
from rest_framework.fields import Field
from wagtail.models import Page

from blog.models.front_end import Alternate, FrontEndMixin


class AlternatesField(Field):
    """``[{"locale": "de", "html_url": "https://www.example.org/de/harbour/"}, …, {"locale": "x-default", …}]``"""

    def get_attribute(self, instance: Page) -> Page:
        return instance

    def to_representation(self, page: Page) -> list[Alternate]:
        return page.get_alternates(self.context["request"]) if isinstance(page, FrontEndMixin) else []


def in_language_of(page: Page) -> Any:
    """While this lasts, links lead to pages in the language of this one."""
    if not settings.WAGTAIL_I18N_ENABLED or not page.locale_id:
        return nullcontext()
    return translation.override(page.locale.language_code)
