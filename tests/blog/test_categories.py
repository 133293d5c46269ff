"""Categories as editors and programs keep them: a tree in an order, slugs of their own, and nothing lost."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction
from django.db.models import ProtectedError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from blog.admin.categories import INDENT
from blog.models import BlogIndexPage, Category
from cms.models import User
from tests.api.v3.conftest import Bearer
from tests.blog.content import make_category, make_post

SNIPPETS = "snippets/blog.Category/"


def url(name: str, *args: Any) -> str:
    return reverse(Category.snippet_viewset.get_url_name(name), args=args)


def names() -> list[str]:
    by_id = Category.objects.in_bulk()
    return [by_id[pk].name for pk in Category.tree().places]


@pytest.fixture
def programme(admin_user: User) -> Bearer:
    return Bearer(admin_user)


@pytest.fixture
def nature(db: None) -> Category:
    return make_category("Nature")


@pytest.fixture
def birds(nature: Category) -> Category:
    return make_category("Birds", parent=nature)


def form(**values: Any) -> dict[str, Any]:
    return {"name": "", "slug": "", "parent": "", "description": "", "image": "", "is_active": "on"} | values


def test_slug_is_made_unique_by_itself(admin_client: Client, birds: Category) -> None:
    # As the browser sends it, which makes the slug of the name.
    assert admin_client.post(url("add"), form(name="Birds", slug="birds")).status_code == 302
    assert admin_client.post(url("add"), form(name="Birds")).status_code == 302
    assert sorted(Category.objects.filter(name="Birds").values_list("slug", flat=True)) == [
        "birds", "birds-2", "birds-3",
    ]  # fmt: skip


def test_slug_that_somebody_chose_is_refused_if_it_exists(admin_client: Client, birds: Category) -> None:
    response = admin_client.post(url("add"), form(name="Owls", slug="birds"))
    assert response.status_code == 200
    assert not Category.objects.filter(name="Owls").exists()


def test_slug_of_a_long_name_is_cut_at_a_word(db: None) -> None:
    slug = make_category("word " * 19 + "end").slug
    assert len(slug) <= 100
    assert slug.endswith(("-word", "-end"))


@pytest.mark.parametrize("below", ["itself", "child"])
def test_cycle_is_refused_in_the_form(below: str, admin_client: Client, birds: Category) -> None:
    nature = birds.parent
    parent = nature if below == "itself" else birds
    response = admin_client.post(url("edit", nature.pk), form(name="Nature", slug="nature", parent=parent.pk))
    assert response.status_code == 200
    assert "Choose another parent, or none." in response.content.decode()
    nature.refresh_from_db()
    assert nature.parent is None


def test_cycle_is_refused_in_the_api(programme: Bearer, birds: Category) -> None:
    response = programme.patch(f"{SNIPPETS}{birds.parent_id}/", {"parent_id": birds.pk})
    assert response.status_code == 422, response.content
    assert "stands below" in response.content.decode()
    assert Category.objects.get(name="Nature").parent is None


def test_api_makes_a_slug_where_there_is_none(programme: Bearer, birds: Category) -> None:
    response = programme.post(SNIPPETS, {"meta": {"type": "blog.Category"}, "name": "Birds"})
    assert response.status_code == 201, response.content
    assert response.json()["slug"] == "birds-2"


def test_api_shows_editors_what_is_not_active(programme: Bearer, nature: Category) -> None:
    make_category("Hidden", is_active=False)
    assert {one["name"] for one in programme.get(SNIPPETS).json()["items"]} == {"Nature", "Hidden"}


def test_list_is_the_tree_with_its_posts(admin_client: Client, blog: BlogIndexPage, birds: Category) -> None:
    make_category("Animals", parent=birds)
    make_post(blog, 1, category=birds)
    html = admin_client.get(url("list")).content.decode()
    assert html.index("Nature") < html.index(f"{INDENT}Birds") < html.index(f"{INDENT}{INDENT}Animals")
    assert f'href="{url("usage", birds.pk)}"' in html


def test_list_takes_the_same_queries_for_few_and_for_many(
    admin_client: Client, birds: Category, django_assert_max_num_queries: Any
) -> None:
    for number in range(20):
        make_category(f"Category {number}", parent=birds)
    with django_assert_max_num_queries(25):
        admin_client.get(url("list"))


def test_category_is_moved_among_its_siblings(admin_client: Client, birds: Category) -> None:
    for number, name in enumerate(("Ants", "Bees", "Cats")):
        make_category(name, parent=birds, sort_order=number)
    make_category("Town", sort_order=9)
    assert names() == ["Nature", "Birds", "Ants", "Bees", "Cats", "Town"]
    cats = Category.objects.get(name="Cats")
    assert admin_client.post(f"{url('reorder', cats.pk)}?position=2").status_code == 200
    assert names() == ["Nature", "Birds", "Cats", "Ants", "Bees", "Town"]
    town = Category.objects.get(name="Town")
    admin_client.post(f"{url('reorder', town.pk)}?position=0")
    assert names() == ["Town", "Nature", "Birds", "Cats", "Ants", "Bees"]


@pytest.mark.parametrize("position", ["", "-1", "x", "99", "99999999999999999999"])
def test_position_that_is_none_is_the_end(position: str, admin_client: Client, nature: Category) -> None:
    make_category("Town", sort_order=1)
    admin_client.post(f"{url('reorder', nature.pk)}?position={position}")
    assert names() == ["Town", "Nature"]


def file_main(blog: BlogIndexPage, category: Category) -> None:
    make_post(blog, 1, category=category)


def file_besides(blog: BlogIndexPage, category: Category) -> None:
    make_post(blog, 1, further_categories=[category])


def file_unpublished(blog: BlogIndexPage, category: Category) -> None:
    make_post(blog, 1, category=category).unpublish()


def file_in_a_draft(blog: BlogIndexPage, category: Category) -> None:
    post = make_post(blog, 1)
    post.category = category
    post.save_revision()


def file_besides_in_a_draft(blog: BlogIndexPage, category: Category) -> None:
    post = make_post(blog, 1)
    post.further_categories = [category]
    post.save_revision()


def schedule(blog: BlogIndexPage, category: Category) -> None:
    post = make_post(blog, 1)
    post.category, post.go_live_at = category, timezone.now() + timezone.timedelta(days=1)
    post.save_revision().publish()
    later = post.get_latest_revision_as_object()
    later.category, later.go_live_at = None, None
    later.save_revision()


WAYS = [file_main, file_besides, file_unpublished, file_in_a_draft, file_besides_in_a_draft, schedule]


@pytest.mark.parametrize("file", WAYS)
def test_category_with_posts_is_deleted_from_no_door(
    file: Callable[[BlogIndexPage, Category], None],
    admin_client: Client,
    programme: Bearer,
    blog: BlogIndexPage,
    nature: Category,
) -> None:
    file(blog, nature)
    page = admin_client.post(url("delete", nature.pk), follow=True)
    assert "1 post is filed under it" in page.content.decode()
    bulk = f"/admin/bulk/blog/category/delete/?id={nature.pk}"
    assert "1 post is filed under it" in admin_client.post(bulk, follow=True).content.decode()
    answer = programme.delete(f"{SNIPPETS}{nature.pk}/")
    assert answer.status_code == 409, answer.content
    assert answer.json()["code"] == "in_use"
    assert "1 post is filed under it" in answer.json()["detail"]
    with pytest.raises(ProtectedError), transaction.atomic():
        nature.delete()
    with pytest.raises(ProtectedError), transaction.atomic():
        Category.objects.filter(pk=nature.pk).delete()
    assert Category.objects.filter(pk=nature.pk).exists()


def test_category_with_others_below_it_is_not_deleted(admin_client: Client, birds: Category) -> None:
    page = admin_client.post(url("delete", birds.parent_id), follow=True)
    assert "1 category stands below it" in page.content.decode()
    assert Category.objects.count() == 2


def test_category_that_nothing_needs_is_deleted(
    admin_client: Client,
    programme: Bearer,
    birds: Category,
    blog: BlogIndexPage,
) -> None:
    make_post(blog, 1, category=birds.parent)
    assert admin_client.post(url("delete", birds.pk)).status_code == 302
    town = make_category("Town")
    assert programme.delete(f"{SNIPPETS}{town.pk}/").status_code == 204
    assert names() == ["Nature"]
