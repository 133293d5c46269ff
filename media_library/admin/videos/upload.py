"""Several films at a time, by drag and drop: each is sent, judged and edited by itself."""

import json
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, JsonResponse
from django.template.defaultfilters import filesizeformat
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.actions.create import CreateAction
from wagtail.actions.edit import EditAction
from wagtail.admin.views.generic import multiple_upload
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from media_library.admin.deletion import GuardedUploadDeleteMixin
from media_library.admin.forms import VideoDetailsForm, VideoForm, accepted_video_extensions
from media_library.admin.permissions import video_permission_policy
from media_library.intake.limits import max_bytes
from media_library.models import Video


def duplicates(video: Video, user: Any) -> QuerySet[Video]:
    """Other videos of the same bytes that the user may choose."""
    choosable = video_permission_policy.instances_user_has_permission_for(user, "choose")
    return choosable.exclude(pk=video.pk).filter(file_hash=video.file_hash)


def save_upload(form: VideoForm, user: Any) -> Video:
    """Save a new video from its valid form, and note in the history who uploaded it."""
    video = form.instance
    video.uploaded_by_user = user
    CreateAction(video, user=user, form=form).execute(skip_permission_checks=True)
    return video


class VideoUploadView(WagtailAdminTemplateMixin, multiple_upload.AddView):
    """The page with the drop zone (GET), and one file after the other (POST, answered in JSON)."""

    template_name = "media_library/videos/upload/add.html"
    edit_form_template_name = "media_library/videos/upload/edit_form.html"
    duplicate_template_name = "media_library/videos/upload/duplicate.html"
    page_title = gettext_lazy("Add videos")
    header_icon = "media"

    index_url_name = "media_library_videos:index"
    edit_object_url_name = "media_library_videos:edit_uploaded"
    delete_object_url_name = "media_library_videos:delete_uploaded"
    edit_object_form_prefix = "video"
    context_object_name = "video"
    context_object_id_name = "video_id"

    def get_model(self) -> type[Video]:
        return Video

    def get_upload_form_class(self) -> type[VideoForm]:
        return VideoForm

    def get_edit_form_class(self) -> type[VideoDetailsForm]:
        return VideoDetailsForm

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *self.breadcrumbs_items,
            {"url": reverse(self.index_url_name), "label": capfirst(Video._meta.verbose_name_plural)},
            {"url": "", "label": self.get_page_title()},
        ]

    def post(self, request: HttpRequest) -> HttpResponse:
        """Take one file: ``{"success": true, "video_id", "form"}`` or ``{"success": false, "error_message"}``.

        Where another field is wrong, Wagtail's own view would keep the file for later, in public storage: here it is
        refused, too. Only the collection can be wrong, and only in a request that the page doesn't make.
        """
        upload = request.FILES.get("files[]")
        if upload is None:
            return HttpResponseBadRequest(_("Choose a file to upload."))
        longest = Video._meta.get_field("title").max_length
        form = VideoForm(
            {
                "title": (request.POST.get("title") or upload.name or "")[:longest],
                "collection": request.POST.get("collection"),
            },
            {"file": upload},
            user=request.user,
        )
        if not form.is_valid():
            return JsonResponse(self.get_invalid_response_data(form))
        self.object = save_upload(form, request.user)
        return JsonResponse(self.get_edit_object_response_data())

    def get_invalid_response_data(self, form: VideoForm) -> dict[str, Any]:
        # The page inserts this as HTML, and a message may quote the name of the file.
        errors = ((error,) for field in form.errors.values() for error in field)
        return {"success": False, "error_message": format_html_join(" ", "{}", errors)}

    def get_edit_object_response_data(self) -> dict[str, Any]:
        data = super().get_edit_object_response_data()
        existing = duplicates(self.object, self.request.user).first()
        if existing is None:
            return data | {"duplicate": False}
        context = {
            "existing": existing,
            "delete_action": reverse(self.delete_object_url_name, args=(self.object.pk,)),
        }
        notice = render_to_string(self.duplicate_template_name, context, request=self.request)
        return data | {"duplicate": True, "confirm_duplicate_upload": notice}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        largest = max_bytes(Video.KIND)
        extensions = accepted_video_extensions()
        messages = {
            "acceptFileTypes": _("This is not a film that can be used here. %(help)s")
            % {"help": context["help_text"]},
            "maxFileSize": _("This file is too large: at most %(size)s are accepted.")
            % {"size": filesizeformat(largest)},
        }
        return context | {
            "max_filesize": largest,
            "max_title_length": self.form.fields["title"].max_length,
            "accept": ",".join(f".{one}" for one in extensions),
            "accept_pattern": rf"/\.({'|'.join(extensions)})$/i",
            "messages_json": json.dumps(messages),
        }


class UploadedVideoEditView(multiple_upload.EditView):
    """Save the form below an uploaded film."""

    pk_url_kwarg = "pk"
    edit_object_form_prefix = "video"
    context_object_name = "video"
    context_object_id_name = "video_id"
    edit_object_url_name = "media_library_videos:edit_uploaded"
    delete_object_url_name = "media_library_videos:delete_uploaded"

    def get_model(self) -> type[Video]:
        return Video

    def get_edit_form_class(self) -> type[VideoDetailsForm]:
        return VideoDetailsForm

    def save_object(self, form: VideoDetailsForm) -> None:
        EditAction(self.object, user=self.request.user, form=form).execute(skip_permission_checks=True)


class UploadedVideoDeleteView(GuardedUploadDeleteMixin, multiple_upload.DeleteView):
    """Delete a film right below its upload."""

    pk_url_kwarg = "pk"
    context_object_id_name = "video_id"

    def get_model(self) -> type[Video]:
        return Video
