"""A site with one page of every sort, for tests of a front end; made in the server's own environment."""

import datetime
import tempfile
import time
from io import BytesIO
from pathlib import Path
from typing import Any
from unittest import mock

from django.conf import settings
from django.core.files.base import ContentFile
from django.utils import timezone
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import PageViewRestriction, Site

from blog.models import (
    BlogIndexPage,
    Category,
    EventPage,
    Experiment,
    GalleryPage,
    LandingPage,
    Menus,
    PersonPage,
    PostPage,
    SiteSettings,
)
from cms.demo.landscape import write_photo
from cms.demo.scenes import SCENES, Scene
from media_library.models import CustomImage, Track, Video
from media_library.video.tracks import save_track
from tests.blog.content import (
    block,
    gallery_block,
    image_block,
    make_person,
    make_post,
    rich_text_block,
    video_block,
)
from tests.blog.forms.content import make_form, question
from tests.browser.spheres import square
from tests.media import film_bytes
from tests.special_media import film_all_around, motion_photo

PASSWORD = "fixer and stop bath"
WIDTH, HEIGHT = 1700, 1100

FILMS = 3
"""Among them that of a motion photo, which comes after its picture."""


def make_site() -> dict[str, Any]:
    """Everything, in place of the empty blog; tells the ids of pages by what they are called here."""
    site = Site.objects.get(is_default_site=True)
    site.site_name = "Silver & Salt"
    site.save()
    blog = BlogIndexPage.objects.get()
    blog.title, blog.intro = "Silver & Salt", "Notes on light and paper."
    blog.save()
    scenes = {one.name: one for one in SCENES}
    harbour, dunes = _photo("Harbour", scenes["harbour-dusk"]), _photo("Dunes", scenes["desert-night"])
    tall = _photo("Mast", scenes["storm-coast"], width=700, height=1000)
    film = _film()
    coast = Category.objects.create(name="Coast", description="Where the land ends.")
    Category.objects.create(name="Harbours", parent=coast)
    ada = make_person(portrait=tall)

    for number in range(1, 14):
        make_post(blog, number, category=coast, featured_image=dunes)
    post = make_post(
        blog,
        14,
        title="The tide table",
        slug="tide-table",
        summary="A day at the harbour wall.",
        featured_image=harbour,
        author=ada,
        category=coast,
        tags=("sea", "dawn"),
        body=[
            rich_text_block("<p>At four the boats go out.</p>" * 3),
            block("heading", {"text": "High water", "level": "h2"}, 1),
            video_block(film, "Waves, from above.") | {"id": "00000000-0000-0000-0000-000000000002"},
            gallery_block(harbour, dunes, tall) | {"id": "00000000-0000-0000-0000-000000000003"},
            block("quote", {"text": "You wait for it.", "attribution": "A neighbour", "source": ""}, 4),
            block("code", {"language": "python", "code": "print(32 / 8)"}, 5),
            image_block(tall, caption="The mast.") | {"id": "00000000-0000-0000-0000-000000000006"},
            *(block("rich_text", f"<p>{'The water comes and the water goes. ' * 30}</p>", 10 + n) for n in range(12)),
        ],
    )
    make_post(blog, 0, title="All around", slug="all-around", body=_special_media())
    _try_pictures(post, harbour, dunes)
    person = blog.add_child(instance=PersonPage(title="Ada Example", slug="ada", person=ada))
    starts_at = timezone.make_aware(datetime.datetime(2027, 6, 1, 19, 30))
    event = blog.add_child(
        instance=EventPage(
            title="Open darkroom",
            slug="open-darkroom",
            summary="Bring paper.",
            starts_at=starts_at,
            ends_at=starts_at + datetime.timedelta(hours=3),
            place="The old pump house",
            address="Quay 7\nHarbour Town",
            tickets_url="https://tickets.example.org/",
            poster=tall,
            highlight_film=film,
        )
    )
    gallery = GalleryPage(
        title="Seven tides", slug="seven-tides", summary="A wall of water at every tide.", cover=dunes
    )
    gallery.body = GalleryPage._meta.get_field("body").stream_block.to_python([gallery_block(harbour, dunes, tall)])
    blog.add_child(instance=gallery)
    form = make_form(
        blog,
        question("Your name", required=True),
        question("E-mail", "email", required=True),
        question("Message", "multiline", help_text="As long as you like."),
        question("Topics", "checkboxes", choices="Sea,Light"),
        question("Picture", "file"),
    )
    locked = make_post(blog, 15, title="Behind the curtain", slug="curtain", featured_image=harbour)
    PageViewRestriction.objects.create(page=locked, restriction_type="password", password=PASSWORD)
    landing = LandingPage(title="About us", slug="about")
    landing.body = LandingPage._meta.get_field("body").stream_block.to_python(
        [
            block(
                "hero",
                {"heading": "Made by hand", "text": "Since 1874.", "image": dunes.pk, "video": None, "links": []},
            )
        ]
    )
    blog.add_child(instance=landing)
    Redirect.objects.create(old_path=Redirect.normalise_path("/old/tides/"), redirect_page=post, is_permanent=True)
    menus = Menus.for_site(site)
    menus.main = [
        {"type": "item", "value": {"link": {"page": page.pk, "label": "", "url": ""}, "children": []}}
        for page in (landing, gallery, event)
    ]
    menus.save()
    settings_of_site = SiteSettings.for_site(site)
    settings_of_site.tagline, settings_of_site.footer_text = "Notes on light and paper", "Printed in a cellar."
    settings_of_site.save()
    return {
        "blog": blog.pk,
        "post": post.pk,
        "person": person.pk,
        "event": event.pk,
        "gallery": gallery.pk,
        "form": form.pk,
        "locked": locked.pk,
        "film": film.pk,
        "pictures": [harbour.pk, dunes.pk, tall.pk],
        "token": post.create_page_preview().token,
        "expired": _expired_token(post),
    }


def _expired_token(post: PostPage) -> str:
    long_ago = time.time() - settings.PREVIEW_TOKEN_MAX_AGE - 60
    with mock.patch("django.core.signing.time.time", return_value=long_ago):
        return post.create_page_preview().token


def _try_pictures(post: PostPage, *pictures: CustomImage) -> None:
    """In lists, and as the poster of its film."""
    a, b = pictures
    for slot in ("thumbnail", "poster"):
        Experiment.objects.create(
            name=slot,
            slot=slot,
            post=post,
            variant_a=a,
            variant_b=b,
            starts_at=timezone.now() - datetime.timedelta(days=1),
        )


def _special_media() -> list[dict[str, Any]]:
    """What can be looked around in, and what moves."""
    around = CustomImage(title="Square", alt_text="A square", file=ContentFile(square(), name="square.jpg"))
    around.save()
    walk = Video(title="Walk", alt_text="A walk", file=ContentFile(film_all_around(_waves(6)), name="walk.mp4"))
    walk.save()
    save_track(
        Track(asset=walk.asset_ptr, language="en", text="WEBVTT\n\n00:00.000 --> 00:06.000\nLeft, then <i>right</i>")
    )
    moving = CustomImage(title="Spray", alt_text="Spray", file=ContentFile(motion_photo(_waves(1)), name="spray.jpg"))
    moving.save()
    blocks = [image_block(around), video_block(walk, "Once around."), image_block(moving), gallery_block(around)]
    return [one | {"id": f"00000000-0000-0000-0000-{number:012}"} for number, one in enumerate(blocks)]


def _photo(title: str, scene: Scene, width: int = WIDTH, height: int = HEIGHT) -> CustomImage:
    """Like a photograph: of flat colours with hard edges, WebP is smaller than AVIF, and stands in for it."""
    output = BytesIO()
    write_photo(scene, (width, height), output, gps=scene.place)
    file = ContentFile(output.getvalue(), name=f"{title.lower()}.jpg")
    image = CustomImage(title=title, alt_text=f"What {title} shows", credit="Ada Example", file=file)
    image.save()
    return image


def _film() -> Video:
    film = Video(title="Waves", alt_text="Waves roll in", file=ContentFile(_waves(3), name="waves.mp4"))
    film.save()
    return film


def _waves(seconds: int) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        return film_bytes(Path(folder), seconds=seconds, width=320, height=180)
