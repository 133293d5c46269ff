from datetime import datetime

from django.utils import timezone

from blog.models import ContentPage, Person, PostPage
from media_library.cache_tags import record


def authors_of(post: PostPage) -> list[Person]:
    """Everybody who wrote a post, the first one first."""
    further = [one.person for one in post.further_authors.all()]
    found = list(dict.fromkeys([*([post.author] if post.author else []), *further]))
    record(*(f"person-{person.pk}" for person in found))
    return found


def published(page: ContentPage) -> str | None:
    """When the page came out, in ISO 8601: the moment, or only the day where an editor has given another one."""
    first = page.first_published_at
    day = getattr(page, "date", None)
    if day is None or (first is not None and timezone.localtime(first).date() == day):
        return iso(first)
    return day.isoformat()


def modified(page: ContentPage) -> str | None:
    """When it was last published, in ISO 8601."""
    return iso(page.last_published_at)


def iso(moment: datetime | None) -> str | None:
    """A moment in ISO 8601, with the offset of the time zone here."""
    return timezone.localtime(moment).isoformat(timespec="seconds") if moment is not None else None


def language_of(page: ContentPage) -> str | None:
    """The language of the page; None for a draft that has not been saved yet."""
    return page.locale.language_code if page.locale_id else None
