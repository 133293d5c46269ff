"""What follows when a watermark changes: the pictures that carry it are developed anew."""

from typing import Any

from django.db.models.signals import post_delete, post_save, pre_delete, pre_save

from media_library.editing import bearers, following
from media_library.imaging.operations import NO_WATERMARK, OwnWatermark
from media_library.jobs import redevelop
from media_library.models import CollectionSettings, CustomImage


def register() -> None:
    pre_save.connect(remember_settings, sender=CollectionSettings)
    post_save.connect(compare_settings, sender=CollectionSettings)
    post_delete.connect(forget_settings, sender=CollectionSettings)
    pre_save.connect(remember_image, sender=CustomImage)
    post_save.connect(compare_image, sender=CustomImage)
    pre_delete.connect(remember_bearers, sender=CustomImage)
    post_delete.connect(release_bearers, sender=CustomImage)


def of_collection(collection_id: int | None) -> str | OwnWatermark:
    """The watermark of a collection, as a recipe has it."""
    settings = CollectionSettings.objects.filter(collection=collection_id).first()
    return settings.watermark if settings else NO_WATERMARK


def moved(images: list[CustomImage], collection_id: int) -> None:
    """These pictures, as they were before, have come into a collection by an UPDATE that sends no signal."""
    after = of_collection(collection_id)
    changed = {old: of_collection(old) != after for old in {image.collection_id for image in images}}
    ids = [image.pk for image in images if changed[image.collection_id]]
    redevelop(following([collection_id]).filter(pk__in=ids))


def remember_settings(instance: CollectionSettings, raw: bool, **kwargs: Any) -> None:
    instance._before = NO_WATERMARK if raw else of_collection(instance.collection_id)


def compare_settings(instance: CollectionSettings, raw: bool, **kwargs: Any) -> None:
    if not raw and instance.__dict__.pop("_before") != instance.watermark:
        redevelop(following([instance.collection_id]))


def forget_settings(instance: CollectionSettings, **kwargs: Any) -> None:
    if instance.watermark != NO_WATERMARK:
        redevelop(following([instance.collection_id]))


def remember_image(instance: CustomImage, raw: bool, **kwargs: Any) -> None:
    """Note what is about to change about a picture: its collection's watermark, or its file as somebody's logo."""
    if raw or not instance.pk or instance._state.adding:
        return
    old = CustomImage.objects.filter(pk=instance.pk).values_list("collection", flat=True).first()
    instance._is_moving = old != instance.collection_id and of_collection(old) != of_collection(instance.collection_id)
    instance._is_replaced = instance.has_new_file


def compare_image(instance: CustomImage, raw: bool, **kwargs: Any) -> None:
    # With a new file it is developed anyway.
    is_replaced = instance.__dict__.pop("_is_replaced", False)
    if instance.__dict__.pop("_is_moving", False) and not is_replaced:
        redevelop(following([instance.collection_id]).filter(pk=instance.pk))
    if is_replaced:
        redevelop(bearers(instance))


def remember_bearers(instance: CustomImage, **kwargs: Any) -> None:
    instance._bearers = list(bearers(instance).values_list("pk", flat=True))


def release_bearers(instance: CustomImage, **kwargs: Any) -> None:
    redevelop(CustomImage.objects.filter(pk__in=instance.__dict__.pop("_bearers", [])))
