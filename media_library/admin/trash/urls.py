from django.urls import URLPattern, path

from media_library.admin.trash.leaving import DeleteForGoodView, RestoreView
from media_library.admin.trash.listing import TrashView
from media_library.admin.trash.replacing import ReplaceEverywhereView

urlpatterns: list[URLPattern] = [
    path("media/trash/", TrashView.as_view(), name="media_library_trash"),
    path("media/trash/results/", TrashView.as_view(results_only=True), name="media_library_trash_results"),
    path("media/trash/restore/", RestoreView.as_view(), name="media_library_restore"),
    path(
        "media/<int:pk>/replace-everywhere/", ReplaceEverywhereView.as_view(), name="media_library_replace_everywhere"
    ),
    path("media/trash/delete/", DeleteForGoodView.as_view(), name="media_library_delete_for_good"),
]
