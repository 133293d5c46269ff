"""A small site, what visitors ask it for, and what editors do to it: for tests of what goes stale by what."""

import datetime
import json
from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.test import Client, TestCase, override_settings
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from taggit.models import Tag
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Collection, CollectionViewRestriction, Locale, Page, PageViewRestriction, Site
from wagtail.rich_text import RichText

from blog.models import BlogIndexPage, Category, Menus, Person, PersonPage, PostAuthor, PostPage, Series, SiteSettings
from cms.delivery import versions
from cms.delivery.changes import ALL
from media_library import media_collections
from media_library.cache_tags import collect
from media_library.deletion import restore_asset, trash_asset
from media_library.models import CustomImage, MediaCollection, MediaCollectionItem
from media_library.replacement import replace_file
from media_library.signals import together
from tests.blog.content import block as make_block
from tests.blog.content import (
    image_block,
    linked,
    make_blog,
    make_category,
    make_image,
    make_person,
    make_post,
    rich_text_block,
)
from tests.media import photo_file


class SmallSite:
    """Two blogs, posts, people, categories, series, pictures, a curated collection, menus, redirects."""

    posts_number, watched, images_number = 8, 6, 5
    category_names = ("Technique", "Travel")
    people_names = ("Ada", "Grace")
    series_titles = ("At sea",)
    parts = 2
    tag_names = ("sea", "light")

    def __init__(self) -> None:
        # What is told of it is nobody's business here.
        with TestCase.captureOnCommitCallbacks(execute=True):
            self._build()

    def _build(self) -> None:
        self.blog = make_blog()
        self.site = Site.objects.get(is_default_site=True)
        self.images = [make_image(f"Picture {number}") for number in range(self.images_number)]
        self.shelf = Collection.get_first_root_node().add_child(name="Shelf")
        self.folder = self.shelf.add_child(name="Archive")
        self.categories = [make_category(name) for name in self.category_names]
        self.categories.append(make_category("Harbours", parent=self.categories[1]))
        self.people = [make_person(name) for name in self.people_names]
        self.people[0].portrait = self.images[4]
        self.people[0].save()
        self.series = [Series.objects.create(title=title) for title in self.series_titles]
        for number in range(self.posts_number):
            post = make_post(
                self.blog,
                number,
                category=one(self.categories, number),
                author=one(self.people, number),
                series=self.series[number // self.parts] if number < self.parts * len(self.series) else None,
                featured_image=self.images[number % (len(self.images) - 2)],
                tags=self.tags_of(number),
                body=[
                    rich_text_block("<p>Words of the day.</p>"),
                    *([image_block(self.images[3])] if number == 3 else []),
                ],
            )
            # The first time is another one.
            publish(post)
        first, second = self.posts()[:2]
        second.body = [("rich_text", RichText(linked(first)))]
        publish(second)
        about = PersonPage(title="About Ada", slug="ada", person=self.people[0])
        self.person_page = self.blog.add_child(instance=about)
        self.collection = MediaCollection.objects.create(title="Best of", slug="best-of", is_public=True)
        media_collections.add(self.collection, self.images[:2])
        menus = Menus.for_site(self.site)
        menus.main = menu(first)
        menus.save()
        SiteSettings.for_site(self.site)
        self.redirect = Redirect.add_redirect("/old", redirect_to=first)

    def tags_of(self, number: int) -> tuple[str, ...]:
        return self.tag_names[: number % 3]

    def blog_now(self) -> BlogIndexPage:
        return BlogIndexPage.objects.get(pk=self.blog.pk)

    def posts(self) -> list[PostPage]:
        return list(PostPage.objects.order_by("pk"))

    def urls(self) -> list[str]:
        """What visitors ask for: whole lists, parts of lists, details, paths, searches; and the library."""
        posts, images = self.posts()[: self.watched], self.images[:5]
        return [
            "/api/v2/pages/",
            "/api/v2/pages/?type=blog.PostPage&fields=*&order=-date&limit=3",
            "/api/v2/pages/?type=blog.PostPage&order=-date&limit=3&offset=3",
            f"/api/v2/pages/?type=blog.PostPage&child_of={self.blog.pk}&order=title",
            f"/api/v2/pages/?descendant_of={self.blog.pk}&type=blog.PersonPage",
            "/api/v2/pages/?type=blog.PostPage&category=technique&fields=categories,related",
            "/api/v2/pages/?type=blog.PostPage&category=travel",
            f"/api/v2/pages/?type=blog.PostPage&category=travel&child_of={self.blog.pk}&order=title",
            f"/api/v2/pages/?type=blog.PostPage&descendant_of={self.blog.pk}&limit=4",
            "/api/v2/pages/?type=blog.PostPage&author=grace&fields=authors",
            "/api/v2/pages/?type=blog.PostPage&tag=sea",
            "/api/v2/pages/?type=blog.PostPage&tag=unheard",
            "/api/v2/pages/?type=blog.PostPage&slug=post-2",
            "/api/v2/pages/?type=blog.PostPage&search=words",
            *(f"/api/v2/pages/find/?html_path=/{post.slug}/" for post in posts),
            "/api/v2/pages/find/?html_path=/renamed/",
            "/api/v2/pages/find/?html_path=/old/",
            *(f"/api/v2/pages/{post.pk}/" for post in posts),
            f"/api/v2/pages/{self.blog.pk}/",
            f"/api/v2/pages/{self.person_page.pk}/",
            "/api/v2/pages/99999/",
            "/api/v2/search/?query=post",
            "/api/v2/site/",
            "/api/v2/redirects/",
            "/api/v2/categories/",
            f"/api/v2/categories/{self.categories[0].pk}/",
            "/api/v2/images/?limit=2",
            "/api/v2/images/?title=Picture 1",
            f"/api/v2/images/?collection={self.folder.pk}",
            *(f"/api/v2/images/{image.pk}/" for image in images),
            "/api/v2/videos/",
            "/api/v2/collections/",
            f"/api/v2/collections/{self.collection.pk}/",
            "/api/media/?limit=2",
            f"/api/media/?collection={self.shelf.pk}",
            f"/api/media/{images[0].pk}/",
            f"/api/media/{images[1].pk}/variants/",
            *(f"/api/media/{image.pk}/related/" for image in (images[0], images[3])),
            f"/api/collections/{self.collection.pk}/",
        ]


def menu(page: Page) -> Any:
    link = {"label": "", "page": page.pk, "url": ""}
    raw = [make_block("item", {"link": link, "children": []})]
    return Menus._meta.get_field("main").stream_block.to_python(raw)


def publish(page: Page) -> None:
    page.save_revision().publish()


# What editors do. Each takes the site and two numbers that choose what, and how.


def edit_text(site: SmallSite, which: int, how: int) -> None:
    post = one(site.posts(), which)
    post.body = [("rich_text", RichText(f"<p>Words {how}.</p>"))]
    post.summary = f"Summary {how}"
    publish(post)


def edit_body(site: SmallSite, which: int, how: int) -> None:
    post = one(site.posts(), which)
    post.body = [("rich_text", RichText(f"<p>Words {how}.</p>"))]
    publish(post)


def retitle(site: SmallSite, which: int, how: int) -> None:
    post = one(site.posts(), which)
    post.title = f"Title {how}"
    publish(post)


def draft(site: SmallSite, which: int, how: int) -> None:
    post = one(site.posts(), which)
    post.title = f"Draft {how}"
    post.save_revision()


def redate(site: SmallSite, which: int, how: int) -> None:
    post = one(site.posts(), which)
    post.date = datetime.date(2026, 2, 1) + datetime.timedelta(days=how)
    publish(post)


def refile(site: SmallSite, which: int, how: int) -> None:
    post = one(site.posts(), which)
    post.category = one(site.categories, how)
    post.further_categories = [one(site.categories, how + 1)] if how % 2 else []
    publish(post)


def credit(site: SmallSite, which: int, how: int) -> None:
    post = one(site.posts(), which)
    post.author = one(site.people, how)
    post.further_authors = [PostAuthor(person=one(site.people, how + 1))] if how % 2 else []
    publish(post)


def tag(site: SmallSite, which: int, how: int) -> None:
    post = one(site.posts(), which)
    post.tags.set(["sea", "unheard", "light"][: how % 4])
    publish(post)


def illustrate(site: SmallSite, which: int, how: int) -> None:
    post = one(site.posts(), which)
    post.featured_image = one(site.images, how)
    publish(post)


def serialise(site: SmallSite, which: int, how: int) -> None:
    post = one(site.posts(), which)
    post.series, post.series_part = (one(site.series, how // 2), how + 1) if how % 2 else (None, None)
    publish(post)


def write(site: SmallSite, which: int, how: int) -> None:
    number = 100 + PostPage.objects.count()
    make_post(site.blog_now(), number, category=one(site.categories, which), author=one(site.people, how))


def unpublish(site: SmallSite, which: int, how: int) -> None:
    one(site.posts(), which).unpublish()


def republish(site: SmallSite, which: int, how: int) -> None:
    hidden = [post for post in site.posts() if not post.live]
    if hidden:
        publish(one(hidden, which))


def delete(site: SmallSite, which: int, how: int) -> None:
    if PostPage.objects.count() > 3:
        one(site.posts(), which).delete()


def rename(site: SmallSite, which: int, how: int) -> None:
    post = one(site.posts(), which)
    post.slug = f"renamed-{post.pk}" if how else "renamed"
    if not PostPage.objects.filter(slug=post.slug).exists():
        publish(post)


def notes(site: SmallSite) -> BlogIndexPage:
    """Another section, which is no part of the site."""
    found = BlogIndexPage.objects.filter(slug="notes").first()
    return found or site.blog_now().get_parent().add_child(instance=BlogIndexPage(title="Notes", slug="notes"))


def diary(site: SmallSite) -> BlogIndexPage:
    """A section of the blog."""
    found = BlogIndexPage.objects.filter(slug="diary").first()
    return found or site.blog_now().add_child(instance=BlogIndexPage(title="Diary", slug="diary"))


def move(site: SmallSite, which: int, how: int) -> None:
    one(site.posts(), which).move(notes(site) if how % 2 else site.blog_now(), pos="last-child")


def move_inside(site: SmallSite, which: int, how: int) -> None:
    one(site.posts(), which).move(diary(site) if how % 2 else site.blog_now(), pos="last-child")


def shift(site: SmallSite, which: int, how: int) -> None:
    """A post past some of the others."""
    post, other = one(site.posts(), which), one(site.posts(), which + how + 1)
    if post != other:
        post.move(other, pos="left" if how % 2 else "right")


def close_section(site: SmallSite, which: int, how: int) -> None:
    section = (diary if how % 3 else notes)(site)
    restriction = PageViewRestriction.objects.filter(page=section.pk).first()
    if restriction:
        restriction.delete()
    else:
        PageViewRestriction.objects.create(page_id=section.pk, restriction_type=PageViewRestriction.LOGIN)


def reorder(site: SmallSite, which: int, how: int) -> None:
    """Two sections, or a post among its siblings: lists are in the order of the tree."""
    if how % 2:
        notes(site).move(site.blog_now(), pos="left")
    else:
        site.blog_now().move(notes(site), pos="right")
    one(site.posts(), which).move(site.blog_now(), pos="first-child")


def rename_blog(site: SmallSite, which: int, how: int) -> None:
    blog = site.blog_now()
    blog.title, blog.intro = f"Blog {how}", f"Notes {which}"
    publish(blog)


def close_page(site: SmallSite, which: int, how: int) -> None:
    page = one([*site.posts(), site.person_page], which)
    if Page.objects.filter(pk=page.pk).exists():
        restriction = PageViewRestriction.objects.filter(page=page.pk).first()
        if restriction:
            restriction.delete()
        else:
            PageViewRestriction.objects.create(page_id=page.pk, restriction_type=PageViewRestriction.LOGIN)


def edit_category(site: SmallSite, which: int, how: int) -> None:
    category = Category.objects.get(pk=one(site.categories, which).pk)
    category.description = f"Described {how}"
    if how % 3 == 1:
        category.name = f"Named {how}"
    if how % 3 == 2:
        category.is_active = not category.is_active
    category.save()


def move_category(site: SmallSite, which: int, how: int) -> None:
    harbours = Category.objects.get(pk=site.categories[-1].pk)
    harbours.parent = one([*site.categories[:2], None], how)
    harbours.save()


def edit_person(site: SmallSite, which: int, how: int) -> None:
    person = Person.objects.get(pk=one(site.people, which).pk)
    person.name = f"{person.name[:3]} {how}"
    person.portrait = one([*site.images, None], how)
    person.save()


def edit_series(site: SmallSite, which: int, how: int) -> None:
    series = Series.objects.get(pk=one(site.series, which).pk)
    series.title = f"Series {how}"
    series.save()


def rename_tag(site: SmallSite, which: int, how: int) -> None:
    found = list(Tag.objects.order_by("pk"))
    if found:
        chosen = one(found, which)
        chosen.name = f"{chosen.name[:5]} {how}"
        chosen.save()


def toggle_person_page(site: SmallSite, which: int, how: int) -> None:
    page = PersonPage.objects.get(pk=site.person_page.pk)
    if page.live:
        page.unpublish()
    else:
        publish(page)


def edit_image(site: SmallSite, which: int, how: int) -> None:
    image = CustomImage.objects.get(pk=one(site.images, which).pk)
    image.title, image.alt_text, image.credit = f"Picture {how}", f"Alt {how}", "Ada" if how % 2 else ""
    image.save()


def tag_image(site: SmallSite, which: int, how: int) -> None:
    CustomImage.objects.get(pk=one(site.images, which).pk).tags.set(["sea", "night"][: how % 3])


def replace_image(site: SmallSite, which: int, how: int) -> None:
    replace_file(one(site.images, which), photo_file(width=48 + how, height=36))


def file_image(site: SmallSite, which: int, how: int) -> None:
    folder = site.folder if how % 2 else Collection.get_first_root_node()
    image = CustomImage.objects.get(pk=one(site.images, which).pk)
    image.collection = folder
    image.save()


def file_many(site: SmallSite, which: int, how: int) -> None:
    folder = site.folder if how % 2 else Collection.get_first_root_node()
    with together():
        for image in CustomImage.objects.filter(pk__in=[one.pk for one in site.images[: which % 4]]):
            image.collection = folder
            image.save(update_fields=["collection", "updated_at"])


def license_many(site: SmallSite, which: int, how: int) -> None:
    ends = datetime.date(2020, 1, 1) if how % 2 else None
    with together():
        for image in CustomImage.objects.filter(pk__in=[one.pk for one in site.images[: which % 4]]):
            image.expires_on, image.licence = ends, f"Licence {how}"
            image.save(update_fields=["expires_on", "licence", "updated_at"])


def close_folder(site: SmallSite, which: int, how: int) -> None:
    restriction = CollectionViewRestriction.objects.filter(collection=site.folder).first()
    if restriction:
        restriction.delete()
    else:
        CollectionViewRestriction.objects.create(
            collection=site.folder, restriction_type=CollectionViewRestriction.LOGIN
        )


def move_folder(site: SmallSite, which: int, how: int) -> None:
    """As the form of a folder does it."""
    folder, shelf = (Collection.objects.get(pk=one.pk) for one in (site.folder, site.shelf))
    with transaction.atomic():
        folder.save()
        folder.move(shelf.get_parent() if how % 2 else shelf, pos="sorted-child")


def trash_image(site: SmallSite, which: int, how: int) -> None:
    """One that nothing uses: comes, goes, comes back."""
    image = make_image(f"Spare {how}")
    trash_asset(image)
    if how % 2:
        restore_asset(image)


def curate(site: SmallSite, which: int, how: int) -> None:
    collection = MediaCollection.objects.get(pk=site.collection.pk)
    items = MediaCollectionItem.objects.filter(media_collection=collection)
    if how % 3 == 0:
        media_collections.add(collection, [one(site.images, which)])
    elif how % 3 == 1:
        media_collections.remove(collection, items.filter(asset=one(site.images, which).pk))
    else:
        collection.is_public = not collection.is_public
        collection.save()


def edit_menu(site: SmallSite, which: int, how: int) -> None:
    menus = Menus.for_site(site.site)
    menus.main = menu(one(site.posts(), which))
    menus.save()


def edit_settings(site: SmallSite, which: int, how: int) -> None:
    settings = SiteSettings.objects.get(site=site.site)
    settings.tagline, settings.x_handle = f"Tagline {how}", f"@handle{how}"
    settings.logo = one([*site.images, None], which)
    settings.save()


def redirect(site: SmallSite, which: int, how: int) -> None:
    if Redirect.objects.filter(old_path="/another").exists():
        Redirect.objects.get(old_path="/another").delete()
    else:
        Redirect.add_redirect("/another", redirect_to=one(site.posts(), which))


def translate(site: SmallSite, which: int, how: int) -> None:
    """As "Translate" does it, or as the synchronised tree, which has aliases of what is not translated."""
    post, others = one(site.posts(), which), Locale.objects.order_by("pk")
    locale = one(others, how)
    if not post.has_translation(locale) and post.locale != locale:
        translated = post.copy_for_translation(locale, copy_parents=True, alias=bool(how % 4 == 0))
        if how % 4 == 1:
            translated.title = f"Title in {locale}"
            publish(translated)


def edit_translation(site: SmallSite, which: int, how: int) -> None:
    if translated := list(PostPage.objects.exclude(locale=Locale.get_default()).filter(alias_of=None)):
        post = one(translated, which)
        post.title = f"Title {how}"
        post.category = one(site.categories, how)
        publish(post)


def end_translation(site: SmallSite, which: int, how: int) -> None:
    if translated := list(PostPage.objects.exclude(locale=Locale.get_default())):
        post = one(translated, which)
        if how % 2:
            post.unpublish()
        else:
            post.delete()


def alias(site: SmallSite, which: int, how: int) -> None:
    post = one(site.posts(), which)
    slug = f"alias-{post.pk}"
    if not PostPage.objects.filter(slug=slug).exists():
        post.create_alias(update_slug=slug)


OPERATIONS: list[Callable[[SmallSite, int, int], None]] = [
    *(
        edit_text,
        edit_body,
        retitle,
        draft,
        redate,
        refile,
        credit,
        tag,
        illustrate,
        serialise,
        write,
        unpublish,
        republish,
    ),
    *(
        delete,
        rename,
        move,
        move_inside,
        shift,
        reorder,
        rename_blog,
        close_page,
        close_section,
        edit_category,
        move_category,
        edit_person,
        edit_series,
    ),
    *(rename_tag, toggle_person_page, edit_image, tag_image, replace_image, file_image, file_many, license_many),
    *(close_folder, move_folder, trash_image, curate, edit_menu, edit_settings, redirect, alias),
    *(translate, edit_translation, end_translation),
]


def one(choices: Any, number: int) -> Any:
    choices = list(choices)
    return choices[number % len(choices)]


# What visitors get, and what goes stale.


class Answers:
    """What each URL answers, made anew, and the tags of what it was made of."""

    def __init__(self, urls: list[str]):
        client = Client()
        self.bodies: dict[str, Any] = {}
        self.tags: dict[str, set[str]] = {}
        for url in urls:
            # Nobody is turned away who asks so much.
            with collect() as collected, override_settings(API_ANONYMOUS_REQUESTS_PER_MINUTE=0):
                response = client.get(url)
            assert response.status_code < 500, url
            location = response.headers.get("Location")
            body = location or (json.loads(response.content) if response.content else None)
            if response.status_code == 404:
                # Its words name the type of what is missing; no cache keeps them.
                body.pop("message", None)
            self.bodies[url] = (response.status_code, body)
            self.tags[url] = {*collected.names, ALL}


class Ledger:
    """How many answers were made stale, and whether they had to be."""

    def __init__(self) -> None:
        self.missed: list[str] = []
        self.changed = self.unrelated = self.kept = 0
        self.stale: set[str] = set()

    def enter(self, what: str, before: Answers, after: Answers, told: set[str]) -> None:
        for url, body in before.bodies.items():
            stale = bool(before.tags[url] & told)
            if stale:
                self.stale.add(url)
            if after.bodies.get(url) != body:
                self.changed += 1
                if not stale:
                    self.missed.append(f"{what}: {url} ({sorted(told)})")
            else:
                self.unrelated += 1
                self.kept += not stale

    @property
    def share(self) -> float:
        return self.kept / self.unrelated if self.unrelated else 1.0


def told_by(act: Callable[[], None]) -> set[str]:
    """The tags whose versions are bumped by what is done."""
    told: set[str] = set()
    bump = versions.bump

    def note(tags: Any) -> None:
        told.update(tags)
        bump(tags)

    versions.bump = note
    try:
        with TestCase.captureOnCommitCallbacks(execute=True):
            act()
    finally:
        versions.bump = bump
    return told


steps = st.tuples(st.sampled_from(OPERATIONS), st.integers(0, 99), st.integers(0, 9))


def check(examples: int, length: int, site: SmallSite | None = None) -> Ledger:
    """Do so many random lists of operations, each on the site as it was at first.

    Fails for a change that left an answer in caches which is another now. Of a few operations, the share that stays
    says little.
    """
    site, ledger = site or SmallSite(), Ledger()

    @settings(max_examples=examples, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(st.lists(steps, min_size=length, max_size=length))
    def edit(done: list[tuple[Callable, int, int]]) -> None:
        with transaction.atomic():
            watch(site, done, ledger)
            transaction.set_rollback(True)
        # What was counted of what is no more.
        versions.cache.clear()
        assert not ledger.missed

    edit()
    assert ledger.changed
    return ledger


def watch(site: SmallSite, done: list[tuple[Callable, int, int]], ledger: Ledger) -> None:
    """Do one operation after the other, and enter what each of them has made stale."""
    before = Answers(site.urls())
    for operation, which, how in done:
        told = told_by(lambda: operation(site, which, how))  # noqa: B023
        after = Answers([*before.bodies])
        ledger.enter(f"{operation.__name__} {which} {how}", before, after, told)
        before = after
