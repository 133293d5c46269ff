"""The small requests by which a media collection is put together; each is said in relation to what is there."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.generic import View
from wagtail.permissions import policy_registry

from media_library import media_collections
from media_library.admin.media_collections.items import tiles, visible_items
from media_library.admin.permissions import User, visible_assets
from media_library.exceptions import ItemGone
from media_library.models import MediaCollection, MediaCollectionItem

MAX_ASSETS = 1000
"""Assets that one request may add."""


class ChangeView(View):
    """Change what is in a collection (POST). Answers ``{"message": "…", "count": 12}``.

    400 with a ``message`` for a request that makes no sense; 409 when somebody else has taken out what it is about.
    Then, and when something new is to be shown, there is ``html``: the list as it is.
    """

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        collection = get_object_or_404(MediaCollection, pk=pk)
        policy = policy_registry.get_by_type(MediaCollection)
        if not policy.user_has_permission_for_instance(request.user, "change", collection):
            raise PermissionDenied
        try:
            answer = self.change(collection)
        except ValueError as error:
            return JsonResponse({"message": str(error)}, status=400)
        except ItemGone as error:
            return JsonResponse({"message": str(error)} | self.list(collection), status=409)
        except MediaCollection.DoesNotExist:
            return JsonResponse({"message": _("Somebody has just deleted this collection.")}, status=404)
        count = MediaCollectionItem.objects.filter(media_collection=collection).count()
        return JsonResponse({"count": count} | answer)

    def change(self, collection: MediaCollection) -> dict[str, Any]:
        """Do it, and say what the answer holds. Raises ``ValueError`` with a sentence, or ``ItemGone``."""
        raise NotImplementedError

    def list(self, collection: MediaCollection) -> dict[str, str]:
        return {"html": render_items(collection, self.request)}

    def item_id(self, collection: MediaCollection, name: str) -> int:
        """The id of a place that the user may see. Raises ``ItemGone`` for one that isn't there."""
        found = visible_items(collection, self.request.user).filter(pk=self.number(self.request.POST.get(name, "")))
        if not found.exists():
            raise ItemGone()
        return found.get().pk

    @staticmethod
    def number(value: str) -> int:
        if not (value.isascii() and value.isdecimal() and len(value) <= 18):
            raise ValueError(_("Ids are whole numbers."))
        return int(value)


class AddView(ChangeView):
    """``asset=7&asset=12``: to the end, in this order, without those that are in it already."""

    def change(self, collection: MediaCollection) -> dict[str, Any]:
        ids = [self.number(value) for value in self.request.POST.getlist("asset")]
        if not 0 < len(ids) <= MAX_ASSETS:
            raise ValueError(_("Choose up to %(number)s files at a time.") % {"number": MAX_ASSETS})
        found = visible_assets(self.request.user).in_bulk(ids)
        new = media_collections.add(collection, [found[one] for one in ids if one in found], self.request.user)
        message = ngettext("%(number)s file added.", "%(number)s files added.", len(new)) % {"number": len(new)}
        if there := len(set(ids)) - len(new):
            message += " " + ngettext(
                "%(number)s was in it already, or can't be added.",
                "%(number)s were in it already, or can't be added.",
                there,
            ) % {"number": there}
        return {"message": message} | self.list(collection)


class MoveView(ChangeView):
    """``item=3&before=8``; without ``before``, to the end."""

    def change(self, collection: MediaCollection) -> dict[str, Any]:
        item_id = self.item_id(collection, "item")
        before = self.item_id(collection, "before") if self.request.POST.get("before") else None
        media_collections.move(
            collection, [item_id], before, visible_assets(self.request.user), user=self.request.user
        )
        return {"message": ""}


class RemoveView(ChangeView):
    """``item=3``: out of the collection; the file stays in the library."""

    def change(self, collection: MediaCollection) -> dict[str, Any]:
        item_id = self.item_id(collection, "item")
        media_collections.remove(collection, MediaCollectionItem.objects.filter(pk=item_id), self.request.user)
        return {"message": ""}


class CaptionView(ChangeView):
    """``item=3&caption=Dawn``: what is said of it here."""

    def change(self, collection: MediaCollection) -> dict[str, Any]:
        caption = self.request.POST.get("caption", "").replace("\x00", "").strip()
        longest = int(MediaCollectionItem._meta.get_field("caption").max_length or 0)
        if len(caption) > longest:
            raise ValueError(_("A caption has at most %(number)s characters.") % {"number": longest})
        media_collections.write_caption(collection, self.item_id(collection, "item"), caption, self.request.user)
        return {"message": _("Caption saved.")}


def items_context(collection: MediaCollection, user: User) -> dict[str, Any]:
    """What the list of items is made of."""
    shown = tiles(collection, user)
    total = MediaCollectionItem.objects.filter(media_collection=collection).count()
    return {"collection": collection, "tiles": shown, "count": total, "number_hidden": total - len(shown)}


def render_items(collection: MediaCollection, request: HttpRequest) -> str:
    context = items_context(collection, request.user)
    return render_to_string("media_library/media_collections/items.html", context, request=request)
