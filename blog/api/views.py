"""Where front ends tell which pages were seen. Nothing about the visitor is kept, and nothing is told back."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from blog.popularity.counting import count, read_view
from media_library.api.beacon import receive
from media_library.statistics.throttle import Throttle

_throttle = Throttle()


# It changes nothing in anybody's name, so there is nothing to forge; and no cookie is read.
@csrf_exempt
def page_view(request: HttpRequest) -> HttpResponse:
    """``POST /api/v2/views/`` with ``{"page": 12}``, of whatever content type; answers as other beacons do."""
    return receive(request, _throttle, lambda body: count(read_view(body)))
