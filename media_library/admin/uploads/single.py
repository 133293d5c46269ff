"""One file in one request, for forms that want an answer at once."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, JsonResponse
from django.http.response import HttpResponseBase
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.views.generic import View

from media_library.admin.uploads.doors import DOORS, Door, door_for, is_closed_collection, save_upload
from media_library.exceptions import UnacceptableFile
from media_library.models import Asset


class OneFileView(View):
    """Take one file (POST ``files[]``, ``title``, ``collection``), whose kind is decided by its bytes."""

    http_method_names = ["post"]
    doors: tuple[Door, ...] = DOORS
    """What may be sent here."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not any(door.is_open_to(request.user) for door in self.doors):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        upload = request.FILES.get("files[]")
        if upload is None:
            return HttpResponseBadRequest(_("Choose a file to upload."))
        try:
            door = self.doors[0] if len(self.doors) == 1 else door_for(upload, upload.name or "")
        except UnacceptableFile as error:
            return self.refuse(str(error))
        if door not in self.doors or not door.is_open_to(request.user):
            return self.refuse_kind(door)
        chosen = request.POST.get("collection")
        if chosen and is_closed_collection(door, request.user, chosen):
            return self.refuse(
                _("You may not add files of this kind (%(kind)s) to this collection. Choose another collection.")
                % {"kind": door.name}
            )
        longest = door.model._meta.get_field("title").max_length
        title = (request.POST.get("title") or upload.name or "")[:longest]
        form = door.form_class()({"title": title, "collection": chosen}, {"file": upload}, user=request.user)
        if not form.is_valid():
            return self.refuse(*(error for field in form.errors.values() for error in field))
        return JsonResponse(self.describe(save_upload(form, request.user), door))

    def refuse_kind(self, door: Door) -> JsonResponse:
        return self.refuse(_("You may not add files of this kind (%(kind)s).") % {"kind": door.name})

    def refuse(self, *reasons: str | Promise) -> JsonResponse:
        raise NotImplementedError

    def describe(self, asset: Asset, door: Door) -> dict[str, Any]:
        """What is answered about a file that has been taken in."""
        raise NotImplementedError
