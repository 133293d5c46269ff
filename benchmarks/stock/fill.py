"""Put posts into stock Wagtail that ``comparison.py`` has written down from Darkroom: ``python -m … posts.json``.

Pictures and their three renditions are rows without files, as Darkroom's are.
"""

import json
import os
import sys
from pathlib import Path
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "benchmarks.stock.settings")
django.setup()

from django.db import transaction  # noqa: E402
from wagtail.images.models import Image, Rendition  # noqa: E402
from wagtail.models import Page, Site  # noqa: E402

from benchmarks.stock.models import SIZES, Category, Person, PostPage  # noqa: E402


def fill(posts: list[dict[str, Any]]) -> None:
    root = Site.objects.get(is_default_site=True).root_page
    stream = PostPage._meta.get_field("body").stream_block
    known: dict[tuple[str, str], int] = {}

    def kept(model: type, name: str, /, **values: Any) -> int:
        """The id of the row of this name, made at first sight."""
        key = (model.__name__, name)
        if key not in known:
            known[key] = model.objects.create(**values).pk
        return known[key]

    def picture(original: dict[str, Any]) -> int:
        size = {"width": original["width"], "height": original["height"]}
        values = {"title": original["title"], "file": f"original_images/{original['id']}.jpg"} | size
        return kept(Image, str(original["id"]), **values)

    for post in posts:
        for block in post["body"]:
            if block["type"] == "image":
                block["value"]["image"] = picture(block["value"]["image"])
        person, category = post["author"], post["category"]
        page = PostPage(
            **{name: post[name] for name in ("title", "slug", "search_description", "summary", "date")},
            featured_image_id=picture(post["featured_image"]),
            author_id=kept(Person, person["name"], **person),
            category_id=kept(Category, category["name"], **category),
            body=stream.to_python(post["body"]),
        )
        page.tags.add(*post["tags"])
        root.add_child(instance=page)
    Rendition.objects.bulk_create(
        Rendition(
            image_id=image.pk,
            filter_spec=spec,
            focal_point_key="",
            file=f"images/{image.pk}.{name}.webp",
            width=(width := int(spec.partition("|")[0].partition("-")[2])),
            height=width * image.height // image.width,
        )
        for image in Image.objects.all()
        for name, spec in SIZES.items()
    )


if __name__ == "__main__":
    with transaction.atomic():
        fill(json.loads(Path(sys.argv[1]).read_text()))
    print(Page.objects.count(), "pages")
