"""Choosing a film or a sound: only what the user may choose, with picture and status, and a tab to upload."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.forms import Form
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.views.generic import View
from wagtail.admin.ui.tables import BaseColumn, Column, DateColumn
from wagtail.admin.views.generic import chooser as generic
from wagtail.models import Collection
from wagtail.permissions import policy_registry

from media_library.admin.facts import thumbnail, with_thumbnails
from media_library.admin.recordings.columns import StatusColumn, ThumbnailColumn
from media_library.admin.recordings.kinds import OfKind
from media_library.models import Asset


def chosen_data(recording: Asset) -> dict[str, Any]:
    """What the chosen field shows besides the title: ``{"status", "status_label", "poster"}``."""
    poster = thumbnail(recording)
    return {
        "status": recording.status,
        "status_label": str(recording.get_status_display()),
        "poster": poster.url if poster else "",
    }


class CreationFormMixin(OfKind, generic.CreationFormMixin):
    creation_tab_id = "upload"

    def get_creation_form_kwargs(self) -> dict[str, Any]:
        return super().get_creation_form_kwargs() | {
            "user": self.request.user,
            "prefix": f"{self.kind.name}-chooser-upload",
        }


class BaseChooseView(OfKind, generic.BaseChooseView):
    results_template_name = "media_library/recordings/chooser/results.html"
    ordering = ("-created_at", "-id")
    per_page = 10

    def get_object_list(self) -> QuerySet:
        choosable = self.permission_policy.instances_user_has_any_permission_for(self.request.user, ["choose"])
        return with_thumbnails(choosable.select_related("collection"))

    @cached_property
    def collections(self) -> QuerySet[Collection] | None:
        """Where the user may choose; None when there is no choice between collections."""
        collections = self.permission_policy.collections_user_has_permission_for(self.request.user, "choose")
        return collections if len(collections) > 1 else None

    def get_filter_form(self) -> Form:
        return self.get_filter_form_class()(self.request.GET, collections=self.collections)

    @property
    def columns(self) -> list[BaseColumn]:
        picture = self.kind.words.picture
        columns = [
            ThumbnailColumn("thumbnail", label=picture, width="1%", classname="recording-listing__thumbnail"),
            *super().columns,
            StatusColumn("status", label=_("Status"), width="20%", classname="recording-listing__status"),
            DateColumn("created_at", label=_("Created"), width="16%"),
        ]
        if self.collections:
            columns.insert(3, Column("collection", label=_("Collection"), accessor="collection.name"))
        return columns

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"words": self.kind.words}


class ChooseView(generic.ChooseViewMixin, CreationFormMixin, BaseChooseView):
    pass


class ChooseResultsView(generic.ChooseResultsViewMixin, CreationFormMixin, BaseChooseView):
    pass


class ChosenResponseMixin(generic.ChosenResponseMixin):
    @cached_property
    def policy(self) -> Any:
        return policy_registry.get_by_type(self.model_class)

    def get_chosen_response_data(self, item: Any) -> dict[str, Any]:
        return super().get_chosen_response_data(item) | chosen_data(item)


class ChosenView(generic.ChosenViewMixin, ChosenResponseMixin, View):
    def get_object(self, pk: str) -> Any:
        recording = super().get_object(pk)
        if not self.policy.user_has_permission_for_instance(self.request.user, "choose", recording):
            raise PermissionDenied
        return recording


class ChosenMultipleView(generic.ChosenMultipleViewMixin, ChosenResponseMixin, View):
    def get_objects(self, pks: list[str]) -> QuerySet:
        choosable = self.policy.instances_user_has_any_permission_for(self.request.user, ["choose"])
        return with_thumbnails(choosable.filter(pk__in=pks))


class ChooserUploadView(generic.CreateViewMixin, CreationFormMixin, ChosenResponseMixin, View):
    def save_form(self, form: Any) -> Asset:
        # Forms need all models, and this module is imported while they load, for the block.
        from media_library.admin.uploads.doors import save_upload

        return save_upload(form, self.request.user)
