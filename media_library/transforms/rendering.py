"""Making a rendition that is missing: once, however many ask for it at the same time."""

import logging
import time
from collections.abc import Mapping

from django.db import IntegrityError
from django.utils.translation import gettext as _
from wagtail.images.models import Filter, SourceImageIOError

from media_library.conf import conf
from media_library.exceptions import Busy, DamagedFile, InvalidTransform, UnacceptableFile
from media_library.imaging.presets import fallback_format
from media_library.models import Asset, CustomImage, CustomRendition
from media_library.models.files import public_storage
from media_library.renditions import drop_renditions
from media_library.single_flight import single_flight
from media_library.storage import remove_unreferenced
from media_library.superseding import supersede
from media_library.transforms.finished import Finished, find
from media_library.transforms.gate import Gate
from media_library.transforms.operations import Transform, require_bounds

logger = logging.getLogger(__name__)

_gate = Gate()


def render(image_id: int, transform: Transform, formats: Mapping[str, str]) -> Finished:
    """Make a rendition that is missing, unless someone else is at it: then wait for theirs.

    Takes what ``finished.find`` takes. Raises ``InvalidTransform``, ``UnacceptableFile`` when the original can't be
    read, ``Busy`` when it would take too long, and ``CustomImage.DoesNotExist``, also when the image is deleted
    meanwhile.
    """
    image = CustomImage.objects.get(pk=image_id)
    spec = transform.spec(formats[fallback_format(image.has_alpha, image.is_animated)])
    _require_sense(image, spec)
    deadline = time.monotonic() + conf.TRANSFORM_WAIT_SECONDS
    with _gate.queue(), single_flight(f"transform-{image_id}-{spec}", conf.TRANSFORM_WAIT_SECONDS):
        for attempts_left in (2, 1, 0):
            done = find(image_id, transform, formats)
            if done and public_storage().exists(done.name):
                return done
            if attempts_left:
                with _gate.turn(deadline):
                    _make(CustomImage.objects.get(pk=image_id), spec)
    # The picture was replaced, twice, while it was rendered.
    raise Busy("The picture is being changed.")


def _require_sense(image: CustomImage, spec: str) -> None:
    """Refuse what can be refused without opening the original."""
    if image.is_svg():
        raise InvalidTransform(_("A drawing in SVG has no size in pixels; use its own address."))
    if image.status == Asset.Status.FAILED or not image.width or not image.height:
        raise _unreadable()
    require_bounds(image, spec)


def _make(image: CustomImage, spec: str) -> None:
    # What is there is of a version before this one, or has lost its file, and get_rendition would be content with it.
    focal_point_key = Filter(spec).get_cache_key(image)
    stale = list(image.renditions.filter(filter_spec=spec, focal_point_key=focal_point_key))
    drop_renditions(stale)
    supersede(image, [row.file.name for row in stale])
    CustomRendition.cache_backend.delete(CustomRendition.construct_cache_key(image, focal_point_key, spec))
    started = time.monotonic()
    try:
        image.get_rendition(spec)
    except (IntegrityError, SourceImageIOError, UnacceptableFile) as error:
        if not _was_replaced(image):
            raise error if isinstance(error, UnacceptableFile) else _unreadable() from error
    logger.info("Rendered %s of image %s on demand in %.2f s", spec, image.pk, time.monotonic() - started)


def _was_replaced(image: CustomImage) -> bool:
    """Whether the image has another version now; raises ``CustomImage.DoesNotExist`` when it was deleted."""
    try:
        return CustomImage.objects.only("version").get(pk=image.pk).version != image.version
    except CustomImage.DoesNotExist:
        # All that was made from it went with it, but for what was being made.
        remove_unreferenced(public_storage(), str(image.pk), ())
        raise


def _unreadable() -> DamagedFile:
    return DamagedFile(_("The original of this picture can't be read."))
