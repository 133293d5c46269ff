from django.db.models import Exists, OuterRef, QuerySet

from media_library.models import Asset, ProcessingJob

KINDS = (Asset.Kind.IMAGE, Asset.Kind.VIDEO, Asset.Kind.AUDIO)


def unseen_assets() -> QuerySet[Asset]:
    """Assets of which nobody has looked at the file that they have now, the newest first."""
    seen = ProcessingJob.objects.filter(
        asset=OuterRef("pk"), version=OuterRef("version"), operation=ProcessingJob.Operation.SUGGEST
    )
    ready = Asset.objects.filter(status=Asset.Status.READY, trashed_at=None, kind__in=KINDS)
    return ready.filter(~Exists(seen)).order_by("-pk")
