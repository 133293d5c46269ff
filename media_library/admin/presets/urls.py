from django.urls import URLPattern, path

from media_library.admin.presets.report import GoBackView, PresetsView

urlpatterns: list[URLPattern] = [
    path("media/presets/", PresetsView.as_view(), name="media_library_presets"),
    path("media/presets/back/", GoBackView.as_view(), name="media_library_presets_back"),
]
