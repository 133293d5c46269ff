"""Which of many assets are used: what ``usage_counts`` says, asked of the database without reading a row.

Both decide by the same rules, which stand in ``places.py``; a test holds them together.
"""

from collections import defaultdict
from collections.abc import Iterator

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db.models import CharField, F, Model, Q, QuerySet
from django.db.models.functions import Cast
from modelcluster.models import ClusterableModel, get_all_child_relations
from wagtail.models import DraftStateMixin, ReferenceIndex

from media_library.models import Asset, MediaUsage
from media_library.usage.places import takes_along


def used(assets: QuerySet[Asset]) -> QuerySet[Asset]:
    """Those of the assets that something uses: live, in its latest draft, or scheduled."""
    return _with_key(assets).filter(_is_used())


def unused(assets: QuerySet[Asset]) -> QuerySet[Asset]:
    """Those of the assets that nothing uses; ``usage_counts`` has 0 for each."""
    return _with_key(assets).exclude(_is_used())


def _with_key(assets: QuerySet[Asset]) -> QuerySet[Asset]:
    # The index has ids as text, and what rich text names as an id need not be a number.
    return assets.alias(_key=Cast("pk", CharField()))


def _is_used() -> Q:
    # As few subqueries as can be: PostgreSQL takes each for one that halves what is left, and plans by that.
    return Q(_key__in=_in_rows().values("to_object_id")) | Q(pk__in=_in_revisions().values("asset"))


def _in_rows() -> QuerySet[ReferenceIndex]:
    """The rows of the reference index that count."""
    assets = ContentType.objects.get_for_model(Asset)
    types = ContentType.objects.get_for_models(*apps.get_models())
    without_drafts = [found.pk for model, found in types.items() if not issubclass(model, DraftStateMixin)]
    counts = Q(content_type__in=without_drafts)
    for owner, models in _with_drafts().items():
        standing = owner._base_manager.filter(
            Q(live=True) | Q(has_unpublished_changes=False) | Q(latest_revision__isnull=True)
        )
        counts |= Q(content_type__in=[types[model].pk for model in models], object_id__in=_ids(standing))
        for model in models:
            if kept := list(_kept(model)):
                counts |= Q(
                    content_type=types[model].pk, model_path__in=kept, object_id__in=_ids(owner._base_manager.all())
                )
    # A picture doesn't keep itself.
    itself = Q(base_content_type=assets, object_id=F("to_object_id"))
    in_trash = Q(base_content_type=assets, object_id__in=_ids(Asset.objects.filter(trashed_at__isnull=False)))
    return ReferenceIndex.objects.filter(counts, to_content_type=assets).exclude(itself).exclude(in_trash)


def _in_revisions() -> QuerySet[MediaUsage]:
    """The rows of ``MediaUsage`` that count: those of latest drafts, and of scheduled revisions."""
    drafts, scheduled = Q(pk__in=[]), Q(pk__in=[])
    for owner, models in _with_drafts().items():
        waiting = owner._base_manager.filter(has_unpublished_changes=True, latest_revision__isnull=False)
        drafts |= Q(revision__in=waiting.values("latest_revision"))
        base = ReferenceIndex._get_base_content_type(models[0])
        scheduled |= Q(
            revision__approved_go_live_at__isnull=False,
            revision__base_content_type=base,
            revision__object_id__in=_ids(owner._base_manager.all()),
        )
    return MediaUsage.objects.filter(drafts | scheduled)


def _with_drafts() -> dict[type[Model], list[type[Model]]]:
    """Models that have drafts, by the one in whose table it stands how they are: all pages are ``Page``."""
    found: dict[type[Model], list[type[Model]]] = defaultdict(list)
    for model in apps.get_models():
        if issubclass(model, DraftStateMixin):
            found[model._meta.get_field("latest_revision").model].append(model)
    return found


def _kept(model: type[Model]) -> Iterator[str]:
    """Paths of those foreign keys to assets whose rows count even where a draft will be written over them."""
    content_type = ContentType.objects.get_for_model(model)
    for path in _foreign_keys(model):
        if takes_along(ReferenceIndex(content_type=content_type, model_path=path)):
            yield path


def _foreign_keys(model: type[Model], prefix: str = "") -> Iterator[str]:
    for field in model._meta.get_fields():
        related = field.related_model if field.is_relation and field.many_to_one else None
        if isinstance(related, type) and issubclass(related, Asset):
            yield f"{prefix}{field.name}"
    if issubclass(model, ClusterableModel):
        for relation in get_all_child_relations(model):
            yield from _foreign_keys(relation.related_model, f"{prefix}{relation.get_accessor_name()}.item.")


def _ids(objects: QuerySet) -> QuerySet:
    return objects.order_by().annotate(_id=Cast("pk", CharField())).values("_id")
