"""The two ways out of the trash: back, and for good."""

import time
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.generic import View
from wagtail.admin import messages
from wagtail.admin.utils import get_valid_next_url_from_request

from media_library.admin.deletion import describe_refused
from media_library.admin.permissions import may_work, trashed_assets
from media_library.deletion import delete_assets, restore_assets
from media_library.models import Asset

MOST_IDS = 1000
"""How many one request may name."""

MAX_DIGITS = 18
"""Longer ids don't fit the database's integers."""

AT_A_TIME = 20
SECONDS = 15
"""How long one request goes on deleting; a proxy in front waits for 30 seconds or more."""


class LeavingView(View):
    """``?id=1&id=2`` names assets, in the address or in the form; what the user may not touch is left out."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not may_work(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    @property
    def assets(self) -> QuerySet[Asset]:
        return trashed_assets(self.request.user).filter(pk__in=named(self.request.GET) | named(self.request.POST))

    def go_on(self) -> HttpResponse:
        return redirect(get_valid_next_url_from_request(self.request) or reverse("media_library_trash"))


class RestoreView(LeavingView):
    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        restored = restore_assets(self.assets.values_list("pk", flat=True), request.user)
        if len(restored) == 1:
            messages.success(request, _("“%(title)s” is back in the library.") % {"title": restored[0].title})
        elif restored:
            message = _("%(number)s files are back in the library.") % {"number": len(restored)}
            messages.success(request, message)
        else:
            messages.warning(request, _("Nothing of this was left in the trash."))
        return self.go_on()


class DeleteForGoodView(LeavingView):
    """Asks first. ``?all=1`` is everything that this user may delete."""

    http_method_names = ["get", "post"]

    @property
    def assets(self) -> QuerySet[Asset]:
        return trashed_assets(self.request.user) if "all" in self.request.GET else super().assets

    def get(self, request: HttpRequest) -> HttpResponse:
        assets = self.assets.order_by("title")
        number = assets.count()
        if not number:
            messages.warning(request, _("Nothing of this was left in the trash."))
            return self.go_on()
        context = {"assets": assets[:10], "number": number, "rest": max(0, number - 10)}
        return render(request, "media_library/trash/confirm.html", context)

    def post(self, request: HttpRequest) -> HttpResponse:
        ids = list(self.assets.order_by("-kind", "pk").values_list("pk", flat=True))
        until = time.monotonic() + SECONDS
        refused, done = [], 0
        while done < len(ids) and time.monotonic() < until:
            batch = list(Asset.objects.filter(pk__in=ids[done : done + AT_A_TIME]))
            refused += delete_assets(batch, request.user, only_trashed=True)
            done += AT_A_TIME
        done = min(done, len(ids))
        if deleted := done - len(refused):
            message = ngettext(
                "%(number)s file has been deleted for good.", "%(number)s files have been deleted for good.", deleted
            )
            messages.success(request, message % {"number": deleted})
        if refused:
            messages.warning(request, describe_refused(refused))
        if rest := len(ids) - done:
            message = ngettext(
                "%(number)s file is left: delete it again.", "%(number)s files are left: delete them again.", rest
            )
            messages.warning(request, message % {"number": rest})
        return self.go_on()


def named(parameters: QueryDict) -> set[int]:
    """The ids of a request; what is none is left out."""
    ids = parameters.getlist("id")[:MOST_IDS]
    return {int(one) for one in ids if one.isascii() and one.isdigit() and len(one) <= MAX_DIGITS}
