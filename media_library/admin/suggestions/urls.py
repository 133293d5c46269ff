from django.urls import URLPattern, path

from media_library.admin.suggestions.views import DecideView, SuggestionsView

urlpatterns: list[URLPattern] = [
    path("media/suggested/", SuggestionsView.as_view(), name="media_library_suggested"),
    path("media/suggested/decide/", DecideView.as_view(), name="media_library_decide"),
]
