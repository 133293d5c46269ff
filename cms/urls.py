from django.urls import include, path
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

from blog.userbar import userbar
from cms.api import media, transforms, v2, v3
from cms.languages import in_each_language
from cms.media_files import media_cookies, media_privacy, private_media
from cms.operations.views import health
from cms.security.login.password_reset import LimitedPasswordResetView
from media_library.serving import serve_document
from media_library.serving.views import private_file

handler400 = "cms.errors.bad_request"

urlpatterns = [
    path("health/", health, name="health"),
    path("admin/password_reset/", LimitedPasswordResetView.as_view()),
    path("admin/", include(wagtailadmin_urls)),
    path("documents/<int:document_id>/<path:document_filename>", serve_document),
    path("documents/", include(wagtaildocs_urls)),
    path("userbar/", userbar, name="userbar"),
    path("api/v2/", include(v2)),
    path("api/v3/", v3),
    path("api/", include(media)),
    path("transform/", include(transforms)),
    # What is public in local storage is served before (MediaFilesMiddleware); this is what only some may see.
    path("media/<path:name>", private_media),
    path("internal/media/<int:asset_id>/", media_privacy),
    path("files/cookies/<int:asset_id>/", media_cookies),
    path("files/<str:signature>/<int:expires>/<int:asset_id>/<path:rest>", private_file),
    path("", include("blog.seo.urls")),
    in_each_language([path("", include(wagtail_urls))]),
]
