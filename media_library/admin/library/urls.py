from django.urls import URLPattern, path

from media_library.admin.library.suggestions import suggestions
from media_library.admin.library.views import LibraryView

urlpatterns: list[URLPattern] = [
    path("media/", LibraryView.as_view(), name="media_library_index"),
    path("media/results/", LibraryView.as_view(results_only=True), name="media_library_index_results"),
    path("media/suggestions/", suggestions, name="media_library_suggestions"),
]
