"""Which posts are filed under which categories, and what keeps a category from being deleted."""

from collections import defaultdict
from typing import NamedTuple

from django.contrib.contenttypes.models import ContentType
from django.db.models import Count, F, IntegerField, ProtectedError, Q, QuerySet, Value
from django.db.models.functions import Cast
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.models import Revision

from blog.models import Category, PostPage
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
    # First grouped, then counted: the other way round, each post is a group of its own.
    counted = posts.exclude(category=None).order_by().values("category").annotate(number=Count("pk"))
    mains = counted.values_list("category", nothing, nothing, "number")
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
            of_main = set(tree.lineage(main))
            for above in tree.lineage(category):
                if above not in of_main:
                    besides[above].add(post)
    return {pk: PostCount(own[pk], totals[pk] + len(besides[pk])) for pk in tree.parents}


def _visible() -> QuerySet[PostPage]:
    return PostPage.objects.live().public()


def posts_in(category: Category) -> set[int]:
    """Ids of all posts that have the category: as they are live, as they are drafted, or as they are scheduled."""
    stored = PostPage.objects.filter(Q(category=category) | Q(pk__in=category.further_posts.values("pk")))
    coming = Revision.objects.filter(content_type=ContentType.objects.get_for_model(PostPage)).filter(
        Q(pk__in=PostPage.objects.filter(has_unpublished_changes=True).values("latest_revision"))
        | Q(approved_go_live_at__isnull=False)
    )
    drafted = coming.values_list("object_id", "content__category", "content__further_categories")
    named = {int(post) for post, main, further in drafted if category.pk in (main, *(further or ()))}
    return named | set(stored.values_list("pk", flat=True))


def why_kept(category: Category) -> str:
    """Why the category can't be deleted, and what to do instead, for an editor; empty if it can."""
    posts, below = len(posts_in(category)), category.children.count()
    reasons = []
    if posts:
        reasons.append(ngettext("%(number)d post is filed under it", "%(number)d posts are filed under it", posts))
    if below:
        reasons.append(ngettext("%(below)d category stands below it", "%(below)d categories stand below it", below))
    if not reasons:
        return ""
    why = _(" and ").join(reasons) % {"number": posts, "below": below}
    return _(
        "“%(name)s” can't be deleted: %(why)s. Choose others there first, drafts included; or take away “Active”, and "
        "readers won't see it any more."
    ) % {"name": category.name, "why": why}


class CategoryKept(ProtectedError):
    """A category can't be deleted, since something needs it; ``str()`` is a sentence for an editor."""

    def __str__(self) -> str:
        return str(self.args[0])


def require_unused(category: Category) -> None:
    """Raise ``CategoryKept`` if anything needs the category."""
    if reason := why_kept(category):
        raise CategoryKept(reason, {category})
