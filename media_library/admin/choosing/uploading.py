"""Files that are dropped into the chooser, or on a field: taken in like all others, and chosen at once."""

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest, JsonResponse
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from media_library.admin.choosing.cards import chosen_data
from media_library.admin.choosing.request import OfKinds
from media_library.admin.choosing.suggestions import remember_choice
from media_library.admin.uploads.doors import DOORS, Door, duplicates
from media_library.admin.uploads.single import OneFileView
from media_library.models import Asset


def open_doors(kinds: Iterable[str], user: Any) -> list[Door]:
    """Where this user may upload files of these kinds."""
    return [door for door in DOORS if door.model.KIND in kinds and door.is_open_to(user)]


def accept(doors: list[Door]) -> str:
    """For file inputs: ``.jpg,.mp4``; empty where any file is taken."""
    if any(not door.types for door in doors):
        return ""
    return ",".join(f".{ending}" for door in doors for ending in door.extensions)


class ChooserUploadView(OfKinds, OneFileView):
    """Take one file (POST), and answer what ``ChosenView`` would about it::

        {"success": true, "chosen": {"id": "7", …}, "choose_url": "/admin/media/chooser/chosen/7/",
         "duplicate": {"chosen": {"id": "3", …}, "choose_url": "…", "message": "The library has this file already: …",
                       "discard_url": "/admin/images/multiple/7/delete/"}}
        {"success": false, "message": "“tide.mp4” is a video (MP4), …"}

    ``duplicate`` is null unless the same bytes are in the library already. ``chosen`` is null, with a ``message``,
    where the user may add to the collection and not choose from it.
    """

    http_method_names = ["post"]

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.doors = tuple(door for door in DOORS if door.model.KIND in self.kinds)

    def refuse_kind(self, door: Door) -> JsonResponse:
        if door in self.doors:
            return super().refuse_kind(door)
        kind = door.model._meta.verbose_name
        return self.refuse(self.words.wrong_kind, _("This file is of another kind: %(kind)s.") % {"kind": kind})

    def refuse(self, *reasons: str | Promise) -> JsonResponse:
        return JsonResponse({"success": False, "message": " ".join(str(reason) for reason in reasons)})

    def describe(self, asset: Asset, door: Door) -> dict[str, Any]:
        uploaded = self.offer(asset)
        if uploaded is None:
            message = _("“%(title)s” is in the library now, but you may not choose files of its collection.")
            return {"success": True, "chosen": None, "message": message % {"title": asset.title}}
        existing = duplicates(asset, self.request.user).first()
        duplicate = self.offer(existing) if existing is not None else None
        if duplicate is None:
            remember_choice(self.request.user, [asset])
        else:
            message = _("The library has this file already: “%(title)s”.")
            duplicate["message"] = message % {"title": duplicate["chosen"]["title"]}
            duplicate["discard_url"] = door.delete_url(asset)
        return {"success": True, **uploaded, "duplicate": duplicate}

    def offer(self, asset: Asset) -> dict[str, Any] | None:
        """What the form shows of it, and the address that chooses it; None if the user may not choose it."""
        found = self.choosable.filter(pk=asset.pk).first()
        if found is None:
            return None
        [data] = chosen_data([found], self.request.user)
        return {"chosen": data | {"id": str(asset.pk)}, "choose_url": self.chosen_url(found)}
