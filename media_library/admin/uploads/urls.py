from django.urls import URLPattern, path

from media_library.admin.uploads.endpoint import DetailsView, ImportView, RetryImportView, UploadsView, UseExistingView
from media_library.admin.uploads.folders import make_folders
from media_library.admin.uploads.views import AddMediaView, DocumentsView, ImagesView, TrayView

urlpatterns: list[URLPattern] = [
    path("media/add/", AddMediaView.as_view(), name="media_library_add"),
    path("media/uploads/", UploadsView.as_view(), name="media_library_uploads"),
    path("media/uploads/tray/", TrayView.as_view(), name="media_library_upload_tray"),
    path("media/uploads/folders/", make_folders, name="media_library_upload_folders"),
    path("media/uploads/import/", ImportView.as_view(), name="media_library_upload_import"),
    path("media/uploads/<uuid:pk>/", UploadsView.as_view(), name="media_library_upload"),
    path("media/uploads/<uuid:pk>/details/", DetailsView.as_view(), name="media_library_upload_details"),
    path("media/uploads/<uuid:pk>/use-existing/", UseExistingView.as_view(), name="media_library_upload_use_existing"),
    path("media/uploads/<uuid:pk>/retry/", RetryImportView.as_view(), name="media_library_upload_retry"),
]

in_place_of_wagtails: list[URLPattern] = [
    path("images/multiple/add/", ImagesView.as_view()),
    path("documents/multiple/add/", DocumentsView.as_view()),
]
