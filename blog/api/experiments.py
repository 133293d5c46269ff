"""Where front ends tell which picture of an experiment was shown and clicked. Nothing about the visitor is kept."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from blog.experiments.counting import count, read_outcomes
from media_library.api.beacon import receive
from media_library.statistics.throttle import Throttle

_throttle = Throttle()


# It changes nothing in anybody's name, so there is nothing to forge; and no cookie is read.
@csrf_exempt
def outcome(request: HttpRequest) -> HttpResponse:
    """``POST /api/v2/experiments/`` with ``{"events": [{"experiment": 3, "variant": "b", "type": "shown"}]}``.

    Of whatever content type; answers as other beacons do.
    """
    return receive(request, _throttle, lambda body: count(read_outcomes(body)))
