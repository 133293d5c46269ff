"""From what is wanted to a file in public storage: the one that is there, or one that is made, once."""

import logging
import time

from django.db import IntegrityError
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from wagtail.images.models import Filter, SourceImageIOError

from media_library.conf import conf
from media_library.exceptions import Busy, DamagedFile, UnacceptableFile
from media_library.models import Asset, CustomImage, CustomRendition
from media_library.models.files import developed_folder, public_storage
from media_library.single_flight import single_flight
from media_library.storage import remove_unreferenced
from media_library.transforms.gate import Gate
from media_library.transforms.operations import require_bounds

NEEDED = (
    "file",
    "status",
    "version",
    "width",
    "height",
    "has_alpha",
    "recipe",
    "collection",
    "focal_point_x",
    "focal_point_y",
    "focal_point_width",
    "focal_point_height",
)
"""Columns that decide about a rendition and its address."""

logger = logging.getLogger(__name__)

_gate = Gate()


def find_image(image_id: int) -> CustomImage | None:
    """The image with the columns that are needed."""
    return CustomImage.objects.filter(pk=image_id).only(*NEEDED).first()


def find_file(image: CustomImage, spec: str) -> str | None:
    """Name of the finished rendition of this version of the image and this focal point. One query."""
    current = _rows(image, spec).filter(file__startswith=f"{developed_folder(image.pk, image.version)}/")
    return current.values_list("file", flat=True).first()


def render(image: CustomImage, spec: str) -> str:
    """Make a rendition that is missing, unless someone else is at it: then wait for theirs. Returns the file's name.

    Raises ``InvalidTransform``, ``UnacceptableFile`` when the original can't be read, ``Busy`` when it would take too
    long, and ``CustomImage.DoesNotExist`` when the image is deleted meanwhile.
    """
    if image.status == Asset.Status.FAILED or not image.width or not image.height:
        raise _unreadable()
    require_bounds(image, spec)
    deadline = time.monotonic() + conf.TRANSFORM_WAIT_SECONDS
    with _gate.queue(), single_flight(f"transform-{image.pk}-{spec}", conf.TRANSFORM_WAIT_SECONDS):
        for attempts_left in (2, 1, 0):
            current = CustomImage.objects.get(pk=image.pk)
            name = find_file(current, spec)
            if name and public_storage().exists(name):
                return name
            if attempts_left:
                with _gate.turn(deadline):
                    _make(current, spec)
    # The picture was replaced, twice, while it was rendered.
    raise Busy("The picture is being changed.")


def _make(image: CustomImage, spec: str) -> None:
    # What is there is of a version before this one, or has lost its file, and get_rendition would be content with it.
    _rows(image, spec).delete()
    key = CustomRendition.construct_cache_key(image, Filter(spec).get_cache_key(image), spec)
    CustomRendition.cache_backend.delete(key)
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


def _rows(image: CustomImage, spec: str) -> QuerySet[CustomRendition]:
    return image.renditions.filter(filter_spec=spec, focal_point_key=Filter(spec).get_cache_key(image))


def _unreadable() -> DamagedFile:
    return DamagedFile(_("The original of this picture can't be read."))
