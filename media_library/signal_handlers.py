"""New files: judged before they are saved, developed after commit."""

from functools import partial
from typing import Any

from django.db import transaction
from django.db.models.signals import post_delete, post_save, pre_save

from media_library import jobs, tasks
from media_library.intake import forget_location, forget_locations, receive, take_over_tags
from media_library.models import Asset, CollectionSettings, CustomDocument, CustomImage, CustomRendition, Video
from media_library.models.files import public_storage
from media_library.renditions import store_renditions
from media_library.storage import remove_unreferenced


def register() -> None:
    for kind in (CustomImage, Video, CustomDocument):
        pre_save.connect(receive_new_file, sender=kind)
        post_save.connect(develop_new_file, sender=kind)
        post_delete.connect(remove_developed_files, sender=kind)
    post_save.connect(forget_unwanted_locations, sender=CollectionSettings)
    post_delete.connect(forget_unwanted_locations, sender=CollectionSettings)


def receive_new_file(instance: Asset, raw: bool, **kwargs: Any) -> None:
    """Judge the bytes and put down what they are; raises ``UnacceptableFile`` before anything is stored."""
    if raw:
        return
    if not instance.has_new_file:
        forget_location(instance)
        return
    instance._superseded = type(instance).objects.filter(pk=instance.pk).first() if instance.pk else None
    instance._received = receive(instance)


def develop_new_file(instance: Asset, raw: bool, **kwargs: Any) -> None:
    """Give a picture its first renditions at once, and queue the rest for after commit."""
    received = instance.__dict__.pop("_received", None)
    if raw or received is None:
        return
    take_over_tags(instance)
    superseded = instance.__dict__.pop("_superseded", None)
    if superseded is not None:
        _remove_superseded(superseded, instance)
    if isinstance(instance, CustomImage):
        CustomRendition.objects.bulk_create(store_renditions(instance, received.renditions))
    queued = jobs.enqueue(instance)
    transaction.on_commit(partial(tasks.send, queued))


def _remove_superseded(old: Asset, new: Asset) -> None:
    """Drop what was made from the file before this one. Renditions of another version have other names."""
    if isinstance(old, CustomImage):
        old.renditions.all().delete()
    # Videos ask django-cleanup to do this.
    if not isinstance(old, Video) and old.file.name != new.file.name:
        transaction.on_commit(partial(old.file.storage.delete, old.file.name))


def remove_developed_files(instance: Asset, **kwargs: Any) -> None:
    """Nothing that was made from a deleted asset may stay behind, not even from an attempt that died."""
    asset_id = instance.pk
    transaction.on_commit(lambda: remove_unreferenced(public_storage(), str(asset_id), ()))


def forget_unwanted_locations(raw: bool = False, **kwargs: Any) -> None:
    """A collection that no longer keeps locations keeps none of those that it had."""
    if not raw:
        forget_locations()
