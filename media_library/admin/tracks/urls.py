from django.urls import URLPattern, path, re_path

from media_library.admin.tracks import views

urlpatterns: list[URLPattern] = [
    path("media/<int:asset_id>/tracks/add/", views.AddTrackView.as_view(), name="media_library_add_track"),
    path("media/tracks/<int:pk>/", views.EditTrackView.as_view(), name="media_library_edit_track"),
    path("media/tracks/<int:pk>/delete/", views.DeleteTrackView.as_view(), name="media_library_delete_track"),
    path("media/tracks/<int:pk>/check/", views.CheckTrackView.as_view(), name="media_library_check_track"),
    re_path(
        r"^media/tracks/(?P<pk>[0-9]{1,18})/download\.(?P<form>vtt|srt)$",
        views.DownloadTrackView.as_view(),
        name="media_library_download_track",
    ),
]
