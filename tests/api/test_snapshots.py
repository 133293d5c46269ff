"""The public output, frozen: a change of it is seen in review.

``make api-snapshots`` (UPDATE_SNAPSHOTS=1) writes the files anew. Ids, hashes, hosts and moments are evened out.
"""

import json
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from pytest_django.fixtures import Settings
from wagtail.embeds.embeds import get_embed_hash
from wagtail.embeds.models import Embed

from blog.models import BlogIndexPage, PostPage
from media_library import media_collections
from media_library.models import Audio, CustomDocument, CustomImage, MediaCollection, Track, Video
from media_library.video.tracks import save_track
from tests.api.test_site import entry, link, write_menu, write_settings
from tests.blog.content import block, make_category, make_image, make_person, make_post, one_of_each, video_block
from tests.media import photo_bytes, sound_file
from tests.tracks import make_track

FOLDER = Path(__file__).parent / "snapshots"
CHANGING = [
    (r'"(id|page)": \d+', r'"\1": "<id>"'),
    (r"/(api/v2/\w+|documents)/\d+/", r"/\1/<id>/"),
    (r"/media/\d+/(\d+)/", r"/media/<id>/\1/"),
    (r"/media/\d+/tracks/", "/media/<id>/tracks/"),
    (r"-[0-9a-f]{12}\.", "-<hash>."),
    # Decoders differ in the last bit from one processor to another.
    (r'"thumbhash": "[\w+/=]+"', '"thumbhash": "<thumbhash>"'),
    (r'"color": "#[0-9a-f]{6}"', '"color": "<color>"'),
    (r'"first_published_at": "[^"]+"', '"first_published_at": "<time>"'),
    (r'"(uploadDate|dateCreated|dateModified|datePublished|modified_time)": "[^"]+T[^"]+"', r'"\1": "<time>"'),
    (r'"(bitrate|duration)": [\d.]+', r'"\1": "<number>"'),
]


def evened_out(data: Any) -> str:
    text = json.dumps(data, indent=2, ensure_ascii=False)
    for pattern, replacement in CHANGING:
        text = re.sub(pattern, replacement, text)
    return text + "\n"


@pytest.fixture
def check(client: Client, settings: Settings) -> Callable[[str, str], None]:
    settings.WAGTAILAPI_BASE_URL = "https://cms.example.org"

    def compare(name: str, url: str) -> None:
        file = FOLDER / f"{name}.json"
        text = evened_out(client.get(url).json())
        if os.environ.get("UPDATE_SNAPSHOTS"):
            FOLDER.mkdir(exist_ok=True)
            file.write_text(text)
        assert file.exists(), f"{file.name} is missing: make api-snapshots"
        assert text == file.read_text(), f"{file.name} has changed: make api-snapshots, and say so in the change"

    return compare


@pytest.fixture
def image(db: None, develop: Callable[..., None]) -> CustomImage:
    image = make_image("Harbour", size=700, caption="At five in the morning", credit="Ada", licence="CC BY 4.0")
    image.focal_point_x, image.focal_point_y = 350, 105
    image.focal_point_width = image.focal_point_height = 40
    image.save()
    image.tags.add("sea", "dawn")
    develop(image)
    return image


@pytest.fixture
def waiting_film(film: Video, small_film: bytes) -> Video:
    video = Video(title="Waiting", file=ContentFile(small_film, name="waiting.mp4"), alt_text="A tray")
    video.save()
    return video


@pytest.fixture
def covered_sound(db: None) -> Audio:
    tags = {"title": "Low tide", "artist": "Ada", "comment": "Not for everyone"}
    audio = Audio(title="tide.mp3", file=sound_file("tide.mp3", tags=tags, cover=photo_bytes(400, 400)))
    audio.save()
    return audio


@pytest.fixture
def document(db: None) -> CustomDocument:
    document = CustomDocument(title="Price list", file=ContentFile(b"%PDF-1.4\n%%EOF\n", name="prices.pdf"))
    document.save()
    return document


@pytest.fixture
def post(
    blog: BlogIndexPage, image: CustomImage, film: Video, waiting_film: Video, sound: Audio, document: CustomDocument,
    develop: Callable[..., None],
) -> PostPage:  # fmt: skip
    develop(film, sound)
    url = "https://www.youtube.com/watch?v=aaaaaaaaaaa"
    Embed.objects.create(
        url=url,
        hash=get_embed_hash(url),
        type="video",
        html='<iframe src="https://www.youtube.com/embed/aaaaaaaaaaa"></iframe>',
        title="A film",
        author_name="Bo",
        provider_name="YouTube",
        thumbnail_url="https://i.example.org/a.jpg",
        width=480,
        height=270,
    )
    return make_post(
        blog,
        1,
        featured_image=image,
        author=make_person(portrait=image),
        category=make_category(),
        tags=("film", "paper"),
        body=[*one_of_each(image, film, sound, link=document), video_block(waiting_film)],
    )


def test_image(check: Callable[[str, str], None], image: CustomImage) -> None:
    check("image", f"/api/v2/images/{image.pk}/")


def test_image_in_the_works(check: Callable[[str, str], None], db: None) -> None:
    check("image-processing", f"/api/v2/images/{make_image('Waiting', size=700).pk}/")


def test_images(check: Callable[[str, str], None], image: CustomImage) -> None:
    check("images", "/api/v2/images/")


def test_video(check: Callable[[str, str], None], film: Video, develop: Callable[..., None]) -> None:
    develop(film)
    for kind in (Track.Kind.CAPTIONS, Track.Kind.CHAPTERS):
        save_track(make_track(film, kind, is_default=kind == Track.Kind.CAPTIONS))
    check("video", f"/api/v2/videos/{film.pk}/")


def test_video_in_the_works(check: Callable[[str, str], None], waiting_film: Video) -> None:
    check("video-processing", f"/api/v2/videos/{waiting_film.pk}/")


def test_audio(check: Callable[[str, str], None], covered_sound: Audio, develop: Callable[..., None]) -> None:
    develop(covered_sound)
    check("audio", f"/api/v2/audio/{covered_sound.pk}/")


def test_audio_in_the_works(check: Callable[[str, str], None], covered_sound: Audio) -> None:
    check("audio-processing", f"/api/v2/audio/{covered_sound.pk}/")


def test_document(check: Callable[[str, str], None], document: CustomDocument) -> None:
    check("document", f"/api/v2/documents/{document.pk}/")


@pytest.fixture
def collection(
    image: CustomImage, waiting_film: Video, covered_sound: Audio, document: CustomDocument
) -> MediaCollection:
    collection = MediaCollection.objects.create(
        title="Summer at sea", kind=MediaCollection.Kind.EVENT, description="Three days of low tide.", is_public=True
    )
    items = media_collections.add(collection, [image, waiting_film, covered_sound, document])
    media_collections.write_caption(collection, items[1].pk, "The tray, on the second day")
    return collection


def test_collection(check: Callable[[str, str], None], collection: MediaCollection) -> None:
    check("collection", f"/api/v2/collections/{collection.pk}/")


def test_collections(check: Callable[[str, str], None], collection: MediaCollection) -> None:
    check("collections", "/api/v2/collections/")


def test_post(check: Callable[[str, str], None], post: PostPage) -> None:
    check("post", f"/api/v2/pages/{post.pk}/")


def test_posts(check: Callable[[str, str], None], post: PostPage) -> None:
    check("posts", "/api/v2/pages/?type=blog.PostPage&fields=summary,date,featured_image(src,alt),author(name),tags")


def test_pages(check: Callable[[str, str], None], post: PostPage) -> None:
    check("pages", "/api/v2/pages/")


def test_blog(check: Callable[[str, str], None], blog: BlogIndexPage) -> None:
    check("blog", f"/api/v2/pages/{blog.pk}/")


def test_preview(check: Callable[[str, str], None], post: PostPage) -> None:
    post.title = "Not out yet"
    token = post.create_page_preview().token
    check("preview", f"/api/v2/page_preview/?content_type=blog.postpage&token={token}")


def test_site(check: Callable[[str, str], None], post: PostPage, image: CustomImage) -> None:
    write_settings(
        tagline="Notes on light and paper",
        logo=image,
        links=[block("link", {"label": "Mastodon", "url": "https://social.example.org/@silver"})],
        frontend_url="https://www.example.org",
    )
    write_menu(entry(post, children=(link(label="Print shop", url="https://shop.example.org/"),)))
    check("site", "/api/v2/site/")


def test_not_found(check: Callable[[str, str], None], blog: BlogIndexPage) -> None:
    check("not-found", "/api/v2/pages/find/?html_path=/nowhere/")


def test_bad_request(check: Callable[[str, str], None], blog: BlogIndexPage) -> None:
    check("bad-request", "/api/v2/pages/?fields=nothing")
