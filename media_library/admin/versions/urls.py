from django.urls import URLPattern, path

from media_library.admin.versions import views

urlpatterns: list[URLPattern] = [
    path("media/<int:pk>/replace-file/", views.ReplaceView.as_view(), name="media_library_replace_file"),
    path("media/<int:pk>/versions/", views.VersionsView.as_view(), name="media_library_versions"),
    path("media/<int:pk>/versions/compare/", views.CompareView.as_view(), name="media_library_compare_versions"),
    path(
        "media/<int:pk>/versions/<int:number>/restore/",
        views.RestoreVersionView.as_view(),
        name="media_library_restore_version",
    ),
    path(
        "media/<int:pk>/versions/<int:number>/preview/",
        views.VersionPreviewView.as_view(),
        name="media_library_version_preview",
    ),
    path(
        "media/<int:pk>/versions/<int:number>/download/",
        views.VersionDownloadView.as_view(),
        name="media_library_version_download",
    ),
]
