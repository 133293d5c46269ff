"""The report of presets: what the front end needs, what it asks for, and which manifests there were."""

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import View
from wagtail.admin import messages

from media_library import manifests
from media_library.admin.board.pages import BoardView
from media_library.admin.presets.sizes import slots_in_force
from media_library.exceptions import Busy
from media_library.imaging.slots import Slot
from media_library.models import PresetManifest
from media_library.statistics import vain
from media_library.statistics.demand import ANY, WIDEST, Demand, demand_since

PERMISSION = "media_library.add_presetmanifest"

SHOWN_MANIFESTS = 20

SHOWN_IN_VAIN = 30

SHOWN_UNVOUCHED = 10


@dataclass(frozen=True)
class SlotRow:
    """A slot of the manifest in force, and how often it was asked for."""

    slot: Slot
    asked: int
    is_idle: bool

    @property
    def widths(self) -> str:
        return ", ".join(map(str, self.slot.widths))

    @property
    def formats(self) -> str:
        return ", ".join(self.slot.formats)


@dataclass(frozen=True)
class VainRow:
    """What was asked for in vain: ``what`` and ``width``, or another size, in words."""

    what: str
    width: str
    in_vain: int
    asked: int


class PresetsView(BoardView):
    """Counts are of the whole site, and name no asset. A fixed number of queries."""

    page_title = gettext_lazy("Presets")
    header_icon = "picture-crop"
    template_name = "media_library/presets/report.html"
    url_name = "media_library_presets"

    @cached_property
    def demand(self) -> list[Demand]:
        return demand_since(self.period.first)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        asked: dict[str, int] = {}
        for one in self.demand:
            asked[one.name] = asked.get(one.name, 0) + one.asked
        slots = slots_in_force()
        # Where no slot is told of at all, none of them is idle: nobody tells.
        is_told = any(asked.get(slot.name) for slot in slots)
        number = manifests.in_force().number
        earlier = PresetManifest.objects.select_related("user", "token")[:SHOWN_MANIFESTS]
        return super().get_context_data(**kwargs) | {
            "tabs": (),
            "slots": [SlotRow(one, asked.get(one.name, 0), is_told and not asked.get(one.name)) for one in slots],
            "is_told": is_told,
            "in_vain": in_vain(self.demand),
            "unvouched": unvouched(self.demand),
            "manifests": [(one, one.number == number, len(one.slots or ())) for one in earlier],
            "may_go_back": self.request.user.has_perm(PERMISSION),
        }


class GoBackView(View):
    """POST ``number``: put the slots of that manifest in force again, as a new one; 0 for the settings."""

    http_method_names = ["post"]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.has_perm(PERMISSION):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def post(self, request: HttpRequest) -> HttpResponse:
        number = request.POST.get("number", "")
        # Longer numbers fit no column, so there is no such manifest.
        wanted = int(number) if number.isdecimal() and len(number) < 10 else -1
        # The settings were in force before the first one.
        chosen = get_object_or_404(PresetManifest, number=wanted or 1)
        slots = chosen.read_slots() if wanted else None
        try:
            row, is_new = manifests.post(slots, request.user)
        except Busy as error:
            messages.error(request, str(error))
        else:
            if is_new:
                messages.success(
                    request, _("%(manifest)s is in force now. Pictures follow by themselves.") % {"manifest": row}
                )
            else:
                messages.warning(request, _("That is in force already."))
        return redirect(reverse("media_library_presets"))


def in_vain(demand: list[Demand]) -> list[VainRow]:
    """What was asked for in vain, most often first."""
    rows = [one for one in demand if one.in_vain and vain.read(one.name) is None]
    rows.sort(key=lambda one: (-one.in_vain, one.name, one.width))
    return [VainRow(_what(one), _width(one.width), one.in_vain, one.asked) for one in rows[:SHOWN_IN_VAIN]]


def unvouched(demand: list[Demand]) -> list[VainRow]:
    """What was asked for by addresses that anybody may have made up, most often first."""
    rows = [(*found, one.in_vain) for one in demand if (found := vain.read(one.name))]
    rows.sort(key=lambda row: (-row[2], row[0], row[1]))
    return [
        VainRow(_why(reason), _("others") if size == vain.OTHERS else size, number, 0)
        for reason, size, number in rows[:SHOWN_UNVOUCHED]
    ]


def _why(reason: vain.Reason) -> str:
    if reason == vain.Reason.UNSIGNED:
        return _("An address on demand with a wrong signature")
    return _("An address of a file that isn’t there, or not any more")


def _what(one: Demand) -> str:
    if one.name == ANY:
        return _("Any picture, wider than its largest file")
    if not one.asked:
        return _("“%(name)s”, which can’t be made") % {"name": one.name}
    return _("Slot %(name)s, wider than its largest file") % {"name": one.name}


def _width(width: int) -> str:
    if not width:
        return ""
    if width == WIDEST:
        return _("wider than 2560 px")
    return _("up to %(width)s px") % {"width": width}
