"""Every public endpoint on one screen."""

from django.urls import path

from blog.api.pages import PagesAPIViewSet
from blog.api.preview import PagePreviewAPIViewSet
from blog.api.serializers import CategoryViewSet, PersonViewSet
from media_library.api.beacon import beacon
from media_library.api.media_collections import MediaCollectionsAPIViewSet
from media_library.api.rest.api import urlpatterns as rest
from media_library.api.router import LibraryRouter
from media_library.api.transforms import transform
from media_library.api.v2 import AudioAPIViewSet, DocumentsAPIViewSet, ImagesAPIViewSet, VideosAPIViewSet

# /api/v2/: published content, read only.
api_v2 = LibraryRouter("wagtailapi")
api_v2.register_endpoint("pages", PagesAPIViewSet)
api_v2.register_endpoint("images", ImagesAPIViewSet)
api_v2.register_endpoint("videos", VideosAPIViewSet)
api_v2.register_endpoint("audio", AudioAPIViewSet)
api_v2.register_endpoint("documents", DocumentsAPIViewSet)
# Curated sets; Wagtail's own collections are folders, and no public thing.
api_v2.register_endpoint("collections", MediaCollectionsAPIViewSet)
# A draft by signed token. Front ends that exist know it by either name.
api_v2.register_endpoint("page_preview", PagePreviewAPIViewSet)
api_v2.register_endpoint("preview", PagePreviewAPIViewSet)
# Seen inside posts only.
api_v2.register_nested(PersonViewSet)
api_v2.register_nested(CategoryViewSet)

# /api/media/ and /api/collections/: the library for programs; and what front ends tell it of their visitors.
media = [path("media/beacon/", beacon, name="beacon"), *rest()]

# /transform/: renditions on demand, by signed addresses.
transforms = [path("<str:signature>/<str:expires>/<str:picture>/<str:name>", transform, name="transform")]
