"""Which requests the response cache answers, and what tells their answers apart."""

import hashlib
import re
from functools import lru_cache
from urllib.parse import parse_qsl, urlencode

from django.conf import settings
from django.http import HttpRequest

READS = ("/api/v2/", "/api/media/", "/api/collections/")
NEVER = ("/api/v2/page_preview/", "/api/v2/preview/", "/api/media/uploads/", "/api/media/docs/")
"""Drafts by token, and what belongs to one user: they are not even looked for."""

CREDENTIAL_HEADERS = ("HTTP_AUTHORIZATION", "HTTP_X_PAGE_TOKEN")
CREDENTIAL_PARAMETERS = re.compile(r"(?:^|&)(?:access_token|token)=", re.IGNORECASE)

LONGEST_QUERY = 2_000
"""Bytes. No front end asks so; what does is kept for nobody."""

VARIES_BY = frozenset({"accept", "accept-encoding", "cookie", "origin"})
"""What an answer may vary by (``Vary``) and still be kept: the accepted type is part of the key, encodings of the
entry, no cookie that matters is ever sent along, and what depends on the origin is added further out."""

_DETAIL = re.compile(r"/(?:\d+|find)/?$")
_PLAIN = {"application/json", "text/plain", "*/*"}


def is_meant(request: HttpRequest) -> bool:
    """Whether the answer to this request may come from the cache, if nobody in particular asks."""
    path = request.path_info
    return (
        request.method in ("GET", "HEAD")
        and path.startswith(READS)
        and not f"{path}/".startswith(NEVER)
        and len(request.META.get("QUERY_STRING", "")) <= LONGEST_QUERY
    )


def by_name(request: HttpRequest) -> bool:
    """Whether the request says who asks, by whatever means: then its answer is nobody else's."""
    meta = request.META
    if any(header in meta for header in CREDENTIAL_HEADERS):
        return True
    if CREDENTIAL_PARAMETERS.search(meta.get("QUERY_STRING", "")):
        return True
    return bool(meta.get("HTTP_COOKIE")) and settings.SESSION_COOKIE_NAME in request.COOKIES


def key_of(request: HttpRequest) -> str:
    """The key of the answer: host, path, query in any order, accepted type.

    The language is none of it: it stands in the query, and no answer depends on what a browser prefers
    (``cms.languages.LanguageMiddleware``). Raises ``DisallowedHost``.
    """
    meta = request.META
    return _key(
        f"{request.scheme}://{request.get_host()}{request.path}",
        meta.get("QUERY_STRING", ""),
        meta.get("HTTP_ACCEPT", ""),
    )


def is_detail(request: HttpRequest) -> bool:
    """Whether one object is asked for, rather than a list."""
    return _DETAIL.search(request.path_info) is not None


@lru_cache(maxsize=4096)
def _key(address: str, query: str, accept: str) -> str:
    # Python sorts stably: several values of one name stay in their order, which may matter. An unreadable byte becomes
    # the same sign here as in the view.
    pairs = sorted(parse_qsl(query, keep_blank_values=True), key=lambda pair: pair[0])
    parts = "\n".join((address, urlencode(pairs), _accepted(accept)))
    return hashlib.blake2b(parts.encode("utf-8", "surrogatepass"), digest_size=20).hexdigest()


def _accepted(accept: str) -> str:
    """What clients send that want JSON is one; whatever else is said is a type of its own."""
    ranges = {one.strip().lower() for one in accept.split(",")}
    return "json" if ranges <= _PLAIN | {""} and ranges != {"text/plain"} else accept.lower()
