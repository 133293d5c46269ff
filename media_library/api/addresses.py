from django.http import HttpRequest

from media_library.conf import conf


def client_address(request: HttpRequest) -> str:
    """Who asks, as the outermost of ``TRUSTED_PROXIES`` proxies has seen it; anything further left may be forged."""
    forwarded = [one.strip() for one in request.headers.get("X-Forwarded-For", "").split(",") if one.strip()]
    if conf.TRUSTED_PROXIES and forwarded:
        return forwarded[-min(conf.TRUSTED_PROXIES, len(forwarded))]
    return request.META.get("REMOTE_ADDR") or ""
