"""What visitors look for is found, with a piece of its text and what narrows it; and nothing that isn't public."""

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from wagtail.models import Locale, PageViewRestriction

from blog.models import BlogIndexPage, EventPage, PostPage
from blog.models.post import PostAuthor
from tests.blog.content import make_category, make_image, make_person, make_post, one_of_each, rich_text_block
from tests.blog.forms.content import make_form

pytestmark = pytest.mark.django_db


def look(client: Client, query: str = "", **parameters: Any) -> dict[str, Any]:
    response = client.get("/api/v2/search/", {"query": query, **parameters})
    assert response.status_code == 200, response.content
    return response.json()


def titles(answer: dict[str, Any]) -> list[str]:
    return [one["title"] for one in answer["items"]]


def counts(answer: dict[str, Any], name: str) -> dict[str, int]:
    return {one["value"]: one["count"] for one in answer["facets"][name]}


@pytest.fixture
def event(blog: BlogIndexPage) -> EventPage:
    return blog.add_child(
        instance=EventPage(
            title="Harbour night",
            slug="harbour-night",
            summary="Lanterns.",
            place="Pier 3",
            starts_at=timezone.make_aware(datetime.datetime(2025, 7, 1, 20)),
        )
    )


# What is found


def test_hit_is_a_card_with_a_piece_of_its_text(client: Client, blog: BlogIndexPage):
    body = [
        rich_text_block("<p>" + "Before. " * 60 + "The old <b>harbour</b> &amp; <i>its</i> cranes. " + "After. " * 60)
    ]
    post = make_post(blog, title="Cranes", body=body, featured_image=make_image())

    answer = look(client, "harbour")

    assert answer["meta"]["total_count"] == 1
    hit = answer["items"][0]
    assert (hit["id"], hit["type"], hit["title"]) == (post.pk, "blog.PostPage", "Cranes")
    assert hit["date"] == "2026-01-02"
    assert hit["url"].endswith("/post-1/")
    assert hit["image"]["src"]
    assert "The old <mark>harbour</mark> &amp; its cranes." in hit["excerpt"]
    assert hit["excerpt"].startswith("… ") and hit["excerpt"].endswith(" …")
    assert len(hit["excerpt"]) < 300


def test_script_in_a_text_is_text_in_the_excerpt(client: Client, blog: BlogIndexPage):
    make_post(blog, summary='Find the harbour <script>alert("here")</script>')

    assert look(client, "harbour")["items"][0]["excerpt"] == (
        "Find the <mark>harbour</mark> &lt;script&gt;alert(&quot;here&quot;)&lt;/script&gt;"
    )


def test_all_words_must_be_there_in_any_page_of_any_type(client: Client, blog: BlogIndexPage, event: EventPage):
    make_post(blog, 1, title="Harbour", summary="At dawn.")
    make_post(blog, 2, title="Dawn", summary="In the hills.")
    make_form(blog, title="Questions on the harbour")

    assert set(titles(look(client, "harbour"))) == {"Harbour", "Harbour night", "Questions on the harbour"}
    assert titles(look(client, "HARBOUR dawn")) == ["Harbour"]
    assert titles(look(client, "lanterns")) == ["Harbour night"]
    assert look(client, "submarine")["meta"]["total_count"] == 0


def test_best_come_first_or_by_date(client: Client, blog: BlogIndexPage):
    make_post(blog, 3, title="Walk", summary="Past the harbour.")
    make_post(blog, 1, title="Harbour harbour", summary="Of the harbour.")
    make_post(blog, 2, title="Boats", summary="In a harbour with a very long description of all that is not about it.")

    assert titles(look(client, "harbour"))[0] == "Harbour harbour"
    assert titles(look(client, "harbour", order="date")) == ["Harbour harbour", "Boats", "Walk"]
    assert titles(look(client, "harbour", order="-date")) == ["Walk", "Boats", "Harbour harbour"]


def test_without_words_everything_is_found_the_newest_first(client: Client, blog: BlogIndexPage):
    make_post(blog, 1)
    make_post(blog, 2)

    assert titles(look(client, type="blog.PostPage")) == ["Post 2", "Post 1"]


def test_beginning_of_a_word_completes_titles(client: Client, blog: BlogIndexPage):
    make_post(blog, title="Harbour at night")

    assert titles(look(client, "harb", autocomplete="true")) == ["Harbour at night"]
    assert titles(look(client, "harb")) == []


def test_pages_come_in_pieces(client: Client, blog: BlogIndexPage):
    for number in range(1, 6):
        make_post(blog, number, summary="harbour")

    answer = look(client, "harbour", order="date", limit=2, offset=2)

    assert answer["meta"]["total_count"] == 5
    assert titles(answer) == ["Post 3", "Post 4"]


# What is not


def test_nothing_that_is_not_public_is_found_or_counted(client: Client, blog: BlogIndexPage):
    for kind in (PageViewRestriction.PASSWORD, PageViewRestriction.LOGIN):
        page = make_post(blog, title="Harbour", slug=kind, tags=("secret",))
        PageViewRestriction.objects.create(page=page, restriction_type=kind, password="x")
    make_post(blog, title="Harbour", slug="draft", live=False)
    live = make_post(blog, title="Quiet", slug="live")
    live.title = "Harbour in the making"
    live.save_revision()

    answer = look(client, "harbour")

    assert answer["meta"]["total_count"] == 0
    assert not any(answer["facets"].values())
    assert "secret" not in str(look(client))


def test_pages_of_other_languages_are_found_in_theirs(client: Client, blog: BlogIndexPage, settings: Any):
    german = Locale.objects.create(language_code="de")
    make_post(blog, title="Harbour")
    other = blog.copy_for_translation(german, copy_parents=True)
    other.live = True
    other.save()
    make_post(other, title="Harbour, auf Deutsch", locale=german)

    assert titles(look(client, "harbour")) == ["Harbour"]
    assert client.get("/api/v2/search/?locale=xx").status_code == 400


# Facets


@pytest.fixture
def archive(blog: BlogIndexPage, event: EventPage) -> list[PostPage]:
    travel, craft = make_category("Travel"), make_category("Craft")
    ada, ben = make_person("Ada"), make_person("Ben")
    first = make_post(blog, 1, summary="harbour", category=travel, author=ada, tags=("sea", "night"))
    second = make_post(
        blog, 2, summary="harbour", category=craft, author=ben, tags=("sea",), date=datetime.date(2024, 5, 1)
    )
    third = make_post(blog, 3, summary="hills", category=travel, author=ada)
    second.further_categories = [travel, craft]
    second.further_authors = [PostAuthor(person=ada)]
    second.save()
    return [first, second, third]


def test_facets_count_what_was_found(client: Client, archive: list[PostPage]):
    answer = look(client, "harbour")

    assert counts(answer, "type") == {"blog.PostPage": 2, "blog.EventPage": 1}
    assert counts(answer, "category") == {"travel": 2, "craft": 1}
    assert counts(answer, "author") == {"ada": 2, "ben": 1}
    assert counts(answer, "tag") == {"sea": 2, "night": 1}
    assert [one["value"] for one in answer["facets"]["year"]] == ["2026", "2025", "2024"]
    assert answer["facets"]["category"][0] == {"value": "travel", "label": "Travel", "count": 2}


def test_facets_filter_by_their_values(client: Client, archive: list[PostPage]):
    for chosen, number in (
        ({"type": "blog.EventPage"}, 1),
        ({"type": "blog.EventPage,blog.PostPage"}, 3),
        ({"category": "travel"}, 2),
        ({"category": "craft"}, 1),
        ({"author": "ben"}, 1),
        ({"author": "ada"}, 2),
        ({"tag": "night"}, 1),
        ({"tag": "night,sea"}, 2),
        ({"year": "2025"}, 1),
        ({"year": "2024,2026"}, 2),
        ({"year": "2026", "category": "craft"}, 0),
        ({"category": "nothing"}, 0),
    ):
        assert look(client, "harbour", **chosen)["meta"]["total_count"] == number, chosen


def test_facet_shows_what_else_could_be_chosen(client: Client, archive: list[PostPage]):
    answer = look(client, "harbour", category="craft")

    assert counts(answer, "category") == {"travel": 2, "craft": 1}
    assert counts(answer, "tag") == {"sea": 1}


def test_category_that_is_not_active_is_not_told(client: Client, archive: list[PostPage]):
    category = archive[0].category
    category.is_active = False
    category.save()

    assert counts(look(client, "harbour"), "category") == {"craft": 1}


def test_twenty_hits_take_as_many_queries_as_two(
    client: Client, blog: BlogIndexPage, django_assert_max_num_queries: Callable
):
    image = make_image()

    def make(number: int) -> None:
        body = [*one_of_each(image), rich_text_block("<p>harbour</p>")]
        make_post(blog, number, body=body, featured_image=image, author=person, category=category, tags=("sea",))

    def count() -> int:
        look(client, "harbour")
        with django_assert_max_num_queries(200) as counted:
            look(client, "harbour")
        return len(counted)

    person, category = make_person(), make_category()
    make(1), make(2)
    two = count()
    for number in range(3, 21):
        make(number)

    assert count() == two


# Bad questions


QUERIES = [
    *("", " ", "\x00", "har\x00bour", '"', '"harbour', "*", "harb*", "a AND", "AND", "OR OR", "NOT harbour"),
    *("NEAR(a b)", "title:harbour", "{title}: x", "-harbour", "^harbour", "(", ")", "harbour)", "a & b", "a | !b"),
    *("'; DROP TABLE x; --", "\\", "%", "_", "<->", "x:*", "\ud7ff\U0010ffff", "🙂", "ﬁ"),
    *("x" * 10_000, "ö" * 10_000, "a b " * 2_500),
]


def test_any_query_is_answered(client: Client, blog: BlogIndexPage):
    make_post(blog, title="Harbour")

    for query in QUERIES:
        for more in ({}, {"autocomplete": "true"}, {"order": "date"}):
            response = client.get("/api/v2/search/", {"query": query, **more})
            assert response.status_code == 200, (query[:50], more)


def test_parameter_that_makes_no_sense_is_told_so(client: Client, blog: BlogIndexPage):
    for parameters in (
        *("order=up", "limit=-1", "limit=1000", "limit=x", "offset=²", "offset=99999999999", "year=x", "year=0"),
        *("year=99999999999", "type=blog.Nothing", "type=auth.Group", "type=x", "type=a.b.c", "q=x"),
        *("locale=xx", "locale=%00"),
    ):
        response = client.get(f"/api/v2/search/?{parameters}")
        assert response.status_code == 400, parameters
        assert response.json()["message"]


def test_odd_values_find_nothing(client: Client, blog: BlogIndexPage):
    make_post(blog)
    for name in ("category", "author", "tag"):
        for value in ("\x00x", "x" * 5_000, "'", "1"):
            assert look(client, **{name: value})["meta"]["total_count"] == 0
