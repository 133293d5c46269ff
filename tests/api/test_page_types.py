"""People, events, galleries and landing pages in the API."""

import datetime
from collections.abc import Callable
from typing import Any

from django.test import Client
from django.utils import timezone
from wagtail.models import Page

from blog.models import BlogIndexPage, EventPage, GalleryPage, LandingPage, PersonPage, PostAuthor
from media_library.models import Video
from tests.api.test_queries import queries
from tests.blog.content import add_page, block, close, gallery_block, make_image, make_person, make_post, video_block

EVENING = datetime.datetime(2026, 5, 1, 19, 30, tzinfo=datetime.UTC)


def shown(client: Client, page: Page) -> dict[str, Any]:
    response = client.get(f"/api/v2/pages/{page.pk}/")
    assert response.status_code == 200, response.content
    return response.json()


def items(*values: Any) -> list[dict[str, Any]]:
    return [
        {"type": "item", "value": value, "id": f"20000000-0000-0000-0000-{number:012}"}
        for number, value in enumerate(values)
    ]


def cards_block(*pages: Page, heading: str = "") -> dict[str, Any]:
    return block("cards", {"heading": heading, "pages": items(*(page.pk for page in pages))})


def link(page: Page | None = None, url: str = "", label: str = "") -> dict[str, Any]:
    return {"label": label, "page": page and page.pk, "url": url}


def test_page_of_a_person_has_the_person_whole(client: Client, blog: BlogIndexPage) -> None:
    ada = make_person("Ada", portrait=make_image("Ada"))
    ada.links = [("link", {"label": "Fediverse", "url": "https://social.example.org/@ada"})]
    ada.save()
    person = shown(client, add_page(blog, PersonPage, "Ada", person=ada))["person"]
    assert person["name"] == "Ada"
    assert person["portrait"]["title"] == "Ada"
    assert [one["url"] for one in person["links"]] == ["https://social.example.org/@ada"]


def test_page_of_a_person_lists_what_they_wrote_newest_first(client: Client, blog: BlogIndexPage) -> None:
    ada = make_person("Ada")
    page = add_page(blog, PersonPage, "Ada", person=ada)
    make_post(blog, 1, author=ada)
    together = make_post(blog, 3, author=make_person("Bo"))
    PostAuthor.objects.create(page=together, person=ada)
    make_post(blog, 2, author=ada)
    make_post(blog, 4, author=make_person("Cleo"))
    assert [card["title"] for card in shown(client, page)["posts"]] == ["Post 3", "Post 2", "Post 1"]


def test_page_of_a_person_lists_no_draft_and_nothing_closed(client: Client, blog: BlogIndexPage) -> None:
    ada = make_person("Ada")
    page = add_page(blog, PersonPage, "Ada", person=ada)
    make_post(blog, 1, author=ada).unpublish()
    close(make_post(blog, 2, author=ada))
    assert shown(client, page)["posts"] == []


def test_page_of_a_person_who_was_deleted_stays(client: Client, blog: BlogIndexPage) -> None:
    ada = make_person("Ada")
    page = add_page(blog, PersonPage, "Ada", person=ada)
    ada.delete()
    assert (shown(client, page)["person"], shown(client, page)["posts"]) == (None, [])


def test_listing_of_people_takes_the_same_queries_for_few_and_for_many(client: Client, blog: BlogIndexPage) -> None:
    def write(numbers: range) -> None:
        for number in numbers:
            ada = make_person(f"Person {number}", portrait=make_image(f"Portrait {number}"))
            add_page(blog, PersonPage, f"Person {number}", person=ada)

    url = "/api/v2/pages/?type=blog.PersonPage&fields=*"
    write(range(2))
    few = queries(client, url)
    write(range(2, 8))
    assert len(queries(client, url)) == len(few)


def test_event_has_its_poster_and_its_film_whole(
    client: Client, blog: BlogIndexPage, film: Video, develop: Callable[..., None]
) -> None:
    poster = make_image("Poster")
    develop(film, poster)
    event = add_page(
        blog, EventPage, "Opening", starts_at=EVENING, place="The pier", poster=poster, highlight_film=film
    )
    body = shown(client, event)
    assert body["poster"] == client.get(f"/api/v2/images/{poster.pk}/").json()
    assert body["highlight_film"] == client.get(f"/api/v2/videos/{film.pk}/").json()
    assert (body["starts_at"], body["ends_at"], body["place"]) == ("2026-05-01T19:30:00Z", None, "The pier")


def test_gallery_has_what_hangs_in_it(client: Client, blog: BlogIndexPage, film: Video) -> None:
    cover, one, two = (make_image(title) for title in ("Cover", "One", "Two"))
    gallery = add_page(
        blog,
        GalleryPage,
        "Summer",
        summary="Three days.",
        cover=cover,
        body=[gallery_block(one, two), video_block(film)],
    )
    body = shown(client, gallery)
    assert body["cover"]["title"] == "Cover"
    assert [image["title"] for image in body["body"][0]["value"]] == ["One", "Two"]
    assert body["body"][1]["value"]["id"] == film.pk


def test_hero_of_a_landing_page_is_whole(client: Client, blog: BlogIndexPage, film: Video) -> None:
    about = add_page(blog, LandingPage, "About us")
    links = items(link(about), link(url="https://example.org/", label="Elsewhere"))
    image = make_image()
    hero = {"heading": "Light", "text": "It lands.", "image": image.pk, "video": film.pk, "links": links}
    value = shown(client, add_page(blog, LandingPage, "Home", body=[block("hero", hero)]))["body"][0]["value"]
    assert (value["heading"], value["text"]) == ("Light", "It lands.")
    assert value["image"] == client.get(f"/api/v2/images/{image.pk}/").json()
    assert value["video"]["id"] == film.pk
    assert value["links"] == [
        {"label": "About us", "url": "/about-us/", "page": about.pk},
        {"label": "Elsewhere", "url": "https://example.org/", "page": None},
    ]


def test_cards_show_each_type_of_page_with_its_picture(client: Client, blog: BlogIndexPage) -> None:
    thumbnail, portrait, poster, cover, shared = (
        make_image(title) for title in ("Thumbnail", "Portrait", "Poster", "Cover", "Shared")
    )
    pages = [
        make_post(blog, 1, featured_image=poster, thumbnail=thumbnail, date=datetime.date(2026, 1, 31)),
        make_post(blog, 2, featured_image=cover, date=datetime.date(2026, 2, 1)),
        add_page(blog, PersonPage, "Ada", person=make_person("Ada", portrait=portrait)),
        add_page(blog, EventPage, "Opening", starts_at=EVENING, poster=poster, summary="With wine."),
        add_page(blog, GalleryPage, "Summer", cover=cover),
        add_page(blog, LandingPage, "About", social_image=shared, search_description="Who we are."),
    ]
    home = add_page(blog, LandingPage, "Home", body=[cards_block(*pages, heading="More")])
    value = shown(client, home)["body"][0]["value"]
    assert value["heading"] == "More"
    assert [
        (card["type"], card["title"], card["summary"], card["date"], card["image"]["title"]) for card in value["pages"]
    ] == [
        ("blog.PostPage", "Post 1", "What post 1 is about.", "2026-01-31", "Thumbnail"),
        ("blog.PostPage", "Post 2", "What post 2 is about.", "2026-02-01", "Cover"),
        ("blog.PersonPage", "Ada", "Photo editor", None, "Portrait"),
        ("blog.EventPage", "Opening", "With wine.", "2026-05-01T19:30:00+00:00", "Poster"),
        ("blog.GalleryPage", "Summer", "", None, "Cover"),
        ("blog.LandingPage", "About", "Who we are.", None, "Shared"),
    ]
    assert value["pages"][0]["url"] == "http://localhost/post-1/"
    assert value["pages"][0]["image"] == client.get(f"/api/v2/images/{thumbnail.pk}/").json()


def test_cards_of_drafts_and_closed_pages_are_left_out(client: Client, blog: BlogIndexPage) -> None:
    draft, closed, open_page = (make_post(blog, number) for number in (1, 2, 3))
    draft.unpublish()
    close(closed)
    home = add_page(blog, LandingPage, "Home", body=[cards_block(draft, closed, open_page)])
    assert [card["title"] for card in shown(client, home)["body"][0]["value"]["pages"]] == ["Post 3"]


def test_call_to_action_leads_somewhere_or_is_left_out(client: Client, blog: BlogIndexPage) -> None:
    about = add_page(blog, LandingPage, "About us")
    body = [block("call_to_action", {"text": "Come and see.", "link": link(about, label="Who we are")})]
    home = add_page(blog, LandingPage, "Home", body=body)
    assert shown(client, home)["body"][0]["value"] == {
        "text": "Come and see.",
        "link": {"label": "Who we are", "url": "/about-us/", "page": about.pk},
    }
    about.unpublish()
    assert shown(client, home)["body"] == []


def test_landing_page_takes_the_same_queries_for_few_and_for_many_cards(client: Client, blog: BlogIndexPage) -> None:
    def home(title: str, numbers: range) -> Page:
        blocks = []
        for number in numbers:
            image = make_image(f"{title} {number}")
            ada = make_person(f"{title} {number}", portrait=image)
            pages = [
                make_post(blog, number, slug=f"{title}-{number}", featured_image=image),
                add_page(blog, PersonPage, f"{title} person {number}", person=ada),
                add_page(blog, EventPage, f"{title} event {number}", starts_at=timezone.now(), poster=image),
            ]
            hero = {"heading": "Here", "text": "", "image": image.pk, "video": None, "links": items(link(pages[0]))}
            action = {"text": "Go", "link": link(pages[1])}
            blocks += [block("hero", hero), cards_block(*pages), block("call_to_action", action)]
        return add_page(blog, LandingPage, title, body=blocks)

    few, many = home("Few", range(1)), home("Many", range(6))
    of_few = queries(client, f"/api/v2/pages/{few.pk}/")
    of_many = queries(client, f"/api/v2/pages/{many.pk}/")
    assert len(of_many) == len(of_few), "\n".join(of_many)
