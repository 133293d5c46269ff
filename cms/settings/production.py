"""PostgreSQL, Redis and HTTPS, by environment variables alone."""

from django.core.exceptions import ImproperlyConfigured

from cms.settings.base import *  # noqa: F403
from cms.settings.base import env

SECRET_KEY = env.str("SECRET_KEY", default="")
if not SECRET_KEY:
    raise ImproperlyConfigured(
        "SECRET_KEY is not set. Give it 50 random characters or more, e.g. of `openssl rand -base64 48`, and keep it: "
        "it signs sessions and addresses, and every process needs the same."
    )
if not env.str("ALLOWED_HOSTS", default="") and not env.str("BASE_URL", default=""):
    raise ImproperlyConfigured(
        "Neither BASE_URL nor ALLOWED_HOSTS is set, so that no visitor would be answered. "
        "Set BASE_URL to how the outside reaches this server, such as https://cms.example.org."
    )
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=True)
SECURE_HSTS_SECONDS = env.int("SECURE_HSTS_SECONDS", default=31_536_000)
SECURE_HSTS_INCLUDE_SUBDOMAINS = env.bool("SECURE_HSTS_INCLUDE_SUBDOMAINS", default=False)
SECURE_HSTS_PRELOAD = env.bool("SECURE_HSTS_PRELOAD", default=False)
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
# By these names browsers take the cookies from this very host only, and over HTTPS: no neighbour can slip one in.
SESSION_COOKIE_NAME = "__Host-sessionid"
CSRF_COOKIE_NAME = "__Host-csrftoken"

SILENCED_SYSTEM_CHECKS = [
    # The panel with the preview is a frame of the admin's own pages. Others may frame nothing (X-Frame-Options, and
    # frame-ancestors of the policy).
    "security.W019",
    # Whether all subdomains speak HTTPS, and browsers may rely on it for good, is known to the operator alone.
    "security.W005",
    "security.W021",
]
