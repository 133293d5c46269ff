"""Slugs are made of titles and names, whoever writes them: Python, the admin, or API v3."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from wagtail.models import Page
from wagtail.test.utils.form_data import inline_formset, nested_form_data, streamfield

from blog.models import BlogIndexPage, Category, EventPage, Person, PostPage, Series
from tests.api.v3.conftest import Bearer
from tests.blog.content import make_post

LONG = (
    "The hour before dawn in which nobody sees anything at all and the harbour is as still as a plate of soup while "
    * 3
)
LONG = LONG[:255].strip()
"""As long a title as Wagtail takes."""


@pytest.fixture
def chief(admin_user: Any) -> Bearer:
    return Bearer(admin_user)


def add(blog: BlogIndexPage, title: str, model: type[Page] = PostPage, **values: Any) -> str:
    return blog.add_child(instance=model(title=title, **values)).slug


def fill_in(title: str, slug: str = "") -> dict[str, Any]:
    """What the form of a new post sends."""
    return nested_form_data(
        {
            "title": title,
            "slug": slug,
            "date": "2026-01-02",
            "body": streamfield([]),
            "further_authors": inline_formset([]),
            "chosen_posts": inline_formset([]),
            "comments": inline_formset([]),
        }
    )


def write_in_admin(client: Client, blog: BlogIndexPage, title: str, slug: str = "") -> Any:
    return client.post(reverse("wagtailadmin_pages:add", args=["blog", "postpage", blog.pk]), fill_in(title, slug))


def write_by_token(chief: Bearer, blog: BlogIndexPage, title: str, **values: Any) -> Any:
    meta = {"type": "blog.PostPage", "parent_id": blog.pk}
    return chief.post("pages/", {"meta": meta, "title": title, "date": "2026-01-02"} | values)


# Pages


def test_slug_of_a_long_title_is_cut_at_a_word_with_its_number(blog: BlogIndexPage) -> None:
    title = "word " * 50 + "words"
    slugs = [add(blog, title) for _ in range(11)]
    assert len(slugs[0]) == 255
    assert slugs[1] == "word-" * 49 + "word-2"
    assert slugs[10] == "word-" * 49 + "word-11"
    assert all(len(slug) <= 255 for slug in slugs)
    assert len(set(slugs)) == 11


def test_slug_of_one_long_word_is_cut_inside_it(blog: BlogIndexPage) -> None:
    assert [add(blog, "w" * 255) for _ in range(2)] == ["w" * 255, "w" * 253 + "-2"]


@pytest.mark.parametrize(
    ("title", "slug"),
    [("Über das Meer", "über-das-meer"), ("暗室", "暗室"), ("🎉", "tada"), ("…!?", "post"), ("—", "post")],
)
def test_every_title_gets_a_slug(title: str, slug: str, blog: BlogIndexPage) -> None:
    assert [add(blog, title), add(blog, title)] == [slug, f"{slug}-2"]


def test_title_without_letters_takes_the_word_for_the_type(blog: BlogIndexPage) -> None:
    assert add(blog, "!", EventPage, starts_at="2026-01-01T10:00Z") == "event"


def test_same_slug_may_stand_below_another_page(blog: BlogIndexPage) -> None:
    other = blog.get_parent().add_child(instance=BlogIndexPage(title="Other"))
    assert add(blog, "Dawn") == add(other, "Dawn") == "dawn"


def test_slug_stays_when_the_title_changes(blog: BlogIndexPage) -> None:
    post = make_post(blog, 1)
    post.title = "Another one"
    post.save()
    assert post.slug == "post-1"


def test_slug_that_is_taken_is_refused_in_python(blog: BlogIndexPage) -> None:
    make_post(blog, 1, slug="dawn")
    with pytest.raises(ValidationError, match="dawn"):
        make_post(blog, 2, slug="dawn")


def test_a_thousand_pages_of_one_title_take_one_query_for_a_slug(
    blog: BlogIndexPage, django_assert_num_queries: Any
) -> None:
    for number in range(2, 12):
        make_post(blog, number, slug=f"dawn-{number}")
    make_post(blog, 1, slug="dawn")
    post = PostPage(title="Dawn", slug="")
    post._cached_parent_obj = blog
    with django_assert_num_queries(1):
        post.fill_slug()
    assert post.slug == "dawn-12"


def test_admin_makes_a_slug_that_fits(admin_client: Client, blog: BlogIndexPage) -> None:
    for title in (LONG, LONG, "…", "🎉"):
        response = write_in_admin(admin_client, blog, title)
        assert response.status_code == 302, response.context["form"].errors
    slugs = list(PostPage.objects.order_by("pk").values_list("slug", flat=True))
    assert slugs[1].endswith("-2")
    assert all(len(slug) <= 255 for slug in slugs)
    assert slugs[2:] == ["post", "tada"]


def test_admin_tells_a_slug_that_is_taken_and_one_that_is_free(admin_client: Client, blog: BlogIndexPage) -> None:
    make_post(blog, 1, slug="dawn")
    errors = write_in_admin(admin_client, blog, "Dawn", "dawn").context["form"].errors
    assert errors["slug"] == ["Another page here has the address “dawn”. Choose another one; “dawn-2” is free."]
    assert PostPage.objects.count() == 1


def test_api_makes_a_slug_that_fits(chief: Bearer, blog: BlogIndexPage) -> None:
    answers = [write_by_token(chief, blog, title) for title in (LONG, LONG, "…", "🎉", "…")]
    assert [one.status_code for one in answers] == [201] * 5, answers[0].content
    slugs = [one.json()["meta"]["slug"] for one in answers]
    assert slugs[1].endswith("-2")
    assert all(len(slug) <= 255 for slug in slugs)
    assert slugs[2:] == ["post", "tada", "post-2"]


def test_api_tells_a_slug_that_is_taken_and_one_that_is_free(chief: Bearer, blog: BlogIndexPage) -> None:
    make_post(blog, 1, slug="dawn")
    response = write_by_token(chief, blog, "Dawn", slug="dawn")
    assert response.status_code == 422
    assert "“dawn-2” is free" in response.content.decode()
    post = make_post(blog, 2)
    response = chief.patch(f"pages/{post.pk}/", {"slug": "dawn"})
    assert response.status_code == 422
    assert "“dawn-2” is free" in response.content.decode()
    assert PostPage.objects.get(pk=post.pk).slug == "post-2"


# Categories, people, series


@pytest.mark.parametrize(("model", "field"), [(Category, "name"), (Person, "name"), (Series, "title")])
def test_slugs_of_snippets_are_unique_by_themselves(model: Any, field: str, db: None) -> None:
    names = ["At sea", "At sea", "Море", "🎉", "!", "!"]
    kind = model._meta.model_name
    assert [model.objects.create(**{field: name}).slug for name in names] == [
        "at-sea", "at-sea-2", "more", "tada", kind, f"{kind}-2",
    ]  # fmt: skip


def test_slug_of_a_long_name_is_cut_with_its_number(db: None) -> None:
    slugs = [Series.objects.create(title="word " * 31).slug for _ in range(2)]
    assert slugs == ["word-" * 19 + "word", "word-" * 18 + "word-2"]


@pytest.mark.parametrize(("kind", "field"), [("Category", "name"), ("Person", "name"), ("Series", "title")])
def test_slugs_of_snippets_may_be_left_out_over_the_api(kind: str, field: str, chief: Bearer, db: None) -> None:
    answers = [chief.post(f"snippets/blog.{kind}/", {field: "At sea"}) for _ in range(2)]
    assert [one.status_code for one in answers] == [201, 201], answers[0].content
    assert [one.json()["slug"] for one in answers] == ["at-sea", "at-sea-2"]


def test_slug_of_a_snippet_that_is_taken_is_told(chief: Bearer, db: None) -> None:
    Category.objects.create(name="At sea")
    response = chief.post("snippets/blog.Category/", {"name": "Sea", "slug": "at-sea"})
    assert response.status_code == 422
    assert "slug" in response.content.decode()


def test_form_of_a_snippet_may_leave_the_slug_empty(admin_client: Client) -> None:
    Series.objects.create(title="At sea")
    url = reverse("wagtailsnippets_blog_series:add")
    assert admin_client.post(url, {"title": "At sea", "slug": ""}).status_code == 302
    assert Series.objects.latest("pk").slug == "at-sea-2"
