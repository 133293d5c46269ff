"""Editing pictures without touching their originals: a recipe in the row, and everything made anew from it."""

from dataclasses import replace
from functools import partial
from typing import Any, Final

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log
from wagtail.models import ReferenceIndex

from media_library import jobs, tasks
from media_library.exceptions import DamagedFile, UnacceptableRecipe
from media_library.imaging.gain_map import read_gain_map
from media_library.imaging.geometry import Geometry
from media_library.imaging.lettering import missing_characters
from media_library.imaging.operations import OwnWatermark, Recipe
from media_library.imaging.projection import photo_projection
from media_library.imaging.source import as_seen_size, open_image
from media_library.imaging.tags import read_tags
from media_library.models import Asset, CollectionSettings, CustomImage
from media_library.signals import tell_changed

Point = tuple[float, float]
User = AbstractBaseUser | AnonymousUser

CARRY_OVER: Final = "carry over"
"""For ``edit``: keep the focal point on what it is on, if that is still in the picture."""

LOG_EDIT = "media_library.edit_picture"
LOG_REVERT = "media_library.revert_picture"


def edit(
    image: CustomImage,
    recipe: Recipe,
    user: User | None,
    focal_point: Point | str | None = CARRY_OVER,
) -> None:
    """Give a picture a new recipe, and queue all its renditions; those of today stay until then.

    ``focal_point`` is in fractions of the edited picture, None for no focal point. The original stays as it is; width,
    height, version and status of ``image`` are the new ones afterwards. Raises ``UnacceptableRecipe``, or
    ``UnacceptableFile`` when the original can't be read.
    """
    require_editable(image)
    _check_watermark(recipe)
    with transaction.atomic():
        Asset.lock(image.pk)
        current = CustomImage.objects.get(pk=image.pk)
        original = unedited_size(current)
        width, height = recipe.size(*original)
        columns = {
            "recipe": recipe.to_json(),
            "width": width,
            "height": height,
            "projection": _projection(current, recipe, original),
            "is_hdr": _is_hdr(current, recipe),
            "version": current.version + 1,
            "status": Asset.Status.UPLOADED,
            "status_reason": "",
            "updated_at": timezone.now(),
            **_focal_columns(current, recipe, original, focal_point),
        }
        # Not save(), which leaves alone what belongs to workers.
        CustomImage.objects.filter(pk=image.pk).update(**columns)
        for name, value in columns.items():
            setattr(image, name, value)
        # update() sends no signal, and the watermark may be another picture.
        ReferenceIndex.create_or_update_for_object(image)
        tell_changed(image.kind, [image.pk])
        _purge_cached_renditions(image)
        queued = jobs.enqueue(image)
        jobs.redevelop(bearers(image))
        action = LOG_REVERT if recipe.is_empty else LOG_EDIT
        log(instance=image, action=action, user=user, data={"recipe": columns["recipe"]}, content_changed=True)
        transaction.on_commit(partial(tasks.send, queued))


def replace_watermark(image: CustomImage, old: Asset, new: Asset, user: User | None) -> None:
    """Mark a picture with another logo."""
    recipe = image.get_recipe()
    mark = recipe.watermark
    if isinstance(mark, OwnWatermark) and mark.image == old.pk:
        edit(image, replace(recipe, watermark=replace(mark, image=new.pk)), user)


def require_editable(image: CustomImage) -> None:
    """Raise ``UnacceptableRecipe`` for a picture without pixels."""
    if image.is_svg():
        raise UnacceptableRecipe(_("A drawing in SVG can't be edited here. Edit the file, and upload it again."))


def revert(image: CustomImage, user: User | None) -> None:
    """Show the original again. Raises ``UnacceptableFile`` when it can't be read."""
    edit(image, Recipe(), user)


def following(collections: QuerySet | list[int | None]) -> QuerySet[CustomImage]:
    """Pictures of these collections that carry what their collection says."""
    return CustomImage.objects.filter(collection__in=collections).exclude(recipe__has_key="watermark")


def bearers(logo: CustomImage) -> QuerySet[CustomImage]:
    """Pictures that carry this image, by their collection or of their own."""
    collections = CollectionSettings.objects.filter(watermark_image=logo).values_list("collection", flat=True)
    own = Q(recipe__watermark__image=logo.pk)
    by_collection = Q(collection__in=list(collections)) & ~Q(recipe__has_key="watermark")
    return CustomImage.objects.filter(own | by_collection).exclude(pk=logo.pk)


def unedited_size(image: CustomImage) -> tuple[int, int]:
    """Width and height in pixels of the original, as seen. Raises ``UnacceptableFile``."""
    if not image.recipe and image.width and image.height:
        return image.width, image.height
    try:
        with image.file.open("rb") as file, open_image(file) as opened:
            return as_seen_size(opened)
    except FileNotFoundError as error:
        raise DamagedFile(_("The original of this picture is missing. Replace the file.")) from error


def _projection(current: CustomImage, recipe: Recipe, original: tuple[int, int]) -> dict[str, Any] | None:
    """A part of a panorama, or one that is turned, is a flat picture, as long as it is so."""
    if recipe.geometry != Geometry():
        return None
    if current.get_recipe().geometry == Geometry():
        return current.projection
    with current.file.open("rb") as file:
        found = photo_projection(read_tags(file).xmp, *original)
    return found.to_json() if found else None


def _is_hdr(current: CustomImage, recipe: Recipe) -> bool:
    """A gain map was measured on the original's pixels, and says nothing of others."""
    if not recipe.leaves_pixels or current.get_recipe().leaves_pixels:
        return current.is_hdr and recipe.leaves_pixels
    with current.file.open("rb") as file:
        return read_gain_map(file) is not None


def _check_watermark(recipe: Recipe) -> None:
    """What only the library knows about a watermark: whether its picture exists, and its letters can be drawn."""
    mark = recipe.watermark
    if not isinstance(mark, OwnWatermark):
        return
    if mark.image is not None:
        logo = CustomImage.objects.filter(pk=mark.image).first()
        if logo is None:
            message = _("The picture of the watermark isn't in the library any more. Choose another one.")
            raise UnacceptableRecipe(message)
        check_watermark_picture(logo)
    check_watermark_text(mark.text)


def check_watermark_picture(logo: CustomImage) -> None:
    """Raise ``UnacceptableRecipe`` for a picture that can't be stamped."""
    try:
        logo.as_watermark()
    except DamagedFile as error:
        raise UnacceptableRecipe(str(error)) from error


def check_watermark_text(text: str) -> None:
    """Raise ``UnacceptableRecipe`` for letters that the font of watermarks doesn't have."""
    if missing := missing_characters(text):
        raise UnacceptableRecipe(
            _("The font of watermarks has no %(characters)s. Leave them out, or use a picture instead.")
            % {"characters": " ".join(missing)}
        )


def _focal_columns(
    current: CustomImage, recipe: Recipe, original: tuple[int, int], focal_point: Point | str | None
) -> dict[str, int | None]:
    """Focal point and area in pixels of the edited picture, as Wagtail keeps them; None where there is none."""
    width, height = recipe.size(*original)
    before = current.get_recipe().geometry
    area_width, area_height = current.focal_point_width or 0, current.focal_point_height or 0
    if (before.rotate - recipe.rotate) % 180:
        area_width, area_height = area_height, area_width
    if focal_point == CARRY_OVER and current.has_focal_point():
        place = before.unmap_point(current.focal_point_x, current.focal_point_y, *original)
        x, y = recipe.geometry.map_point(*place, *original)
    elif isinstance(focal_point, tuple):
        x, y = focal_point[0] * width, focal_point[1] * height
    else:
        x, y = -1.0, -1.0
    if not (0 <= x <= width and 0 <= y <= height):
        return dict.fromkeys(("focal_point_x", "focal_point_y", "focal_point_width", "focal_point_height"))
    return {
        "focal_point_x": round(x),
        "focal_point_y": round(y),
        "focal_point_width": min(area_width, width),
        "focal_point_height": min(area_height, height),
    }


def _purge_cached_renditions(image: Any) -> None:
    for rendition in image.renditions.all():
        rendition.purge_from_cache()
