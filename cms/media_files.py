import re
from collections.abc import Callable
from wsgiref.headers import Headers

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from whitenoise import WhiteNoise
from whitenoise.middleware import WhiteNoiseMiddleware

PUBLIC = re.compile(r"\d+/(?:\d+|tracks)/|avatar_images/|cards/")
"""What was made from an asset, its captions, portraits of users, and cards of pages. Wagtail also parks uploads
there that lack metadata."""


DRAWING_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox"
"""Content-Security-Policy of every SVG, on top of its sanitising: it may style itself and show pictures that it holds,
but run nothing, fetch nothing, and it is of no origin. It matters to those who open the file by itself; in ``<img>``
browsers do the same without being told (SVG Integration, secure animated mode)."""


def add_headers(headers: Headers, path: str, url: str) -> None:
    """What WhiteNoise sends along with a file."""
    headers["X-Content-Type-Options"] = "nosniff"
    if path.endswith(".svg"):
        headers["Content-Security-Policy"] = DRAWING_POLICY


class MediaFilesMiddleware:
    """Serve what workers made from local storage: byte ranges, conditional requests, and caching for ever.

    Names under MEDIA_ROOT hold a hash of the bytes, so a URL never changes what it answers. In front of a CDN or with
    S3 storage nothing arrives here.
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
            mimetypes={".svg": "image/svg+xml", ".m3u8": "application/vnd.apple.mpegurl", ".vtt": "text/vtt"},
        )

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if PUBLIC.match(request.path_info.removeprefix(settings.MEDIA_URL)):
            static_file = self.files.find_file(request.path_info)
            if static_file is not None:
                return WhiteNoiseMiddleware.serve(static_file, request)
        return self.get_response(request)
