"""Posts for tests, written the way an editor's form would save them."""

import datetime
from typing import Any

from django.utils.text import slugify
from wagtail.models import Page, PageViewRestriction, ReferenceIndex, Site

from blog.models import BlogIndexPage, Category, Person, PostPage
from media_library.models import Asset, Audio, CustomDocument, CustomImage, Video
from tests.media import photo_file


def make_blog(**values: Any) -> BlogIndexPage:
    """A blog that is the root of the default site."""
    site = Site.objects.get(is_default_site=True)
    values = {"title": "Silver & Salt", "slug": "silver", "intro": "Notes on light and paper."} | values
    blog = site.root_page.get_parent().add_child(instance=BlogIndexPage(**values))
    site.root_page = blog
    site.save()
    return blog


def make_image(title: str = "Harbour", *, size: int = 48, **values: Any) -> CustomImage:
    """A small image with its first renditions; its jobs are queued."""
    values = {"alt_text": f"What {title} shows"} | values
    image = CustomImage(title=title, file=photo_file(width=size, height=size * 3 // 4), **values)
    image.save()
    return image


def lose(asset: Asset) -> None:
    """Delete an asset that is used, as it happens in a database that was mended by hand."""
    ReferenceIndex.remove_references_to(asset)
    asset.delete()


def make_person(name: str = "Ada Example", **values: Any) -> Person:
    return Person.objects.create(name=name, role="Photo editor", bio="Ada prints in a cellar.", **values)


def make_category(name: str = "Technique", **values: Any) -> Category:
    return Category.objects.create(**{"name": name, "description": "How it is done."} | values)


def make_post(
    blog: BlogIndexPage, number: int = 1, *, body: list | None = None, tags: tuple[str, ...] = (), **values: Any
) -> PostPage:
    """A published post; ``body`` is raw data, as ``blocks`` below make it."""
    defaults = {
        "title": f"Post {number}",
        "slug": f"post-{number}",
        "summary": f"What post {number} is about.",
        "date": datetime.date(2026, 1, 1) + datetime.timedelta(days=number),
    }
    post = PostPage(**defaults | values)
    post.body = PostPage._meta.get_field("body").stream_block.to_python(body or [])
    blog.add_child(instance=post)
    if tags:
        post.tags.add(*tags)
        post.save()
    return post


def block(kind: str, value: Any, number: int = 0) -> dict[str, Any]:
    return {"type": kind, "value": value, "id": f"00000000-0000-0000-0000-{number:012}"}


def image_value(image: CustomImage, alt: str = "", caption: str = "", *, decorative: bool = False) -> dict[str, Any]:
    return {
        "image": image.pk,
        "alt_text": "" if decorative else alt or f"{image.title} here",
        "decorative": decorative,
        "caption": caption,
    }


def image_block(image: CustomImage, *args: Any, **options: Any) -> dict[str, Any]:
    return block("image", image_value(image, *args, **options))


def gallery_block(*images: CustomImage) -> dict[str, Any]:
    items = [
        {"type": "item", "value": image_value(image), "id": f"10000000-0000-0000-0000-{number:012}"}
        for number, image in enumerate(images)
    ]
    return block("gallery", items)


def video_block(video: Video, caption: str = "") -> dict[str, Any]:
    return block("video", {"video": video.pk, "caption": caption})


def audio_block(audio: Audio, caption: str = "") -> dict[str, Any]:
    return block("audio", {"audio": audio.pk, "caption": caption})


def rich_text_block(source: str) -> dict[str, Any]:
    return block("rich_text", source)


def embedded(image: CustomImage, alt: str = "In the text", format: str = "left") -> str:
    return f'<embed embedtype="image" id="{image.pk}" format="{format}" alt="{alt}"/>'


def linked(target: PostPage | CustomDocument | BlogIndexPage) -> str:
    kind = "document" if isinstance(target, CustomDocument) else "page"
    return f'<p>See <a linktype="{kind}" id="{target.pk}">there</a>.</p>'


def one_of_each(
    image: CustomImage, video: Video | None = None, audio: Audio | None = None, *, link: Any = None
) -> list[dict[str, Any]]:
    """A body with every block there is."""
    text = "<p>Blacks come <b>last</b>.</p>" + embedded(image) + (linked(link) if link else "")
    blocks = [
        block("heading", {"text": "Waiting for the blacks", "level": "h2"}),
        rich_text_block(text),
        image_block(image, caption="Twelve seconds, grade three."),
        gallery_block(image, image),
        block("quote", {"text": "You wait for it.", "attribution": "A neighbour", "source": ""}),
        block("code", {"language": "python", "code": "print(32 / 8)"}),
        block("embed", "https://www.youtube.com/watch?v=aaaaaaaaaaa"),
    ]
    if video is not None:
        blocks.insert(4, video_block(video, caption="The tray, from above."))
    if audio is not None:
        blocks.append(audio_block(audio, caption="The tap, dripping."))
    return [one | {"id": f"00000000-0000-0000-0000-{number:012}"} for number, one in enumerate(blocks)]


def add_page(parent: Page, model: type[Page], title: str, *, body: list | None = None, **values: Any) -> Any:
    """A published page of any type."""
    page = model(title=title, slug=slugify(title), **values)
    if body is not None:
        page.body = model._meta.get_field("body").stream_block.to_python(body)
    return parent.add_child(instance=page)


def close(page: Page) -> None:
    """Let only those visit a page who are logged in."""
    PageViewRestriction.objects.create(page=page, restriction_type=PageViewRestriction.LOGIN)
