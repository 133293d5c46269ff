"""What goes stale with a page, whichever door it is changed through. See docs/invalidation.md."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from asgiref.local import Local
from django.conf import settings
from django.db.models import Q
from django.db.models.signals import post_delete, post_save, pre_delete, pre_save
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page, PageViewRestriction, get_page_models
from wagtail.signals import page_published, page_slug_changed, post_page_move, pre_page_move

from blog.cache_tags import REDIRECTS, contents_of, moved_tag, slug_tag, tags_of_page
from blog.models import SocialCard
from cms.delivery import affected, others, related_media, standing
from cms.delivery.changes import ALL, MOST_TAGS, announce
from cms.delivery.events import Event

UNSEEN = frozenset(
    {
        *("latest_revision", "latest_revision_created_at", "draft_title", "has_unpublished_changes"),
        *("locked", "locked_at", "locked_by", "owner", "go_live_at", "expire_at", "published_by"),
    }
)
"""Columns of a page that visitors see nothing of: saving a draft writes these."""

_moving = Local()
"""Where a page that is about to be moved is, by its id, before the tree has changed."""


def connect() -> None:
    for model in get_page_models():
        pre_save.connect(look_before, sender=model)
        post_save.connect(tell_of_saving, sender=model)
    # Each page that is deleted has a row of this one, whatever its type.
    pre_delete.connect(tell_of_deletion, sender=Page)
    page_published.connect(tell_of_publishing)
    pre_page_move.connect(look_before_moving)
    for signal in (page_slug_changed, post_page_move):
        signal.connect(tell_of_new_redirects)
    for model_signal in (post_save, post_delete):
        model_signal.connect(tell_of_restriction, sender=PageViewRestriction)
        model_signal.connect(tell_of_card, sender=SocialCard)


def look_before(instance: Page, raw: bool, update_fields: Iterable[str] | None, **kwargs: Any) -> None:
    """Keep how a live page stood, unless nothing is saved that visitors see."""
    instance._stood = None
    instance._is_looked_at = not raw and (update_fields is None or not set(update_fields) <= UNSEEN)
    if instance._is_looked_at and instance.pk is not None:
        found = standing.stored(instance.pk, instance.specific_class or type(instance))
        place = getattr(_moving, "places", {}).pop(instance.pk, {})
        instance._stood = found and replace(found, **place)
        instance._used = related_media.stored_uses(instance) if found else set()


def tell_of_saving(instance: Page, **kwargs: Any) -> None:
    """Make stale what shows the page; and, where it stands elsewhere now, the lists that it was in and is in."""
    if not instance.__dict__.pop("_is_looked_at", False):
        return
    before, used = instance.__dict__.pop("_stood", None), instance.__dict__.pop("_used", set())
    after = standing.about_to_be(instance)
    if before is None and after is None:
        return
    tags = _tags_of(instance, before, after) | _uses(instance, used, before, after)
    # For the event, which names them all.
    instance._stale_tags = tags
    event = _event(before, after)
    announce(tags, event, _subject(instance) if event else None)


def tell_of_publishing(instance: Page, **kwargs: Any) -> None:
    """The event; what it makes stale has been said when the page was saved."""
    if instance.live:
        tags = instance.__dict__.pop("_stale_tags", set(tags_of_page(instance.pk)))
        announce(tags, Event.PAGE_PUBLISHED, _subject(instance))


def tell_of_deletion(instance: Page, **kwargs: Any) -> None:
    """Each page of a branch that is deleted comes here by itself, and is still there."""
    before = standing.stored(instance.pk, instance.specific_class or Page)
    if before is not None:
        tags = _tags_of(instance, before, None) | related_media.stored_uses(instance)
        announce(tags, Event.PAGE_DELETED, _subject(instance))


def look_before_moving(instance: Page, **kwargs: Any) -> None:
    _moving.places = {**getattr(_moving, "places", {}), instance.pk: standing.place_of(instance.path)}


def tell_of_new_redirects(instance: Page, **kwargs: Any) -> None:
    """Wagtail has made redirects from the former addresses, all at once and without a signal."""
    made = Redirect.objects.filter(redirect_page__path__startswith=instance.path, automatically_created=True)
    if paths := list(made.values_list("old_path", flat=True)[: MOST_TAGS + 1]):
        announce({REDIRECTS, *map(moved_tag, paths)})


def tell_of_restriction(
    instance: PageViewRestriction, created: bool = False, raw: bool = False, **kwargs: Any
) -> None:
    """Whatever is below it comes or goes; it goes, if the restriction is new."""
    if not raw and (page := Page.objects.filter(pk=instance.page_id).first()):
        announce({REDIRECTS} | _branch(page.path, comes=not created) | related_media.used_below(page.path))


def tell_of_card(instance: SocialCard, **kwargs: Any) -> None:
    announce([f"sharing-{instance.page_id}"])


def _tags_of(page: Page, before: standing.Standing | None, after: standing.Standing | None) -> set[str]:
    known = after or before
    assert known is not None  # noqa: S101 one of them is
    tags = {f"page-{page.pk}", *contents_of(known.model)}
    if before is not None and after is not None:
        tags |= before.differs(after) | before.shown_otherwise(after)
    else:
        tags |= {*known.tags(comes=after is not None), *tags_of_page(page.pk)}
    if before is None or after is None or before.url_path != after.url_path:
        tags |= _with_its_place(page, before, after)
    return tags


def _uses(page: Page, used: set[str], before: standing.Standing | None, after: standing.Standing | None) -> set[str]:
    """What is used together with other media now, or no longer: nothing, if it is on the same pages as before."""
    if before is not None and after is not None and before.url_path != after.url_path:
        # It may have come into a closed section, or out of one, with all that is below it.
        return used | related_media.used_by(page) | related_media.used_below(page.path)
    now = related_media.used_by(page) if after is not None else set()
    return used | now if used != now else set()


def _with_its_place(page: Page, before: standing.Standing | None, after: standing.Standing | None) -> set[str]:
    """A page comes, goes, or has another address: what stands below it, links to it, or is its translation."""
    known = after or before
    assert known is not None  # noqa: S101 one of them is
    tags: set[str] = set()
    if page.numchild:
        if before is not None and after is not None and before.above:
            # All of them are in other lists.
            tags |= _branch(known.path, before.above[:-1]) | _branch(known.path)
        else:
            # Breadcrumbs, and addresses.
            below = Page.objects.filter(path__startswith=known.path, live=True).values_list("pk", "slug")
            rows = list(below[: MOST_TAGS + 1])
            tags |= {ALL} if len(rows) > MOST_TAGS else {tag for pk, slug in rows for tag in _found_by(pk, slug)}
    if settings.WAGTAIL_I18N_ENABLED:
        others = Page.objects.filter(translation_key=known.translation_key).values_list("pk", flat=True)
        tags |= {tag for pk in others for tag in tags_of_page(pk)}
    led_to = Q(redirect_page__path__startswith=known.path)
    if Redirect.objects.filter(led_to).exists():
        tags.add(REDIRECTS)
    return tags


def _branch(path: str, above: Iterable[int] = (), *, comes: bool = True) -> set[str]:
    found = standing.subtree(path, MOST_TAGS, above, comes=comes)
    return {ALL} if found is None else found


def _found_by(pk: int, slug: str) -> tuple[str, ...]:
    return (*tags_of_page(pk), slug_tag(slug))


def _event(before: standing.Standing | None, after: standing.Standing | None) -> str:
    if after is None:
        return Event.PAGE_UNPUBLISHED
    return Event.PAGE_MOVED if before is not None and before.url_path != after.url_path else ""


def _subject(page: Page) -> dict[str, Any]:
    """What webhooks are told of a page. Its addresses cost queries, which nobody pays for who tells nobody."""
    model = page.specific_class or type(page)
    subject: dict[str, Any] = {"type": model._meta.label, "id": page.pk, "title": page.title}
    if others.want_addresses():
        subject |= {"urls": affected.urls_of_page(page), "affected_urls": affected.urls_beside_page(page)}
    return subject
