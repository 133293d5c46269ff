"""People, events, galleries, landing pages and lists by category, as visitors see them through templates/."""

import datetime
from collections.abc import Callable

import pytest
from django.test import Client

from blog.models import BlogIndexPage, EventPage, FormField, FormPage, GalleryPage, LandingPage, PersonPage, PostAuthor
from media_library.models import CustomImage, Video
from tests.api.test_page_types import cards_block, items, link
from tests.api.test_queries import queries
from tests.blog.content import (
    add_page,
    block,
    close,
    gallery_block,
    make_category,
    make_image,
    make_person,
    make_post,
)
from tests.blog.test_templates import html_of

EVENING = datetime.datetime(2026, 5, 1, 19, 30, tzinfo=datetime.UTC)


@pytest.fixture
def image(db: None, develop: Callable[..., None]) -> CustomImage:
    image = make_image("Harbour", size=400)
    develop(image)
    return image


def test_page_of_a_person_shows_who_they_are_and_what_they_wrote(
    client: Client, blog: BlogIndexPage, image: CustomImage
) -> None:
    ada = make_person("Ada", portrait=image)
    ada.links = [("link", {"label": "Fediverse", "url": "https://social.example.org/@ada"})]
    ada.save()
    add_page(blog, PersonPage, "Ada", person=ada)
    make_post(blog, 1, author=ada, featured_image=image)
    PostAuthor.objects.create(page=make_post(blog, 2, author=make_person("Bo")), person=ada)
    html = html_of(client, "/ada/")
    assert '<h1 class="post__title">Ada</h1>' in html
    assert "Photo editor" in html
    assert '<a rel="me" href="https://social.example.org/@ada">Fediverse</a>' in html
    assert html.index('href="/post-2/"') < html.index('href="/post-1/"')
    # The portrait, and the picture of the first post.
    assert html.count("<picture") == 2


def test_page_of_a_person_who_was_deleted_is_still_shown(client: Client, blog: BlogIndexPage) -> None:
    ada = make_person("Ada")
    add_page(blog, PersonPage, "Ada", person=ada)
    ada.delete()
    assert '<h1 class="post__title">Ada</h1>' in html_of(client, "/ada/")


def test_event_shows_poster_film_place_and_time(
    client: Client, blog: BlogIndexPage, image: CustomImage, film: Video, develop: Callable[..., None]
) -> None:
    develop(film)
    add_page(
        blog, EventPage, "Opening", starts_at=EVENING, place="The pier", address="Quay 4\nHarbour", poster=image,
        highlight_film=film, tickets_url="https://tickets.example.org/",
    )  # fmt: skip
    html = html_of(client, "/opening/")
    assert 'datetime="2026-05-01T19:30:00+00:00"' in html
    assert "The pier" in html
    assert "Quay 4<br>Harbour" in html
    assert '<a class="button" href="https://tickets.example.org/">' in html
    assert html.count("<picture") == 1
    assert html.count("<video") == 1


def test_gallery_shows_what_hangs_in_it(client: Client, blog: BlogIndexPage, image: CustomImage) -> None:
    add_page(blog, GalleryPage, "Summer", summary="Three days.", body=[gallery_block(image, image)])
    html = html_of(client, "/summer/")
    assert "Three days." in html
    assert html.count('class="gallery__item"') == 2


def test_landing_page_shows_its_sections(client: Client, blog: BlogIndexPage, image: CustomImage) -> None:
    post, ada = make_post(blog, 1), add_page(blog, PersonPage, "Ada", person=make_person("Ada", portrait=image))
    hero = {"heading": "Light", "text": "It lands.", "image": image.pk, "video": None, "links": items(link(post))}
    action = {"text": "Do you know a place?", "link": link(ada, label="Tell her")}
    body = [block("hero", hero), cards_block(post, ada, heading="More"), block("call_to_action", action)]
    add_page(blog, LandingPage, "Home", body=body)
    html = html_of(client, "/home/")
    assert html.count("<h1") == 1
    assert '<h1 class="hero__title">Light</h1>' in html
    assert '<a class="button" href="/post-1/">Post 1</a>' in html
    assert '<h3 class="card__title"><a class="card__link" href="/ada/">Ada</a></h3>' in html
    assert '<a class="button" href="/ada/">Tell her</a>' in html
    # The hero, and the card of the person.
    assert html.count("<picture") == 2


def test_landing_page_without_a_hero_has_its_title_as_heading(client: Client, blog: BlogIndexPage) -> None:
    add_page(blog, LandingPage, "Home", body=[])
    assert '<h1 class="opening__title">Home</h1>' in html_of(client, "/home/")


def test_landing_page_tells_nothing_of_drafts_and_closed_pages(client: Client, blog: BlogIndexPage) -> None:
    draft, closed = make_post(blog, 1), make_post(blog, 2)
    draft.unpublish()
    close(closed)
    action = {"text": "Go there", "link": link(draft)}
    add_page(blog, LandingPage, "Home", body=[cards_block(draft, closed), block("call_to_action", action)])
    html = html_of(client, "/home/")
    assert "Post 1" not in html
    assert "Post 2" not in html
    assert "Go there" not in html


def test_form_labels_its_fields(client: Client, blog: BlogIndexPage) -> None:
    page = add_page(blog, FormPage, "Write to us", intro="<p>About a print.</p>")
    FormField.objects.create(page=page, label="Your name", field_type="singleline", required=True)
    html = html_of(client, "/write-to-us/")
    assert "About a print." in html
    assert '<label for="id_your_name">' in html


def test_what_people_write_is_escaped(client: Client, blog: BlogIndexPage) -> None:
    script = "<script>alert(1)</script>"
    hero = {"heading": script, "text": script, "image": None, "video": None, "links": []}
    add_page(blog, LandingPage, "Home", body=[block("hero", hero)])
    add_page(blog, EventPage, "Opening", starts_at=EVENING, place=script, address=script, summary=script)
    add_page(blog, PersonPage, "Ada", person=make_person(name=f"Ada {script}", slug="ada"))
    make_category(script)
    for url in ("/home/", "/opening/", "/ada/", "/"):
        assert script not in html_of(client, url)


def test_list_of_posts_is_narrowed_to_a_category(client: Client, blog: BlogIndexPage) -> None:
    nature = make_category("Nature")
    birds = make_category("Birds", parent=nature)
    make_post(blog, 1, category=birds)
    make_post(blog, 2, category=nature, further_categories=[birds])
    make_post(blog, 3, category=nature)
    html = html_of(client, "/?category=birds")
    assert '<a class="categories__link" href="?category=birds" aria-current="page">Birds</a>' in html
    assert 'href="/post-1/"' in html
    assert 'href="/post-2/"' in html
    assert 'href="/post-3/"' not in html


def test_list_of_posts_offers_active_categories_only(client: Client, blog: BlogIndexPage) -> None:
    make_category("Birds", parent=make_category("Nature", is_active=False))
    make_category("Town")
    html = html_of(client, "/?category=birds")
    assert "Town" in html
    assert "Birds" not in html


def test_pages_of_a_category_keep_to_it(client: Client, blog: BlogIndexPage) -> None:
    town = make_category("Town")
    for number in range(14):
        make_post(blog, number, category=town)
    assert 'href="?category=town&amp;p=2"' in html_of(client, "/?category=town")


def test_cards_of_a_landing_page_take_the_same_queries_for_few_and_for_many(
    client: Client, blog: BlogIndexPage, image: CustomImage
) -> None:
    posts = [make_post(blog, number, featured_image=make_image(f"Image {number}")) for number in range(8)]
    add_page(blog, LandingPage, "Few", body=[cards_block(posts[0])])
    add_page(blog, LandingPage, "Many", body=[cards_block(*posts[:4]), cards_block(*posts[4:])])
    assert len(queries(client, "/many/")) == len(queries(client, "/few/"))
