"""The demo site: a small journal about light, with drawn photographs and a drawn film."""

import tempfile
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

from django.core.files.base import ContentFile, File
from django.db import transaction
from django.utils import timezone
from wagtail.images.rect import Rect
from wagtail.models import Page, Site

from blog.models import BlogIndexPage, PostAuthor, PostPage, RelatedPost
from cms.demo.film import ALT_TEXT, TITLE, write_film
from cms.demo.landscape import write_photo
from cms.demo.pages import add_pages, placed
from cms.demo.people import Newsroom, add_newsroom
from cms.demo.publishing import publish
from cms.demo.scenes import SCENES, Scene
from media_library.models import CustomImage, Video

PHOTO_SIZE = (2400, 1600)


def build_site() -> BlogIndexPage:
    """Create the demo as the default site's root: images, a film, people, categories, and a page of each type.

    Media are drawn first and saved in one transaction with the pages: an interrupted start leaves no half site.
    """
    photos = {scene.name: _draw(scene) for scene in SCENES}
    with tempfile.TemporaryDirectory() as folder:
        film = Path(folder) / "morning.mp4"
        write_film(film)
        with transaction.atomic(), film.open("rb") as film_file:
            images = {scene.name: _add_image(scene, photos[scene.name]) for scene in SCENES}
            video = Video(
                title=TITLE,
                alt_text=ALT_TEXT,
                caption="Drawn frame by frame, with wind and water to listen to.",
                credit=SCENES[0].credit,
                file=File(film_file, name="morning.mp4"),
            )
            video.save()
            index = _add_index()
            newsroom = add_newsroom(index, images)
            posts = _add_posts(index, list(images.values()), video, newsroom)
            add_pages(index, images, video, newsroom.pages, posts)
    return index


def _draw(scene: Scene) -> bytes:
    output = BytesIO()
    write_photo(scene, PHOTO_SIZE, output, gps=scene.place)
    return output.getvalue()


def _add_image(scene: Scene, data: bytes) -> CustomImage:
    image = CustomImage(
        title=scene.title,
        alt_text=scene.alt_text,
        caption=scene.caption,
        credit=scene.credit,
        file=ContentFile(data, name=f"{scene.name}.jpg"),
    )
    image.set_focal_point(_focus(scene))
    image.save()
    image.tags.add("landscape", "demo")
    return image


def _focus(scene: Scene) -> Rect:
    """The scene's point of interest, as a square a tenth as wide as the picture."""
    width, height = PHOTO_SIZE
    return Rect.from_point(scene.focus[0] * width, scene.focus[1] * height, width / 10, width / 10)


def _add_index() -> BlogIndexPage:
    """Put the blog in place of Wagtail's welcome page, as the root of the default site."""
    root = Page.get_first_root_node()
    site = Site.objects.filter(is_default_site=True).first()
    welcome = site.root_page if site else None
    index = BlogIndexPage(
        title="Available light",
        slug="available-light",
        intro="A journal about light, and the places where it lands.",
    )
    root.add_child(instance=index)
    if site is None:
        site = Site(hostname="localhost", is_default_site=True)
    site.root_page, site.site_name = index, "Available light"
    site.save()
    if welcome is not None and type(welcome.specific) is Page and not welcome.get_children().exists():
        welcome.delete()
    return index


def _add_posts(index: BlogIndexPage, images: list[CustomImage], video: Video, newsroom: Newsroom) -> list[PostPage]:
    today = timezone.localdate()
    ines, tomas = newsroom.people["Ines"], newsroom.people["Tomas"]
    categories, series = newsroom.categories, newsroom.series
    posts: list[PostPage] = []

    def post(
        days_ago: int, title: str, summary: str, featured: CustomImage, tags: list[str], body: list, **more: Any
    ) -> None:
        page = PostPage(
            title=title,
            summary=summary,
            date=today - timedelta(days=days_ago),
            featured_image=featured,
            body=body,
            search_description=summary,
            **more,
        )
        page.tags.add(*tags)
        publish(index, page)
        posts.append(page)

    post(
        0,
        "The hour that nobody sees",
        "Most of a landscape photographer's work is standing still in the cold. Here is why it is worth it.",
        images[0],
        ["dawn", "film"],
        [
            (
                "rich_text",
                "<p>The alarm rings at four. There is frost on the inside of the window, and the kettle "
                "takes its time. <b>Nothing about this is romantic</b>, and then the sky opens a hand's breadth and "
                "everything is forgiven.</p>",
            ),
            ("heading", {"text": "What it looks like when it comes", "level": "h2"}),
            ("video", {"video": video, "caption": "Eight seconds of a morning that took two hours."}),
            (
                "quote",
                {"text": "Light makes the picture. I only have to be there.", "attribution": "Ines Harlow"},
            ),
            ("image", placed(images[1])),
            (
                "rich_text",
                "<p>After half an hour it is an ordinary day again. The van is warm. The kettle takes its time.</p>",
            ),
        ],
        author=ines,
        category=categories["mountains"],
        further_categories=[categories["field-notes"]],
        series=series,
        series_part=1,
    )
    post(
        3,
        "Seven lights, one week",
        "A gallery from seven places that have nothing in common but a good moment.",
        images[2],
        ["gallery", "travel"],
        [
            ("rich_text", "<p>Seven frames, one from each day. None of them was planned.</p>"),
            ("gallery", [placed(image) for image in images[1:]]),
            ("rich_text", "<p>Next week: rest.</p>"),
        ],
        author=ines,
        further_authors=[PostAuthor(person=tomas)],
        category=categories["field-notes"],
        further_categories=[categories["coast"], categories["mountains"]],
        series=series,
        series_part=2,
    )
    post(
        9,
        "How these pictures reach your screen",
        "A photograph of six megabytes, and the forty kilobytes that your browser asked for.",
        images[3],
        ["darkroom"],
        [
            (
                "rich_text",
                "<p>Every picture here was developed once, when it was dropped into the library: six "
                "widths in three formats. Your browser takes the one that fits.</p>",
            ),
            ("code", {"language": "bash", "code": "curl 'http://localhost:8000/api/v2/images/?limit=1'"}),
            ("image", placed(images[4])),
        ],
        author=tomas,
        category=categories["behind-the-pictures"],
        chosen_posts=[RelatedPost(post=posts[0])],
    )
    post(
        14,
        "What the storm left in the bag",
        "One lens, two lens caps, and a sandwich: what we carry to the coast, and what comes back.",
        images[5],
        ["travel", "darkroom"],
        [
            ("heading", {"text": "Before", "level": "h2"}),
            ("rich_text", "<p>Everything is dry, and each thing has its place. It looks like a shop window.</p>"),
            ("image", placed(images[5])),
            ("heading", {"text": "After", "level": "h2"}),
            ("rich_text", "<p>Salt, mostly. <b>Rinse the tripod</b>, always, and before you rinse yourself.</p>"),
        ],
        author=tomas,
        category=categories["equipment"],
        further_categories=[categories["coast"]],
    )
    return posts
