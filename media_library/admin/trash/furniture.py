"""Where the rest of the admin meets the trash: messages, the log, collections, and documents that are asked for."""

from collections.abc import Iterable
from typing import Any

from django.http import Http404, HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from wagtail.admin.menu import MenuItem
from wagtail.log_actions import LogActionRegistry
from wagtail.models import Collection

from media_library.admin.permissions import RESTORE, document_permission_policy, may_work
from media_library.deletion.trash import LOG_RESTORE, LOG_TRASH
from media_library.models import Asset, CustomDocument
from media_library.usage.rewriting import LOG_REPLACE

UNDONE_AT_ONCE = 200
"""How many ids an address may hold; of more, the message leads to the trash."""


def with_undo(text: str, assets: Iterable[Asset]) -> SafeString:
    """A message about what has just been put in the trash, with a button to take it out again."""
    ids = [asset.pk for asset in assets]
    restore_url = f"{reverse('media_library_restore')}?{urlencode([('id', pk) for pk in ids])}"
    context = {"text": text, "restore_url": restore_url if len(ids) <= UNDONE_AT_ONCE else ""}
    return render_to_string("media_library/trash/undo.html", context)


class TrashMenuItem(MenuItem):
    """For who might have put something there."""

    def is_shown(self, request: HttpRequest) -> bool:
        return may_work(request.user)


def menu_item() -> TrashMenuItem:
    return TrashMenuItem(_("Trash"), reverse("media_library_trash"), name="media-trash", icon_name="bin", order=1300)


def register_log_actions(actions: LogActionRegistry) -> None:
    actions.register_action(LOG_TRASH, _("Put in the trash"), _("Put in the trash"))
    actions.register_action(LOG_RESTORE, _("Restore from the trash"), _("Restored from the trash"))
    actions.register_action(LOG_REPLACE, _("Replace everywhere"), _("Replaced with another file where it was used"))


def describe_collection(collection: Collection) -> dict[str, Any] | None:
    """A collection is not empty as long as something of it can be restored; it says so where somebody deletes it."""
    count = Asset.objects.filter(collection=collection, trashed_at__isnull=False).count()
    if not count:
        return None
    text = ngettext("%(count)s file of it in the trash", "%(count)s files of it in the trash", count)
    return {"count": count, "count_text": text % {"count": count}, "url": reverse("media_library_trash")}


def serve_no_trash(document: CustomDocument, request: HttpRequest) -> None:
    """Hook ``before_serve_document``: as if it were deleted, but for who might restore it."""
    may_look = document_permission_policy.user_has_permission_for_instance
    if document.trashed_at and not may_look(request.user, RESTORE, document):
        raise Http404
