"""Experiments that are running, as front ends are told of them: two pictures for one place of a post."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from wagtail.models import Page

from blog.experiments.shapes import ExperimentObject
from blog.models import Experiment, PostPage
from media_library.api.batch import Batch
from media_library.api.library import library
from media_library.api.serializers import represent
from media_library.models import CustomImage


def note_experiments(posts: QuerySet) -> QuerySet:
    """The posts, each with whether any experiment is running: mostly none is, and then none is looked up."""
    running = Experiment.objects.filter(post=OuterRef("pk"), state=Experiment.State.RUNNING)
    return posts.annotate(has_experiments=Exists(running))


def expect_experiments(posts: Iterable[Page]) -> None:
    """Say that their experiments will be asked for; mostly a query for all of them, or none (``note_experiments``)."""
    known = library().once(_known)
    for post in posts:
        if not isinstance(post, PostPage):
            continue
        if getattr(post, "has_experiments", True):
            known.expect([post.pk])
        else:
            known.put(post.pk, [])


def expect_pictures(posts: Iterable[Page]) -> None:
    """Prepare to show the pictures of the experiments of expected posts, together with all others."""
    found = [one for post in posts if isinstance(post, PostPage) for one in _running(post)]
    library().images.expect(pk for one in found for pk in (one.variant_a_id, one.variant_b_id) if pk is not None)


def experiments_of(post: PostPage, context: dict[str, Any]) -> list[ExperimentObject]:
    """Those that are running, without any of whose pictures one can't be shown.

    The tags of the post stand for them (cms/delivery/snippet_changes.py).
    """
    return [shown for one in _running(post) if (shown := _represent(one, context)) is not None]


def experiment_in_lists(post: PostPage, context: dict[str, Any]) -> ExperimentObject | None:
    """The one whose pictures take the place of the post's in lists; None where there is none."""
    found = (one for one in _running(post) if one.slot == Experiment.Slot.THUMBNAIL)
    return next((shown for one in found if (shown := _represent(one, context)) is not None), None)


def _running(post: PostPage) -> list[Experiment]:
    return (library().once(_known).get(post.pk) or []) if post.pk else []


def _known() -> Batch[int, list[Experiment]]:
    return Batch(_load)


def _load(posts: set[int]) -> dict[int, list[Experiment]]:
    found: dict[int, list[Experiment]] = defaultdict(list)
    running = Experiment.objects.filter(post__in=posts - {None}, state=Experiment.State.RUNNING).order_by("slot")
    for one in running:
        found[one.post_id].append(one)
    return dict(found)


def _represent(one: Experiment, context: dict[str, Any]) -> ExperimentObject | None:
    pictures = library().choose(CustomImage, [one.variant_a_id, one.variant_b_id])
    a, b = (
        represent(picture, context)
        if picture is not None and not picture.trashed_at and library().may_show(picture)
        else None
        for picture in pictures
    )
    return {"id": one.pk, "slot": one.slot, "a": a, "b": b} if a is not None and b is not None else None
