from django.urls import URLPattern, path

from media_library.admin import motion
from media_library.admin.editing import collections, views

urlpatterns: list[URLPattern] = [
    path("images/<int:image_id>/edit-picture/", views.EditPictureView.as_view(), name="media_library_edit_picture"),
    path(
        "images/<int:image_id>/edit-picture/source/",
        views.PictureSourceView.as_view(),
        name="media_library_picture_source",
    ),
    path(
        "images/<int:image_id>/separate-film/", motion.SeparateFilmView.as_view(), name="media_library_separate_film"
    ),
    path("collections/settings/", collections.CollectionSettingsIndexView.as_view(), name=collections.INDEX),
    path("collections/<int:pk>/settings/", collections.CollectionSettingsEditView.as_view(), name=collections.EDIT),
    path("media/watermark/", views.WatermarkPreviewView.as_view(), name="media_library_watermark_preview"),
]
