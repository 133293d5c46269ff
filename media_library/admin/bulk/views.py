"""The dialog of an action: what it asks, and its beginning."""

import logging
from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.generic import View
from wagtail.admin import messages
from wagtail.admin.admin_url_finder import AdminURLFinder

from media_library import bulk, tasks
from media_library.admin.bulk.forms import FORMS, ActionForm
from media_library.admin.bulk.operations import own_operations
from media_library.admin.bulk.selection import Selection, count_kinds
from media_library.admin.bulk.wording import WORDINGS, Wording, describe_left_out, summarise
from media_library.admin.permissions import trashed_assets
from media_library.bulk import ACTIONS
from media_library.bulk.loading import load
from media_library.conf import conf
from media_library.deletion import refusals
from media_library.models import BulkOperation
from media_library.usage import used

logger = logging.getLogger(__name__)

SHOWN_PLACES = 3
"""Places that are named of each used file before many are deleted."""


class ActionView(View):
    """POST a selection (``ids``, or ``all`` and ``query``): the form of an action, as HTML for the dialog.

    With ``start``, the form's own fields come along: answered with 422 and the form if something is wrong, otherwise
    the operation is begun: ``{"url": "…", "is_finished": true, "failed": 0, "can_undo": false, "message": "…"}``.
    A selection that can't be read is answered with 400 and ``{"message": "…"}``.
    """

    http_method_names = ["post"]

    def post(self, request: HttpRequest, action: str) -> HttpResponseBase:
        if action not in ACTIONS:
            raise Http404
        self.action = action
        try:
            in_trash = ACTIONS[action].takes_trash
            self.selection = Selection.from_post(request.user, request.POST, in_trash=in_trash)
        except ValueError as error:
            return JsonResponse({"message": str(error)}, status=400)
        is_start = "start" in request.POST
        form = self.form_class(
            request.POST if is_start else None, user=request.user, assets=self.selection.for_action(action)
        )
        if is_start and self.number and form.is_valid():
            return JsonResponse(self.start(form))
        return self.show(form, status=422 if is_start else 200)

    @property
    def form_class(self) -> type[ActionForm]:
        return FORMS.get(self.action, ActionForm)

    @property
    def wording(self) -> Wording:
        return WORDINGS[self.action]

    @cached_property
    def kinds(self) -> list[tuple[str, int]]:
        return count_kinds(self.selection.for_action(self.action))

    @cached_property
    def number(self) -> int:
        return sum(number for _kind, number in self.kinds)

    @cached_property
    def left_out(self) -> int:
        return sum(number for _kind, number in count_kinds(self.selection.assets)) - self.number

    def show(self, form: ActionForm, status: int) -> HttpResponse:
        context = {
            "form": form,
            "action": self.action,
            "wording": self.wording,
            "kinds": self.kinds,
            "number": self.number,
            "number_to_do": self.number,
            "left_out": describe_left_out(self.left_out) if self.left_out else "",
            "url": self.request.path,
        }
        if self.action == BulkOperation.Action.DELETE:
            context |= self.get_use()
        return render(self.request, "media_library/bulk/dialog.html", context, status=status)

    def get_use(self) -> dict[str, Any]:
        """Which of a few files are used, and where; of many, how many."""
        assets = self.selection.for_action(self.action)
        if self.number > conf.BULK_AT_ONCE:
            number_used = used(assets.order_by()).count()
            return {"number_used": number_used, "number_to_do": self.number - number_used}
        few = load(self.selection.ordered(assets))
        refused = refusals(few, self.request.user, limit=SHOWN_PLACES)
        finder = AdminURLFinder(self.request.user)
        leaving = [asset for asset in few if asset.pk not in refused]
        return {
            "number_to_do": len(leaving),
            "staying": [
                {"asset": asset, "refusal": refused[asset.pk], "edit_url": finder.get_edit_url(asset)}
                for asset in few
                if asset.pk in refused
            ],
            "leaving": leaving,
        }

    def start(self, form: ActionForm) -> dict[str, Any]:
        """Begin the operation; what is small is done at once."""
        assets = self.selection.for_action(self.action)
        order = ACTIONS[self.action].order
        ids = list(assets.order_by(*order).values_list("pk", flat=True)) if order else self.selection.ordered(assets)
        with transaction.atomic():
            operation = bulk.start(self.request.user, self.action, form.parameters(), ids, left_out=self.left_out)
        begin(operation)
        return {
            "url": reverse("media_library_operation", args=(operation.pk,)),
            "is_finished": operation.is_finished,
            "failed": operation.failed,
            "can_undo": self.action == BulkOperation.Action.DELETE,
            "message": summarise(operation),
        }


def begin(operation: BulkOperation) -> None:
    """Do what is small within the request; what is left after some seconds, or an accident, is for a worker."""
    if operation.total <= conf.BULK_AT_ONCE:
        try:
            bulk.run(operation.pk)
        except Exception:
            # Written down in the operation, which is tried again.
            logger.exception("%s", operation)
        operation.refresh_from_db()
    if not operation.is_finished:
        tasks.send_operations([operation.pk])


class UndoDeletionView(View):
    """POST: take all that an operation has put in the trash out of it, as far as it is still there."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        deletion = get_object_or_404(own_operations(request.user), pk=pk, action=BulkOperation.Action.DELETE)
        there = set(trashed_assets(request.user).values_list("pk", flat=True))
        deleted = (asset_id for batch in deletion.batches.iterator(20) for asset_id in batch.asset_ids)
        ids = [asset_id for asset_id in deleted if asset_id in there]
        if not ids:
            messages.warning(request, _("Nothing of this was left in the trash."))
            return redirect("media_library_operation", pk=pk)
        operation = bulk.start(request.user, BulkOperation.Action.RESTORE, {}, ids)
        begin(operation)
        return redirect("media_library_operation", pk=operation.pk)


class RestoreAllView(View):
    """POST: take all out of the trash that this user may."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        ids = list(trashed_assets(request.user).order_by("pk").values_list("pk", flat=True))
        if not ids:
            messages.warning(request, _("Nothing was left in the trash."))
            return redirect("media_library_trash")
        operation = bulk.start(request.user, BulkOperation.Action.RESTORE, {}, ids)
        begin(operation)
        return redirect("media_library_operation", pk=operation.pk)


class EditTextsView(View):
    """POST a selection: the table of its texts is made, and opened."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> JsonResponse:
        try:
            selection = Selection.from_post(request.user, request.POST)
        except ValueError as error:
            return JsonResponse({"message": str(error)}, status=400)
        ids = selection.ordered(selection.permitted("change"))
        if not ids:
            return JsonResponse({"message": _("None of these files is yours to change.")}, status=400)
        left_out = selection.assets.order_by().values("pk").distinct().count() - len(ids)
        operation = bulk.start(request.user, BulkOperation.Action.TEXTS, {}, ids, left_out=left_out)
        return JsonResponse({"url": reverse("media_library_operation_texts", args=(operation.pk,))})
