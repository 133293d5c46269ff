"""Files that are dropped into the chooser, or on a field: sent like all others (uploads/), and chosen at once."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from media_library import uploads
from media_library.admin.choosing.cards import chosen_data
from media_library.admin.choosing.request import OfKinds
from media_library.admin.choosing.suggestions import remember_choice
from media_library.admin.uploads.doors import Door, doors_of, duplicates, require_small_enough, require_way_in
from media_library.admin.uploads.endpoint import UploadsView
from media_library.models import Asset, UploadSession


def accept(doors: list[Door]) -> str:
    """For file inputs: ``.jpg,.mp4``; empty where any file is taken."""
    if any(not door.types for door in doors):
        return ""
    return ",".join(f".{ending}" for door in doors for ending in door.extensions)


class ChooserUploadView(OfKinds, UploadsView):
    """tus for files that are to be chosen, limited to the chooser's kinds.

    GET answers with what has become of one::

        {"state": "finished", "reason": "", "chosen": {"id": "7", …}, "choose_url": "/admin/media/chooser/chosen/7/",
         "duplicate": {"chosen": {"id": "3", …}, "choose_url": "…", "message": "The library has this file already: …",
                       "use_existing_url": "/admin/media/uploads/…/use-existing/"}}

    ``duplicate`` is null unless the same bytes are in the library already. ``chosen`` is null, with a ``reason``, for
    what was refused, and where the user may add to the collection and not choose from it.
    """

    create_url_name = ""

    @property
    def doors(self) -> list[Door]:
        return doors_of(",".join(self.kinds))

    def begin(self, filename: str, size: int, details: dict[str, str]) -> UploadSession:
        require_way_in(self.doors, self.request.user, details.get("collection"))
        require_small_enough(self.doors, size)
        return uploads.create(self.request.user, filename, size, details | {"kinds": ",".join(self.kinds)})

    def address(self, session: UploadSession) -> str:
        return self.append_preserved_url_parameters(f"{reverse(self.create_url_name)}{session.pk}/")

    def get(self, request: HttpRequest, pk: UUID | None = None) -> HttpResponse:
        session = self.session(pk, refused=True)
        answer = {"state": session.state, "reason": session.reason, "chosen": None, "duplicate": None}
        return JsonResponse(answer | (self.describe(session, session.asset) if session.asset else {}))

    def describe(self, session: UploadSession, asset: Asset) -> dict[str, Any]:
        uploaded = self.offer(asset)
        if uploaded is None:
            reason = _("“%(title)s” is in the library now, but you may not choose files of its collection.")
            return {"reason": reason % {"title": asset.title}}
        existing = duplicates(asset.specific, self.request.user).first()
        duplicate = self.offer(existing) if existing is not None else None
        if duplicate is None:
            remember_choice(self.request.user, [asset])
        else:
            message = _("The library has this file already: “%(title)s”.")
            duplicate["message"] = message % {"title": duplicate["chosen"]["title"]}
            duplicate["use_existing_url"] = reverse("media_library_upload_use_existing", args=(session.pk,))
        return {**uploaded, "duplicate": duplicate}

    def offer(self, asset: Asset) -> dict[str, Any] | None:
        """What the form shows of it, and the address that chooses it; None if the user may not choose it."""
        found = self.choosable.filter(pk=asset.pk).first()
        if found is None:
            return None
        [data] = chosen_data([found], self.request.user)
        return {"chosen": data | {"id": str(asset.pk)}, "choose_url": self.chosen_url(found)}
