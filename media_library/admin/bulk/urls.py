from django.urls import URLPattern, path

from media_library.admin.bulk.download import DownloadView
from media_library.admin.bulk.operations import (
    CancelOperationView,
    OperationsView,
    OperationView,
    operation_panel,
    operation_status,
)
from media_library.admin.bulk.texts import TextsView
from media_library.admin.bulk.views import ActionView, EditTextsView, RestoreAllView, UndoDeletionView

urlpatterns: list[URLPattern] = [
    path("media/bulk/download/", DownloadView.as_view(), name="media_library_bulk_download"),
    path("media/bulk/texts/", EditTextsView.as_view(), name="media_library_bulk_texts"),
    path("media/bulk/restore-all/", RestoreAllView.as_view(), name="media_library_restore_all"),
    path("media/bulk/<slug:action>/", ActionView.as_view(), name="media_library_bulk"),
    path("media/operations/", OperationsView.as_view(), name="media_library_operations"),
    path(
        "media/operations/results/",
        OperationsView.as_view(results_only=True),
        name="media_library_operations_results",
    ),
    path("media/operations/<uuid:pk>/", OperationView.as_view(), name="media_library_operation"),
    path("media/operations/<uuid:pk>/panel/", operation_panel, name="media_library_operation_panel"),
    path("media/operations/<uuid:pk>/status/", operation_status, name="media_library_operation_status"),
    path("media/operations/<uuid:pk>/cancel/", CancelOperationView.as_view(), name="media_library_operation_cancel"),
    path("media/operations/<uuid:pk>/restore/", UndoDeletionView.as_view(), name="media_library_operation_restore"),
    path("media/operations/<uuid:pk>/texts/", TextsView.as_view(), name="media_library_operation_texts"),
]
