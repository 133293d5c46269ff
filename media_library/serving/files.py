"""One file of this machine as an HTTP response (RFC 9110): whole, in parts, or handed to the server in front."""

import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

from django.conf import settings
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.cache import get_conditional_response
from django.utils.http import content_disposition_header, http_date, parse_http_date_safe

from media_library.serving.ranges import Unsatisfiable, read_ranges

ACTIVE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox"
"""Content-Security-Policy of what browsers would run, on top of any sanitising: it may style itself and show pictures
that it holds, but run nothing, fetch nothing, and it is of no origin."""

QUIET_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
"""Of everything else. Without ``sandbox``, in which browsers show no PDF."""

ACTIVE_TYPES = {"text/html", "text/xml", "application/xml", "application/javascript", "text/javascript"}

BLOCK = 256 * 1024


@dataclass(frozen=True)
class Served:
    """What is said about a file.

    ``etag`` is quoted; without it, it follows from time and size. ``filename`` is what a browser saves it as.
    """

    content_type: str
    etag: str = ""
    filename: str = ""
    as_attachment: bool = False
    cache_control: str = "private, no-cache"
    headers: dict[str, str] = field(default_factory=dict)


def file_response(request: HttpRequest, path: Path, served: Served) -> HttpResponseBase:
    """Answer GET and HEAD with ranges (one, or several as ``multipart/byteranges``), conditions, and guarding headers.

    With ``MEDIA_SENDFILE`` the server in front sends the bytes, and sees to ranges itself. Raises
    ``FileNotFoundError``.
    """
    about = path.stat()
    etag = served.etag or f'"{about.st_mtime_ns:x}-{about.st_size:x}"'
    unchanged = get_conditional_response(request, etag=etag, last_modified=int(about.st_mtime))
    response: HttpResponseBase
    if unchanged is not None:
        response = unchanged
    else:
        if settings.MEDIA_SENDFILE:
            response = _handed_over(path)
        else:
            response = _in_parts(request, path, about.st_size, etag, int(about.st_mtime), served.content_type)
        if "Content-Type" not in response or response.status_code != 206:
            response["Content-Type"] = served.content_type
    response["ETag"] = etag
    response["Last-Modified"] = http_date(about.st_mtime)
    response["Cache-Control"] = served.cache_control
    guard(response, served.content_type)
    if disposition := content_disposition_header(served.as_attachment, served.filename):
        response["Content-Disposition"] = disposition
    for name, value in served.headers.items():
        response[name] = value
    return response


def guard(response: HttpResponseBase, content_type: str) -> None:
    """No browser guesses another type, nor runs what a file holds."""
    plain = content_type.partition(";")[0].strip().lower()
    response["X-Content-Type-Options"] = "nosniff"
    is_active = plain in ACTIVE_TYPES or plain.endswith("+xml")
    response["Content-Security-Policy"] = ACTIVE_POLICY if is_active else QUIET_POLICY


def _handed_over(path: Path) -> HttpResponse:
    if settings.MEDIA_SENDFILE == "nginx":
        inside = path.resolve().relative_to(Path(settings.DATA_DIR).resolve()).as_posix()
        return HttpResponse(headers={"X-Accel-Redirect": settings.MEDIA_SENDFILE_URL + quote(inside)})
    return HttpResponse(headers={"X-Sendfile": str(path)})


def _in_parts(
    request: HttpRequest, path: Path, size: int, etag: str, modified: int, content_type: str
) -> HttpResponseBase:
    try:
        wanted = request.headers.get("Range", "") if request.method == "GET" else ""
        ranges = read_ranges(wanted, size) if wanted and _is_same(request, etag, modified) else []
    except Unsatisfiable:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}", "Accept-Ranges": "bytes"})
    response: HttpResponseBase
    if request.method == "HEAD":
        response = HttpResponse(headers={"Content-Length": str(size)})
    elif not ranges:
        response = FileResponse(path.open("rb"))
    elif len(ranges) == 1:
        start, end = ranges[0]
        response = StreamingHttpResponse(_read(path, start, end), status=206)
        response["Content-Type"] = content_type
        response["Content-Range"] = f"bytes {start}-{end}/{size}"
        response["Content-Length"] = str(end - start + 1)
    else:
        mark = secrets.token_hex(16)
        heads = [
            f"\r\n--{mark}\r\n"
            f"Content-Type: {content_type}\r\nContent-Range: bytes {start}-{end}/{size}\r\n\r\n".encode()
            for start, end in ranges
        ]
        tail = f"\r\n--{mark}--\r\n".encode()
        response = StreamingHttpResponse(_read_parts(path, ranges, heads, tail), status=206)
        response["Content-Type"] = f"multipart/byteranges; boundary={mark}"
        length = sum(map(len, heads)) + sum(end - start + 1 for start, end in ranges) + len(tail)
        response["Content-Length"] = str(length)
    response["Accept-Ranges"] = "bytes"
    return response


def _is_same(request: HttpRequest, etag: str, modified: int) -> bool:
    """Whether a client that has a part has one of this very file (``If-Range``); otherwise it gets the whole."""
    condition = request.headers.get("If-Range", "")
    return not condition or condition == etag or parse_http_date_safe(condition) == modified


def _read(path: Path, start: int, end: int) -> Iterator[bytes]:
    with path.open("rb") as file:
        file.seek(start)
        left = end - start + 1
        while left > 0 and (block := file.read(min(BLOCK, left))):
            left -= len(block)
            yield block


def _read_parts(path: Path, ranges: list[tuple[int, int]], heads: list[bytes], tail: bytes) -> Iterator[bytes]:
    for (start, end), head in zip(ranges, heads, strict=True):
        yield head
        yield from _read(path, start, end)
    yield tail
