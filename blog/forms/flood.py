from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from media_library.api.addresses import client_address
from media_library.statistics.shared_throttle import SharedThrottle
from media_library.statistics.throttle import WINDOW_SECONDS

FLOODED = _("Too many messages came from your address. Wait a minute, then send it again.")

_throttle = SharedThrottle("forms")


def seconds_to_wait(request: HttpRequest) -> int:
    """Count a form that is sent; 0 if it may be, else the seconds after which the next one may."""
    if _throttle.allows(client_address(request), settings.FORM_SUBMISSIONS_PER_MINUTE):
        return 0
    return WINDOW_SECONDS
