"""Which assets are looked at next, and about which a server elsewhere may be asked."""

from django.db.models import Exists, OuterRef, QuerySet
from wagtail.models import CollectionViewRestriction

from media_library.conf import conf
from media_library.insight.endpoint import is_on
from media_library.models import Asset, ProcessingJob
from media_library.serving.privacy import collections_below

Operation = ProcessingJob.Operation

KINDS = (Asset.Kind.IMAGE, Asset.Kind.VIDEO, Asset.Kind.AUDIO)
KINDS_WITH_PIXELS = (Asset.Kind.IMAGE, Asset.Kind.VIDEO)


def unseen_assets() -> QuerySet[Asset]:
    """Assets of which nobody has looked at the file that they have now, the newest first."""
    return _without(Operation.SUGGEST).filter(kind__in=KINDS)


def assets_to_ask_about() -> QuerySet[Asset]:
    """Pictures and films that the endpoint may see and has not been asked about, the newest first."""
    return _without(Operation.ASK_ENDPOINT).filter(kind__in=KINDS_WITH_PIXELS).exclude(collection__in=_closed())


def may_be_asked_about(asset: Asset) -> bool:
    """Whether this asset may be sent to the endpoint: it is switched on, and allowed to see what is private, if so."""
    return is_on() and asset.trashed_at is None and asset.collection_id not in _closed()


def _without(operation: str) -> QuerySet[Asset]:
    done = ProcessingJob.objects.filter(asset=OuterRef("pk"), version=OuterRef("version"), operation=operation)
    ready = Asset.objects.filter(status=Asset.Status.READY, trashed_at=None)
    return ready.filter(~Exists(done)).order_by("-pk")


def _closed() -> set[int]:
    """Ids of collections of which nothing is sent: all that are private, unless an operator lets it."""
    if conf.INSIGHT_ENDPOINT_PRIVATE:
        return set()
    return collections_below(CollectionViewRestriction.objects.all())
