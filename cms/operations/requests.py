import logging
import time
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from cms.operations import tracing
from cms.operations.metrics import count_request

logger = logging.getLogger(__name__)


class RequestMiddleware:
    """Gives each request an id, and tells of it: ``X-Request-ID`` in the answer, and a line where ``LOG_REQUESTS``."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        began = time.perf_counter()
        request_id = tracing.begin(request)
        response = self.get_response(request)
        response.headers[tracing.HEADER] = request_id
        seconds = time.perf_counter() - began
        count_request(request, response.status_code, seconds)
        if settings.LOG_REQUESTS:
            # Without the query: it may hold tokens, and what somebody has looked for.
            facts = {
                "method": request.method,
                "path": request.path,
                "status": response.status_code,
                "milliseconds": round(seconds * 1000, 1),
            }
            logger.info("%s %s %s", request.method, request.path, response.status_code, extra=facts)
        return response
