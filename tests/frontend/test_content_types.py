"""The types that front ends get, held against what the API really answers, by the TypeScript compiler."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from wagtail.embeds.embeds import get_embed_hash
from wagtail.embeds.models import Embed

from blog.models import BlogIndexPage, PostPage
from media_library import media_collections
from media_library.models import Audio, CustomDocument, CustomImage, MediaCollection, Track, Video
from media_library.video.tracks import save_track
from tests.blog.content import block, make_blog, make_category, make_image, make_person, make_post, one_of_each
from tests.frontend.tools import CLIENT, run
from tests.media import sound_file
from tests.tracks import make_track

Values = list[tuple[str, Any]]
"""Types and what should be of them: ``[("Image", {…}), …]``."""


@pytest.fixture
def blog(db: None) -> BlogIndexPage:
    return make_blog()


@pytest.fixture
def post(blog: BlogIndexPage, film: Video, sound: Audio, develop: Callable[..., None]) -> PostPage:
    """A post with everything that there is, and much of it not there yet."""
    image, drawing = make_image("Harbour", size=400), make_image("Waiting")
    image.focal_point_x = image.focal_point_y = image.focal_point_width = image.focal_point_height = 40
    image.save()
    image.tags.add("sea")
    develop(image, film, sound)
    save_track(make_track(film, Track.Kind.CAPTIONS))
    document = CustomDocument(title="Price list", file=ContentFile(b"%PDF-1.4\n%%EOF\n", name="prices.pdf"))
    document.save()
    tide = Audio(title="tide.mp3", file=sound_file("tide.mp3"))
    tide.save()
    collection = MediaCollection.objects.create(title="Summer", is_public=True)
    media_collections.add(collection, [image, film, tide, document])
    MediaCollection.objects.create(title="Empty", is_public=True)
    url = "https://www.youtube.com/watch?v=aaaaaaaaaaa"
    Embed.objects.create(url=url, hash=get_embed_hash(url), type="video", html="<iframe>", title="A film", width=480)
    placed = block("media_collection", {"media_collection": collection.pk, "limit": None, "layout": "row"}, 99)
    make_post(blog, 2)
    return make_post(
        blog,
        1,
        featured_image=image,
        author=make_person(portrait=drawing),
        category=make_category(),
        tags=("film",),
        body=[*one_of_each(image, film, sound, link=document), placed],
    )


def answers(client: Client) -> Values:
    """Every listing, and every detail of what is listed."""
    found: Values = []
    for name in ("pages", "images", "videos", "audio", "documents", "collections"):
        listing = client.get(f"/api/v2/{name}/").json()["items"]
        assert listing, name
        found += [(f'Endpoints["{name}"]["listing"]', one) for one in listing]
        details = [client.get(f"/api/v2/{name}/{one['id']}/").json() for one in listing]
        found += [(f'Endpoints["{name}"]["detail"]', one) for one in details]
    return found


def compile_values(folder: Path, values: Values) -> None:
    """Fails with what the compiler says of values that are not of their types, or hold more."""
    module = CLIENT / "src/generated/content.js"
    lines = [f'import type {{ AnyPage, Endpoints, PostPage }} from "{module}";']
    lines += [f"export const v{number}: {name} = {json.dumps(one)};" for number, (name, one) in enumerate(values)]
    file = folder / "values.ts"
    file.write_text("\n".join(lines))
    options = {
        "strict": True,
        "noEmit": True,
        "target": "es2022",
        "module": "nodenext",
        "types": [],
        "skipLibCheck": True,
    }
    (folder / "tsconfig.json").write_text(json.dumps({"compilerOptions": options, "files": [file.name]}))
    run("tsc", "--project", folder)


def test_every_answer_is_of_its_type(client: Client, post: PostPage, tmp_path: Path):
    token = post.create_page_preview().token
    draft = client.get(f"/api/v2/page_preview/?content_type=blog.postpage&token={token}").json()
    whole = client.get("/api/v2/pages/?type=blog.PostPage&fields=*").json()["items"]
    details = [client.get(f"/api/v2/pages/{one['id']}/").json() for one in whole]
    values: Values = [*answers(client), ("PostPage", draft), *(("PostPage", one) for one in details)]
    assert {one["type"] for _name, page in values for one in page.get("body", ())} == set(
        PostPage._meta.get_field("body").stream_block.child_blocks
    )
    compile_values(tmp_path, values)


def test_answer_of_another_shape_is_noticed(client: Client, db: None, tmp_path: Path):
    image = client.get(f"/api/v2/images/{make_image().pk}/").json()
    wrong = [
        {name: value for name, value in image.items() if name != "alt"},
        image | {"shade": 1},
        image | {"width": "4"},
        image | {"meta": image["meta"] | {"type": "media_library.Video"}},
    ]
    with pytest.raises(AssertionError) as caught:
        compile_values(tmp_path, [('Endpoints["images"]["detail"]', one) for one in wrong])
    complaints = [line.partition(": error ")[2] for line in str(caught.value).splitlines() if "error TS" in line]
    for complaint, words in zip(complaints, ["'alt' is missing", "shade", "'string'", "Video"], strict=True):
        assert words in complaint


def test_picture_of_a_closed_collection_is_null_in_the_types(client: Client, post: PostPage, tmp_path: Path):
    image = CustomImage.objects.get(title="Harbour")
    image.collection.view_restrictions.create(restriction_type="login")
    compile_values(tmp_path, [("PostPage", page := client.get(f"/api/v2/pages/{post.pk}/").json())])
    assert page["featured_image"] is None
