from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _
from wagtail.admin.viewsets.model import ModelViewSet

from media_library.admin.forms import VideoForm
from media_library.admin.videos.editing import (
    VideoDeleteView,
    VideoEditView,
    VideoHistoryView,
    VideoUsageView,
    video_preview,
)
from media_library.admin.videos.listing import VideoIndexView
from media_library.admin.videos.upload import UploadedVideoDeleteView, UploadedVideoEditView, VideoUploadView
from media_library.models import Video


class VideoViewSet(ModelViewSet):
    """Everything below /admin/videos/."""

    model = Video
    name = "media_library_videos"
    url_prefix = "videos"
    icon = "media"
    menu_label = _("Videos")
    menu_name = "videos"
    # Images stand at 300, documents at 400.
    menu_order = 310
    add_to_admin_menu = True
    copy_view_enabled = False
    list_per_page = 30

    index_view_class = VideoIndexView
    edit_view_class = VideoEditView
    delete_view_class = VideoDeleteView
    usage_view_class = VideoUsageView
    history_view_class = VideoHistoryView

    def get_form_class(self, for_update: bool = False) -> type[VideoForm]:
        return VideoForm

    def get_permissions_to_register(self) -> QuerySet[Permission]:
        # Given by collection (furniture.py): a tick in the table of model permissions would do nothing.
        return Permission.objects.none()

    def get_urlpatterns(self) -> list[URLPattern]:
        inherited = [one for one in super().get_urlpatterns() if one.name != "add"]
        return [
            *inherited,
            path("multiple/add/", VideoUploadView.as_view(), name="add"),
            path("multiple/<int:pk>/", UploadedVideoEditView.as_view(), name="edit_uploaded"),
            path("multiple/<int:pk>/delete/", UploadedVideoDeleteView.as_view(), name="delete_uploaded"),
            path("preview/<int:pk>/", video_preview, name="preview"),
        ]


video_viewset = VideoViewSet()
