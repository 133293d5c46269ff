from typing import Any

from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from django.urls import URLPattern, path
from wagtail.admin.viewsets.model import ModelViewSet

from media_library.admin.forms import RecordingForm
from media_library.admin.library.furniture import old_listing
from media_library.admin.recordings.editing import (
    RecordingDeleteView,
    RecordingEditView,
    RecordingHistoryView,
    RecordingPreview,
    RecordingUsageView,
)
from media_library.admin.recordings.kinds import AUDIO, VIDEO, RecordingKind
from media_library.admin.uploads.doors import AUDIO_DOOR, VIDEO_DOOR, Door
from media_library.admin.uploads.views import UploadedDeleteView, to_uploads


class RecordingViewSet(ModelViewSet):
    """Everything below /admin/videos/, or /admin/audio/."""

    copy_view_enabled = False

    edit_view_class = RecordingEditView
    delete_view_class = RecordingDeleteView
    usage_view_class = RecordingUsageView
    history_view_class = RecordingHistoryView

    def __init__(self, kind: RecordingKind, door: Door, **kwargs: Any):
        self.kind, self.door = kind, door
        super().__init__(
            kind.namespace,
            model=kind.model,
            url_prefix=kind.folder,
            icon=kind.icon,
            **kwargs,
        )

    def get_form_class(self, for_update: bool = False) -> type[RecordingForm]:
        return self.door.form_class()

    def get_permissions_to_register(self) -> QuerySet[Permission]:
        # Given by collection (furniture.py): a tick in the table of model permissions would do nothing.
        return Permission.objects.none()

    def get_urlpatterns(self) -> list[URLPattern]:
        replaced = ("add", "index", "index_results")
        inherited = [one for one in super().get_urlpatterns() if one.name not in replaced]
        return [
            *inherited,
            path("", old_listing, {"kind": self.model.KIND}, name="index"),
            path("results/", old_listing, {"kind": self.model.KIND}, name="index_results"),
            path("multiple/add/", to_uploads, {"kind": self.model.KIND}, name="add"),
            path("multiple/<int:pk>/delete/", UploadedDeleteView.as_view(door=self.door), name="delete_uploaded"),
            path("preview/<int:pk>/", self.construct_view(RecordingPreview), name="preview"),
        ]


video_viewset = RecordingViewSet(VIDEO, VIDEO_DOOR)
audio_viewset = RecordingViewSet(AUDIO, AUDIO_DOOR)
