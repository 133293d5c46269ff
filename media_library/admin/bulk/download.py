"""Many files as one ZIP."""

from django.http import HttpRequest, HttpResponseBase, JsonResponse, StreamingHttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import View

from media_library.admin.bulk.selection import Selection
from media_library.bulk.archive import archive


class DownloadView(View):
    """POST a selection: a ZIP of its files, in the order of the listing, that is made while it is sent."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponseBase:
        try:
            selection = Selection.from_post(request.user, request.POST)
        except ValueError as error:
            return JsonResponse({"message": str(error)}, status=400)
        ids = selection.ordered(selection.assets)
        if not ids:
            return JsonResponse({"message": _("None of these files is yours to download.")}, status=400)
        name = _("media-%(day)s.zip") % {"day": timezone.localdate().isoformat()}
        return StreamingHttpResponse(
            archive(ids, request.user),
            content_type="application/zip",
            # Neither caches nor proxies keep it, nor wait for its end.
            headers={
                "Content-Disposition": f'attachment; filename="{name}"',
                "Cache-Control": "private, no-store",
                "X-Accel-Buffering": "no",
            },
        )
