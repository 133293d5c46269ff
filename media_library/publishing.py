"""May this be published? What stands against it, of the assets that it uses. See docs/decisions/0019.

Checks are registered (``register_check``), so each room says what it knows: rights.py that an asset may not be shown
any more. Whoever publishes asks here; the last net are the signals of saving (signal_handlers.py), which every way of
publishing comes past: Wagtail's admin, its API v3, schedules, workflows, and Python.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date

from django.contrib.contenttypes.models import ContentType
from django.db.models import Model, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log
from wagtail.models import DraftStateMixin, ReferenceIndex, Revision
from wagtail.snippets.models import get_snippet_models

from media_library.exceptions import NotPublishable
from media_library.models import Asset

LOG_HELD_BACK = "media_library.publish.held_back"


@dataclass(frozen=True)
class Concern:
    """What is to be said of an asset before it is published: a sentence, and whether it may not be at all."""

    asset: Asset
    sentence: str
    blocks: bool


Check = Callable[[QuerySet[Asset], date], Iterable[Concern]]
"""Takes the assets that something uses, and the first day on which they will be seen."""

_checks: list[Check] = []


def register_check(check: Check) -> Check:
    """Have this asked, too, before anything is published."""
    if check not in _checks:
        _checks.append(check)
    return check


def concerns(instance: Model, day: date | None = None) -> list[Concern]:
    """All that is to be said of the assets that this object uses as it stands in memory; what blocks comes first.

    What the snippets that it refers to show stands on it, too. ``day`` is when it goes live; by default that which its
    schedule names, or today. One query for each check, one for snippets, and some where there is anything to say.
    """
    direct, snippets = _references(instance)
    through = _shown_by(snippets)
    if not direct and not through:
        return []
    assets = Asset.objects.filter(pk__in={*direct, *through})
    found = [concern for check in _checks for concern in check(assets, day or going_live(instance))]
    found = [one if one.asset.pk in direct else _told_with(one, through[one.asset.pk]) for one in found]
    return sorted(found, key=lambda concern: (not concern.blocks, concern.asset.pk))


def obstacles(instance: Model, day: date | None = None) -> list[Concern]:
    """Why this object can't be published as it stands in memory; empty if it can."""
    return [concern for concern in concerns(instance, day) if concern.blocks]


def require_publishable(instance: Model, day: date | None = None) -> None:
    """Raise ``NotPublishable`` if anything stands against publishing the object."""
    if found := obstacles(instance, day):
        raise NotPublishable(
            _("“%(title)s” can't be published. %(reasons)s")
            % {"title": instance, "reasons": " ".join(concern.sentence for concern in found)},
            found,
        )


def going_live(instance: Model) -> date:
    """The first day on which it will be seen once it is published."""
    moment = getattr(instance, "go_live_at", None)
    return timezone.localdate(moment) if moment and moment > timezone.now() else timezone.localdate()


Key = tuple[int, str]
"""The content type and the primary key of an object."""


def _references(instance: Model) -> tuple[set[int], set[Key]]:
    """The assets, by id, and the snippets that an object refers to as it stands in memory, at any depth."""
    assets = ContentType.objects.get_for_model(Asset).pk
    shown = {ContentType.objects.get_for_model(model).pk for model in get_snippet_models()}
    direct, snippets = set(), set()
    for target, key, _model_path, _content_path in ReferenceIndex._extract_references_from_object(instance):
        # The id in rich text is whatever stands there.
        if target == assets and key.isdecimal():
            direct.add(int(key))
        elif target in shown:
            snippets.add((target, key))
    return direct, snippets


def _shown_by(snippets: set[Key]) -> dict[int, Key]:
    """The assets that these snippets refer to as they are saved, by id, each with one of them."""
    if not snippets:
        return {}
    rows = ReferenceIndex.objects.filter(
        to_content_type=ContentType.objects.get_for_model(Asset),
        base_content_type__in={one for one, _key in snippets},
        object_id__in={key for _one, key in snippets},
    ).values_list("to_object_id", "base_content_type", "object_id")
    return {int(asset): (model, key) for asset, model, key in rows if (model, key) in snippets}


def _told_with(concern: Concern, snippet: Key) -> Concern:
    """The same, and where to look for it."""
    found = ContentType.objects.get_for_id(snippet[0]).get_object_for_this_type(pk=snippet[1])
    return replace(concern, sentence=f"{concern.sentence} {_('It stands in “%(title)s”.') % {'title': found}}")


def is_being_published(instance: DraftStateMixin) -> bool:
    """Whether saving this object makes a revision live that is not live yet."""
    if instance._state.adding or not instance.live or not instance.live_revision_id:
        return False
    stored = type(instance)._base_manager.filter(pk=instance.pk).values_list("live", "live_revision").first()
    return stored != (True, instance.live_revision_id)


def hold_back() -> list[tuple[Revision, NotPublishable]]:
    """Take what can't be published any more out of the schedule, and return it; before scheduled things are published.

    A right may end, or its end be noted, after somebody has scheduled. The draft stays, and its history says why.
    """
    held = []
    due = Revision.objects.filter(approved_go_live_at__lt=timezone.now()).order_by("approved_go_live_at")
    for revision in due:
        instance = revision.as_object()
        try:
            require_publishable(instance)
        except NotPublishable as refusal:
            Revision.objects.filter(pk=revision.pk).update(approved_go_live_at=None)
            log(instance=instance, action=LOG_HELD_BACK, revision=revision, data={"reason": str(refusal)})
            held.append((revision, refusal))
    return held
