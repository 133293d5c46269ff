"""Where the rest of Wagtail's admin speaks of films and sounds: collections and groups."""

from functools import cache
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.collections import collection_member_permission_formset_factory
from wagtail.models import Collection

from media_library.admin.recordings.kinds import RecordingKind


def add_icons(icons: list[str]) -> list[str]:
    return [*icons, "media_library/icons/media-sound.svg"]


@cache
def permission_formset(kind: RecordingKind) -> Any:
    """What the page of a group offers to permit by collection."""
    words = kind.words
    formset = collection_member_permission_formset_factory(
        kind.model,
        [
            (f"add_{kind.name}", _("Add"), words.may_add),
            (f"change_{kind.name}", _("Edit"), words.may_change),
            (f"choose_{kind.name}", _("Choose"), words.may_choose),
        ],
        "media_library/recordings/group_permissions.html",
    )
    formset.kind = kind
    return formset


def describe_collection(kind: RecordingKind, collection: Collection) -> dict[str, Any] | None:
    """What stands on the page that deletes a collection: how many of a kind are in it, and a link to them."""
    count = kind.model.objects.filter(collection=collection, trashed_at=None).count()
    if not count:
        return None
    return {
        "count": count,
        "count_text": kind.words.counted % {"count": count},
        "url": f"{reverse('media_library_index')}?kind={kind.model.KIND}&collection={collection.pk}",
    }
