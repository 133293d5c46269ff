"""What is to be said of the media of an object before it is published, and what stands against it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from django.contrib.contenttypes.models import ContentType
from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.models import DraftStateMixin

from media_library.conf import conf
from media_library.exceptions import NotPublishable
from media_library.models import Asset
from media_library.publishing.content import Content, Place


class Level(StrEnum):
    """What comes of a concern, by ``PUBLISHING_CHECKS``."""

    BLOCK = "block"
    WARN = "warn"
    OFF = "off"

    @classmethod
    def of(cls, name: str) -> "Level":
        return cls(conf.publishing_checks[name])


@dataclass(frozen=True)
class Concern:
    """What is to be said of an asset before it is published.

    ``code`` is stable, for programs: ``expired``, ``expiring``, ``unfinished``, ``failed`` or ``missing_alt_text``.
    ``blocks`` says that the object can't be published as long as this holds. ``places`` are where the asset stands in
    the object; there are none where ``snippet`` shows it.
    """

    asset: Asset
    sentence: str
    blocks: bool
    code: str
    places: tuple[Place, ...] = ()
    snippet: Model | None = None


Check = Callable[[Content], Iterable[Concern]]
"""Takes what is about to be published. Of the places of an asset it names those that it means, or none for all."""

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
    content = Content(instance, day or going_live(instance))
    if not content.places and not content.through:
        return []
    found = [_placed(concern, content) for check in _checks for concern in check(content)]
    return sorted(found, key=lambda concern: (not concern.blocks, concern.asset.pk))


def obstacles(instance: Model, day: date | None = None) -> list[Concern]:
    """Why this object can't be published as it stands in memory; empty if it can."""
    return [concern for concern in concerns(instance, day) if concern.blocks]


def require_publishable(instance: Model, day: date | None = None) -> None:
    """Raise ``NotPublishable`` if anything stands against publishing the object."""
    if found := obstacles(instance, day):
        raise refusal(instance, found)


def refusal(instance: Model, found: list[Concern]) -> NotPublishable:
    """The error that says that this object can't be published, and why."""
    return NotPublishable(
        _("“%(title)s” can't be published. %(reasons)s")
        % {"title": instance, "reasons": " ".join(concern.sentence for concern in found)},
        instance,
        found,
    )


def going_live(instance: Model) -> date:
    """The first day on which it will be seen once it is published."""
    moment = getattr(instance, "go_live_at", None)
    return timezone.localdate(moment) if moment and moment > timezone.now() else timezone.localdate()


def _placed(concern: Concern, content: Content) -> Concern:
    """The same, and where to look for it."""
    if concern.asset.pk in content.places:
        return concern if concern.places else replace(concern, places=tuple(content.places[concern.asset.pk]))
    model, key = content.through[concern.asset.pk]
    snippet = ContentType.objects.get_for_id(model).get_object_for_this_type(pk=key)
    where = _("It stands in “%(title)s”.") % {"title": snippet}
    return replace(concern, sentence=f"{concern.sentence} {where}", snippet=snippet)


def is_being_published(instance: DraftStateMixin) -> bool:
    """Whether saving this object makes a revision live that is not live yet."""
    if instance._state.adding or not instance.live or not instance.live_revision_id:
        return False
    stored = type(instance)._base_manager.filter(pk=instance.pk).values_list("live", "live_revision").first()
    return stored != (True, instance.live_revision_id)
