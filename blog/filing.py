"""Which posts are filed under which categories."""

from collections import defaultdict
from typing import NamedTuple

from django.db.models import Count, F, IntegerField, QuerySet, Value
from django.db.models.functions import Cast

from blog.models import PostPage
from blog.models.category_tree import CategoryTree

Filed = PostPage.further_categories.through


class PostCount(NamedTuple):
    """How many posts visitors find in a category, each counted once: in itself, and with all below it."""

    own: int = 0
    total: int = 0


def count_posts(tree: CategoryTree) -> dict[int, PostCount]:
    """Count the live public posts of all categories, by main and further categories, in one query.

    Main categories are counted by the database, since a post has one. Further ones come row by row, as the same post
    may be in several parts of a branch.
    """
    own: dict[int, int] = defaultdict(int)
    totals: dict[int, int] = defaultdict(int)
    besides: dict[int, set[int]] = defaultdict(set)
    nothing = Cast(Value(None), IntegerField())
    posts = _visible()
    mains = posts.exclude(category=None).order_by().values_list("category", nothing, nothing, Count("pk"))
    further = Filed.objects.filter(postpage__in=posts.order_by().values("pk")).values_list(
        "category", "postpage", F("postpage__category"), Value(1)
    )
    for category, post, main, number in mains.union(further, all=True):
        if post is None:
            own[category] += number
            for above in tree.lineage(category):
                totals[above] += number
        elif category != main:
            own[category] += 1
            counted = set(tree.lineage(main))
            for above in tree.lineage(category):
                if above not in counted:
                    besides[above].add(post)
    return {pk: PostCount(own[pk], totals[pk] + len(besides[pk])) for pk in tree.parents}


def _visible() -> QuerySet[PostPage]:
    return PostPage.objects.live().public()
