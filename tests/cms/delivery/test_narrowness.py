"""Lists that a change has nothing to do with stay, and those it has are made anew: one by one.

What happens to whole sites is in test_exactness.py.
"""

from collections.abc import Callable

import pytest
from taggit.models import Tag
from wagtail.models import Collection, PageViewRestriction

from blog.models import BlogIndexPage, Category, Person, PostPage
from cms.delivery.models import Change
from media_library.deletion import delete_asset, trash_asset
from media_library.models import CustomImage
from tests.blog.content import make_blog, make_category, make_image, make_person, make_post
from tests.cms.delivery.small_site import Answers

pytestmark = pytest.mark.django_db

POSTS = "/api/v2/pages/?type=blog.PostPage"


@pytest.fixture
def blog() -> BlogIndexPage:
    return make_blog()


@pytest.fixture
def notes(blog: BlogIndexPage) -> BlogIndexPage:
    """A section of it."""
    return blog.add_child(instance=BlogIndexPage(title="Notes", slug="notes"))


def stale_by(act: Callable[[], object], *urls: str) -> set[str]:
    """Those of the answers that an act makes stale; all that are others after it are among them."""
    before = Answers([*urls])
    Change.objects.all().delete()
    act()
    told = {tag for change in Change.objects.all() for tag in change.tags}
    after = Answers([*urls])
    stale = {url for url in urls if before.tags[url] & told}
    assert {url for url in urls if after.bodies[url] != before.bodies[url]} <= stale
    return stale


def move(post: PostPage, target: PostPage | BlogIndexPage, pos: str) -> None:
    PostPage.objects.get(pk=post.pk).move(type(target).objects.get(pk=target.pk), pos=pos)


def test_posts_that_pass_each_other_concern_lists_that_hold_both(blog: BlogIndexPage) -> None:
    ada, grace = make_person("Ada"), make_person("Grace")
    first, second, third = (make_post(blog, n, author=author) for n, author in enumerate((ada, grace, ada)))
    of_all, of_ada, of_grace = (f"{POSTS}{end}" for end in ("", "&author=ada", "&author=grace"))
    assert stale_by(lambda: move(third, second, "left"), of_all, of_ada, of_grace) == {of_all}
    assert stale_by(lambda: move(third, first, "left"), of_all, of_ada, of_grace) == {of_all, of_ada}
    assert stale_by(lambda: move(third, second, "right"), of_all, of_ada, of_grace) == {of_all, of_ada}


def test_related_posts_follow_who_has_the_same_picture_and_how_rare_it_is(blog: BlogIndexPage) -> None:
    harbour, pier, sea = make_image("Harbour"), make_image("Pier"), make_category("Sea")
    first, second = (make_post(blog, number, featured_image=harbour, category=sea) for number in (1, 2))
    for number in range(3, 9):
        make_post(blog, number, category=sea)
    other = make_post(blog, 9, featured_image=pier)
    urls = [f"/api/v2/pages/{post.pk}/?fields=related" for post in (first, second)]

    def illustrate() -> None:
        post = PostPage.objects.get(pk=other.pk)
        post.featured_image = harbour
        post.save_revision().publish()

    def edit() -> None:
        post = PostPage.objects.get(pk=other.pk)
        post.featured_image = pier
        post.save_revision().publish()

    assert stale_by(illustrate, *urls) == {*urls}
    assert stale_by(edit, *urls) == {*urls}
    assert stale_by(edit, *urls) == set()


def test_searched_posts_may_be_in_another_order_after_any_page_is_renamed(
    blog: BlogIndexPage, notes: BlogIndexPage
) -> None:
    make_post(blog, 1, title="Tide")
    searched, listed = f"{POSTS}&search=tide", f"{POSTS}&order=-date"

    def rename() -> None:
        page = BlogIndexPage.objects.get(pk=notes.pk)
        page.title = "Tide, tide and tide"
        page.save_revision().publish()

    assert stale_by(rename, searched, listed) == {searched}


def test_searched_posts_may_be_in_another_order_after_anything_that_is_indexed_is_another(
    blog: BlogIndexPage,
) -> None:
    picture, _post = make_image("Harbour"), make_post(blog, 1, title="Tide")
    searched, listed = f"{POSTS}&search=tide", f"{POSTS}&order=-date"

    def describe() -> None:
        picture.description = "Tide, tide and tide"
        picture.save()

    assert stale_by(describe, searched, listed) == {searched}
    assert stale_by(picture.save, searched, listed) == set()


@pytest.mark.parametrize("remove", [trash_asset, delete_asset])
def test_searched_posts_may_be_in_another_order_once_a_picture_is_gone(
    blog: BlogIndexPage, remove: Callable[[CustomImage], object]
) -> None:
    picture, _post = make_image("Harbour"), make_post(blog, 1, title="Tide")
    searched, listed = f"{POSTS}&search=tide", f"{POSTS}&order=-date"
    assert stale_by(lambda: remove(picture), searched, listed) == {searched}


def test_posts_of_a_category_and_of_one_below_pass_each_other_in_its_list(blog: BlogIndexPage) -> None:
    travel = make_category("Travel")
    harbours = make_category("Harbours", parent=travel)
    first, second = make_post(blog, 0, category=travel), make_post(blog, 1, category=harbours)
    of_travel, of_harbours = f"{POSTS}&category=travel", f"{POSTS}&category=harbours"
    assert stale_by(lambda: move(second, first, "left"), of_travel, of_harbours) == {of_travel}


def test_sections_that_pass_each_other_concern_lists_of_both(blog: BlogIndexPage, notes: BlogIndexPage) -> None:
    diary = BlogIndexPage.objects.get(pk=blog.pk).add_child(instance=BlogIndexPage(title="Diary", slug="diary"))
    make_post(notes, 0)
    make_post(diary, 1)
    urls = (POSTS, f"{POSTS}&descendant_of={notes.pk}", f"{POSTS}&order=-date")
    assert stale_by(lambda: diary.move(BlogIndexPage.objects.get(pk=notes.pk), pos="left"), *urls) == {POSTS}


def test_post_in_another_section_is_gone_from_lists_of_the_one_it_was_in(
    blog: BlogIndexPage, notes: BlogIndexPage
) -> None:
    post = make_post(blog, 0, author=make_person("Ada"))
    make_post(blog, 1)
    of_section = f"{POSTS}&author=ada&order=-date&child_of={blog.pk}"
    others = (f"{POSTS}&author=grace", f"{POSTS}&order=-date&limit=1")
    assert stale_by(lambda: move(post, notes, "last-child"), of_section, *others) == {of_section}


def test_post_that_is_moved_into_a_closed_section_is_gone_from_all_lists(
    blog: BlogIndexPage, notes: BlogIndexPage
) -> None:
    PageViewRestriction.objects.create(page_id=notes.pk, restriction_type=PageViewRestriction.LOGIN)
    post = make_post(blog, 0, author=make_person("Ada"))
    urls = (POSTS, f"{POSTS}&author=ada&order=-date", f"{POSTS}&order=-date")
    assert stale_by(lambda: move(post, notes, "last-child"), *urls) == {*urls}


def test_person_who_is_renamed_leaves_lists_of_others(blog: BlogIndexPage) -> None:
    person = make_person("Grace")
    make_post(blog, 0, author=make_person("Ada"))

    def rename() -> None:
        person.name = "Rear Admiral Grace"
        person.save()

    assert stale_by(rename, f"{POSTS}&author=ada") == set()


@pytest.mark.parametrize("asked", ["author=linus", "category=linus", "tag=LINUS"])
def test_list_of_nobody_is_made_anew_when_there_is_somebody(asked: str, blog: BlogIndexPage) -> None:
    def come() -> None:
        person, category = Person.objects.create(name="Linus"), Category.objects.create(name="Linus")
        make_post(blog, 0, author=person, category=category, tags=["Linus"])

    url = f"{POSTS}&{asked}"
    assert stale_by(come, url, f"{POSTS}&author=ada", f"{POSTS}&tag=ada") == {url}


def test_category_that_is_hidden_or_moved_concerns_those_above_and_below(blog: BlogIndexPage) -> None:
    travel, other = make_category("Travel"), make_category("Other")
    harbours = make_category("Harbours", parent=travel)
    quays = make_category("Quays", parent=harbours)
    for number, category in enumerate((travel, other, quays)):
        make_post(blog, number, category=category)
    of_travel, of_other, of_quays = (f"{POSTS}&category={slug}" for slug in ("travel", "other", "quays"))

    def put(**columns: object) -> Callable[[], None]:
        def act() -> None:
            category = Category.objects.get(pk=harbours.pk)
            for name, value in columns.items():
                setattr(category, name, value)
            category.save()

        return act

    urls = (of_travel, of_other, of_quays)
    assert stale_by(put(description="Where ships are"), *urls) == set()
    assert stale_by(put(is_active=False), *urls) == {of_travel, of_quays}
    assert stale_by(put(is_active=True), *urls) == {of_travel, of_quays}
    assert {of_travel, of_other} <= stale_by(put(parent=other), *urls)


def test_tag_with_another_name_concerns_lists_by_either_name(blog: BlogIndexPage) -> None:
    make_post(blog, 0, tags=["sea", "light"])
    tag = Tag.objects.get(name="light")

    def rename() -> None:
        tag.name = "Night"
        tag.save()

    formerly, now, other = (f"{POSTS}&tag={name}&fields=id" for name in ("light", "night", "unheard"))
    assert {formerly, now} == stale_by(rename, formerly, now, other)


def test_list_of_a_folder_knows_what_is_filed_there(blog: BlogIndexPage) -> None:
    shelf = Collection.get_first_root_node().add_child(name="Shelf")
    folder = shelf.add_child(name="Archive")
    image = make_image()
    whole, filed = "/api/media/?limit=5", f"/api/media/?collection={shelf.pk}"

    def file() -> None:
        image.collection = folder
        image.save(update_fields=["collection", "updated_at"])

    def put_away() -> None:
        # As its form does it.
        folder.save()
        folder.move(Collection.get_first_root_node(), pos="sorted-child")

    assert stale_by(file, whole, filed, f"/api/v2/images/?collection={folder.pk}") == {
        filed,
        f"/api/v2/images/?collection={folder.pk}",
    }
    assert stale_by(put_away, whole, filed) == {filed}


def test_picture_whose_form_files_it_elsewhere_stays_where_it_is_shown(blog: BlogIndexPage) -> None:
    folder, image = Collection.get_first_root_node().add_child(name="Archive"), make_image()
    post = make_post(blog, featured_image=image)

    def file() -> None:
        found = CustomImage.objects.get(pk=image.pk)
        found.collection = folder
        found.save()

    urls = (f"/api/v2/pages/{post.pk}/", f"/api/v2/images/{image.pk}/", f"/api/v2/images/?collection={folder.pk}")
    assert stale_by(file, *urls) == {urls[2]}


def test_list_of_a_section_knows_whether_it_is_there_and_not_what_it_is_called(
    blog: BlogIndexPage, notes: BlogIndexPage
) -> None:
    make_post(blog, 0)
    of_notes = f"{POSTS}&child_of={notes.pk}"

    def rename() -> None:
        notes.title = "Marginalia"
        notes.save_revision().publish()

    assert stale_by(rename, of_notes, POSTS) == set()
    assert stale_by(BlogIndexPage.objects.get(pk=notes.pk).unpublish, of_notes, POSTS) == {of_notes}
