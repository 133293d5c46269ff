from django.urls import URLPattern, path

from media_library.admin.duplicates.asked import duplicates_of
from media_library.admin.duplicates.merging import MergeView
from media_library.admin.duplicates.report import DuplicatesView, NotDuplicateView

urlpatterns: list[URLPattern] = [
    path("media/duplicates/", DuplicatesView.as_view(), name="media_library_duplicates"),
    path("media/duplicates/of/", duplicates_of, name="media_library_duplicates_of"),
    path("media/duplicates/merge/", MergeView.as_view(), name="media_library_merge"),
    path("media/duplicates/none/", NotDuplicateView.as_view(), name="media_library_not_duplicate"),
]
