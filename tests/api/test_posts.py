"""What readers are told of a post beside what was written into it."""

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from wagtail.models import Collection, CollectionViewRestriction, PageViewRestriction

from blog.models import BlogIndexPage, Category, PersonPage, PostAuthor, PostPage, RelatedPost, Series
from tests.blog.content import block, make_category, make_image, make_person, make_post, rich_text_block


@pytest.fixture
def read(client: Client) -> Callable[[PostPage], dict[str, Any]]:
    def ask(post: PostPage) -> dict[str, Any]:
        response = client.get(f"/api/v2/pages/{post.pk}/")
        assert response.status_code == 200, response.content
        return response.json()

    return ask


def heading(text: str, level: str = "h2", number: int = 0) -> dict[str, Any]:
    return block("heading", {"text": text, "level": level}, number)


def close(page: PostPage) -> None:
    PageViewRestriction.objects.create(page=page, restriction_type=PageViewRestriction.LOGIN)


# Pictures


def test_thumbnail_and_social_image_fall_back_along_the_line(
    blog: BlogIndexPage, client: Client, read: Callable[..., dict]
) -> None:
    featured, thumbnail, social = (make_image(title) for title in ("Featured", "Thumbnail", "Social"))

    def titles(**pictures: Any) -> list[str | None]:
        post = make_post(blog, PostPage.objects.count() + 1, **pictures)
        body = read(post)
        return [body[name] and body[name]["title"] for name in ("social_image", "thumbnail", "featured_image")]

    assert titles() == [None, None, None]
    assert titles(featured_image=featured) == ["Featured", "Featured", "Featured"]
    assert titles(featured_image=featured, thumbnail=thumbnail) == ["Thumbnail", "Thumbnail", "Featured"]
    assert titles(thumbnail=thumbnail, social_image=social) == ["Social", "Thumbnail", None]


def test_a_picture_fallen_back_on_is_a_whole_image(
    blog: BlogIndexPage, client: Client, read: Callable[..., dict]
) -> None:
    body = read(make_post(blog, 1, featured_image=make_image()))
    assert body["social_image"] == body["featured_image"]
    assert body["social_image"]["src"]


def test_a_picture_that_is_closed_to_readers_falls_back_too(
    blog: BlogIndexPage, read: Callable[..., dict], db: None
) -> None:
    closed = Collection.get_first_root_node().add_child(name="Closed")
    restriction = CollectionViewRestriction.objects.create(
        collection=closed, restriction_type=CollectionViewRestriction.GROUPS
    )
    restriction.groups.add(Group.objects.create(name="Few"))
    hidden = make_image("Hidden", collection=closed)
    post = make_post(blog, 1, thumbnail=hidden, featured_image=make_image("Open"))
    assert read(post)["thumbnail"]["title"] == "Open"


# Authors


def test_authors_come_in_order_each_with_portrait_links_and_page(
    blog: BlogIndexPage, read: Callable[..., dict]
) -> None:
    ada = make_person("Ada", portrait=make_image("Ada"))
    links = [{"type": "link", "value": {"label": "Site", "url": "https://bo.example.org/"}, "id": "1"}]
    bo = make_person("Bo", links=links)
    page = blog.add_child(instance=PersonPage(title="About Ada", slug="ada", person=ada))
    post = make_post(blog, 1, author=ada)
    post.further_authors = [PostAuthor(person=bo), PostAuthor(person=ada)]
    post.save()
    authors = read(post)["authors"]
    assert [one["name"] for one in authors] == ["Ada", "Bo"]
    assert authors[0]["portrait"]["title"] == "Ada"
    assert authors[0]["page"] == {"id": page.pk, "title": "About Ada", "url": page.full_url}
    assert authors[1]["page"] is None
    assert authors[1]["links"][0]["url"] == "https://bo.example.org/"


@pytest.mark.parametrize("hide", [lambda page: page.unpublish(), close])
def test_page_of_an_author_is_left_out_while_readers_may_not_see_it(
    hide: Callable[[PersonPage], None], blog: BlogIndexPage, read: Callable[..., dict]
) -> None:
    ada = make_person("Ada")
    hide(blog.add_child(instance=PersonPage(title="About Ada", slug="ada", person=ada)))
    assert read(make_post(blog, 1, author=ada))["authors"][0]["page"] is None


# Categories and series


def test_categories_are_the_active_ones_main_first(blog: BlogIndexPage, read: Callable[..., dict]) -> None:
    sea, art = make_category("Sea"), make_category("Art")
    hidden = Category.objects.create(name="Hidden", slug="hidden", is_active=False)
    post = make_post(blog, 1, category=sea)
    post.further_categories = [art, hidden, sea]
    post.save()
    assert [one["name"] for one in read(post)["categories"]] == ["Sea", "Art"]


def test_category_that_is_not_active_is_not_told(blog: BlogIndexPage, read: Callable[..., dict]) -> None:
    hidden = Category.objects.create(name="Hidden", slug="hidden", is_active=False)
    body = read(make_post(blog, 1, category=hidden))
    assert (body["category"], body["categories"]) == (None, [])


def test_series_lists_its_public_posts_in_their_order(blog: BlogIndexPage, read: Callable[..., dict]) -> None:
    series = Series.objects.create(title="At sea", slug="at-sea")
    second = make_post(blog, 1, series=series, series_part=2)
    first = make_post(blog, 2, series=series, series_part=1)
    late, early = make_post(blog, 4, series=series), make_post(blog, 3, series=series)
    make_post(blog, 5, series=series, series_part=3, live=False)
    close(make_post(blog, 6, series=series, series_part=4))
    told = read(second)["series"]
    assert (told["title"], told["slug"], told["part"]) == ("At sea", "at-sea", 2)
    assert told["posts"] == [
        {"id": post.pk, "title": post.title, "url": post.full_url, "part": part}
        for post, part in ((first, 1), (second, 2), (early, None), (late, None))
    ]


# Related posts


def related_titles(body: dict[str, Any]) -> list[str]:
    return [card["title"] for card in body["related"]]


def test_related_posts_are_chosen_then_shared_then_new(blog: BlogIndexPage, read: Callable[..., dict]) -> None:
    sea, art = make_category("Sea"), make_category("Art")
    old = make_post(blog, 1, title="Chosen")
    make_post(blog, 2, title="One tag", tags=("dawn",))
    two = make_post(blog, 3, title="Category and tag", tags=("dawn",))
    two.further_categories = [sea]
    two.save()
    make_post(blog, 4, title="Category", category=sea)
    make_post(blog, 5, title="New", category=art)
    make_post(blog, 6, title="Newest")
    make_post(blog, 7, title="Older", date=datetime.date(2020, 1, 1))
    make_post(blog, 8, title="Older still", date=datetime.date(2019, 1, 1))
    post = make_post(blog, 9, category=sea, tags=("dawn", "film"))
    post.chosen_posts = [RelatedPost(post=old)]
    post.save()
    assert related_titles(read(post)) == ["Chosen", "Category and tag", "One tag", "Category", "Newest", "New"]


def test_a_rare_tag_says_more_than_one_that_many_posts_have(blog: BlogIndexPage, read: Callable[..., dict]) -> None:
    make_post(blog, 1, title="Rare", tags=("darkroom",))
    for number in range(2, 6):
        make_post(blog, number, title=f"Common {number}", tags=("sea",))
    assert related_titles(read(make_post(blog, 9, tags=("sea", "darkroom"))))[:2] == ["Rare", "Common 5"]


def test_a_small_category_says_more_than_a_large_one(blog: BlogIndexPage, read: Callable[..., dict]) -> None:
    small, large = make_category("Small"), make_category("Large")
    make_post(blog, 1, title="Small", category=small)
    for number in range(2, 6):
        make_post(blog, number, title=f"Large {number}", category=large)
    post = make_post(blog, 9, category=large)
    post.further_categories = [small]
    post.save()
    assert related_titles(read(post))[:2] == ["Small", "Large 5"]


def test_a_post_with_the_same_picture_is_related(blog: BlogIndexPage, read: Callable[..., dict]) -> None:
    picture = make_image("Harbour")
    make_post(blog, 1, title="Same picture", featured_image=picture)
    make_post(blog, 2, title="Newer")
    assert related_titles(read(make_post(blog, 3, featured_image=picture))) == ["Same picture", "Newer"]


def test_of_posts_that_are_related_alike_the_newer_one_comes_first(
    blog: BlogIndexPage, read: Callable[..., dict]
) -> None:
    tags = ("sea", "light", "film", "prints")
    for number in range(4):
        others = [one for one in tags if one != tags[number]]
        make_post(blog, number, title=f"Without {tags[number]}", tags=others)
    told = related_titles(read(make_post(blog, 9, tags=tags)))
    assert told == ["Without prints", "Without film", "Without light", "Without sea"]


def test_posts_with_hundreds_of_tags_have_related_ones(client: Client, blog: BlogIndexPage) -> None:
    for number in range(26):
        make_post(blog, number, tags=[f"Tag {number} {one}" for one in range(20)])
    response = client.get("/api/v2/pages/?type=blog.PostPage&fields=related&limit=26")
    assert [len(one["related"]) for one in response.json()["items"]] == [6] * 26


def test_related_posts_have_neither_itself_nor_twins_nor_what_readers_may_not_see(
    blog: BlogIndexPage, read: Callable[..., dict]
) -> None:
    sea = make_category("Sea")
    shown = make_post(blog, 1, category=sea, tags=("dawn",))
    draft = make_post(blog, 2, category=sea, live=False)
    closed = make_post(blog, 3, category=sea)
    close(closed)
    post = make_post(blog, 4, category=sea, tags=("dawn",))
    post.further_categories = [sea]
    post.chosen_posts = [RelatedPost(post=one) for one in (post, closed, draft, shown, shown)]
    post.save()
    assert related_titles(read(post)) == ["Post 1"]


def test_a_related_post_is_a_card_with_its_picture(blog: BlogIndexPage, read: Callable[..., dict]) -> None:
    other = make_post(blog, 1, featured_image=make_image("Harbour"))
    card = read(make_post(blog, 2))["related"][0]
    assert card | {"image": None} == {
        "id": other.pk,
        "type": "blog.PostPage",
        "title": "Post 1",
        "summary": "What post 1 is about.",
        "url": other.full_url,
        "date": "2026-01-02",
        "image": None,
        "experiment": None,
    }
    assert card["image"]["title"] == "Harbour"


def test_preview_shows_what_the_draft_has(client: Client, blog: BlogIndexPage) -> None:
    chosen, bo = make_post(blog, 1, title="Chosen"), make_person("Bo")
    make_post(blog, 2, title="Newer")
    draft = PostPage(title="Draft", slug="draft", author=make_person("Ada"), locale=blog.locale)
    # As the admin does for a page that isn't saved yet.
    draft.path, draft.depth = f"{blog.path}9999", blog.depth + 1
    draft.further_authors = [PostAuthor(person=bo)]
    draft.further_categories = [make_category("Sea")]
    draft.chosen_posts = [RelatedPost(post=chosen)]
    draft.tags.add("dawn")
    token = draft.create_page_preview().token
    body = client.get(f"/api/v2/page_preview/?content_type=blog.postpage&token={token}").json()
    assert [one["name"] for one in body["authors"]] == ["Ada", "Bo"]
    assert [one["name"] for one in body["categories"]] == ["Sea"]
    assert related_titles(body) == ["Chosen", "Newer"]


# Words


def test_reading_time_is_rounded_up_and_counts_all_text_blocks(blog: BlogIndexPage, read: Callable[..., dict]) -> None:
    quote = {"text": "word " * 100, "attribution": "Ada", "source": ""}
    body = [heading("A word"), rich_text_block("<p>" + "word " * 136 + "</p>"), block("quote", quote)]
    assert read(make_post(blog, 1, body=body))["reading_time"] == 1
    code = {"language": "python", "code": "print"}
    assert read(make_post(blog, 2, body=[*body, block("code", code)]))["reading_time"] == 2


def test_reading_time_counts_characters_of_chinese_japanese_and_korean(
    blog: BlogIndexPage, read: Callable[..., dict]
) -> None:
    for number, text in enumerate(("銀塩写真の暗室" * 100, "しおさい" * 175, "바다와빛" * 175), start=1):
        body = [rich_text_block(f"<p>{text}</p>")]
        assert read(make_post(blog, number, body=body))["reading_time"] == 2


def test_reading_time_of_nothing_to_read_is_0(blog: BlogIndexPage, read: Callable[..., dict]) -> None:
    assert read(make_post(blog, 1))["reading_time"] == 0


def test_headings_carry_the_ids_of_the_table_of_contents(blog: BlogIndexPage, read: Callable[..., dict]) -> None:
    body = [
        heading("At sea", number=1),
        rich_text_block("<p>Waves.</p>"),
        heading("Morgens früh", "h3", number=2),
        heading("🌊", "h4", number=3),
    ]
    told = read(make_post(blog, 1, body=body))
    assert told["table_of_contents"] == [
        {"id": "at-sea", "text": "At sea", "level": 2},
        {"id": "morgens-früh", "text": "Morgens früh", "level": 3},
        {"id": "section", "text": "🌊", "level": 4},
    ]
    headings = [one["value"] for one in told["body"] if one["type"] == "heading"]
    assert headings[0] == {"text": "At sea", "level": "h2", "id": "at-sea"}
    assert [one["id"] for one in headings] == [one["id"] for one in told["table_of_contents"]]


def test_headings_with_one_text_have_ids_that_stay_when_others_go(
    blog: BlogIndexPage, read: Callable[..., dict]
) -> None:
    first, second, third = (
        heading("Results") | {"id": f"{letter * 8}-0000-0000-0000-000000000000"} for letter in "abc"
    )

    def ids(post: PostPage) -> list[str]:
        return [one["id"] for one in read(post)["table_of_contents"]]

    assert ids(make_post(blog, 1, body=[first, second, third])) == [
        "results",
        "results-bbbbbbbb",
        "results-cccccccc",
    ]
    assert ids(make_post(blog, 2, body=[first, third])) == ["results", "results-cccccccc"]


def test_template_has_the_ids_of_the_table_of_contents(client: Client, blog: BlogIndexPage) -> None:
    make_post(blog, 1, body=[heading("Results", number=1), heading("Results", "h3", number=2)])
    html = client.get("/post-1/").content.decode()
    assert '<h2 id="results">Results</h2>' in html
    assert '<h3 id="results-00000000">Results</h3>' in html


def test_published_at_is_told(blog: BlogIndexPage, read: Callable[..., dict]) -> None:
    moment = datetime.datetime(2026, 5, 1, 8, 30, tzinfo=datetime.UTC)
    assert read(make_post(blog, 1, published_at=moment))["published_at"] == "2026-05-01T08:30:00Z"


def test_what_is_not_asked_for_is_not_looked_up(client: Client, blog: BlogIndexPage) -> None:
    make_post(blog, 1, author=make_person())
    with CaptureQueriesContext(connection) as context:
        client.get("/api/v2/pages/?type=blog.PostPage&fields=title,reading_time")
    made = " ".join(query["sql"] for query in context.captured_queries)
    for table in ("blog_postauthor", "blog_relatedpost", "blog_pagestatistics", "blog_personpage"):
        assert table not in made
