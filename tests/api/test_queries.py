"""As many queries for many posts as for few, whatever is in them, and nothing is rendered or opened on the way."""

from collections.abc import Callable

import pytest
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django.fixtures import Settings
from wagtail.embeds.embeds import get_embed_hash
from wagtail.embeds.models import Embed

from blog.models import BlogIndexPage, PersonPage, PostAuthor, PostPage, RelatedPost, Series
from media_library.models import Audio, CustomDocument, CustomRendition, Video
from media_library.video.tracks import save_track
from tests.blog.content import (
    block,
    image_block,
    linked,
    make_category,
    make_image,
    make_person,
    make_post,
    one_of_each,
    video_block,
)
from tests.media import sound_bytes
from tests.tracks import make_track

POSTS = "/api/v2/pages/?type=blog.PostPage&fields=*&limit=100"
FEW, MANY = range(2), range(2, 20)


def queries(client: Client, url: str) -> list[str]:
    # Sites are in the cache or not, whoever asked before.
    cache.clear()
    with CaptureQueriesContext(connection) as context:
        response = client.get(url)
    assert response.status_code == 200, response.content
    return [query["sql"] for query in context.captured_queries]


@pytest.fixture
def write(
    blog: BlogIndexPage, film: Video, small_film: bytes, sound: Audio, develop: Callable[..., None]
) -> Callable[[range], None]:
    """Write posts with media of their own in every place that there is; half of the media are in the works."""
    develop(film, sound)
    small_sound = sound_bytes("mp3", seconds=0.1)

    def work(numbers: range) -> None:
        for number in numbers:
            ready, waiting = make_image(f"Ready {number}"), make_image(f"Waiting {number}")
            develop(ready)
            video = Video(title=f"Film {number}", file=ContentFile(small_film, name="film.mp4"))
            video.save()
            save_track(make_track(video))
            audio = Audio(title=f"Sound {number}", file=ContentFile(small_sound, name="sound.mp3"))
            audio.save()
            document = CustomDocument(title=f"Paper {number}", file=ContentFile(b"Paper", name="paper.txt"))
            document.save()
            url = f"https://example.org/{number}"
            Embed.objects.create(url=url, hash=get_embed_hash(url), type="video", html="<iframe></iframe>")
            body = one_of_each(ready, film, sound, link=document) + one_of_each(waiting, video, audio, link=blog)
            post = make_post(
                blog,
                number,
                body=[*body, block("rich_text", linked(blog)), block("embed", url)],
                tags=("sea", f"tag-{number}"),
                featured_image=waiting if number % 2 else ready,
                author=make_person(f"Person {number}", portrait=ready),
                category=make_category(f"Category {number}"),
                series=Series.objects.create(title=f"Series {number}", image=ready),
            )
            other = make_person(f"Other {number}", portrait=waiting)
            blog.add_child(instance=PersonPage(title=f"About {number}", person=other))
            post.further_authors = [PostAuthor(person=other)]
            post.further_categories = [make_category(f"Further {number}")]
            post.chosen_posts = [RelatedPost(post=post)]
            post.save()

    return work


def test_listing_of_posts_with_all_fields_takes_the_same_queries_for_2_and_for_20(
    client: Client, write: Callable[[range], None]
) -> None:
    write(FEW)
    few = queries(client, POSTS)
    write(MANY)
    many = queries(client, POSTS)
    assert len(client.get(POSTS).json()["items"]) == 20
    assert len(many) == len(few), "\n".join(many)
    assert len(many) <= 30, "\n".join(many)


def test_what_is_shared_of_posts_takes_the_same_queries_for_few_and_many_that_begin_with_films(
    client: Client, blog: BlogIndexPage, small_film: bytes
) -> None:
    def write_films(numbers: range) -> list[str]:
        for number in numbers:
            video = Video(title=f"Film {number}", file=ContentFile(small_film, name="film.mp4"))
            video.save()
            make_post(blog, number, body=[video_block(video)])
        return queries(client, "/api/v2/pages/?type=blog.PostPage&fields=seo")

    few, many = write_films(range(2)), write_films(range(2, 8))
    assert len(many) == len(few), "\n".join(many)


@pytest.fixture
def illustrated(blog: BlogIndexPage, develop: Callable[..., None]) -> list[PostPage]:
    """Posts as most are: pictures, prose with links, authors, categories, tags, a series, related ones."""
    ready = make_image("Ready")
    develop(ready)
    series = Series.objects.create(title="At sea", image=ready)
    posts = []
    for number in range(4):
        author, other = (make_person(f"{name} {number}", portrait=ready) for name in ("Person", "Other"))
        blog.add_child(instance=PersonPage(title=f"About {number}", person=other))
        pictures = [make_image(f"{name} {number}") for name in ("Top", "First", "Second")]
        body = [block("rich_text", linked(blog)), *(image_block(one) for one in pictures[1:])]
        category = make_category(f"Category {number}", image=ready)
        options = {"author": author, "category": category, "series": series, "series_part": number + 1}
        post = make_post(blog, number, body=body, tags=("sea", f"tag-{number}"), featured_image=pictures[0], **options)
        post.further_authors, post.further_categories = [PostAuthor(person=other)], [make_category(f"More {number}")]
        post.chosen_posts = [RelatedPost(post=post)]
        post.save()
        posts.append(post)
    return posts


MOST = {
    "/api/v2/pages/?type=blog.PostPage&fields=*&limit=20": 15,
    "/api/v2/pages/?type=blog.PostPage&fields=*&limit=20&order=-date&tag=sea": 18,
    "/api/v2/pages/{pk}/": 15,
    "/api/v2/pages/?type=blog.PostPage": 5,
    "/api/v2/pages/{above}/": 10,
    "/api/v2/pages/find/?html_path=/post-1/": 10,
    "/api/v2/images/?limit=20": 5,
    "/api/v2/categories/": 6,
    "/api/v2/site/": 10,
    "/api/v2/redirects/": 5,
}
"""How many queries an answer takes at most; however many objects there are in it (other tests here)."""


def test_answers_take_few_queries(client: Client, illustrated: list[PostPage], settings: Settings) -> None:
    settings.RESPONSE_CACHE = False
    first = illustrated[0]
    too_many = {}
    for url, most in MOST.items():
        # Where sites begin is remembered after the first answer; from an empty cache, it takes two queries more.
        address = url.format(pk=first.pk, above=first.get_parent().pk)
        client.get(address)
        with CaptureQueriesContext(connection) as context:
            assert client.get(address).status_code in (200, 302)
        if len(context) > most:
            too_many[url] = [str(len(context)), *(query["sql"] for query in context.captured_queries)]
    assert not too_many, "\n\n".join("\n".join([url, *made]) for url, made in too_many.items())


@pytest.mark.parametrize("endpoint", ["images", "videos", "audio", "documents"])
def test_listing_of_assets_takes_the_same_queries_for_few_and_for_many(
    endpoint: str, client: Client, write: Callable[[range], None]
) -> None:
    url = f"/api/v2/{endpoint}/?limit=100"
    write(FEW)
    few = queries(client, url)
    write(range(2, 6))
    many = queries(client, url)
    assert len(many) == len(few), "\n".join(many)


def test_listing_of_bare_fields_does_not_look_up_media(client: Client, write: Callable[[range], None]) -> None:
    write(FEW)
    made = queries(client, "/api/v2/pages/?type=blog.PostPage&fields=title")
    assert not [sql for sql in made if 'FROM "media_library' in sql]


def test_search_of_posts_takes_the_same_queries_for_few_and_for_many(
    client: Client, write: Callable[[range], None]
) -> None:
    url = f"{POSTS}&search=blacks"
    write(FEW)
    few = queries(client, url)
    write(range(2, 6))
    many = queries(client, url)
    assert len(client.get(url).json()["items"]) == 6
    assert len(many) == len(few), "\n".join(many)


def test_index_page_takes_the_same_queries_for_few_and_for_many_posts(
    client: Client, write: Callable[[range], None]
) -> None:
    write(FEW)
    few = queries(client, "/")
    write(range(2, 8))
    many = queries(client, "/")
    assert len(many) == len(few), "\n".join(many)


def test_post_page_takes_the_same_queries_however_many_blocks_it_has(
    client: Client, blog: BlogIndexPage, develop: Callable[..., None]
) -> None:
    images = [make_image(f"Image {number}") for number in range(6)]
    develop(*images)
    short = make_post(blog, 1, body=one_of_each(images[0], link=blog))
    long = make_post(blog, 2, body=[one for image in images for one in one_of_each(image, link=short)])
    few, many = queries(client, short.url), queries(client, long.url)
    assert len(many) == len(few), "\n".join(many)


@pytest.mark.parametrize("url", [POSTS, "/api/v2/images/", "/api/v2/videos/", "/api/v2/audio/", "/", "/post-1/"])
def test_nothing_is_rendered_and_no_file_is_opened_in_a_request(
    url: str, client: Client, write: Callable[[range], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    write(FEW)
    before = set(CustomRendition.objects.values_list("pk", flat=True))

    def refuse(*args: object, **kwargs: object) -> None:
        raise AssertionError(f"storage was touched: {args}")

    for method in ("open", "save", "exists", "size", "delete"):
        monkeypatch.setattr(FileSystemStorage, method, refuse)
    assert client.get(url).status_code == 200
    assert set(CustomRendition.objects.values_list("pk", flat=True)) == before
