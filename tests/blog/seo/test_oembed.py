"""What other sites are told where somebody names something of ours (https://oembed.com/)."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from defusedxml import ElementTree
from django.test import Client
from django.utils import timezone
from wagtail.models import Collection, CollectionViewRestriction, PageViewRestriction

from blog.models import BlogIndexPage
from media_library.models import Asset, Audio, CustomImage, Video
from tests.blog.content import make_image, make_person, make_post, video_block
from tests.media import photo_bytes, sound_file

OEMBED = "/oembed/"


@pytest.fixture
def image(db: None, develop: Callable[..., None]) -> CustomImage:
    image = make_image("Harbour", size=1000)
    develop(image)
    return image


def ask(client: Client, url: str, **query: Any) -> dict[str, Any]:
    response = client.get(OEMBED, {"url": url} | query)
    assert response.status_code == 200, response.content
    answer = response.json()
    # What 2.3.4 requires of every answer, and of each type.
    assert answer["version"] == "1.0"
    required = {"photo": {"url", "width", "height"}, "video": {"html", "width", "height"}, "link": set()}
    assert (required | {"rich": {"html", "width", "height"}})[answer["type"]] <= answer.keys()
    thumbnail = {name for name in answer if name.startswith("thumbnail_")}
    assert thumbnail in (set(), {"thumbnail_url", "thumbnail_width", "thumbnail_height"})
    return answer


def test_post_is_a_link_with_its_picture_and_author(client: Client, blog: BlogIndexPage, image: CustomImage) -> None:
    make_post(blog, 1, title="Low tide", author=make_person(), featured_image=image)

    answer = ask(client, "http://localhost/post-1/")

    assert (answer["type"], answer["title"], answer["author_name"]) == ("link", "Low tide", "Ada Example")
    assert (answer["provider_url"], answer["thumbnail_width"]) == ("http://localhost/", 640)
    assert client.get(answer["thumbnail_url"]).status_code == 200


def test_page_names_its_own_answer(client: Client, blog: BlogIndexPage) -> None:
    make_post(blog, 1, title="Low tide")
    page = client.get("/post-1/").content.decode()

    (address,) = re.findall(r'type="application/json\+oembed" title="Low tide" href="([^"]+)"', page)

    assert client.get(address).json()["title"] == "Low tide"


def test_picture_is_a_photo_by_its_address_in_the_api(client: Client, image: CustomImage) -> None:
    answer = ask(client, f"http://localhost/api/v2/images/{image.pk}/")

    assert (answer["type"], answer["title"]) == ("photo", "Harbour")
    assert (answer["width"], answer["height"]) == (1000, 750)
    assert client.get(answer["url"])["Content-Type"] == "image/jpeg"


def test_picture_is_a_photo_by_the_address_of_its_file(client: Client, image: CustomImage) -> None:
    file = client.get(f"/api/v2/images/{image.pk}/").json()["src"]

    assert ask(client, file)["title"] == "Harbour"


@pytest.mark.parametrize(
    ("limits", "size"),
    [
        ({"maxwidth": 700}, (640, 480)),
        ({"maxheight": 300}, (320, 240)),
        ({"maxwidth": 100}, (100, 75)),
        ({"maxwidth": "9" * 30}, (1000, 750)),
    ],
)
def test_photo_is_no_larger_than_was_asked_for(
    client: Client, image: CustomImage, limits: dict[str, Any], size: tuple[int, int]
) -> None:
    answer = ask(client, f"http://localhost/api/media/{image.pk}/", **limits)

    assert (answer["width"], answer["height"]) == size


def test_film_is_a_player_without_scripts(client: Client, film: Video, develop: Callable) -> None:
    develop(film)
    Video.objects.filter(pk=film.pk).update(alt_text='A "tide" <b>')

    answer = ask(client, f"http://localhost/api/v2/videos/{film.pk}/", maxwidth=160)

    assert (answer["type"], answer["width"], answer["height"]) == ("video", 160, 90)
    assert answer["html"].startswith('<video controls preload="none" width="160" height="90" poster="http')
    assert 'aria-label="A &quot;tide&quot; &lt;b&gt;"' in answer["html"]
    assert 'type="video/mp4"' in answer["html"]


def test_thumbnail_of_a_film_is_the_crop_of_its_poster_where_it_fits(client: Client, tall_film: Video) -> None:
    crop = tall_film.poster_renditions.get(preset="og")
    url = f"http://localhost/api/v2/videos/{tall_film.pk}/"

    answer = ask(client, url)
    assert answer["thumbnail_url"].endswith(crop.file.name)
    assert (answer["thumbnail_width"], answer["thumbnail_height"]) == (crop.width, crop.height)

    answer = ask(client, url, maxwidth=90)
    assert (answer["thumbnail_width"], answer["thumbnail_height"]) == (90, 160)


def test_post_that_begins_with_a_film_has_the_crop_of_its_poster(
    client: Client, blog: BlogIndexPage, tall_film: Video
) -> None:
    make_post(blog, 1, body=[video_block(tall_film)])

    crop = tall_film.poster_renditions.get(preset="og")
    assert ask(client, "http://localhost/post-1/")["thumbnail_url"].endswith(crop.file.name)


def test_sound_has_its_cover(client: Client, db: None, develop: Callable) -> None:
    sound = Audio(title="Bells", file=sound_file("bells.mp3", cover=photo_bytes(400, 400)))
    sound.save()
    develop(sound)

    answer = ask(client, f"http://localhost/api/v2/audio/{sound.pk}/")

    assert (answer["thumbnail_width"], answer["thumbnail_height"]) == (400, 400)
    assert client.get(answer["thumbnail_url"])["Content-Type"] == "image/jpeg"


def test_sound_is_a_player_without_scripts(client: Client, sound: Audio, develop: Callable) -> None:
    develop(sound)

    answer = ask(client, f"http://localhost/api/v2/audio/{sound.pk}/")

    assert answer["type"] == "rich"
    assert answer["html"].startswith('<audio controls preload="none" src="http')


def test_answer_comes_as_xml_to_who_wants_it(client: Client, image: CustomImage) -> None:
    response = client.get(OEMBED, {"url": f"http://localhost/api/v2/images/{image.pk}/", "format": "xml"})

    assert response["Content-Type"] == "text/xml; charset=utf-8"
    root = ElementTree.fromstring(response.content)
    assert (root.tag, root.findtext("type"), root.findtext("width")) == ("oembed", "photo", "1000")


def test_what_is_not_public_is_not_there(client: Client, blog: BlogIndexPage, image: CustomImage) -> None:
    draft, closed = make_post(blog, 1, live=False), make_post(blog, 2)
    PageViewRestriction.objects.create(page=closed, restriction_type=PageViewRestriction.LOGIN)
    archive = Collection.get_first_root_node().add_child(name="Archive")
    CollectionViewRestriction.objects.create(collection=archive, restriction_type=CollectionViewRestriction.LOGIN)
    CustomImage.objects.filter(pk=image.pk).update(collection=archive)

    for path in (
        f"{draft.slug}/",
        f"{closed.slug}/",
        "nowhere/",
        f"api/v2/images/{image.pk}/",
        "api/v2/images/99999/",
    ):
        assert client.get(OEMBED, {"url": f"http://localhost/{path}"}).status_code == 404, path


def test_what_is_in_the_trash_is_not_there(client: Client, image: CustomImage) -> None:
    Asset.objects.filter(pk=image.pk).update(trashed_at=timezone.now())

    assert client.get(OEMBED, {"url": f"http://localhost/api/v2/images/{image.pk}/"}).status_code == 404


def test_picture_that_is_not_ready_yet_is_there_as_far_as_it_goes(client: Client, photo: CustomImage) -> None:
    assert ask(client, f"http://localhost/api/v2/images/{photo.pk}/")["width"] == 320


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ({}, 400),
        ({"url": "http://localhost/", "maxwidth": "wide"}, 400),
        ({"url": "http://localhost/", "maxheight": "0"}, 400),
        ({"url": "http://localhost/", "format": "yaml"}, 501),
        ({"url": "https://elsewhere.example/post-1/"}, 404),
        ({"url": "http://[::1"}, 404),
        ({"url": "\0"}, 404),
        ({"url": "javascript:alert(1)"}, 404),
    ],
)
def test_what_makes_no_sense_is_refused(
    client: Client, blog: BlogIndexPage, query: dict[str, str], status: int
) -> None:
    assert client.get(OEMBED, query).status_code == status
