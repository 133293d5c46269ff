"""Media on which work goes on, or has failed."""

from collections.abc import Iterable, Iterator

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from media_library.models import Asset, PosterRendition, Transcode
from media_library.publishing.checks import Concern, Level, register_check
from media_library.publishing.content import Content

UNFINISHED = "unfinished"
FAILED = "failed"


def unfinished(assets: QuerySet[Asset]) -> QuerySet[Asset]:
    """Those that can't be shown as they will be.

    A film is ready enough with its poster and the first size that plays: players take the others as they come, by the
    same address, and nothing has to be published anew. Of a picture, what there is from the start is too small for
    that.
    """
    this_version = {"asset": OuterRef("pk"), "version": OuterRef("version")}
    plays = Exists(Transcode.objects.filter(**this_version, playlist=""))
    has_poster = Exists(PosterRendition.objects.filter(**this_version))
    at_work = assets.filter(status__in=(Asset.Status.UPLOADED, Asset.Status.PROCESSING))
    return at_work.exclude(Q(plays) & Q(has_poster), kind=Asset.Kind.VIDEO)


def only_unfinished(found: Iterable[Concern]) -> bool:
    """Whether nothing but time stands against publishing: what ``waiting`` can wait for."""
    found = list(found)
    return bool(found) and all(concern.code == UNFINISHED for concern in found)


# What the live version shows already is no reason to leave its mistakes there: that is told, and doesn't block.


@register_check
def check_unfinished(content: Content) -> Iterator[Concern]:
    """Media that workers haven't finished."""
    if (level := Level.of("unfinished")) == Level.OFF:
        return
    for asset in unfinished(content.assets):
        blocks = level == Level.BLOCK and asset.pk not in content.shown_already
        sentence = _("“%(title)s” is still being processed.") % {"title": asset.title}
        yield Concern(asset, sentence, blocks, UNFINISHED)


@register_check
def check_failed(content: Content) -> Iterator[Concern]:
    """Media that could not be processed, and why."""
    if (level := Level.of("failed")) == Level.OFF:
        return
    for asset in content.assets.filter(status=Asset.Status.FAILED):
        blocks = level == Level.BLOCK and asset.pk not in content.shown_already
        sentence = _("“%(title)s” could not be processed.") % {"title": asset.title}
        yield Concern(asset, f"{sentence} {asset.status_reason}".strip(), blocks, FAILED)
