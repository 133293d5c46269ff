import re
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from wsgiref.headers import Headers

from django.conf import settings
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.views.decorators.http import require_safe
from wagtail.models import CollectionViewRestriction
from whitenoise import WhiteNoise
from whitenoise.middleware import WhiteNoiseMiddleware

from media_library.admin.permissions import visible_assets
from media_library.conf import conf
from media_library.models.files import public_storage
from media_library.serving import Served, file_response, restrictions_of
from media_library.serving.files import ACTIVE_POLICY
from media_library.serving.views import stored_file
from media_library.statistics import vain
from media_library.storage.content_types import TYPES, content_type
from media_library.transforms.sizes import size_in_file

PUBLIC = re.compile(r"(?:(\d+)/(?:\d+|tracks)|avatar_images|cards)/")
"""What was made from an asset, its captions, portraits of users, and cards of pages."""

DRAWING_POLICY = ACTIVE_POLICY
"""Content-Security-Policy of every SVG, on top of its sanitising. It matters to those who open the file by itself; in
``<img>`` browsers do the same without being told (SVG Integration, secure animated mode)."""

FOR_EVER = "public, max-age=315360000, immutable"

PUBLIC_SECONDS = 10
"""For which the server in front may go on with what it was told of an asset."""

PRIVACY_KEY, PRIVACY_SECONDS = "cms.media_files.any_private", 60
SESSION_SECONDS = 60
"""For which a browser may keep what its user was allowed to see."""


def add_headers(headers: Headers, path: str, url: str) -> None:
    """What WhiteNoise sends along with a file."""
    headers["X-Content-Type-Options"] = "nosniff"
    # Pages of other hosts show them, those too that take nothing that doesn't say so (COEP).
    headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    if path.endswith(".svg"):
        headers["Content-Security-Policy"] = DRAWING_POLICY


class MediaFilesMiddleware:
    """Serve what workers made from local storage: byte ranges, conditional requests, and caching for ever.

    Names under MEDIA_ROOT hold a hash of the bytes, so a URL never changes what it answers. What was made of assets in
    private collections is left to ``private_media``. In front of a CDN or with S3 storage nothing arrives here.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]):
        self.get_response = get_response
        settings.MEDIA_ROOT.mkdir(parents=True, exist_ok=True)
        self.files = WhiteNoise(
            None,
            root=str(settings.MEDIA_ROOT),
            prefix=settings.MEDIA_URL,
            # Look at the disk for each request: files come while the server runs.
            autorefresh=True,
            immutable_file_test=lambda path, url: True,
            allow_all_origins=True,
            add_headers_function=add_headers,
            mimetypes=TYPES,
        )

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        name = request.path_info.removeprefix(settings.MEDIA_URL)
        if request.path_info.startswith(settings.MEDIA_URL) and (match := PUBLIC.match(name)):
            static_file = self.files.find_file(request.path_info)
            if static_file is not None and not is_private(match[1]):
                if settings.MEDIA_SENDFILE:
                    return _handed_over(request, name)
                return WhiteNoiseMiddleware.serve(static_file, request)
        return self.get_response(request)


def is_private(asset_id: str | None) -> bool:
    """Whether a file belongs to an asset in a private collection."""
    if asset_id is None or len(asset_id) > 18:
        return False
    return has_private_collections() and bool(restrictions_of(int(asset_id)))


def has_private_collections() -> bool:
    """Mostly there are none, and then no file costs a query."""
    found = None
    # A cache that is away raises what its driver does, and files go on.
    with suppress(Exception):
        found = cache.get(PRIVACY_KEY)
    if found is None:
        found = CollectionViewRestriction.objects.exists()
        with suppress(Exception):
            cache.set(PRIVACY_KEY, found, PRIVACY_SECONDS)
    return bool(found)


def forget_privacy(**kwargs: object) -> None:
    """Somebody has made a collection private, or public."""
    with suppress(Exception):
        cache.delete(PRIVACY_KEY)


@require_safe
def media_privacy(request: HttpRequest, asset_id: int) -> HttpResponse:
    """``/internal/media/<asset>/``: whether the server in front may send files of an asset to everybody by itself.

    Asked by ``auth_request`` of deploy/nginx.conf, and hidden by it from the outside: 204 for yes, also for an asset
    that isn't there, 403 for no, to be kept for ``PUBLIC_SECONDS``.
    """
    if settings.MEDIA_SENDFILE != "nginx":
        raise Http404
    status = 403 if is_private(str(asset_id)) else 204
    return HttpResponse(status=status, headers={"Cache-Control": f"max-age={PUBLIC_SECONDS}"})


@require_safe
def private_media(request: HttpRequest, name: str) -> HttpResponseBase:
    """``/media/…`` of assets in private collections: for who has passed what stands before them, and for editors."""
    match = PUBLIC.match(name)
    if match is None or match[1] is None or not is_private(match[1]):
        # What there is of others was served before it came here.
        vain.ask(vain.Reason.NO_FILE, size_in_file(name))
        raise Http404
    if not _may_see(request, int(match[1])):
        raise Http404
    return stored_file(request, name, SESSION_SECONDS)


@require_safe
def media_cookies(request: HttpRequest, asset_id: int) -> JsonResponse:
    """``/files/cookies/<asset>/``: CloudFront's signed cookies for the files of one asset in a private collection.

    {"url": "https://media.example.org/media/12/", "expires": "2026-11-26T15:00:00+00:00"}

    Below ``url`` stand the files, by the names that signed addresses have after the asset's number. 404 for who may
    not see the asset, and where CloudFront or ``CLOUDFRONT_COOKIE_DOMAIN`` is not set up.
    """
    storage: Any = public_storage()
    domain = settings.CLOUDFRONT_COOKIE_DOMAIN
    if not domain or not getattr(storage, "has_cloudfront", False):
        raise Http404
    if not is_private(str(asset_id)) or not _may_see(request, asset_id):
        raise Http404
    seconds, folder = conf.PRIVATE_URL_SECONDS, str(asset_id)
    address = storage.plain_url(folder) + "/"
    expires = datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=seconds)
    response = JsonResponse({"url": address, "expires": expires.isoformat()})
    for name, value in storage.signed_cookies(folder, seconds).items():
        response.set_cookie(
            name,
            value,
            max_age=seconds,
            domain=domain,
            path=urlsplit(address).path,
            secure=True,
            httponly=True,
            samesite="Lax",
        )
    response["Cache-Control"] = "private, no-store"
    return response


def _may_see(request: HttpRequest, asset_id: int) -> bool:
    """Whether somebody has passed what stands before an asset in a private collection, or works with it."""
    if all(one.accept_request(request) for one in restrictions_of(asset_id)):
        return True
    return visible_assets(request.user).filter(pk=asset_id).exists()


def _handed_over(request: HttpRequest, name: str) -> HttpResponseBase:
    served = Served(
        content_type(name),
        etag=f'"{name}"',
        cache_control=FOR_EVER,
        headers={"Access-Control-Allow-Origin": "*"},
    )
    return file_response(request, Path(settings.MEDIA_ROOT, name), served)
