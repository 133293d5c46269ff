"""Headers that say what a browser may do with an answer."""

from csp.constants import HEADER, HEADER_REPORT_ONLY
from csp.middleware import CSPMiddleware
from csp.utils import build_policy
from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse

from cms.security import policies

PERMISSIONS = ", ".join(
    f"{feature}=()"
    for feature in (
        *("accelerometer", "camera", "display-capture", "geolocation", "gyroscope", "hid"),
        *("magnetometer", "microphone", "midi", "payment", "serial", "usb", "xr-spatial-tracking"),
    )
)
"""Permissions-Policy: what neither the admin nor a page asks of a browser, nor may a frame in it."""

FOR_PAGES = "strict-origin-when-cross-origin"
"""Referrer-Policy of public pages: players of videos want to know the site that they are on, and get no more."""

_ANSWER = build_policy(config=policies.ANSWER)


class PolicyMiddleware(CSPMiddleware):
    """A policy on whatever is answered: of the admin, of public pages, and one that allows nothing for all else.

    Files have none, or what their view has set, as drawings and documents do.
    """

    def __init__(self, get_response):
        super().__init__(get_response)
        self.admin = reverse("wagtailadmin_home")
        self.name = HEADER_REPORT_ONLY if settings.CSP_REPORT_ONLY else HEADER

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        is_page = response.headers.get("Content-Type", "").startswith("text/html")
        is_admin = request.path_info.startswith(self.admin)
        if HEADER not in response and HEADER_REPORT_ONLY not in response:
            if is_page:
                directives = policies.admin() if is_admin else policies.page()
                if settings.CSP_REPORT_URI:
                    directives["report-uri"] = settings.CSP_REPORT_URI
                response.headers[self.name] = build_policy(config=directives)
            elif not response.streaming:
                response.headers[HEADER] = _ANSWER
        if is_page:
            response.headers.setdefault("Permissions-Policy", PERMISSIONS)
            if is_admin:
                response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
            else:
                response.headers.setdefault("Referrer-Policy", FOR_PAGES)
        return response
