"""JSON-LD: what a page is, in the words of https://schema.org and as Google reads them.

Which properties a type needs: https://developers.google.com/search/docs/appearance/structured-data/search-gallery.
"""

import json
from collections.abc import Iterator
from datetime import timedelta
from functools import singledispatch
from typing import Any

from django.utils.duration import duration_iso_string
from django.utils.safestring import SafeString, mark_safe

from blog.cache_tags import record_object
from blog.models import (
    BlogIndexPage,
    ContentPage,
    EventPage,
    GalleryPage,
    LandingPage,
    Person,
    PersonPage,
    PostPage,
)
from blog.seo.facts import authors_of, iso, language_of, modified, published
from blog.seo.media import films_on, pictures_on
from blog.seo.surroundings import Surroundings
from blog.seo.words import description_of, keywords_of, title_of
from media_library.api.html import HLS, alt_of
from media_library.api.library import library
from media_library.models import CustomImage, Video
from media_library.rights import licence_url

Thing = dict[str, Any]
"""An object of JSON-LD. What is None or empty is left out before anybody sees it."""

CONTEXT = "https://schema.org"
HEADLINE = 110
"""Characters of a headline that Google shows at most (structured-data/article)."""


def json_ld(page: ContentPage, around: Surroundings, picture: str | None) -> list[Thing]:
    """What a page is: the thing itself, the way to it, the films on it, and pictures that have a licence or a credit.

    ``picture`` is the address of the picture that stands for the page.
    """
    things = [main_thing(page, around, picture), breadcrumb_list(page, around)]
    things += [video_object(film, around) for film in films_on(page)]
    things += [image_object(image, around) for image in pictures_on(page) if image.licence or image.credit]
    return [{"@context": CONTEXT} | thing for one in things if (thing := _filled(one))]


def script_json(things: list[Thing]) -> SafeString:
    """JSON-LD as the content of a script element: no text in it can end the element (as Django's ``json_script``)."""
    text = json.dumps(things, ensure_ascii=False)
    for character in "<>&":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return mark_safe(text)  # noqa: S308 escaped above


@singledispatch
def main_thing(page: ContentPage, around: Surroundings, picture: str | None) -> Thing:
    """The thing that a page is about, by the type of the page."""
    return _page("WebPage", page, around, picture)


@main_thing.register
def _(page: PostPage, around: Surroundings, picture: str | None) -> Thing:
    """BlogPosting, as https://developers.google.com/search/docs/appearance/structured-data/article has it."""
    address = around.address(page)
    return {
        "@type": "BlogPosting",
        "headline": page.title[:HEADLINE],
        "description": description_of(page),
        "url": address,
        "mainEntityOfPage": page.canonical_url or address,
        "image": [picture] if picture else None,
        "datePublished": published(page),
        "dateModified": modified(page),
        "author": [person_thing(author, around) for author in authors_of(page)],
        "publisher": publisher(page, around),
        "articleSection": page.category.name if page.category and page.category.is_active else None,
        "keywords": keywords_of(page) or sorted(tag.name for tag in page.tags.all()),
        "inLanguage": language_of(page),
    }


@main_thing.register
def _(page: EventPage, around: Surroundings, picture: str | None) -> Thing:
    """Event, as https://developers.google.com/search/docs/appearance/structured-data/event has it."""
    return {
        "@type": "Event",
        "name": page.title,
        "description": description_of(page),
        "url": around.address(page),
        "image": [picture] if picture else None,
        "startDate": iso(page.starts_at),
        "endDate": iso(page.ends_at),
        "eventStatus": "https://schema.org/EventScheduled",
        "location": {
            "@type": "Place",
            "name": page.place or page.address.partition("\n")[0].strip(),
            "address": ", ".join(filter(None, (line.strip() for line in page.address.splitlines()))) or page.place,
        }
        if page.place or page.address
        else None,
        "offers": {"@type": "Offer", "url": page.tickets_url} if page.tickets_url else None,
        "organizer": publisher(page, around),
        "inLanguage": language_of(page),
    }


@main_thing.register
def _(page: PersonPage, around: Surroundings, picture: str | None) -> Thing:
    """ProfilePage, as https://developers.google.com/search/docs/appearance/structured-data/profile-page has it."""
    person = page.person
    about = person_thing(person, around) if person else {"@type": "Person", "name": page.title}
    return {
        "@type": "ProfilePage",
        "name": title_of(page),
        "url": around.address(page),
        "dateCreated": published(page),
        "dateModified": modified(page),
        "mainEntity": about | {"url": around.address(page), "image": _portrait(person, around)},
        "inLanguage": language_of(page),
    }


@main_thing.register
def _(page: GalleryPage, around: Surroundings, picture: str | None) -> Thing:
    pictures = [around.absolute(src) for image in pictures_on(page) if (src := library().picture(image).src)]
    gallery = {"@type": "ImageGallery", "name": title_of(page), "image": pictures, "thumbnailUrl": picture}
    return _page("ImageGallery", page, around, picture) | gallery


@main_thing.register
def _(page: BlogIndexPage, around: Surroundings, picture: str | None) -> Thing:
    return _page("Blog", page, around, picture)


@main_thing.register
def _(page: LandingPage, around: Surroundings, picture: str | None) -> Thing:
    """WebSite for a home page, as https://developers.google.com/search/docs/appearance/site-names has it."""
    site = around.site(page)
    if site.root_path != page.path:
        return _page("WebPage", page, around, picture)
    return _page("WebSite", page, around, picture) | {"name": site.name, "alternateName": site.tagline}


def breadcrumb_list(page: ContentPage, around: Surroundings) -> Thing:
    """The way from the home page; empty for the home page itself, which has none.

    https://developers.google.com/search/docs/appearance/structured-data/breadcrumb
    """
    trail = around.trail(page)
    if len(trail) < 2:
        return {}
    steps = [
        {"@type": "ListItem", "position": position, "name": crumb["title"], "item": crumb["url"]}
        for position, crumb in enumerate(trail, start=1)
    ]
    return {"@type": "BreadcrumbList", "itemListElement": steps}


def video_object(film: Video, around: Surroundings) -> Thing:
    """A film; empty before it can be played and has a poster, which Google asks for.

    ``duration`` is in ISO 8601. https://developers.google.com/search/docs/appearance/structured-data/video
    """
    ready = library().film(film)
    files = [source for source in ready.sources if source.type != HLS]
    if ready.poster is None or not ready.poster.src or not files:
        return {}
    return {
        "@type": "VideoObject",
        "name": film.title,
        "description": film.caption or film.description or film.title,
        "thumbnailUrl": [around.absolute(ready.poster.src)],
        "uploadDate": iso(film.created_at),
        "duration": duration_iso_string(timedelta(seconds=round(film.duration))) if film.duration else None,
        "contentUrl": around.absolute(files[0].src),
        "width": film.width,
        "height": film.height,
    } | _rights(film.credit, film.licence)


def image_object(image: CustomImage, around: Surroundings) -> Thing:
    """A picture and by what right it is shown; empty before it can be seen.

    https://developers.google.com/search/docs/appearance/structured-data/image-license-metadata
    """
    picture = library().picture(image)
    if not picture.src:
        return {}
    return {
        "@type": "ImageObject",
        "name": image.title,
        "contentUrl": around.absolute(picture.src),
        "description": alt_of(image),
        "caption": image.caption,
    } | _rights(image.credit, image.licence)


def person_thing(person: Person, around: Surroundings) -> Thing:
    """Somebody, with the address of the page about them and where else they are found."""
    record_object("person", person)
    return {
        "@type": "Person",
        "name": person.name,
        "jobTitle": person.role,
        "description": person.bio,
        "url": around.page_of(person),
        "sameAs": [block.value["url"] for block in person.links],
    }


def publisher(page: ContentPage, around: Surroundings) -> Thing:
    """The site as the organisation that publishes its pages."""
    site = around.site(page)
    logo = library().picture(site.logo).src if site.logo is not None else ""
    return {
        "@type": "Organization",
        "name": site.name,
        "url": site.url,
        "logo": {"@type": "ImageObject", "url": around.absolute(logo)} if logo else None,
        "sameAs": list(site.profiles),
    }


def _page(kind: str, page: ContentPage, around: Surroundings, picture: str | None) -> Thing:
    return {
        "@type": kind,
        "name": title_of(page),
        "description": description_of(page),
        "url": around.address(page),
        "image": picture,
        "datePublished": published(page),
        "dateModified": modified(page),
        "publisher": publisher(page, around),
        "inLanguage": language_of(page),
    }


def _portrait(person: Person | None, around: Surroundings) -> str | None:
    if person is None:
        return None
    library().fill(person, only="portrait")
    if person.portrait is None or not library().may_show(person.portrait):
        return None
    src = library().picture(person.portrait).src
    return around.absolute(src) if src else None


def _rights(credit: str, licence: str) -> Thing:
    """``license`` is an address by schema.org, so a licence that isn't known by its name stands in the notice."""
    address = licence_url(licence)
    return {
        "creditText": credit,
        "creator": {"@type": "Person", "name": credit} if credit else None,
        "license": address,
        "copyrightNotice": licence if licence and not address else None,
    }


def _filled(value: Any) -> Any:
    """Without what is None or empty, all the way down."""
    if isinstance(value, dict):
        return dict(_filled_pairs(value))
    if isinstance(value, list):
        return [filled for one in value if (filled := _filled(one))]
    return value


def _filled_pairs(thing: Thing) -> Iterator[tuple[str, Any]]:
    for name, value in thing.items():
        if (filled := _filled(value)) not in (None, "", [], {}):
            yield name, filled
