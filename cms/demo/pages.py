"""The demo's other pages: an event, a gallery, a form, and "About us"; what the site says of itself, and its menus."""

import datetime

from django.utils import timezone
from wagtail.models import Page

from blog.models import (
    BlogIndexPage,
    EventPage,
    FormField,
    FormPage,
    GalleryPage,
    LandingPage,
    Menus,
    PersonPage,
    PostPage,
    SiteSettings,
)
from cms.demo.publishing import publish
from media_library.models import CustomImage, Video


def add_pages(
    index: BlogIndexPage,
    images: dict[str, CustomImage],
    video: Video,
    people: dict[str, PersonPage],
    posts: list[PostPage],
) -> None:
    """Everything that isn't a post, linked from the menus."""
    gallery = GalleryPage(
        title="Seven places",
        summary="All of them, large, without a word in between.",
        cover=images["northern-lights"],
        body=[
            ("gallery", [placed(image) for image in images.values()]),
            ("video", {"video": video, "caption": ""}),
        ],
    )
    event, contact = _event(images, video), _contact()
    for page in (gallery, event, contact):
        publish(index, page)
    about = _about(images, video, [gallery, event, *people.values()], contact, posts[0])
    publish(index, about)
    _describe_site(index, images, [gallery, event, about, contact])


def placed(image: CustomImage, caption: str = "") -> dict:
    """An image block."""
    return {"image": image, "decorative": False, "alt_text": image.alt_text, "caption": caption}


def _event(images: dict[str, CustomImage], video: Video) -> EventPage:
    day = timezone.localtime().replace(hour=19, minute=0, second=0, microsecond=0) + datetime.timedelta(days=30)
    return EventPage(
        title="Available light, on paper",
        summary="The opening of our exhibition: forty prints, two tables of books, and soup.",
        starts_at=day,
        ends_at=day + datetime.timedelta(hours=3),
        place="The old ferry terminal",
        address="Quay 4\nHarbour Town",
        tickets_url="https://tickets.example.org/available-light",
        poster=images["harbour-dusk"],
        highlight_film=video,
        body=[
            ("rich_text", "<p>Ines speaks at eight, briefly. Tomas shows how a print is made, at length.</p>"),
            ("quote", {"text": "Come early. The light is best at seven.", "attribution": "Ines Harlow"}),
        ],
    )


def _contact() -> FormPage:
    return FormPage(
        title="Write to us",
        intro="<p>About a print, an exhibition, or a place that we should see.</p>",
        thank_you_text="<p>Thank you. We read everything, and answer once the light has gone.</p>",
        form_fields=[
            FormField(sort_order=0, label="Your name", field_type="singleline", required=True),
            FormField(sort_order=1, label="Your e-mail address", field_type="email", required=True),
            FormField(
                sort_order=2,
                label="What is it about?",
                field_type="dropdown",
                choices="A print\nAn exhibition\nA place\nSomething else",
                required=True,
            ),
            FormField(sort_order=3, label="Your message", field_type="multiline", required=True),
            FormField(
                sort_order=4,
                label="A picture",
                field_type="file",
                required=False,
                help_text="If you want to show us something.",
            ),
        ],
    )


def _about(
    images: dict[str, CustomImage], video: Video, pages: list[Page], contact: FormPage, post: PostPage
) -> LandingPage:
    return LandingPage(
        title="About us",
        search_description="Two people, one van, and a journal about light.",
        body=[
            (
                "hero",
                {
                    "heading": "Two people, one van, and the light",
                    "text": "We go where it lands, and wait until it does.",
                    "image": images["alpine-dawn"],
                    "video": video,
                    "links": [_link(post, "Begin here"), _link(contact)],
                },
            ),
            ("cards", {"heading": "What we show, and who we are", "pages": pages}),
            ("heading", {"text": "How we work", "level": "h2"}),
            (
                "rich_text",
                "<p>No picture here was changed beyond what a darkroom could do. Where we stood is written beside it, "
                "unless somebody nests there.</p>",
            ),
            ("call_to_action", {"text": "Do you know a place that we should see?", "link": _link(contact)}),
        ],
    )


def _link(page: Page, label: str = "") -> dict:
    return {"label": label, "page": page, "url": ""}


def _entry(page: Page, label: str = "", children: tuple[Page, ...] = ()) -> tuple[str, dict]:
    return "item", {"link": _link(page, label), "children": [_link(child) for child in children]}


def _describe_site(index: BlogIndexPage, images: dict[str, CustomImage], pages: list[Page]) -> None:
    site = index.get_site()
    gallery, event, about, contact = pages
    SiteSettings.objects.update_or_create(
        site=site,
        defaults={
            "tagline": "A journal about light",
            "description": index.intro,
            "social_image": images["alpine-dawn"],
            "footer_text": "Pictures and films are drawn in code, for this demo.",
            "links": [("link", {"label": "Mastodon", "url": "https://social.example.org/@light"})],
        },
    )
    people = tuple(PersonPage.objects.child_of(index))
    Menus.objects.update_or_create(
        site=site,
        defaults={
            "main": [_entry(index, "Journal"), _entry(gallery), _entry(event), _entry(about, "", people)],
            "footer": [_entry(contact)],
        },
    )
