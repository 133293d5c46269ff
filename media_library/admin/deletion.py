"""Deleting in the admin leads to the trash. What is used stays, and the page says where it is used."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_list_or_404, get_object_or_404
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise, cached_property
from django.utils.safestring import SafeString
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail.actions.delete import DeleteAction
from wagtail.actions.registry import ActionRegistry
from wagtail.admin import messages
from wagtail.admin.admin_url_finder import AdminURLFinder
from wagtail.documents.views import documents
from wagtail.documents.views import multiple as multiple_documents
from wagtail.documents.views.bulk_actions import DeleteBulkAction as StockDocumentDeleteBulkAction
from wagtail.images.views import images
from wagtail.images.views import multiple as multiple_images
from wagtail.images.views.bulk_actions import DeleteBulkAction as StockImageDeleteBulkAction

from media_library.admin.trash.furniture import with_undo
from media_library.conf import conf
from media_library.deletion import refusals, restorable_until, trash_asset, trash_assets
from media_library.exceptions import AssetInUse
from media_library.models import Asset

SHOWN_IN_BULK = 3
"""Places that are named of each asset on the page of a bulk action."""

SHOWN_TITLES = 5
"""Assets that are named in a message."""


class DeleteAssetAction(DeleteAction):
    """Into the trash: Wagtail's action, as its views and its API v3 take it from the registry.

    Raises ``AssetInUse``.
    """

    def _delete(self) -> None:
        trash_asset(self.instance, self.user)


def register_actions(registry: ActionRegistry) -> None:
    registry.register(Asset, DeleteAssetAction)


class GuardedDeleteMixin:
    """For generic delete views: an asset in use has a page with its places instead of a button."""

    in_use_template_name = "media_library/admin/in_use.html"
    object: Asset
    request: HttpRequest

    @cached_property
    def refusal(self) -> AssetInUse | None:
        return refusals([self.object], self.request.user).get(self.object.pk)

    @property
    def confirmation_message(self) -> str:
        return _("It goes to the trash, from where it can be restored until %(date)s. Delete it?") % {
            "date": date_format(timezone.localtime(restorable_until(self.object)))
        }

    def get_success_message(self) -> SafeString:
        text = _("“%(title)s” is in the trash, and can be restored until %(date)s.") % {
            "title": self.object.title,
            "date": date_format(timezone.localtime(restorable_until(self.object))),
        }
        return with_undo(text, [self.object])

    def get_template_names(self) -> list[str]:
        return [self.in_use_template_name] if self.refusal else super().get_template_names()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"refusal": self.refusal}

    def form_valid(self, form: Any) -> HttpResponse:
        if self.refusal is None:
            try:
                return super().form_valid(form)
            except AssetInUse as refusal:
                # Somebody has just begun to use it.
                self.refusal = refusal
        return self.render_to_response(self.get_context_data(form=form), status=409)


class ImageDeleteView(GuardedDeleteMixin, images.DeleteView):
    template_name = "media_library/admin/confirm_delete_image.html"


class DocumentDeleteView(GuardedDeleteMixin, documents.DeleteView):
    pass


class GuardedUploadDeleteMixin:
    """For the links that delete a file right below its upload, in case somebody uses it already."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.model = self.get_model()
        asset = get_object_or_404(self.model, pk=kwargs[self.pk_url_kwarg])
        if not self.permission_policy.user_has_permission_for_instance(request.user, "delete", asset):
            raise PermissionDenied
        answer = {self.context_object_id_name: asset.pk}
        try:
            trash_asset(asset, request.user)
        except AssetInUse as refusal:
            return JsonResponse(answer | {"success": False, "error_message": str(refusal)}, status=409)
        return JsonResponse(answer | {"success": True})


class ImageUploadDeleteView(GuardedUploadDeleteMixin, multiple_images.DeleteView):
    pass


class DocumentUploadDeleteView(GuardedUploadDeleteMixin, multiple_documents.DeleteView):
    pass


class GuardedBulkDeleteMixin:
    """For bulk actions: what may go is deleted, and what is used stays, with the places that use it."""

    template_name = "media_library/admin/confirm_bulk_delete.html"
    title: str | Promise = ""
    is_protected = False
    request: HttpRequest

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.refused: list[AssetInUse] = []
        self.trashed: list[Asset] = []

    @classmethod
    def get_queryset(cls, model: type[Asset], object_ids: Iterable[int]) -> list[Asset]:
        # Permissions are those of the collection.
        return get_list_or_404(model._default_manager.select_related("collection"), pk__in=object_ids)

    def annotate_items(self, items: list[Asset]) -> list[Asset]:
        self.refusals = refusals(items, self.request.user, limit=SHOWN_IN_BULK)
        self.finder = AdminURLFinder(self.request.user)
        return items

    def object_context(self, item: Asset) -> dict[str, Any]:
        return {
            "item": item,
            "edit_url": self.finder.get_edit_url(item),
            "refusal": self.refusals.get(item.pk),
        }

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        return context | {
            "title": self.title,
            "leaving": [one for one in context["items"] if not one["refusal"]],
            "staying": [one for one in context["items"] if one["refusal"]],
            "restorable_until": timezone.now() + timedelta(days=conf.TRASH_DAYS),
            "number_without_access": len(context["items_with_no_access"]),
        }

    def prepare_action(self, objects: list[Asset], objects_without_access: Any) -> None:
        """Each asset is asked about by itself, when it is deleted."""

    def get_execution_context(self) -> dict[str, Any]:
        return {"user": self.request.user, "refused": self.refused, "trashed": self.trashed}

    @classmethod
    def execute_action(
        cls,
        objects: list[Asset],
        user: AbstractBaseUser,
        refused: list[AssetInUse],
        trashed: list[Asset],
        **kwargs: Any,
    ) -> tuple[int, int]:
        refused += trash_assets(objects, user)
        stay = {refusal.asset.pk for refusal in refused}
        trashed += [asset for asset in objects if asset.pk not in stay]
        return len(trashed), 0

    def get_success_message(self, num_parent_objects: int, num_child_objects: int) -> SafeString | None:
        if self.refused:
            messages.warning(self.request, describe_refused(self.refused))
        if not num_parent_objects:
            return None
        text = ngettext("%(number)s file is in the trash.", "%(number)s files are in the trash.", num_parent_objects)
        return with_undo(text % {"number": num_parent_objects}, self.trashed)


def describe_refused(refused: list[AssetInUse]) -> str:
    """One sentence about all that stays."""
    if len(refused) == 1:
        return str(refused[0])
    titles = [f"“{one.asset.title}”" for one in refused[:SHOWN_TITLES]]
    if rest := len(refused) - len(titles):
        titles.append(ngettext("%(number)s other", "%(number)s others", rest) % {"number": rest})
    return _("These are used, and stay: %(titles)s.") % {"titles": get_text_list(titles, _("and"))}


class ImageDeleteBulkAction(GuardedBulkDeleteMixin, StockImageDeleteBulkAction):
    title = gettext_lazy("Delete images")


class DocumentDeleteBulkAction(GuardedBulkDeleteMixin, StockDocumentDeleteBulkAction):
    title = gettext_lazy("Delete documents")


# At the addresses of Wagtail's own views, before these; their names lead here, too.
urlpatterns: list[URLPattern] = [
    path("images/<int:image_id>/delete/", ImageDeleteView.as_view()),
    path("images/multiple/<int:image_id>/delete/", ImageUploadDeleteView.as_view()),
    path("documents/delete/<int:document_id>/", DocumentDeleteView.as_view()),
    path("documents/multiple/<int:doc_id>/delete/", DocumentUploadDeleteView.as_view()),
]
