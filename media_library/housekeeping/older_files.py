"""Files that came before Darkroom knew of panoramas, motion photos and gain maps: looked at when there is time."""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from wagtail.models import ModelLogEntry

from media_library import jobs
from media_library.exceptions import UnacceptableFile
from media_library.imaging.gain_map import read_gain_map
from media_library.imaging.operations import Geometry
from media_library.imaging.projection import photo_projection
from media_library.imaging.source import as_seen_size, open_image
from media_library.imaging.tags import read_tags
from media_library.intake.motion import holds_film
from media_library.models import Asset, CustomImage, ProcessingJob, Video
from media_library.models.asset import RECOGNITION
from media_library.motion import LOG_SEPARATE
from media_library.signals import tell_changed
from media_library.storage import local_path
from media_library.video.probe import probe

logger = logging.getLogger(__name__)

AT_A_TIME = 200

KINDS = (Asset.Kind.IMAGE, Asset.Kind.VIDEO)


@dataclass(frozen=True)
class Found:
    """What a file is; the last two are of pictures."""

    projection: dict[str, Any] | None = None
    is_hdr: bool = False
    holds_film: bool = False


def older_files() -> QuerySet[Asset]:
    """Pictures and films that are to be looked at, the newest first."""
    ready = Asset.objects.filter(recognition__lt=RECOGNITION, status=Asset.Status.READY, trashed_at=None)
    return ready.filter(kind__in=KINDS).order_by("-pk")


def look_at_older_files(may_go_on: Callable[[], bool], seconds: float = 50.0) -> int:
    """Look at them for so long, as long as ``may_go_on``; return how many that were.

    The next run goes on with the rest. What can't be read is noted as looked at: its original says nothing. A storage
    that doesn't answer ends the run.
    """
    until, done = time.monotonic() + seconds, 0
    for asset in older_files()[:AT_A_TIME]:
        if time.monotonic() > until or not may_go_on():
            break
        try:
            _look_at(asset.specific)
        except FileNotFoundError:
            logger.warning("The original of asset %s is missing, so nobody can say what it is", asset.pk)
            _note(asset)
        except OSError as error:
            logger.warning("The storage doesn't answer; older files are looked at later: %s", error)
            break
        done += 1
    return done


def _look_at(asset: Asset) -> None:
    try:
        found = _found_in(asset)
    except UnacceptableFile as error:
        logger.warning("Asset %s can't be read: %s", asset.pk, error)
        found = None
    with transaction.atomic():
        Asset.lock(asset.pk)
        current = Asset.objects.filter(pk=asset.pk, version=asset.version).first()
        # Replaced, reverted or edited meanwhile: then somebody has looked, or the next run does.
        if current is None or getattr(current.specific, "recipe", None) != getattr(asset, "recipe", None):
            return
        _note(asset)
        if found is not None:
            _record(current.specific, found)


def _found_in(asset: Asset) -> Found | None:
    if isinstance(asset, Video):
        with local_path(asset.file) as path:
            projection = probe(path, asset.mime_type).projection
        return Found(projection.to_json() if projection else None)
    if not isinstance(asset, CustomImage) or asset.is_svg():
        return None
    recipe = asset.get_recipe()
    with asset.file.open("rb") as file:
        tags = read_tags(file)
        with open_image(file) as image:
            size = as_seen_size(image)
        projection = photo_projection(tags.xmp, *size) if recipe.geometry == Geometry() else None
        return Found(
            projection.to_json() if projection else None,
            is_hdr=recipe.leaves_pixels and read_gain_map(file) is not None,
            holds_film=not _has_film(asset) and holds_film(file, tags),
        )


def _has_film(image: CustomImage) -> bool:
    """Whether its film has been dealt with: it is there, or on its way, or an editor has parted with it."""
    if image.motion_id is not None or image.holds_film:
        return True
    log = ModelLogEntry.objects.for_instance(image)
    return log.filter(action=LOG_SEPARATE).exists()


def _note(asset: Asset) -> None:
    Asset.objects.filter(pk=asset.pk, version=asset.version).update(recognition=RECOGNITION)


def _record(asset: Asset, found: Found) -> None:
    if asset.projection != found.projection:
        Asset.objects.filter(pk=asset.pk).update(projection=found.projection, updated_at=timezone.now())
        tell_changed(asset.kind, [asset.pk])
    if not isinstance(asset, CustomImage):
        return
    row = CustomImage.objects.filter(pk=asset.pk)
    if found.holds_film:
        row.update(holds_film=True)
        # The reaper tells the workers of it, within seconds.
        jobs.enqueue_operation(asset, ProcessingJob.Operation.SPLIT_MOTION)
    if asset.is_hdr != found.is_hdr:
        row.update(is_hdr=found.is_hdr)
        # Its JPEGs are made anew, with the gain map; and its film taken out along with them.
        jobs.redevelop(row)
