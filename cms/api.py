"""Every public endpoint on one screen."""

from django.urls import path
from wagtail.api.v3.routers import pages, schema, sites, whoami
from wagtail.snippets.api.v3 import router as snippets

from blog.api import errors
from blog.api.categories import CategoriesAPIViewSet
from blog.api.experiments import outcome
from blog.api.forms import form
from blog.api.pages import PagesAPIViewSet
from blog.api.passwords import password
from blog.api.preview import PagePreviewAPIViewSet
from blog.api.redirects import RedirectsAPIViewSet
from blog.api.search import SearchAPIViewSet
from blog.api.serializers import PersonViewSet, SeriesViewSet
from blog.api.site import SiteAPIViewSet
from blog.api.views import page_view
from blog.editorial.api import actions
from media_library.api.beacon import beacon
from media_library.api.media_collections import MediaCollectionsAPIViewSet
from media_library.api.rest.api import urlpatterns as rest
from media_library.api.router import LibraryRouter
from media_library.api.transforms import transform
from media_library.api.v2 import AudioAPIViewSet, DocumentsAPIViewSet, ImagesAPIViewSet, VideosAPIViewSet
from media_library.api.v3 import assets, publishing
from media_library.api.v3.api import make_api, urls

# /api/v2/: published content, read only.
api_v2 = LibraryRouter("wagtailapi")
api_v2.register_endpoint("pages", PagesAPIViewSet)
api_v2.register_endpoint("images", ImagesAPIViewSet)
api_v2.register_endpoint("videos", VideosAPIViewSet)
api_v2.register_endpoint("audio", AudioAPIViewSet)
api_v2.register_endpoint("documents", DocumentsAPIViewSet)
# Curated sets; Wagtail's own collections are folders, and no public thing.
api_v2.register_endpoint("collections", MediaCollectionsAPIViewSet)
# Name, menus, languages: what a front end shows around all pages of a site.
api_v2.register_endpoint("site", SiteAPIViewSet)
api_v2.register_endpoint("redirects", RedirectsAPIViewSet)
# The tree of categories, as far as it is active.
api_v2.register_endpoint("categories", CategoriesAPIViewSet)
api_v2.register_endpoint("search", SearchAPIViewSet)
# A draft by signed token. Front ends that exist know it by either name.
api_v2.register_endpoint("page_preview", PagePreviewAPIViewSet)
api_v2.register_endpoint("preview", PagePreviewAPIViewSet)
# Seen inside posts only.
api_v2.register_nested(PersonViewSet)
api_v2.register_nested(SeriesViewSet)
# What visitors send. Before the router, which answers all that it doesn't know.
v2 = [
    path("forms/<int:pk>/", form, name="api_form"),
    path("forms/<int:pk>", form),
    path("views/", page_view, name="api_views"),
    path("views", page_view),
    path("experiments/", outcome, name="api_experiments"),
    path("experiments", outcome),
    path("pages/<int:pk>/password/", password),
    path("pages/<int:pk>/password", password),
    path("", api_v2.urls),
]

# /api/media/ and /api/collections/: the library for programs; and what front ends tell it of their visitors.
media = [path("media/beacon/", beacon, name="beacon"), *rest()]

# /api/v3/: Wagtail's routers for writing and publishing by token; images and documents by the library's rules.
api_v3 = make_api()
errors.register(api_v3)
api_v3.add_router("/pages/", pages.router)
api_v3.add_router("/pages/", publishing.pages)
# Schedules, and submitting for review, for which Wagtail has no address.
api_v3.add_router("/pages/", actions)
api_v3.add_router("/snippets/", snippets.router)
api_v3.add_router("/images/", assets.images)
api_v3.add_router("/documents/", assets.documents)
api_v3.add_router("/sites/", sites.router)
api_v3.add_router("/schema/", schema.router)
api_v3.add_router("/", whoami.router)
v3 = urls(api_v3)

# /transform/: renditions on demand, by signed addresses.
transforms = [path("<str:signature>/<str:expires>/<str:picture>/<str:name>", transform, name="transform")]
