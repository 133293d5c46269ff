"""What goes stale with what pages are filed under, and with what a whole site shows. See docs/invalidation.md."""

from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Model
from django.db.models.signals import post_delete, post_save, pre_delete, pre_save
from taggit.models import Tag, TaggedItem
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Locale, Site

from blog.cache_tags import CATEGORIES_BELOW, REDIRECTS, SITES, found_tag, lists_of_sets, moved_tag
from blog.models import Category, Experiment, Menus, Person, PostTag, Series, SiteSettings
from blog.signals import categories_sorted
from cms.delivery.changes import ALL, announce
from media_library.cache_tags import CONTENT
from media_library.models import Asset

PLACE = ("parent_id", "sort_order", "name", "slug", "is_active")
"""Columns of a category by which others stand where they do, or are seen at all."""

BRANCH = ("parent_id", "is_active")
"""Those by which it is below others, and seen there with all that is below itself."""

ADDRESSES = ("frontend_url", "preview_url")
"""Columns of a site's settings that decide about the addresses of its pages."""

NAMES: dict[type[Model], tuple[str, ...]] = {
    **dict.fromkeys((Category, Person, Series), ("slug",)),
    Tag: ("name", "slug"),
}
"""Columns by which visitors ask for one of these, besides its id."""

ALWAYS: dict[type[Model], tuple[str, ...]] = {
    Person: ("person-{0.pk}", "people"),
    Series: ("series-{0.pk}", "series"),
    Menus: ("menus-{0.site_id}",),
    Site: (SITES,),
    Locale: (ALL,),
}
"""What goes stale whenever one of these is saved or deleted."""


def connect() -> None:
    for model in ALWAYS:
        for signal in (post_save, post_delete):
            signal.connect(tell, sender=model)
    for model in NAMES:
        pre_save.connect(look_at_names, sender=model)
        for signal in (post_save, post_delete):
            signal.connect(tell_of_names, sender=model)
    pre_save.connect(look_at_category, sender=Category)
    pre_save.connect(look_at_experiment, sender=Experiment)
    for signal in (post_save, post_delete):
        signal.connect(tell_of_experiment, sender=Experiment)
    pre_save.connect(look_at_settings, sender=SiteSettings)
    pre_save.connect(look_at_redirect, sender=Redirect)
    for signal in (post_save, post_delete):
        signal.connect(tell_of_category, sender=Category)
        signal.connect(tell_of_settings, sender=SiteSettings)
        signal.connect(tell_of_redirect, sender=Redirect)
    post_save.connect(tell_of_tag, sender=Tag)
    # While posts still have it.
    pre_delete.connect(tell_of_tag, sender=Tag)
    categories_sorted.connect(tell_of_order)


def tell(sender: type[Model], instance: Model, raw: bool = False, **kwargs: Any) -> None:
    if not raw:
        announce(tag.format(instance) for tag in ALWAYS[sender])


def look_at_names(sender: type[Model], instance: Model, **kwargs: Any) -> None:
    instance._former_names = _stored(instance, NAMES[sender])


def tell_of_names(sender: type[Model], instance: Model, raw: bool = False, **kwargs: Any) -> None:
    """What is found by its names, if it has others now, comes or goes."""
    if raw:
        return
    former = instance.__dict__.pop("_former_names", None)
    names = {name: getattr(instance, name) for name in NAMES[sender]}
    if names != former:
        kind = str(sender._meta.model_name)
        found = {*(former or {"pk": str(instance.pk)}).values(), *names.values()}
        announce(found_tag(kind, name) for name in found)


def look_at_category(instance: Category, **kwargs: Any) -> None:
    instance._stood = _stored(instance, PLACE)


def tell_of_category(instance: Category, raw: bool = False, **kwargs: Any) -> None:
    """Its posts and its own page; all others only where it stands elsewhere in the tree."""
    if raw:
        return
    tags = {f"category-{instance.pk}", f"categories{CONTENT}"}
    stood = instance.__dict__.pop("_stood", None)
    if stood != {name: getattr(instance, name) for name in PLACE}:
        tags.add("categories")
    if stood is None or any(stood[name] != getattr(instance, name) for name in BRANCH):
        tree = Category.tree()
        around = {*tree.lineage(instance.parent_id), *tree.lineage(stood and stood["parent_id"])}
        tags |= {f"{CATEGORIES_BELOW}-{one}" for one in {instance.pk, *around, *tree.branch(instance.pk)}}
    announce(tags)


def tell_of_order(**kwargs: Any) -> None:
    announce(["categories", f"categories{CONTENT}"])


def look_at_experiment(instance: Experiment, **kwargs: Any) -> None:
    """Whether readers were shown it until now."""
    stored = Experiment.objects.filter(pk=instance.pk, state=Experiment.State.RUNNING)
    instance._was_running = stored.exists()


def tell_of_experiment(instance: Experiment, raw: bool = False, **kwargs: Any) -> None:
    """Its post, whose answers and cards show what is running: when it starts, when it ends, and in between."""
    was_running = instance.__dict__.pop("_was_running", False)
    if not raw and (was_running or instance.state == Experiment.State.RUNNING):
        announce([f"page-{instance.post_id}", f"card-{instance.post_id}"])


def look_at_settings(instance: SiteSettings, **kwargs: Any) -> None:
    stored = _stored(instance, ADDRESSES)
    instance._is_elsewhere = stored != {name: getattr(instance, name) for name in ADDRESSES}


def tell_of_settings(instance: SiteSettings, raw: bool = False, **kwargs: Any) -> None:
    if not raw:
        is_elsewhere = instance.__dict__.pop("_is_elsewhere", True)
        announce([f"settings-{instance.site_id}", *([SITES] if is_elsewhere else [])])


def look_at_redirect(instance: Redirect, **kwargs: Any) -> None:
    """A path that it led away from until now."""
    instance._former_paths = list(Redirect.objects.filter(pk=instance.pk).values_list("old_path", flat=True))


def tell_of_redirect(instance: Redirect, raw: bool = False, **kwargs: Any) -> None:
    if not raw:
        paths = {instance.old_path, *instance.__dict__.pop("_former_paths", ())}
        announce({REDIRECTS, *map(moved_tag, paths)})


def tell_of_tag(instance: Tag, created: bool | None = None, raw: bool = False, **kwargs: Any) -> None:
    """A tag is shown by its name, so that all that has it shows another one; or has it no more."""
    if raw:
        return
    tags = {"tags"}
    if not created:
        posts = PostTag.objects.filter(tag=instance.pk).values_list("content_object_id", flat=True)
        tags |= {f"page-{pk}" for pk in posts}
        kinds = {ContentType.objects.get_for_model(kind).pk: kind.KIND for kind in Asset.__subclasses__()}
        assets = TaggedItem.objects.filter(tag=instance.pk, content_type__in=kinds)
        tags |= {f"{kinds[kind]}-{pk}" for kind, pk in assets.values_list("content_type", "object_id")}
    if created is None:
        tags |= lists_of_sets([f"posts-tag-{instance.pk}"])
    announce(tags)


def _stored(instance: Model, columns: tuple[str, ...]) -> dict[str, Any] | None:
    """These columns of an object that is about to be saved, as the database has them; None for a new one."""
    return type(instance)._base_manager.filter(pk=instance.pk).values(*columns).first()
