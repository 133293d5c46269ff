"""Many files as one ZIP."""

from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import View
from wagtail.admin import messages
from wagtail.admin.utils import get_valid_next_url_from_request

from media_library.admin.bulk.selection import Selection
from media_library.bulk.archive import archive


class DownloadView(View):
    """POST a selection: a ZIP of its files, in the order of the listing, that is made while it is sent."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponseBase:
        try:
            selection = Selection.from_post(request.user, request.POST)
        except ValueError as error:
            return self.refuse(str(error))
        ids = selection.ordered(selection.assets)
        if not ids:
            return self.refuse(_("None of these files is there for you to download."))
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

    def refuse(self, reason: str) -> HttpResponse:
        """Say so on the page that the editor came from: a download is no request of a script."""
        messages.error(self.request, reason)
        return redirect(get_valid_next_url_from_request(self.request) or reverse("wagtailadmin_home"))
