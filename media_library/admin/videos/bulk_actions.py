"""What can be done to several films of the listing at once."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from wagtail.admin.views.bulk_action import BulkAction
from wagtail.admin.widgets import AdminTagWidget
from wagtail.search import index

from media_library.admin.deletion import GuardedBulkDeleteMixin
from media_library.admin.forms import collection_field
from media_library.admin.permissions import video_permission_policy
from media_library.models import Video


class VideoBulkAction(BulkAction):
    """Only those of the chosen films that the user may ``permission`` take part; of the others, only the number
    is told."""

    models = [Video]
    template_name = "media_library/videos/bulk_actions/confirm.html"
    permission = "change"
    title: str | Promise = ""
    confirm_label: str | Promise = ""
    cancel_label: str | Promise = ""

    def check_perm(self, video: Video) -> bool:
        return video_permission_policy.user_has_permission_for_instance(self.request.user, self.permission, video)

    def get_all_objects_in_listing_query(self, parent_id: str | None) -> QuerySet:
        videos = video_permission_policy.instances_user_has_permission_for(self.request.user, self.permission)
        if parent_id is not None:
            videos = videos.filter(collection_id=parent_id)
        if query := self.request.GET.get("q"):
            found = [video.pk for video in videos.autocomplete(query)]
            videos = videos.filter(pk__in=found)
        return videos.values_list("pk", flat=True)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        refused = len(context["items_with_no_access"])
        return context | {
            "title": self.title,
            "confirm_label": self.confirm_label,
            "cancel_label": self.cancel_label,
            "button_class": " ".join(self.classes),
            "refused": refused
            and ngettext(
                "%(number)s of the chosen videos is not yours to change, and is left as it is.",
                "%(number)s of the chosen videos are not yours to change, and are left as they are.",
                refused,
            )
            % {"number": refused},
        }

    def get_success_message(self, num_parent_objects: int, num_child_objects: int) -> str:
        return ngettext(
            "%(number)s video has been changed.", "%(number)s videos have been changed.", num_parent_objects
        ) % {"number": num_parent_objects}


class TagForm(forms.Form):
    tags = forms.CharField(label=_("Tags"), widget=AdminTagWidget)


class AddTagsBulkAction(VideoBulkAction):
    display_name = _("Tag")
    action_type = "add_tags"
    aria_label = _("Add tags to the selected videos")
    action_priority = 20
    form_class = TagForm
    title = _("Add tags to videos")
    confirm_label = _("Yes, add")
    cancel_label = _("No, don't add")

    def get_execution_context(self) -> dict[str, Any]:
        names = self.cleaned_form.cleaned_data["tags"].split(",")
        return {"tags": [name.strip() for name in names if name.strip()]}

    @classmethod
    def execute_action(cls, objects: list[Video], tags: list[str] | None = None, **kwargs: Any) -> tuple[int, int]:
        for video in objects:
            video.tags.add(*tags or [])
            index.insert_or_update_object(video)
        return len(objects), 0


class CollectionForm(forms.Form):
    def __init__(self, *args: Any, user: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["collection"] = collection_field(
            video_permission_policy.collections_user_has_permission_for(user, "add")
        )


class AddToCollectionBulkAction(VideoBulkAction):
    display_name = _("Add to collection")
    action_type = "add_to_collection"
    aria_label = _("Add selected videos to collection")
    action_priority = 30
    form_class = CollectionForm
    title = _("Add videos to a collection")
    confirm_label = _("Yes, add")
    cancel_label = _("No, don't add")

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"user": self.request.user}

    def get_execution_context(self) -> dict[str, Any]:
        return {"collection": self.cleaned_form.cleaned_data["collection"]}

    @classmethod
    def execute_action(cls, objects: list[Video], collection: Any = None, **kwargs: Any) -> tuple[int, int]:
        return Video.objects.filter(pk__in=[video.pk for video in objects]).update(collection=collection), 0


class DeleteBulkAction(GuardedBulkDeleteMixin, VideoBulkAction):
    display_name = _("Delete")
    action_type = "delete"
    aria_label = _("Delete selected videos")
    action_priority = 100
    classes = {"serious"}
    permission = "delete"
    title = _("Delete videos")
