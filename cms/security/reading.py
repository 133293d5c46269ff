from typing import Any

from django.conf import settings
from django.http import HttpRequest
from rest_framework.throttling import BaseThrottle

from media_library.api.addresses import client_address
from media_library.statistics.throttle import Throttle

_throttle = Throttle()


class ReadingThrottle(BaseThrottle):
    """How often one address may have an answer of ``/api/v2/`` made: it guards the processor of this process.

    What the response cache holds never gets here. 429 with ``Retry-After``.
    """

    def allow_request(self, request: HttpRequest, view: Any) -> bool:
        limit = settings.API_ANONYMOUS_REQUESTS_PER_MINUTE
        return not limit or _throttle.allows(client_address(request), limit)

    def wait(self) -> float:
        return _throttle.seconds_left()
