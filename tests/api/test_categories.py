"""The tree of categories, as visitors see it."""

from typing import Any

import pytest
from django.test import Client

from blog.models import BlogIndexPage, Category
from tests.api.test_queries import queries
from tests.blog.content import close, make_category, make_image, make_post

CATEGORIES = "/api/v2/categories/"


def listed(client: Client, query: str = "") -> list[dict[str, Any]]:
    response = client.get(f"{CATEGORIES}{query}")
    assert response.status_code == 200, response.content
    return response.json()["items"]


def outline(client: Client, query: str = "") -> list[tuple[str, int]]:
    return [(item["name"], item["depth"]) for item in listed(client, query)]


def counts(client: Client) -> dict[str, tuple[int, int]]:
    return {item["name"]: (item["post_count"], item["total_post_count"]) for item in listed(client)}


@pytest.fixture
def nature(db: None) -> Category:
    return make_category("Nature", sort_order=1)


@pytest.fixture
def birds(nature: Category) -> Category:
    return make_category("Birds", parent=nature)


def test_categories_come_in_the_order_of_the_tree(client: Client, birds: Category) -> None:
    make_category("Owls", parent=birds)
    make_category("Town", sort_order=0)
    make_category("Trees", parent=birds.parent)
    assert outline(client) == [("Town", 0), ("Nature", 0), ("Birds", 1), ("Owls", 2), ("Trees", 1)]


def test_siblings_come_in_the_order_that_editors_gave_them(client: Client, nature: Category) -> None:
    for order, name in enumerate(("Zoo", "Moss", "Ants")):
        make_category(name, parent=nature, sort_order=order)
    assert [name for name, _depth in outline(client)] == ["Nature", "Zoo", "Moss", "Ants"]


def test_category_names_its_parent_by_id(client: Client, birds: Category) -> None:
    assert {item["name"]: item["parent"] for item in listed(client)} == {"Nature": None, "Birds": birds.parent_id}


def test_category_that_is_not_active_hides_all_below_it(client: Client, birds: Category) -> None:
    make_category("Owls", parent=birds)
    birds.is_active = False
    birds.save()
    assert outline(client) == [("Nature", 0)]
    assert client.get(f"{CATEGORIES}{birds.children.get().pk}/").status_code == 404


def test_category_that_is_not_active_is_not_shown_in_posts(
    client: Client, blog: BlogIndexPage, nature: Category
) -> None:
    post = make_post(blog, 1, category=make_category("Owls", parent=nature))
    nature.is_active = False
    nature.save()
    assert client.get(f"/api/v2/pages/{post.pk}/").json()["category"] is None


def test_category_inside_a_post_has_no_figures(client: Client, blog: BlogIndexPage, birds: Category) -> None:
    post = make_post(blog, 1, category=birds)
    shown = client.get(f"/api/v2/pages/{post.pk}/").json()["category"]
    assert set(shown) == {"id", "meta", "name", "slug", "description", "image", "is_featured"}


def test_posts_are_counted_where_they_are_filed_and_above(
    client: Client, blog: BlogIndexPage, birds: Category
) -> None:
    make_post(blog, 1, category=birds)
    make_post(blog, 2, category=birds)
    make_post(blog, 3, category=birds.parent)
    assert counts(client) == {"Nature": (1, 3), "Birds": (2, 2)}


def test_post_in_several_parts_of_a_branch_is_counted_once(
    client: Client, blog: BlogIndexPage, birds: Category
) -> None:
    owls, sea = make_category("Owls", parent=birds), make_category("Sea", parent=birds.parent)
    make_post(blog, 1, category=birds, further_categories=[birds, sea])
    make_post(blog, 2, further_categories=[owls, sea])
    make_post(blog, 3, category=make_category("Town"), further_categories=[owls])
    assert counts(client) == {"Nature": (0, 3), "Birds": (1, 3), "Owls": (2, 2), "Sea": (2, 2), "Town": (1, 1)}


def test_drafts_and_closed_posts_are_not_counted(client: Client, blog: BlogIndexPage, birds: Category) -> None:
    make_post(blog, 1, category=birds).unpublish()
    close(make_post(blog, 2, category=birds))
    make_post(blog, 3, further_categories=[birds]).unpublish()
    assert counts(client)["Birds"] == (0, 0)


def test_category_is_found_by_its_slug(client: Client, birds: Category) -> None:
    response = client.get(f"{CATEGORIES}find/?slug=birds")
    assert response.status_code == 302
    assert client.get(response["Location"]).json()["name"] == "Birds"
    assert client.get(f"{CATEGORIES}find/?slug=nowhere").status_code == 404


def test_words_for_search_engines_fall_back_on_what_readers_see(client: Client, db: None) -> None:
    make_category("Plain")
    make_category("Told", seo_title="All about it", search_description="In short.", keywords="one, two")
    assert {item["name"]: item["seo"] for item in listed(client)} == {
        "Plain": {"title": "Plain", "description": "How it is done.", "keywords": ""},
        "Told": {"title": "All about it", "description": "In short.", "keywords": "one, two"},
    }


def test_categories_are_searched_filtered_and_ordered(client: Client, birds: Category) -> None:
    make_category("Town", is_featured=True)
    assert outline(client, "?search=birds") == [("Birds", 1)]
    assert outline(client, f"?parent={birds.parent_id}") == [("Birds", 1)]
    assert outline(client, "?is_featured=true") == [("Town", 0)]
    assert [name for name, _depth in outline(client, "?order=name")] == ["Birds", "Nature", "Town"]


def test_whether_a_category_is_active_is_no_filter(client: Client, birds: Category) -> None:
    assert client.get(f"{CATEGORIES}?is_active=false").status_code == 400


def test_categories_that_are_each_others_parents_harm_nobody(client: Client, birds: Category) -> None:
    # As two editors can make them in one moment.
    Category.objects.filter(pk=birds.parent_id).update(parent=birds)
    make_category("Town")
    assert outline(client) == [("Town", 0)]


def test_listing_takes_the_same_queries_for_few_and_for_many(
    client: Client, blog: BlogIndexPage, birds: Category
) -> None:
    def write(numbers: range) -> None:
        for number in numbers:
            category = make_category(f"Category {number}", parent=birds, image=make_image(f"Image {number}"))
            make_post(blog, number, category=category, further_categories=[birds])

    write(range(2))
    few = queries(client, f"{CATEGORIES}?limit=100")
    write(range(2, 12))
    many = queries(client, f"{CATEGORIES}?limit=100")
    assert len(listed(client, "?limit=100")) == 14
    assert len(many) == len(few), "\n".join(many)
    assert len(many) <= 10, "\n".join(many)
