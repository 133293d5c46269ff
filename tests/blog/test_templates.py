"""Pages as visitors see them through templates/."""

import json
import re
from collections.abc import Callable

import pytest
from django.test import Client
from wagtail.embeds.embeds import get_embed_hash
from wagtail.embeds.models import Embed

from blog.models import BlogIndexPage, Category, PersonPage, PostAuthor, Series
from media_library.models import Asset, Audio, CustomImage, Video
from media_library.video.tracks import save_track
from tests.blog.content import (
    audio_block,
    block,
    image_block,
    lose,
    make_category,
    make_image,
    make_person,
    make_post,
    one_of_each,
    video_block,
)
from tests.media import photo_bytes, sound_file
from tests.tracks import make_track


def html_of(client: Client, url: str) -> str:
    response = client.get(url)
    assert response.status_code == 200
    return response.content.decode()


@pytest.fixture
def image(db: None, develop: Callable[..., None]) -> CustomImage:
    image = make_image("Harbour", size=400, caption="From the library", credit="Ada", licence="CC BY 4.0")
    develop(image)
    return image


def test_post_shows_every_block(client: Client, blog: BlogIndexPage, image: CustomImage, film: Video) -> None:
    make_post(blog, 1, featured_image=image, author=make_person(portrait=image), body=one_of_each(image, film))
    html = html_of(client, "/post-1/")
    assert '<h2 id="waiting-for-the-blacks">Waiting for the blacks</h2>' in html
    assert "Blacks come <b>last</b>." in html
    assert "Twelve seconds, grade three." in html
    assert "Credit: Ada" in html
    assert html.count('class="gallery__item"') == 2
    assert "You wait for it." in html
    assert '<code class="language-python">print(32 / 8)</code>' in html
    assert '<a href="https://www.youtube.com/watch?v=aaaaaaaaaaa">' in html
    # Featured, portrait above and below, in the text, alone, and twice in the gallery.
    assert html.count("<picture") == 7


def test_pictures_have_size_sources_and_alt_text(client: Client, blog: BlogIndexPage, image: CustomImage) -> None:
    make_post(blog, 1, body=[image_block(image, alt="Boats")])
    html = html_of(client, "/post-1/")
    assert re.findall(r'<source type="([^"]+)"', html) == ["image/avif", "image/webp"]
    assert 'width="400" height="300" alt="Boats" loading="lazy"' in html


def test_first_picture_is_not_lazy(client: Client, blog: BlogIndexPage, image: CustomImage) -> None:
    make_post(blog, 1, featured_image=image, body=[image_block(image)])
    html = html_of(client, "/post-1/")
    assert html.index('loading="eager"') < html.index('loading="lazy"')


def test_caption_of_the_place_wins_over_that_of_the_library(
    client: Client, blog: BlogIndexPage, image: CustomImage
) -> None:
    make_post(blog, 1, body=[image_block(image, caption="Here")])
    make_post(blog, 2, body=[image_block(image)])
    # Search engines are told that of the library, in the head.
    assert "From the library" not in html_of(client, "/post-1/").partition("<main")[2]
    assert "From the library" in html_of(client, "/post-2/").partition("<main")[2]


def test_post_without_anything_is_a_page_all_the_same(client: Client, blog: BlogIndexPage) -> None:
    make_post(blog, 1, summary="")
    html = html_of(client, "/post-1/")
    assert "<picture" not in html
    assert 'class="tags"' not in html


def test_image_without_renditions_breaks_nothing(client: Client, blog: BlogIndexPage, photo: CustomImage) -> None:
    make_post(blog, 1, featured_image=photo, body=[image_block(photo, alt="Boats")])
    photo.renditions.all().delete()
    html = html_of(client, "/post-1/")
    assert "<img" not in html
    assert 'aria-label="Boats"' in html


def test_image_that_is_gone_leaves_no_figure(client: Client, blog: BlogIndexPage, photo: CustomImage) -> None:
    make_post(blog, 1, featured_image=photo, body=[image_block(photo, caption="Gone")])
    lose(photo)
    html = html_of(client, "/post-1/")
    assert "<figure" not in html
    assert "Gone" not in html


def test_ready_film_is_a_player(
    client: Client, blog: BlogIndexPage, film: Video, develop: Callable[..., None]
) -> None:
    develop(film)
    make_post(blog, 1, body=[video_block(film, caption="The tide")])
    html = html_of(client, "/post-1/")
    assert re.search(r'<video data-film controls playsinline preload="none" poster="/media/[^"]+\.jpg"', html)
    assert re.search(r'<source src="/media/[^"]+\.mp4" type="video/mp4">', html)
    assert "The tide" in html


def test_only_pages_with_a_film_load_the_player(
    client: Client, blog: BlogIndexPage, film: Video, develop: Callable[..., None]
) -> None:
    make_post(blog, 1, body=[video_block(film)])
    assert "data-film-player" not in html_of(client, "/post-1/")
    develop(film)
    assert html_of(client, "/post-1/").count("data-film-player") == 1
    assert "data-film-player" not in html_of(client, "/")


def test_film_offers_a_file_and_no_playlist_for_download(
    client: Client, blog: BlogIndexPage, film: Video, develop: Callable[..., None]
) -> None:
    develop(film)
    (mp4,) = film.transcodes.filter(playlist="", mime_type="video/mp4")
    film.transcodes.update_or_create(
        preset="hls",
        version=film.version,
        defaults={
            "file": f"{film.pk}/1/hls.m3u8",
            "mime_type": "application/vnd.apple.mpegurl",
            "bitrate": 99_000_000,
            "duration": 1,
            "file_size": 1,
        },
    )
    make_post(blog, 1, body=[video_block(film)])
    html = html_of(client, "/post-1/")
    assert html.index("application/vnd.apple.mpegurl") < html.index("video/mp4")
    assert f'<a href="{mp4.url}">' in html


def test_thumbnails_go_with_the_film(
    client: Client, blog: BlogIndexPage, film: Video, develop: Callable[..., None]
) -> None:
    develop(film)
    film.sidecars.update_or_create(
        kind="storyboard", number=0, version=film.version, defaults={"file": f"{film.pk}/1/s.vtt", "file_size": 1}
    )
    make_post(blog, 1, body=[video_block(film)])
    html = html_of(client, "/post-1/")
    assert f'data-storyboard="/media/{film.pk}/1/s.vtt"' in html


def test_player_has_captions(client: Client, blog: BlogIndexPage, film: Video, develop: Callable[..., None]) -> None:
    develop(film)
    save_track(make_track(film, is_default=True))
    make_post(blog, 1, body=[video_block(film)])
    html = html_of(client, "/post-1/")
    assert re.search(r'<track kind="captions" src="/media/[^"]+\.vtt" srclang="en" label="English" default>', html)
    assert "crossorigin" not in html


def test_film_in_the_works_shows_its_poster_and_a_note(
    client: Client, blog: BlogIndexPage, film: Video, develop: Callable[..., None]
) -> None:
    make_post(blog, 1, body=[video_block(film)])
    assert "being prepared" in html_of(client, "/post-1/")
    develop(film)
    film.transcodes.all().delete()
    Asset.objects.filter(pk=film.pk).update(status=Asset.Status.PROCESSING)
    html = html_of(client, "/post-1/")
    assert "<video" not in html
    assert "poster.width-320" in html
    assert "being prepared" in html


def test_film_that_failed_says_so(client: Client, blog: BlogIndexPage, film: Video) -> None:
    Asset.objects.filter(pk=film.pk).update(status=Asset.Status.FAILED)
    make_post(blog, 1, body=[video_block(film)])
    assert "can’t be played" in html_of(client, "/post-1/")


def test_ready_sound_is_a_player_with_its_title_and_cover(
    client: Client, blog: BlogIndexPage, develop: Callable[..., None]
) -> None:
    sound = Audio(title="Noon <bells>", file=sound_file(cover=photo_bytes(64, 64)))
    sound.save()
    develop(sound)
    make_post(blog, 1, body=[audio_block(sound, caption="From the tower")])
    html = html_of(client, "/post-1/")
    assert '<audio controls preload="metadata" aria-label="Noon &lt;bells&gt;">' in html
    assert re.findall(r'<source src="/media/[^"]+\.(\w+)" type="([^"]+)">', html) == [
        ("webm", "audio/webm; codecs=&quot;opus&quot;"),
        ("m4a", "audio/mp4; codecs=&quot;mp4a.40.2&quot;"),
        ("mp3", "audio/mpeg"),
    ]
    assert re.search(r'<img src="/media/[^"]+poster[^"]+\.jpg"[^>]* alt=""', html)
    assert '<p class="sound__title">Noon &lt;bells&gt;</p>' in html
    assert "From the tower" in html


def test_sound_in_the_works_shows_a_note(client: Client, blog: BlogIndexPage, sound: Audio) -> None:
    make_post(blog, 1, body=[audio_block(sound)])
    html = html_of(client, "/post-1/")
    assert "<audio" not in html
    assert "This sound is being prepared" in html


def test_sound_that_failed_says_so(client: Client, blog: BlogIndexPage, sound: Audio) -> None:
    Asset.objects.filter(pk=sound.pk).update(status=Asset.Status.FAILED)
    make_post(blog, 1, body=[audio_block(sound)])
    assert "This sound can’t be played" in html_of(client, "/post-1/")


def test_embed_shows_what_the_provider_answered(client: Client, blog: BlogIndexPage) -> None:
    url = "https://www.youtube.com/watch?v=1"
    Embed.objects.create(url=url, hash=get_embed_hash(url), type="video", html='<iframe src="x"></iframe>')
    make_post(blog, 1, body=[block("embed", url)])
    assert '<div class="embed embed--video"><iframe src="x"></iframe></div>' in html_of(client, "/post-1/")


def test_index_lists_posts_newest_first_and_page_by_page(client: Client, blog: BlogIndexPage) -> None:
    for number in range(14):
        make_post(blog, number, category=make_category(f"Category {number}"))
    make_post(blog, 14).unpublish()
    first = re.findall(r'<a class="card__link" href="[^"]+">([^<]+)</a>', html_of(client, "/"))
    second = re.findall(r'<a class="card__link" href="[^"]+">([^<]+)</a>', html_of(client, "/?p=2"))
    assert first == [f"Post {number}" for number in range(13, 1, -1)]
    assert second == ["Post 1", "Post 0"]
    assert html_of(client, "/?p=nonsense") == html_of(client, "/")


def test_empty_blog_says_so(client: Client, blog: BlogIndexPage) -> None:
    assert "Nothing has been published here yet." in html_of(client, "/")


@pytest.mark.parametrize("url", ["/", "/post-1/"])
def test_pages_are_free_of_inline_scripts_and_styles(
    url: str, client: Client, blog: BlogIndexPage, image: CustomImage, film: Video, sound: Audio
) -> None:
    make_post(blog, 1, featured_image=image, body=one_of_each(image, film, sound))
    html = html_of(client, url)
    assert not re.search(
        # JSON-LD is data, which no policy has anything against.
        r'<script(?! type="application/ld\+json">)(?![^>]*\ssrc=[^>]*></script>)|<style|\sstyle=|\son\w+=',
        html,
    )


@pytest.mark.parametrize("url", ["/", "/post-1/"])
def test_pages_have_landmarks_and_one_heading_of_the_first_level(
    url: str, client: Client, blog: BlogIndexPage, image: CustomImage
) -> None:
    make_post(blog, 1, featured_image=image, body=one_of_each(image))
    html = html_of(client, url)
    assert '<a class="skip" href="#content">' in html
    assert '<main id="content"' in html
    assert html.count("<h1") == 1
    assert all("alt=" in tag for tag in re.findall(r"<img[^>]*>", html))


def test_shared_post_has_a_picture_with_a_host(client: Client, blog: BlogIndexPage, image: CustomImage) -> None:
    make_post(blog, 1, featured_image=image)
    assert re.search(
        r'<meta property="og:image" content="http://testserver/media/[^"]+\.jpg">', html_of(client, "/post-1/")
    )


def test_post_shows_what_stands_around_it(client: Client, blog: BlogIndexPage, image: CustomImage) -> None:
    ada, bo = make_person("Ada", portrait=image), make_person("Bo")
    blog.add_child(instance=PersonPage(title="About Bo", slug="about-bo", person=bo))
    series = Series.objects.create(title="At sea")
    before = make_post(blog, 1, series=series, series_part=1, featured_image=image)
    body = [
        block("heading", {"text": "Author", "level": "h2"}, 1),
        block("heading", {"text": "Größe", "level": "h3"}, 2),
        block("rich_text", "<p>" + "word " * 300 + "</p>", 3),
    ]
    post = make_post(blog, 2, author=ada, series=series, series_part=2, category=make_category("Sea"), body=body)
    post.further_authors = [PostAuthor(person=bo)]
    post.further_categories = [make_category("Art"), Category.objects.create(name="Hidden", is_active=False)]
    post.save()
    html = html_of(client, "/post-2/")
    assert '<a href="/?category=sea">Sea</a>, <a href="/?category=art">Art</a>' in html
    assert "Hidden" not in html
    assert '<span class="byline__name">Ada</span>' in html
    assert '<a class="byline__name" href="/about-bo/">Bo</a>' in html
    assert "2 minutes to read" in html
    assert '<a href="#gr%C3%B6%C3%9Fe">Größe</a>' in html
    assert '<h3 id="größe">Größe</h3>' in html
    assert f'<li value="1"><a href="/post-1/">{before.title}</a></li>' in html
    assert '<li value="2"><span aria-current="page">Post 2</span></li>' in html
    assert 'aria-labelledby="_related"' in html
    ids = re.findall(r'\bid="([^"]+)"', html)
    assert len(ids) == len(set(ids))


def test_head_says_what_the_api_says(client: Client, blog: BlogIndexPage, image: CustomImage) -> None:
    post = make_post(blog, 1, featured_image=image, keywords="sea, light", no_index=True)
    seo = client.get(f"/api/v2/pages/{post.pk}/").json()["seo"]
    html = html_of(client, "/post-1/")
    assert f'<meta name="description" content="{seo["description"]}">' in html
    assert '<meta name="keywords" content="sea, light">' in html
    assert '<meta name="robots" content="noindex">' in html
    assert f'<link rel="canonical" href="{seo["canonical_url"]}">' in html
    assert '<meta property="og:type" content="article">' in html
    assert '<meta name="twitter:card" content="summary_large_image">' in html
    data = re.search(r'<script type="application/ld\+json">(.+)</script>', html)
    assert data
    assert [one["@type"] for one in json.loads(data[1])] == [one["@type"] for one in seo["json_ld"]]


def test_title_ends_no_script(client: Client, blog: BlogIndexPage) -> None:
    make_post(blog, 1, title="</script><script>alert(1)</script>")
    html = html_of(client, "/post-1/")
    assert "<script>alert" not in html
    data = re.search(r'<script type="application/ld\+json">(.+)</script>', html)
    assert data
    assert json.loads(data[1])[0]["headline"] == "</script><script>alert(1)</script>"
