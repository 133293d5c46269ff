"""What workers made is made again after a restore, what most visitors see first."""

from django.contrib.contenttypes.models import ContentType
from django.db.models import BigIntegerField, Case, CharField, QuerySet, Value, When
from django.db.models.functions import Cast
from wagtail.models import Page, ReferenceIndex

from media_library import jobs
from media_library.models import Asset

AT_A_TIME = 500


def develop_again() -> int:
    """Queue the work on all assets, in the transaction of the caller; return how many jobs. Workers find them."""
    developed = Asset.objects.exclude(kind=Asset.Kind.DOCUMENT)
    ids = list(by_visibility(developed).values_list("pk", flat=True))
    developed.update(status=Asset.Status.UPLOADED, status_reason="")
    queued = 0
    for start in range(0, len(ids), AT_A_TIME):
        found = Asset.objects.in_bulk(ids[start : start + AT_A_TIME])
        queued += len(jobs.enqueue_all(found[pk] for pk in ids[start : start + AT_A_TIME]))
    return queued


def by_visibility(assets: QuerySet[Asset]) -> QuerySet[Asset]:
    """What live pages show, then what was seen most, then what is new; the trash last."""
    live = Page.objects.live().annotate(key=Cast("pk", CharField())).values("key")
    used = ReferenceIndex.objects.filter(
        to_content_type=ContentType.objects.get_for_model(Asset),
        base_content_type=ContentType.objects.get_for_model(Page),
        object_id__in=live,
    )
    shown = used.annotate(asset_id=Cast("to_object_id", BigIntegerField())).values("asset_id")
    rank = Case(When(trashed_at__isnull=False, then=Value(2)), When(pk__in=shown, then=Value(0)), default=Value(1))
    return assets.order_by(rank, "-view_count", "-pk")
