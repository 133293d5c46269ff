"""Pages as lists of other pages show them, and other objects whole inside of pages."""

from collections.abc import Iterable
from typing import Any, TypedDict

from django.db.models import Model, prefetch_related_objects
from wagtail.models import Page

from blog.api.trials import expect_experiments, expect_pictures, experiment_in_lists
from blog.blocks.sections import Card
from blog.cache_tags import record_link, record_object
from blog.models import ContentPage, PersonPage, PostPage
from media_library.api.batch import Batch
from media_library.api.library import library
from media_library.api.queries import load_whole_pages
from media_library.api.serializers import represent
from media_library.cache_tags import record
from media_library.models import CustomImage

Context = dict[str, Any]
"""That of a serializer: ``request`` and ``router``."""


class PageLink(TypedDict):
    """A page to go to. ``url`` is where readers find it."""

    id: int
    title: str
    url: str


def page_link(page: Page, context: Context) -> PageLink:
    record_link(page)
    return {"id": page.pk, "title": page.title, "url": url_of(page, context)}


def url_of(page: Page, context: Context) -> str:
    """The page's address for readers; empty while it has none."""
    # The request remembers the sites' roots; ``full_url`` would ask the cache for each page.
    return page.get_full_url(context.get("request")) or ""


def cards(pages: Iterable[Page], context: Context) -> list[Card]:
    """Specific pages as cards; their pictures come together, in a handful of queries."""
    pages = list(pages)
    expect(pages)
    return [card(page, context) for page in pages]


def expect(pages: Iterable[Page]) -> None:
    """Prepare to show these pages as cards: their pictures come together."""
    pages = list(pages)
    prefetch_related_objects([page for page in pages if isinstance(page, PersonPage)], "person")
    library().expect(pages)
    expect_experiments(pages)
    expect_pictures(pages)


def known_pages() -> Batch[int, Page]:
    """Pages that are shown as cards, by the id that an editor chose: in the language that is shown.

    Without those that whoever asks may not see. Kept by the library of the response (``Library.once``).
    """
    return Batch(_load)


def _load(ids: set[int]) -> dict[int, Page]:
    shared = library()
    chosen = load_whole_pages(ids)
    shared.translations.expect(page.translation_key for page in chosen.values())
    pages = {pk: shared.localized(page) for pk, page in chosen.items()}
    found = {pk: page for pk, page in pages.items() if isinstance(page, ContentPage) and shared.may_visit(page)}
    expect(found.values())
    return found


def card(page: Page, context: Context) -> Card:
    """One specific page as a card: ``{"id", "type", "title", "summary", "url", "date", "image", "experiment"}``."""
    record(f"card-{page.pk}")
    if isinstance(page, PersonPage):
        record_object("person", page.person)
    is_ours = isinstance(page, ContentPage)
    day = page.listed_date if is_ours else None
    image = picture_of(page) if is_ours else None
    return {
        "id": page.pk,
        "type": page._meta.label,
        "title": page.title,
        "summary": page.listed_summary if is_ours else page.search_description,
        "url": url_of(page, context),
        "date": day.isoformat() if day else None,
        "image": represent(image, context),
        "experiment": experiment_in_lists(page, context) if isinstance(page, PostPage) else None,
    }


def picture_of(page: ContentPage, field: str = "") -> CustomImage | None:
    """The picture of a page that lists show: the first one of ``pictures`` that is there and open to the client.

    Else the one for sharing. With the name of a field, the picture in there, or else the first one of those it falls
    back on.
    """
    line = ("social_image", *page.pictures)
    for name in line[line.index(field) :] if field else (*page.pictures, "social_image"):
        of, _dot, name = name.rpartition(".")
        holder = getattr(page, of) if of else page
        if holder is None:
            continue
        if holder is not page:
            record_object(of, holder)
        library().fill(holder, only=name)
        image = getattr(holder, name)
        if image is not None and library().may_show(image):
            return image
    return None


def nested(instance: Model, context: Context) -> dict[str, Any]:
    """An object whole, the way other objects nest it. The context keeps its serializer for the next one."""
    key = f"_nested_{instance._meta.label}"
    if key not in context:
        router, model = context["router"], type(instance)
        _name, viewset = router.get_model_endpoint(model)
        context[key] = viewset._get_serializer_class(router, model, [], nested=True)(context=context)
    return context[key].to_representation(instance)
