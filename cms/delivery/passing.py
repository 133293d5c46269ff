"""Lists that are in another order when a page is moved past its siblings, with all that is below it.

Only what holds something of it and something of those it has passed.
"""

from django.contrib.contenttypes.models import ContentType
from django.db.models import Q
from wagtail.models import Page

from blog.cache_tags import ORDER, lists_that_hold, placed_of, slug_tag
from blog.models import Category, PersonPage, PostPage
from cms.delivery.sets import sets_of, with_those_above


def lists_by_passing(path: str, behind: int | None, above: tuple[int, ...]) -> set[str]:
    """The tags of those lists, once the page is at this path.

    ``behind`` is the id of the sibling that stood right before it until then, None for the first one; ``above`` are
    the ids of the pages above it, the root first.
    """
    moved, passed = Q(path__startswith=path, live=True), _passed(path, behind) & Q(live=True)
    sets, tree = sets_of(PostPage.objects.filter(moved)), Category.tree()
    others = sets_of(PostPage.objects.filter(passed))
    tags = placed_of(with_those_above(sets, tree) & with_those_above(others, tree))
    tags |= _people(moved) & _people(passed)
    for name in _kinds(moved) & _kinds(passed):
        places = ["", f"-in-{above[-1]}", *(f"-below-{one}" for one in above)] if above else [""]
        tags |= {f"{name}{place}{ORDER}" for place in places}
    both = Page.objects.filter(moved, slug__in=Page.objects.filter(passed).order_by().values("slug"))
    return tags | {slug_tag(slug) for slug in both.order_by().values_list("slug", flat=True).distinct()}


def _passed(path: str, behind: int | None) -> Q:
    """What stands between where the page was and where it is."""
    parent = path[: -Page.steplen]
    siblings = Q(path__startswith=parent, path__gt=parent) & ~Q(path__startswith=path)
    if behind is None:
        return siblings & Q(path__lt=path)
    former = Page.objects.filter(pk=behind, path__startswith=parent).values_list("path", flat=True).first()
    if former is None:
        # It has gone meanwhile.
        return siblings
    if former < path:
        return siblings & Q(path__gt=former, path__lt=path) & ~Q(path__startswith=former)
    return siblings & Q(path__gt=path) & (Q(path__lte=former) | Q(path__startswith=former))


def _people(pages: Q) -> set[str]:
    """Those who have a page there: the first one of theirs is linked to."""
    found = PersonPage.objects.filter(pages, person__isnull=False).order_by()
    return {f"person-{pk}" for pk in found.values_list("person", flat=True)}


def _kinds(pages: Q) -> set[str]:
    """Lists of pages of the types that are there."""
    kinds = Page.objects.filter(pages).order_by().values_list("content_type", flat=True).distinct()
    models = (ContentType.objects.get_for_id(kind).model_class() or Page for kind in kinds)
    return {name for model in models for name in lists_that_hold(model, (), None)}
