"""Where the rest of Wagtail's admin speaks of films and sounds: home page, search, collections, groups."""

from functools import cache
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.collections import collection_member_permission_formset_factory
from wagtail.admin.navigation import get_site_for_user
from wagtail.admin.search import SearchArea
from wagtail.admin.site_summary import SummaryItem
from wagtail.models import Collection
from wagtail.permissions import policy_registry

from media_library.admin.recordings.kinds import RecordingKind

EDITING = ("add", "change", "delete")


def add_icons(icons: list[str]) -> list[str]:
    return [*icons, "media_library/icons/media-sound.svg"]


def _may_edit(kind: RecordingKind, request: HttpRequest) -> bool:
    return policy_registry.get_by_type(kind.model).user_has_any_permission(request.user, EDITING)


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


class RecordingSearchArea(SearchArea):
    def __init__(self, kind: RecordingKind):
        self.kind = kind
        super().__init__(
            kind.words.plural,
            kind.url("index"),
            name=kind.folder,
            icon_name=kind.icon,
            order=kind.home_page_order,
        )

    def is_shown(self, request: HttpRequest) -> bool:
        return _may_edit(self.kind, request)


class RecordingSummaryItem(SummaryItem):
    template_name = "media_library/recordings/site_summary.html"

    def __init__(self, request: HttpRequest, kind: RecordingKind):
        super().__init__(request)
        self.kind, self.order = kind, kind.home_page_order

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        policy = policy_registry.get_by_type(self.kind.model)
        total = policy.instances_user_has_any_permission_for(self.request.user, {*EDITING, "choose"}).count()
        return {
            "icon_name": self.kind.icon,
            "url": self.kind.url("index"),
            "text": self.kind.words.counted_on_home_page % {"count": total},
            "site_name": get_site_for_user(self.request.user)["site_name"],
        }

    def is_shown(self) -> bool:
        return _may_edit(self.kind, self.request)


def describe_collection(kind: RecordingKind, collection: Collection) -> dict[str, Any] | None:
    """What stands on the page that deletes a collection: how many of a kind are in it, and a link to them."""
    count = kind.model.objects.filter(collection=collection, trashed_at=None).count()
    if not count:
        return None
    return {
        "count": count,
        "count_text": kind.words.counted % {"count": count},
        "url": f"{kind.url('index')}?collection_id={collection.pk}",
    }
