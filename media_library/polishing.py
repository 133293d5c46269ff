"""Making renditions smaller at the same quality: which, and what becomes of their rows."""

from django.contrib.contenttypes.models import ContentType
from django.db.models import BigIntegerField, CharField, Exists, OuterRef, QuerySet
from django.db.models.functions import Cast
from wagtail.models import Page, ReferenceIndex

from media_library.imaging.engine import Encoded, never_larger
from media_library.imaging.orders import Order
from media_library.imaging.presets import ADMIN
from media_library.models import Asset, CustomImage, CustomRendition, ProcessingJob
from media_library.renditions import wanted_orders
from media_library.superseding import supersede


def polishable_images() -> QuerySet[CustomImage]:
    """Images that live pages use, with renditions which nobody has polished yet, nor tried to in vain."""
    live = Page.objects.live().annotate(key=Cast("pk", CharField())).values("key")
    used = ReferenceIndex.objects.filter(
        to_content_type=ContentType.objects.get_for_model(Asset),
        base_content_type=ContentType.objects.get_for_model(Page),
        object_id__in=live,
    )
    failed = ProcessingJob.objects.filter(
        asset=OuterRef("pk"),
        version=OuterRef("version"),
        operation=ProcessingJob.Operation.POLISH_IMAGE,
        state=ProcessingJob.State.FAILED,
    )
    unpolished = CustomRendition.objects.filter(is_polished=False).exclude(preset__in=("", ADMIN))
    return CustomImage.objects.filter(
        ~Exists(failed),
        pk__in=used.annotate(asset_id=Cast("to_object_id", BigIntegerField())).values("asset_id"),
        status=Asset.Status.READY,
        renditions__in=unpolished,
    ).distinct()


def unpolished_orders(image: CustomImage) -> list[Order]:
    """What of an image is to be made again; animations are left as they are."""
    rows = {_key(row) for row in image.renditions.filter(is_polished=False)}
    return [
        one for one in wanted_orders(image) if (one.spec, one.key) in rows and one.preset != ADMIN and not one.animated
    ]


def worth_swapping(image: CustomImage, polished: list[Encoded]) -> list[Encoded]:
    """Those with fewer bytes than the image's own renditions."""
    sizes = {_key(row): row.file_size for row in image.renditions.all()}
    return [one for one in never_larger(polished) if len(one.data) < (sizes.get((one.spec, one.key)) or 0)]


def record_polished(image: CustomImage, tried: list[Order], fresh: list[CustomRendition]) -> int:
    """Put ``fresh`` rows, whose files are stored, in the place of larger ones; return how many bytes that saves.

    All that was ``tried`` is done with, also where nothing was gained. The former files stay for a while.
    """
    rows = {_key(row): row for row in image.renditions.all()}
    smaller = {_key(row): row for row in fresh}
    saved, superseded = 0, []
    for key in {(one.spec, one.key) for one in tried} & set(rows):
        row = rows[key]
        row.is_polished = True
        if new := smaller.get(key):
            saved += (row.file_size or 0) - (new.file_size or 0)
            superseded.append(row.file.name)
            row.file, row.file_size, row.quality = new.file.name, new.file_size, new.quality
        row.save(update_fields=["is_polished", "file", "file_size", "quality"])
        row.purge_from_cache()
    supersede(image, superseded)
    return saved


def end_polishing(image: CustomImage) -> None:
    """Put down that nothing is left to try: what remains moves, or is a drawing, or of a preset that was dropped."""
    image.renditions.filter(is_polished=False).exclude(preset="").update(is_polished=True)


def _key(row: CustomRendition) -> tuple[str, str]:
    return row.filter_spec, row.focal_point_key
