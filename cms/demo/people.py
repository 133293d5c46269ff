"""Who writes in the demo, what about, and in which series."""

from typing import NamedTuple

from blog.models import BlogIndexPage, Category, Person, PersonPage, Series
from cms.demo.publishing import publish
from media_library.models import CustomImage


class Newsroom(NamedTuple):
    """Those who write, by first name; what they write about, by slug; and the series."""

    people: dict[str, Person]
    pages: dict[str, PersonPage]
    categories: dict[str, Category]
    series: Series


CATEGORIES = (
    ("Field notes", "", "What happened while waiting for the light."),
    ("Mountains", "Field notes", "Cold hands, long views."),
    ("Coast", "Field notes", "Where the weather comes from."),
    ("Behind the pictures", "", "How they are made, and how they reach you."),
    ("Equipment", "Behind the pictures", "What we carry, and what we leave at home."),
)
"""Name, name of the parent, description."""


def add_newsroom(index: BlogIndexPage, images: dict[str, CustomImage]) -> Newsroom:
    people = {
        "Ines": Person.objects.create(
            name="Ines Harlow",
            role="Photographer",
            bio="Gets up before the birds and waits. Lives out of a van, mostly facing east.",
            portrait=images["summer-hills"],
            links=[
                ("link", {"label": "Mastodon", "url": "https://social.example.org/@ines"}),
                ("link", {"label": "Her own site", "url": "https://harlow.example.org/"}),
            ],
        ),
        "Tomas": Person.objects.create(
            name="Tomas Reyk",
            role="Printer and technician",
            bio="Makes of the files what Ines saw. Owns eleven kinds of black.",
            portrait=images["storm-coast"],
            links=[("link", {"label": "Bluesky", "url": "https://bsky.example.org/tomas"})],
        ),
    }
    categories: dict[str, Category] = {}
    for order, (name, parent, description) in enumerate(CATEGORIES):
        above = next((one for one in categories.values() if one.name == parent), None)
        category = Category.objects.create(name=name, parent=above, description=description, sort_order=order)
        categories[category.slug] = category
    series = Series.objects.create(
        title="A week of light",
        description="Seven days, seven places, and what it took to get there.",
        image=images["alpine-dawn"],
    )
    return Newsroom(people, _add_pages(index, people), categories, series)


def _add_pages(index: BlogIndexPage, people: dict[str, Person]) -> dict[str, PersonPage]:
    words = {
        "Ines": "<p>She photographs landscapes that she walked to. Her pictures hang in two museums and in many "
        "kitchens, and she prefers the kitchens.</p>",
        "Tomas": "<p>Trained in a darkroom with one lamp and no windows. He now calibrates screens, and misses the "
        "smell.</p>",
    }
    pages = {}
    for name, person in people.items():
        page = PersonPage(
            title=person.name,
            person=person,
            body=[("rich_text", words[name])],
            search_description=f"{person.name}, {person.role.lower()}: {person.bio}",
        )
        publish(index, page)
        pages[name] = page
    return pages
