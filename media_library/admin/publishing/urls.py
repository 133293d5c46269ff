from django.urls import URLPattern, path

from media_library.admin.publishing import waiting

urlpatterns: list[URLPattern] = [
    path(
        "media/publishing/<int:content_type_id>/<str:object_id>/when_ready/",
        waiting.ask,
        name="media_library_publish_when_ready",
    ),
    path(
        "media/publishing/<int:content_type_id>/<str:object_id>/cancel/",
        waiting.stop,
        name="media_library_cancel_publishing",
    ),
    path(
        "media/publishing/<int:content_type_id>/<str:object_id>/progress/",
        waiting.progress,
        name="media_library_publishing_progress",
    ),
]
