"""What visitors and editors read of a request that Django doesn't read."""

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from django.views import defaults

TOO_MUCH = (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """413 with what to do for what is too large, 400 for all else. Scripts of the editor get it as they expect it."""
    if not isinstance(exception, TOO_MUCH):
        return defaults.bad_request(request, exception)
    if isinstance(exception, RequestDataTooBig):
        most = filesizeformat(settings.DATA_UPLOAD_MAX_MEMORY_SIZE)
        what = _("This is more text than one page may hold (%(most)s).") % {"most": most}
    else:
        what = _("This has more blocks and fields than one page may hold.")
    told = _("Nothing was saved. Go back: what you wrote is still there. Split it into several pages, and save each.")
    if request.accepts("text/html"):
        return render(request, "413.html", {"what": what, "told": told}, status=413)
    body = {"success": False, "error_code": "too_large", "error_message": f"{what} {told}"}
    return JsonResponse(body, status=413)
