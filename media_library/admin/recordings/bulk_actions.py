"""What can be done to several films or sounds of the listing at once."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.functional import Promise, cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from wagtail.admin.views.bulk_action import BulkAction
from wagtail.admin.widgets import AdminTagWidget
from wagtail.permissions import policy_registry
from wagtail.search import index

from media_library.admin.deletion import GuardedBulkDeleteMixin
from media_library.admin.forms import collection_field
from media_library.admin.recordings.kinds import KINDS, OfKind
from media_library.models import Asset


class RecordingBulkAction(OfKind, BulkAction):
    """Only those of the chosen ones that the user may ``permission`` take part; of the others, only the number
    is told."""

    models = [kind.model for kind in KINDS]
    template_name = "media_library/recordings/bulk_actions/confirm.html"
    permission = "change"
    title: str | Promise = ""
    confirm_label: str | Promise = ""
    cancel_label: str | Promise = ""

    @cached_property
    def policy(self) -> Any:
        return policy_registry.get_by_type(self.model)

    def check_perm(self, recording: Asset) -> bool:
        return self.policy.user_has_permission_for_instance(self.request.user, self.permission, recording)

    def get_all_objects_in_listing_query(self, parent_id: str | None) -> QuerySet:
        recordings = self.policy.instances_user_has_permission_for(self.request.user, self.permission)
        if parent_id is not None:
            recordings = recordings.filter(collection_id=parent_id)
        if query := self.request.GET.get("q"):
            found = [recording.pk for recording in recordings.autocomplete(query)]
            recordings = recordings.filter(pk__in=found)
        return recordings.values_list("pk", flat=True)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        refused = len(context["items_with_no_access"])
        return context | {
            "title": self.title,
            "header_icon": self.kind.icon,
            "confirm_label": self.confirm_label,
            "cancel_label": self.cancel_label,
            "button_class": " ".join(self.classes),
            "refused": refused
            and ngettext(
                "%(number)s of the chosen files is not yours to change, and is left as it is.",
                "%(number)s of the chosen files are not yours to change, and are left as they are.",
                refused,
            )
            % {"number": refused},
        }

    def object_context(self, recording: Asset) -> dict[str, Any]:
        return super().object_context(recording) | {
            "edit_url": self.kind.url("edit", recording.pk),
            "usage_url": self.kind.url("usage", recording.pk),
        }

    def get_success_message(self, num_parent_objects: int, num_child_objects: int) -> str:
        return ngettext(
            "%(number)s file has been changed.", "%(number)s files have been changed.", num_parent_objects
        ) % {"number": num_parent_objects}


class TagForm(forms.Form):
    tags = forms.CharField(label=_("Tags"), widget=AdminTagWidget)


class AddTagsBulkAction(RecordingBulkAction):
    display_name = _("Tag")
    action_type = "add_tags"
    aria_label = _("Add tags to the selected files")
    action_priority = 20
    form_class = TagForm
    title = _("Add tags")
    confirm_label = _("Yes, add")
    cancel_label = _("No, don't add")

    def get_execution_context(self) -> dict[str, Any]:
        names = self.cleaned_form.cleaned_data["tags"].split(",")
        return {"tags": [name.strip() for name in names if name.strip()]}

    @classmethod
    def execute_action(cls, objects: list[Asset], tags: list[str] | None = None, **kwargs: Any) -> tuple[int, int]:
        for recording in objects:
            recording.tags.add(*tags or [])
            index.insert_or_update_object(recording)
        return len(objects), 0


class CollectionForm(forms.Form):
    def __init__(self, *args: Any, collections: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["collection"] = collection_field(collections)


class AddToCollectionBulkAction(RecordingBulkAction):
    display_name = _("Add to collection")
    action_type = "add_to_collection"
    aria_label = _("Add the selected files to a collection")
    action_priority = 30
    form_class = CollectionForm
    title = _("Add to a collection")
    confirm_label = _("Yes, add")
    cancel_label = _("No, don't add")

    def get_form_kwargs(self) -> dict[str, Any]:
        collections = self.policy.collections_user_has_permission_for(self.request.user, "add")
        return super().get_form_kwargs() | {"collections": collections}

    def get_execution_context(self) -> dict[str, Any]:
        return {"collection": self.cleaned_form.cleaned_data["collection"]}

    @classmethod
    def execute_action(cls, objects: list[Asset], collection: Any = None, **kwargs: Any) -> tuple[int, int]:
        chosen = Asset.objects.filter(pk__in=[recording.pk for recording in objects])
        return chosen.update(collection=collection), 0


class DeleteBulkAction(GuardedBulkDeleteMixin, RecordingBulkAction):
    display_name = _("Delete")
    action_type = "delete"
    aria_label = _("Delete the selected files")
    action_priority = 100
    classes = {"serious"}
    permission = "delete"
    title = _("Delete files")
