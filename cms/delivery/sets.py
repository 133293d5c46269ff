"""Which sets a post is in: categories, people, series, tags, the language, and those with the same featured image."""

from collections.abc import Iterable

from django.db.models import CharField, IntegerField, QuerySet, Value
from django.db.models.functions import Cast

from blog.models import PostAuthor, PostPage, PostTag
from blog.models.category_tree import CategoryTree

SETS = ("category", "person", "series", "locale", "picture")
OF_CATEGORY = "posts-category-"
FOREIGN_KEYS = ("category_id", "author_id", "series_id", "locale_id", "featured_image_id")


def sets_of(posts: QuerySet[PostPage]) -> set[str]:
    """The sets of posts that these are in: ``posts-category-3``, ``posts-tag-9``. One query."""
    ids = posts.order_by().values("pk")
    further = PostPage.further_categories.through.objects
    rows: list[tuple[str, QuerySet, str]] = [
        *((name, posts, column) for name, column in zip(SETS, FOREIGN_KEYS, strict=True)),
        ("category", further.filter(postpage__in=ids), "category_id"),
        ("person", PostAuthor.objects.filter(page__in=ids), "person_id"),
        ("tag", PostTag.objects.filter(content_object__in=ids), "tag_id"),
    ]
    first, *others = (
        found.order_by().values_list(Value(name, output_field=CharField()), Cast(column, IntegerField()))
        for name, found, column in rows
    )
    return {f"posts-{name}-{key}" for name, key in first.union(*others) if key is not None}


def with_those_above(sets: Iterable[str], tree: CategoryTree) -> set[str]:
    """The same with the categories above, whose lists show these posts, too."""
    found = set(sets)
    for one in sets:
        if one.startswith(OF_CATEGORY):
            found |= {f"{OF_CATEGORY}{above}" for above in tree.lineage(int(one.removeprefix(OF_CATEGORY)))}
    return found


def sets_in_memory(post: PostPage) -> set[str]:
    """The same of one post, as it is about to be saved."""
    found: list[tuple[str, int | None]] = [
        *((name, getattr(post, column)) for name, column in zip(SETS, FOREIGN_KEYS, strict=True)),
        *(("category", one.pk) for one in post.further_categories.all()),
        *(("person", one.person_id) for one in post.further_authors.all()),
        *(("tag", one.pk) for one in post.tags.all()),
    ]
    return {f"posts-{name}-{key}" for name, key in found if key is not None}
