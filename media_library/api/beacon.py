"""Where front ends tell what their visitors saw. Nothing about the visitor is kept, and nothing is told back."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from media_library.api.addresses import client_address
from media_library.api.problems import problem
from media_library.conf import conf
from media_library.exceptions import InvalidBeacon
from media_library.statistics.counting import count
from media_library.statistics.events import MAX_BYTES, read_events
from media_library.statistics.throttle import WINDOW_SECONDS, Throttle

_throttle = Throttle()


# It changes nothing in anybody's name, so there is nothing to forge; and no cookie is read.
@csrf_exempt
def beacon(request: HttpRequest) -> HttpResponse:
    """``POST /api/media/beacon/`` with ``{"events": [{"id": 12, "type": "view"}]}``, of whatever content type.

    Answers as ``receive`` does, whether or not there are such assets.
    """
    return receive(request, _throttle, lambda body: count(read_events(body)))


def receive(request: HttpRequest, throttle: Throttle, take: Callable[[bytes], None]) -> HttpResponse:
    """Hand the body of a beacon to ``take``, which raises ``InvalidBeacon`` for what is none.

    204; 400 with what is wrong; 405 for anything but POST; 429 for more than ``BEACONS_PER_MINUTE``.
    """
    if request.method != "POST":
        response = problem(405, "method_not_allowed", _("A beacon is sent with POST."))
        response["Allow"] = "POST, OPTIONS"
        return response
    if not throttle.allows(client_address(request), conf.BEACONS_PER_MINUTE):
        response = problem(429, "busy", _("Too many beacons from this address. Send several events in one."))
        response["Retry-After"] = str(WINDOW_SECONDS)
        return response
    try:
        # One byte more than there may be, so that a body that is too long is told from one that fits.
        take(request.read(MAX_BYTES + 1))
    except InvalidBeacon as error:
        return problem(400, error.code, str(error))
    except UnreadablePostError:
        return problem(400, InvalidBeacon.code, _("The body was cut off."))
    return HttpResponse(status=204, headers={"Cache-Control": "no-store"})
