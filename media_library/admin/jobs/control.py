"""Buttons of editors: stop the work on an asset, start it again."""

from functools import partial

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.generic import View
from wagtail.admin import messages
from wagtail.admin.utils import get_valid_next_url_from_request

from media_library import jobs, tasks
from media_library.admin.permissions import changeable_assets
from media_library.admin.status import describe
from media_library.models import Asset


class AssetWorkView(View):
    """Answers scripts, which accept JSON, with the asset's status, and forms with a message and a redirect.

    404 for an asset that the user may not see, 403 for one that the user may not change.
    """

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        asset = get_object_or_404(Asset, pk=pk)
        if not changeable_assets(request.user).filter(pk=pk).exists():
            raise PermissionDenied
        with transaction.atomic():
            message, changed = self.act(asset)
        if request.accepts("text/html"):
            (messages.success if changed else messages.warning)(request, message)
            return redirect(get_valid_next_url_from_request(request) or reverse("media_library_jobs"))
        (item,) = describe(Asset.objects.filter(pk=pk))
        return JsonResponse({"message": message, "item": item})

    def act(self, asset: Asset) -> tuple[str, bool]:
        """Do it; what to tell, and whether anything has changed."""
        raise NotImplementedError


class CancelView(AssetWorkView):
    def act(self, asset: Asset) -> tuple[str, bool]:
        if jobs.cancel(asset):
            return _("The work on “%(title)s” is being cancelled.") % {"title": asset.title}, True
        return _("There was nothing left to cancel for “%(title)s”.") % {"title": asset.title}, False


class RetryView(AssetWorkView):
    def act(self, asset: Asset) -> tuple[str, bool]:
        queued = jobs.retry(asset)
        transaction.on_commit(partial(tasks.send, queued))
        if queued:
            return ngettext(
                "%(number)s step of “%(title)s” is queued again.",
                "%(number)s steps of “%(title)s” are queued again.",
                len(queued),
            ) % {"number": len(queued), "title": asset.title}, True
        return _("Nothing of “%(title)s” has failed or was cancelled.") % {"title": asset.title}, False
