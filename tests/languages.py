"""A site in several languages."""

from collections.abc import Iterator

import pytest
from django.core.cache import cache
from django.urls import clear_url_caches
from django.utils import translation
from pytest_django.fixtures import Settings
from wagtail.models import Locale, Page

CODES = ("en", "de", "ar")


@pytest.fixture
def languages(db: None, settings: Settings) -> Iterator[None]:
    """What an operator gets of LANGUAGES=en,de,ar; all three are there."""
    settings.LANGUAGES = settings.WAGTAIL_CONTENT_LANGUAGES = [("en", "English"), ("de", "German"), ("ar", "Arabic")]
    settings.WAGTAIL_I18N_ENABLED = True
    # Addresses of pages begin otherwise now, and the roots of sites are more.
    clear_url_caches()
    cache.clear()
    for code in CODES:
        Locale.objects.get_or_create(language_code=code)
    yield
    translation.activate("en")
    clear_url_caches()


def translate(page: Page, code: str = "de", *, live: bool = True, **values: str) -> Page:
    """A translation, as the admin makes it with "Translate"; published, unless it shall be a draft."""
    copied = page.specific.copy_for_translation(Locale.objects.get(language_code=code), copy_parents=True)
    for name, value in values.items():
        setattr(copied, name, value)
    revision = copied.save_revision()
    if live:
        revision.publish()
    copied.refresh_from_db()
    return copied
