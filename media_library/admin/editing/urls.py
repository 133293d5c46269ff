from django.urls import URLPattern, path

from media_library.admin.editing import views

urlpatterns: list[URLPattern] = [
    path("images/<int:image_id>/edit-picture/", views.EditPictureView.as_view(), name="media_library_edit_picture"),
    path(
        "images/<int:image_id>/edit-picture/source/",
        views.PictureSourceView.as_view(),
        name="media_library_picture_source",
    ),
    path("media/watermark/", views.WatermarkPreviewView.as_view(), name="media_library_watermark_preview"),
]
