"""A blog of as many posts as one likes, in bulk, past the signals: what the benchmarks of delivery read.

    python -m benchmarks.newsroom 500                      # into the database of DATA_DIR or DATABASE_URL
    python -m benchmarks.newsroom 100000 --pictures 1500 --unsearched   # posts share pictures; search finds none

Every post has a featured image and two more in its body, between headings, prose with links, a quote; one or two
authors with portraits, a category or two, three tags; one of five is a part of a series, one of ten has a chosen
neighbour. Pictures have the rows of all renditions that a worker makes of 2048 × 1365 pixels, and no files: nothing
in the API may open one. The same number always gives the same post.
"""

import argparse
import datetime
import os
import uuid
from collections.abc import Callable, Iterator
from hashlib import sha256
from random import Random
from typing import Any

import django

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cms.settings.dev")
    django.setup()

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Model
from django.utils import timezone
from taggit.models import Tag
from wagtail.models import Collection, Locale, Page, Site
from wagtail.search.backends import get_search_backend

from blog.models import (
    BlogIndexPage,
    Category,
    PageStatistics,
    Person,
    PersonPage,
    PostAuthor,
    PostPage,
    PostTag,
    RelatedPost,
    Series,
)
from cms.crowd.filling import insert_children
from cms.database import learn_sizes
from media_library.imaging.presets import (
    ADMIN,
    ADMIN_SPECS,
    EXTENSIONS,
    FALLBACK,
    Preset,
    ladder_presets,
    named_presets,
)
from media_library.models import Asset, CustomImage, CustomRendition
from media_library.models.files import developed_name

AT_A_TIME = 1_000
SIZE = (2048, 1365)
PER_POST = 3
PEOPLE, PARTS, FIRST_DAY = 20, 10, datetime.date(2000, 1, 1)
TOPICS = {"News": ("City", "Region", "World"), "Culture": ("Film", "Music", "Books"), "Sport": ("Sailing", "Rowing")}
WORDS = (
    *("harbour", "light", "paper", "silver", "tide", "rope", "lantern", "winter"),
    *("gull", "engine", "market", "bridge", "morning", "rain", "crew", "signal"),
)
TAGS = [f"{one} {other}" for one in WORDS[:8] for other in WORDS[8:13]]


def fill(
    posts: int,
    pictures: int | None = None,
    told: Callable[[int], None] = lambda done: None,
    *,
    searched: bool = True,
) -> BlogIndexPage:
    """Add so many posts to the blog at the root of the default site, which is made if there is none.

    ``pictures`` is how many pictures they share; by default, each post has three of its own. ``told`` hears how many
    posts there are so far. Without ``searched``, they are not in the search index, which takes most of the time.
    """
    blog = _blog()
    with transaction.atomic():
        newsroom = _Newsroom(blog, searched, _pictures(PER_POST * posts if pictures is None else pictures))
    start = newsroom.start
    for first in range(start, start + posts, AT_A_TIME):
        numbers = range(first, min(first + AT_A_TIME, start + posts))
        with transaction.atomic():
            newsroom.write(numbers)
        told(numbers[-1] + 1 - start)
    learn_sizes()
    return blog


def _blog() -> BlogIndexPage:
    site = Site.objects.get(is_default_site=True)
    root = site.root_page.specific
    if isinstance(root, BlogIndexPage):
        return root
    blog = root.get_parent().add_child(instance=BlogIndexPage(title="Harbour Press", slug="press", intro="News."))
    site.root_page = blog
    site.save()
    return blog


class _Newsroom:
    def __init__(self, blog: BlogIndexPage, searched: bool, pictures: list[int]):
        self.blog, self.searched, self.pictures = blog, searched, pictures
        self.series: dict[int, int] = {}
        self.locale = Locale.objects.get(pk=blog.locale_id)
        self.content_type = ContentType.objects.get_for_model(PostPage)
        self.people = [self._person(number) for number in range(PEOPLE)]
        self.start = PostPage.objects.child_of(blog).count()
        self.others = blog.numchild - self.start
        self.categories = [pk for name, below in TOPICS.items() for pk in self._branch(name, below)]
        self.tags = [
            Tag.objects.get_or_create(name=name, defaults={"slug": name.replace(" ", "-")})[0] for name in TAGS
        ]

    def write(self, numbers: range) -> None:
        posts = [self._post(number) for number in numbers]
        Page.objects.bulk_create(_page_of(post) for post in posts)
        ids = dict(Page.objects.filter(path__in=[post.path for post in posts]).values_list("path", "pk"))
        for post in posts:
            post.pk = post.id = post.page_ptr_id = ids[post.path]
        insert_children(PostPage, posts)
        Page.objects.filter(pk=self.blog.pk).update(numchild=self.others + numbers[-1] + 1)
        self._hang_on(numbers, posts)
        if self.searched:
            get_search_backend().add_bulk(PostPage, posts)

    def _post(self, number: int) -> PostPage:
        random = Random(number)
        title = f"{random.choice(WORDS).title()} and {random.choice(WORDS)}, {random.choice(WORDS)} {number}"
        slug, when = f"post-{number}", timezone.now()
        own = [self.pictures[(PER_POST * (number - self.start) + one) % len(self.pictures)] for one in range(PER_POST)]
        post = PostPage(
            path=Page._get_path(self.blog.path, self.blog.depth + 1, self.others + number + 1),
            depth=self.blog.depth + 1,
            title=title,
            draft_title=title,
            slug=slug,
            url_path=f"{self.blog.url_path}{slug}/",
            content_type=self.content_type,
            locale=self.locale,
            first_published_at=when,
            last_published_at=when,
            search_description=f"{title}: what there is to know.",
            summary=sentences(random, 2),
            date=FIRST_DAY + datetime.timedelta(days=number // 12),
            featured_image_id=own[0],
            author_id=random.choice(self.people),
            category_id=random.choice(self.categories),
        )
        if number % 5 == 0:
            post.series_id, post.series_part = self._series(number), number // 5 % PARTS + 1
        stream = PostPage._meta.get_field("body").stream_block
        post.body = stream.to_python(list(self._body(random, number, own[1:])))
        return post

    def _body(self, random: Random, number: int, pictures: list[int]) -> Iterator[dict[str, Any]]:
        link = f'<a linktype="page" id="{self.blog.pk}">{random.choice(WORDS)}</a>'
        prose = [
            f"<p>{sentences(random, 3)} <b>{random.choice(WORDS)}</b>.</p><p>{sentences(random, 3)}</p>" for _ in "12"
        ]
        values: list[tuple[str, Any]] = [
            ("heading", {"text": sentences(random, 1), "level": "h2"}),
            ("rich_text", f"{prose[0]}<p>{link}</p>"),
            *(
                ("image", {"image": pk, "alt_text": sentences(random, 1), "decorative": False, "caption": ""})
                for pk in pictures
            ),
            ("heading", {"text": sentences(random, 1), "level": "h3"}),
            ("rich_text", prose[1]),
            ("quote", {"text": sentences(random, 1), "attribution": "A neighbour", "source": ""}),
        ]
        for place, (kind, value) in enumerate(values):
            yield {"type": kind, "value": value, "id": str(uuid.UUID(int=number * 100 + place))}

    def _hang_on(self, numbers: range, posts: list[PostPage]) -> None:
        """What stands in tables of its own."""
        filed = PostPage.further_categories.through
        rows: dict[type[Model], list[Model]] = {
            PostTag: [],
            PostAuthor: [],
            filed: [],
            RelatedPost: [],
            PageStatistics: [],
        }
        for number, post in zip(numbers, posts, strict=True):
            random = Random(f"beside {number}")
            rows[PostTag] += [PostTag(tag=tag, content_object_id=post.pk) for tag in random.sample(self.tags, 3)]
            rows[PageStatistics].append(PageStatistics(page_id=post.pk, view_count=random.randrange(10_000)))
            if number % 3 == 0:
                rows[PostAuthor].append(
                    PostAuthor(page_id=post.pk, person_id=random.choice(self.people), sort_order=0)
                )
                category = random.choice(self.categories)
                rows[filed].append(filed(postpage_id=post.pk, category_id=category))
            if number % 10 == 0:
                rows[RelatedPost].append(RelatedPost(page_id=post.pk, post_id=random.choice(posts).pk, sort_order=0))
        for model, made in rows.items():
            model._default_manager.bulk_create(made)

    def _person(self, number: int) -> int:
        values = {"name": f"Writer {number}", "role": "Reporter", "bio": sentences(Random(number), 2)}
        portrait = self.pictures[number % len(self.pictures)]
        person, is_new = Person.objects.get_or_create(
            slug=f"writer-{number}", defaults=values | {"portrait_id": portrait}
        )
        if is_new and number % 2:
            self.blog.add_child(instance=PersonPage(title=person.name, slug=f"about-{person.slug}", person=person))
        return person.pk

    def _branch(self, name: str, below: tuple[str, ...]) -> list[int]:
        parent, _ = Category.objects.get_or_create(name=name, parent=None)
        return [parent.pk, *(Category.objects.get_or_create(name=one, parent=parent)[0].pk for one in below)]

    def _series(self, number: int) -> int:
        which = number // 5 // PARTS
        if which not in self.series:
            values = {"title": f"Series {which}", "description": sentences(Random(which), 1)}
            self.series[which] = Series.objects.get_or_create(slug=f"series-{which}", defaults=values)[0].pk
        return self.series[which]


def _page_of(post: PostPage) -> Page:
    """The row of ``Page`` alone."""
    return Page(**{field.attname: getattr(post, field.attname) for field in Page._meta.concrete_fields})


def _pictures(number: int) -> list[int]:
    """Ids of so many new pictures with all their renditions."""
    root, made = Collection.get_first_root_node(), []
    presets = [*ladder_presets(SIZE[0]), *named_presets(), *(Preset(ADMIN, spec, ("webp",)) for spec in ADMIN_SPECS)]
    wanted = [(preset, form) for preset in presets for form in preset.formats]
    for first in range(0, number, AT_A_TIME):
        assets = [_asset(one, root) for one in range(first, min(first + AT_A_TIME, number))]
        Asset.objects.bulk_create(assets)
        insert_children(CustomImage, [CustomImage(asset_ptr_id=one.pk, file=f"none/{one.filename}") for one in assets])
        CustomRendition.objects.bulk_create(
            (_rendition(one.pk, preset, form) for one in assets for preset, form in wanted), batch_size=AT_A_TIME
        )
        made += [one.pk for one in assets]
    return made


def _asset(number: int, collection: Collection) -> Asset:
    random = Random(number)
    title = f"{random.choice(WORDS).title()} {number}"
    return Asset(
        kind=Asset.Kind.IMAGE,
        title=title,
        filename=f"{number}.jpg",
        alt_text=sentences(random, 1),
        caption=sentences(random, 1),
        credit="Harbour Press",
        licence="CC BY 4.0" if number % 4 == 0 else "",
        collection=collection,
        status=Asset.Status.READY,
        version=1,
        file_size=2_000_000 + number,
        file_hash=sha256(title.encode()).hexdigest(),
        mime_type="image/jpeg",
        width=SIZE[0],
        height=SIZE[1],
        thumbhash="1QcSHQRnh493V4dIh4eXh1h4kJUI",
        dominant_color="#5b6f80",
        metadata={"camera": "Leica Q3", "iso": 200},
    )


def _rendition(image: int, preset: Preset, form: str) -> CustomRendition:
    form = "jpeg" if form == FALLBACK else form
    spec = preset.operation if preset.name == ADMIN else f"{preset.operation}|format-{form}"
    width, height = (int(side) for side in f"{preset.operation.rpartition('-')[2]}x0".split("x")[:2])
    label = spec.replace("|", ".")
    name = developed_name(image, 1, label, sha256(f"{image} {spec}".encode()).hexdigest(), EXTENSIONS[form])
    return CustomRendition(
        image_id=image,
        filter_spec=spec,
        focal_point_key="",
        file=name,
        width=width,
        height=height or round(width * SIZE[1] / SIZE[0]),
        file_size=width * 100,
        preset=preset.name,
        quality=60,
    )


def sentences(random: Random, number: int) -> str:
    return " ".join(f"{' '.join(random.choices(WORDS, k=9)).capitalize()}." for _ in range(number))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("posts", type=int)
    parser.add_argument("--pictures", type=int, help="how many pictures the posts share")
    parser.add_argument("--unsearched", action="store_true", help="leave them out of the search index")
    asked = parser.parse_args()

    def told(done: int) -> None:
        print(f"{done:,} of {asked.posts:,}", flush=True)

    fill(asked.posts, asked.pictures, told, searched=not asked.unsearched)


if __name__ == "__main__":
    main()
