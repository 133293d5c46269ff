"""New files: judged before they are saved, developed after commit. Revisions: what they use is written down.

Assets that are used are not deleted.
"""

from collections.abc import Iterable
from functools import partial
from typing import Any

from django.apps import AppConfig
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.migrations import CreateModel, Migration
from django.db.models import Model
from django.db.models.signals import m2m_changed, post_delete, post_migrate, post_save, pre_delete, pre_save
from django.utils import timezone
from django.utils.translation import gettext as _
from taggit.models import TaggedItem
from wagtail.log_actions import log
from wagtail.models import CollectionViewRestriction, DraftStateMixin, Revision
from wagtail.signals import published, unpublished

from media_library import duplicates, fingerprints, jobs, media_collections, motion, posters, replacement, tasks, usage
from media_library.deletion import remove_files_of_asset, require_unused, restore_assets
from media_library.editing import replace_watermark
from media_library.exceptions import NotReplaced
from media_library.insight import embedding
from media_library.intake import forget_location, forget_locations, receive, take_over_tags
from media_library.models import (
    Asset,
    Audio,
    CollectionSettings,
    CustomDocument,
    CustomImage,
    CustomRendition,
    MediaCollection,
    MediaUsage,
    ProcessingJob,
    Track,
    Video,
    VocabularyWord,
    WaitingPublication,
)
from media_library.publishing import is_being_published, require_publishable, waiting
from media_library.renditions import replace_renditions
from media_library.signals import asset_failed, asset_ready, tell_changed

Plan = Iterable[tuple[Migration, bool]]
"""Migrations that have run, and whether each was taken back."""

LISTED_BY = ("collection_id", "expires_on", "trashed_at")
"""Columns by which lists leave assets out."""

FOCAL_AREA = ("focal_point_x", "focal_point_y", "focal_point_width", "focal_point_height")


def register(app: AppConfig) -> None:
    for kind in (CustomImage, Video, Audio, CustomDocument):
        pre_save.connect(remember_lists, sender=kind)
        pre_save.connect(receive_new_file, sender=kind)
        post_save.connect(develop_new_file, sender=kind)
        post_save.connect(tell_of_saving, sender=kind)
    pre_save.connect(remember_folder, sender=CustomImage)
    post_save.connect(take_film_along, sender=CustomImage)
    post_save.connect(forget_unwanted_locations, sender=CollectionSettings)
    post_delete.connect(forget_unwanted_locations, sender=CollectionSettings)
    pre_delete.connect(guard_deletion, sender=Asset)
    pre_delete.connect(tell_of_deletion, sender=Asset)
    m2m_changed.connect(tell_of_tags, sender=TaggedItem)
    post_save.connect(tell_of_track, sender=Track)
    post_delete.connect(tell_of_track, sender=Track)
    post_delete.connect(forget_word, sender=VocabularyWord)
    post_save.connect(record_usage, sender=Revision)
    # Of any model: what can be published belongs to other apps.
    pre_save.connect(guard_publishing)
    pre_save.connect(guard_scheduling, sender=Revision)
    published.connect(restore_what_is_published)
    published.connect(wait_no_more)
    unpublished.connect(wait_no_more)
    post_save.connect(look_after_asking, sender=WaitingPublication)
    asset_ready.connect(look_who_waits)
    asset_failed.connect(look_who_waits)
    usage.rewrite_by(CustomImage, replace_in_picture)
    usage.rewrite_by(Video, replace_poster)
    usage.rewrite_by(MediaCollection, media_collections.replace)
    post_migrate.connect(record_usage_of_before, sender=app)
    post_migrate.connect(let_editors_curate, sender=app)


def remember_lists(instance: Asset, raw: bool, update_fields: Iterable[str] | None, **kwargs: Any) -> None:
    """Whether saving it changes what lists show beside itself: which folder it is in, and how long it may be shown."""
    named = set(LISTED_BY) & set(update_fields) if update_fields is not None else set(LISTED_BY)
    if raw or instance.pk is None or not named:
        instance._is_relisted = instance.pk is None
    elif update_fields is not None and "title" not in update_fields:
        # Who names these few has looked; and may do so for a thousand.
        instance._is_relisted = True
    else:
        is_locked = transaction.get_connection().in_atomic_block
        changed = _changed_columns(instance, is_locked=is_locked)
        instance._is_relisted = not changed.isdisjoint(LISTED_BY)
        # Without the lock somebody else may be about to change more, which this would undo and not tell.
        instance._is_filed = is_locked and changed == {"collection_id"}


def _changed_columns(instance: Asset, *, is_locked: bool) -> set[str]:
    """Those in which an asset that is about to be saved is not as the database has it."""
    if is_locked:
        Asset.lock(instance.pk)
    loaded = {field.attname for field in instance._meta.concrete_fields} - instance.get_deferred_fields()
    stored = type(instance)._base_manager.filter(pk=instance.pk).values(*loaded).first()
    return {name for name in loaded if stored is None or stored[name] != getattr(instance, name)}


def remember_folder(instance: CustomImage, raw: bool, update_fields: Iterable[str] | None, **kwargs: Any) -> None:
    """Of a motion photo, where it is until now."""
    if not raw and instance.pk and instance.motion_id and (update_fields is None or "collection" in update_fields):
        stored = CustomImage._base_manager.filter(pk=instance.pk).values_list("collection_id", flat=True)
        instance._came_from = stored.first()


def take_film_along(instance: CustomImage, **kwargs: Any) -> None:
    came_from = instance.__dict__.pop("_came_from", None)
    if came_from is not None:
        motion.take_along(instance, came_from)


def tell_of_saving(
    instance: Asset, created: bool, raw: bool, update_fields: Iterable[str] | None, **kwargs: Any
) -> None:
    if raw:
        return
    is_filed = instance.__dict__.pop("_is_filed", False) or set(update_fields or ()) == {"collection", "updated_at"}
    if is_filed and not CollectionViewRestriction.objects.exists():
        # Of folders, visitors know which are closed, and what is in which.
        instance.__dict__.pop("_is_relisted", None)
        tell_changed(instance.KIND, [instance.pk], is_listed=True, is_shown=False)
    else:
        is_listed = instance.__dict__.pop("_is_relisted", True)
        is_replaced = instance.__dict__.pop("_has_new_version", False)
        # There is nothing to make of a document, so that no job tells of it.
        is_ready = (created or is_replaced) and instance.status == Asset.Status.READY
        events = ["replaced"] * is_replaced + ["ready"] * is_ready
        for event in events or [""]:
            tell_changed(instance.KIND, [instance.pk], is_listed=is_listed, event=event)


def tell_of_deletion(instance: Asset, **kwargs: Any) -> None:
    # For visitors, what was in the trash is gone already.
    tell_changed(instance.kind, [instance.pk], is_listed=True, event="" if instance.trashed_at else "deleted")


def tell_of_tags(instance: Any, action: str, pk_set: set[int] | None, **kwargs: Any) -> None:
    # An empty set is no tag; None is all that it had.
    if isinstance(instance, Asset) and action.startswith("post_") and pk_set != set():
        tell_changed(instance.kind, [instance.pk])


def tell_of_track(instance: Track, raw: bool = False, **kwargs: Any) -> None:
    if not raw:
        tell_changed(instance.asset.kind, [instance.asset_id])


def receive_new_file(instance: Asset, raw: bool, update_fields: Iterable[str] | None = None, **kwargs: Any) -> None:
    """Judge the bytes and put down what they are; raises ``UnacceptableFile`` before anything is stored."""
    if raw:
        return
    if not instance.has_new_file:
        forget_location(instance)
        instance._refocused = isinstance(instance, CustomImage) and _is_refocused(instance)
        instance._has_other_poster = isinstance(instance, Video) and _has_other_poster(instance, update_fields)
        return
    instance._superseded = replacement.lock_former(instance)
    instance._received = receive(instance)
    replacement.bring_back(instance)


def develop_new_file(instance: Asset, raw: bool, **kwargs: Any) -> None:
    """Give a picture its first renditions at once, and queue the rest for after commit."""
    received = instance.__dict__.pop("_received", None)
    if raw or received is None:
        if instance.__dict__.pop("_refocused", False):
            _enqueue(instance)
        if instance.__dict__.pop("_has_other_poster", False):
            _redraw_poster(instance)
        return
    take_over_tags(instance)
    superseded = instance.__dict__.pop("_superseded", None)
    if superseded is not None:
        replacement.keep(superseded, instance)
        instance._has_new_version = True
        duplicates.forget(instance)
    fingerprints.record(instance, received.fingerprints)
    duplicates.look_after_commit(instance.pk)
    if isinstance(instance, CustomImage):
        first = [CustomRendition.from_encoded(instance, one) for one in instance.edited(received.renditions)]
        replace_renditions(instance, first)
    _enqueue(instance)


def _enqueue(asset: Asset) -> None:
    queued = jobs.enqueue(asset)
    transaction.on_commit(partial(tasks.send, queued))


def _is_refocused(image: CustomImage) -> bool:
    """Whether the focal area is another than in the database, so that crops have to be made anew."""
    stored = CustomImage.objects.filter(pk=image.pk).values(*FOCAL_AREA).first()
    return stored is not None and any(stored[name] != getattr(image, name) for name in FOCAL_AREA)


def _has_other_poster(video: Video, update_fields: Iterable[str] | None) -> bool:
    """Whether the picture of its poster, or what crops keep of it, is to be another than in the database.

    What was to be kept of another picture is forgotten.
    """
    if update_fields is not None and {"poster_image", "poster_time", "poster_focus"}.isdisjoint(update_fields):
        return False
    names = (*posters.SOURCE, "poster_focus")
    stored = Video.objects.filter(pk=video.pk).values(*names).first()
    changed = {name for name in names if stored is not None and stored[name] != getattr(video, name)}
    if not changed.isdisjoint(posters.SOURCE) and "poster_focus" not in changed:
        video.poster_focus = None
    return bool(changed)


def _redraw_poster(video: Video) -> None:
    queued = jobs.enqueue_operation(video, ProcessingJob.Operation.MAKE_POSTER)
    transaction.on_commit(partial(tasks.send, queued))


def guard_deletion(instance: Asset, **kwargs: Any) -> None:
    """The last net, for ``delete()`` of whatever kind or queryset; whoever has a user to tell calls deletion/."""
    require_unused(instance)
    remove_files_of_asset(instance)


def replace_in_picture(image: CustomImage, old: Asset, new: Asset, user: Any) -> None:
    """Of its watermark and of the film of a motion photo, what the one asset is."""
    motion.replace_film(image, old, new)
    replace_watermark(image, old, new, user)


def replace_poster(video: Video, old: Asset, new: Asset, user: Any) -> None:
    """Draw a film's poster from another picture."""
    image = new.specific
    if not isinstance(image, CustomImage) or image.is_svg():
        raise NotReplaced(_("A drawing (SVG) can't be a poster. Export it as PNG, and choose that."))
    if video.poster_image_id == old.pk:
        video.poster_image = image
        video.save()
        log(instance=video, action="wagtail.edit", user=user)


def forget_unwanted_locations(raw: bool = False, **kwargs: Any) -> None:
    """A collection that no longer keeps locations keeps none of those that it had."""
    if not raw:
        forget_locations()


def forget_word(instance: VocabularyWord, **kwargs: Any) -> None:
    """Nobody has to decide on a word any more that has left the vocabulary."""
    embedding.forget_word(instance.word)


def guard_publishing(instance: Any, raw: bool, **kwargs: Any) -> None:
    """The last net, whoever publishes; whoever has a user to tell asks publishing.py before."""
    if isinstance(instance, DraftStateMixin) and not raw and is_being_published(instance):
        require_publishable(instance)


def guard_scheduling(instance: Revision, raw: bool, update_fields: Iterable[str] | None, **kwargs: Any) -> None:
    """Nothing is scheduled for a day on which it can't be shown."""
    if not raw and instance.approved_go_live_at and "approved_go_live_at" in (update_fields or ()):
        scheduled = instance.as_object()
        require_publishable(scheduled, timezone.localdate(instance.approved_go_live_at))
        waiting.cancel(scheduled)


def record_usage(instance: Revision, raw: bool, **kwargs: Any) -> None:
    """A draft uses assets as soon as it is saved, in the same transaction; if one was in the trash, it is restored."""
    if not raw:
        restore_assets(usage.record(instance), instance.user)


def restore_what_is_published(instance: Model, **kwargs: Any) -> None:
    """An old revision may go live by itself, without being saved anew."""
    restore_assets(usage.assets_of(instance))


def wait_no_more(instance: Any, **kwargs: Any) -> None:
    """What was published or taken off meanwhile is what its editors want, and not what waited before."""
    waiting.cancel(instance)


def look_after_asking(instance: WaitingPublication, created: bool, **kwargs: Any) -> None:
    """What has become ready before the wish to publish was there for anybody to see told nobody of it."""
    if created:
        transaction.on_commit(tasks.send_awaited)


def look_who_waits(asset_id: int, **kwargs: Any) -> None:
    """Of most assets nobody waits for."""
    if waiting.awaited(asset_id).exists():
        tasks.send_awaited(asset_id)


def record_usage_of_before(plan: Plan = (), **kwargs: Any) -> None:
    """Revisions from before ``MediaUsage`` are read after all migrations: only then do models fit the tables."""
    if _creates(MediaUsage, plan):
        usage.record_all()


def let_editors_curate(plan: Plan = (), **kwargs: Any) -> None:
    """Wagtail's groups may work with media collections from the start, as they may with images."""
    if not _creates(MediaCollection, plan):
        return
    content_type = ContentType.objects.get_for_model(MediaCollection)
    for action in ("add", "change", "delete"):
        # Those of all models may come only after this.
        permission, _is_new = Permission.objects.get_or_create(
            content_type=content_type,
            codename=f"{action}_mediacollection",
            defaults={"name": f"Can {action} media collection"},
        )
        for group in Group.objects.filter(name__in=["Editors", "Moderators"]):
            group.permissions.add(permission)


def _creates(model: type[Model], plan: Plan) -> bool:
    """Whether the migrations that have just run made the table of this model."""
    return any(
        isinstance(operation, CreateModel) and operation.name == model.__name__
        for migration, is_undone in plan
        if not is_undone and migration.app_label == model._meta.app_label
        for operation in migration.operations
    )
