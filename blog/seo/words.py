from html import unescape

from django.utils.html import strip_tags
from django.utils.text import normalize_newlines

from blog.cache_tags import record_object
from blog.models import ContentPage

DESCRIPTIONS = ("search_description", "summary", "intro")
"""Fields that may describe a page, the most fitting first."""


def title_of(page: ContentPage) -> str:
    """The title for search engines; where nobody has written one, the page's."""
    return page.seo_title or page.title


def description_of(page: ContentPage) -> str:
    """What the page is about, as plain text on one line; "" where nobody says so."""
    written = next((text for name in DESCRIPTIONS if (text := _plain(getattr(page, name, "")))), "")
    if written:
        return written
    person = getattr(page, "person", None)
    record_object("person", person)
    return _plain(getattr(person, "bio", ""))


def keywords_of(page: ContentPage) -> list[str]:
    """The words that an editor has separated with commas."""
    return [word for part in page.keywords.split(",") if (word := part.strip())]


def _plain(text: str) -> str:
    """Introductions of forms are rich text. The API's clients escape what they show, so entities are resolved."""
    return " ".join(unescape(strip_tags(normalize_newlines(text))).split())
