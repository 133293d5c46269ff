from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import View
from wagtail.admin import messages

from media_library.admin.board.charts import plain, size
from media_library.admin.board.dashboard import by_folder, library_url
from media_library.admin.board.pages import BoardView
from media_library.admin.library.filters import MISSING_ALT, Expiry, expiring, oversize
from media_library.admin.permissions import changeable_assets
from media_library.admin.trash.listing import with_thumbnail_urls
from media_library.conf import conf
from media_library.duplicates import with_duplicates
from media_library.housekeeping import unused as cleanup
from media_library.housekeeping.orphans import last_sweep
from media_library.models import Asset, OrphanSweep, ProcessingJob
from media_library.statistics import figures
from media_library.statistics.figures import Stored, total
from media_library.usage import unused

GIGABYTE = 1024**3
ANNOUNCED_SHOWN = 20

Kind, Status, State = Asset.Kind, Asset.Status, ProcessingJob.State


@dataclass(frozen=True)
class Concern:
    """One thing to look after: how many assets, which, and what to do about it."""

    name: str
    title: str
    number: int
    advice: str
    fine: str
    """What is said where there is none."""
    url: str
    is_grave: bool = False
    share: int | None = None
    """Percent that are as they should be."""


class HealthView(BoardView):
    """What in the library needs somebody, and where it is. A fixed number of queries."""

    template_name = "media_library/board/health.html"
    page_title = gettext_lazy("Media health")
    header_icon = "check"
    url_name = "media_library_health"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        stored = figures.storage(self.assets)
        return super().get_context_data(**kwargs) | {
            "concerns": list(self.concerns()),
            "kinds": self.costs([(str(kind.label), total(stored, kind=kind.value)) for kind in Kind]),
            "folders": self.costs(by_folder(stored)),
            "sum_bytes": size(total(stored).bytes),
            "sum_cost": cost(total(stored).bytes),
            "has_costs": conf.STORAGE_PRICE_PER_GB > 0,
            "polished": size(total(stored).polished),
            "saved": size(max(0, self.saved(stored))),
            "orphans": self.orphans(last_sweep()) if self.request.user.is_superuser else None,
            "cleanup_days": conf.UNUSED_CLEANUP_DAYS,
            "announced": self.announced if conf.UNUSED_CLEANUP_DAYS else [],
            "announced_number": self.announced_rows.count() if conf.UNUSED_CLEANUP_DAYS else 0,
        }

    def concerns(self) -> Iterator[Concern]:
        found = self.counts
        coverage = 100 - -(-100 * found["missing_alt"] // found["pictures"]) if found["pictures"] else None
        yield Concern(
            "failed",
            _("Failed"),
            found["failed"],
            _("Open each and read why. Try again, or replace the file."),
            _("Everything could be processed."),
            library_url(status=Status.FAILED),
            is_grave=True,
        )
        yield Concern(
            "stuck",
            _("Stuck"),
            found["stuck"],
            _("The work has not ended for %(hours)s hours. Look whether workers run, or try again.")
            % {"hours": conf.STUCK_HOURS},
            _("No work is stuck."),
            f"{reverse('media_library_jobs')}?state={State.QUEUED}&state={State.RUNNING}",
            is_grave=True,
        )
        yield Concern(
            "expired",
            _("Rights are over"),
            found["expired"],
            _("Take them out of pages or renew the rights: pages with them can't be published."),
            _("No right has ended."),
            library_url(expiring=Expiry.OVER),
            is_grave=True,
        )
        yield Concern(
            "expiring",
            _("Rights end soon"),
            found["expiring"],
            _("Renew the rights, or find something else in time."),
            _("No right ends within 30 days."),
            library_url(expiring=Expiry.SOON),
        )
        yield Concern(
            "missing-alt",
            _("Without alt text"),
            found["missing_alt"],
            _("Say what can be seen, for someone who can't see it. Several at once: edit them in a table."),
            _("Every picture has an alt text.") if found["pictures"] else _("There are no pictures yet."),
            library_url(missing_alt="true"),
            share=coverage,
        )
        yield Concern(
            "oversize",
            _("Oversize"),
            found["oversize"],
            _("Replace them by smaller exports: visitors don't see the difference, and storage costs less."),
            _("No file is larger than it should be."),
            library_url(oversize="true", order="largest"),
        )
        yield Concern(
            "duplicates",
            _("Duplicates"),
            with_duplicates(self.assets, among=self.assets).count(),
            _("Keep one of each, and merge the other into it."),
            _("Nothing is here twice, and nothing looks alike."),
            library_url(duplicate="true"),
        )
        yield Concern(
            "unused",
            _("Used nowhere"),
            unused(self.assets).count(),
            _("Use them, or delete what nobody will need."),
            _("Everything is used."),
            library_url(unused="true"),
        )

    @cached_property
    def counts(self) -> dict[str, int]:
        since = timezone.now() - timedelta(hours=conf.STUCK_HOURS)
        unfinished_jobs = ProcessingJob.objects.filter(parent=None, state__in=(State.QUEUED, State.RUNNING))
        waiting = unfinished_jobs.filter(created_at__lt=since)
        unfinished = Q(status__in=(Status.UPLOADED, Status.PROCESSING))
        wanted = {
            "failed": Q(status=Status.FAILED),
            "stuck": unfinished & Q(pk__in=waiting.values("asset")),
            "expired": expiring(Expiry.OVER),
            "expiring": expiring(Expiry.SOON),
            "pictures": Q(kind=Kind.IMAGE),
            "missing_alt": MISSING_ALT,
            "oversize": oversize(),
        }
        return self.assets.order_by().aggregate(**{name: Count("pk", filter=wanted[name]) for name in wanted})

    def costs(self, rows: list[tuple[str, Stored]]) -> list[dict[str, Any]]:
        """What each row takes, and what that costs a month."""
        return [
            {"name": name, "number": plain(one.number), "bytes": size(one.bytes), "cost": cost(one.bytes)}
            for name, one in rows
            if one.number
        ]

    def saved(self, stored: dict[tuple[int, str], Stored]) -> int:
        shown = [total(stored, kind=kind) for kind in (Kind.IMAGE, Kind.VIDEO, Kind.AUDIO)]
        return sum(one.originals - one.shown for one in shown)

    def orphans(self, sweep: OrphanSweep | None) -> dict[str, Any]:
        """The result of the last ``sweep_orphans``, for those who can run it."""
        if sweep is None:
            return {"sweep": None}
        names = {
            "public": _("Public files that no row knows"),
            "originals": _("Originals that no row knows"),
            "temporary": _("Leftovers of unfinished work"),
            "missing": _("Renditions and transcodes whose file is gone"),
            "lost": _("Originals whose file is gone"),
        }
        found = {name: sweep.findings.get(name) or {} for name in names}
        rows = [
            {
                "name": label,
                "number": found[name].get("count", 0),
                "bytes": size(found[name]["bytes"]) if found[name].get("bytes") else "",
                "examples": found[name].get("examples", []),
            }
            for name, label in names.items()
            if found[name].get("count")
        ]
        return {"sweep": sweep, "rows": rows}

    @cached_property
    def announced_rows(self) -> QuerySet:
        return cleanup.announced().filter(asset__in=self.assets.values("pk"))

    @property
    def announced(self) -> list[dict[str, Any]]:
        rows = list(self.announced_rows.select_related("asset").order_by("announced_at", "pk")[:ANNOUNCED_SHOWN])
        changeable = changeable_assets(self.request.user).filter(pk__in=[row.pk for row in rows])
        mine = set(changeable.values_list("pk", flat=True))
        by_id = {row.pk: row for row in rows}
        return [
            {"asset": asset, "goes_at": cleanup.goes_at(by_id[asset.pk]), "may_keep": asset.pk in mine}
            for asset in with_thumbnail_urls(row.asset for row in rows)
        ]


class KeepView(View):
    """Let an asset stay that was announced to go."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        asset = get_object_or_404(changeable_assets(request.user), pk=pk)
        if cleanup.keep(Asset.objects.filter(pk=pk)):
            messages.success(request, _("“%(title)s” stays, used or not.") % {"title": asset.title})
        else:
            messages.warning(request, _("“%(title)s” is used by now, so it stays anyway.") % {"title": asset.title})
        return redirect("media_library_health")


def cost(number: int) -> str:
    """What so many bytes cost a month, or nothing where no price is set."""
    if not conf.STORAGE_PRICE_PER_GB:
        return ""
    price = number / GIGABYTE * conf.STORAGE_PRICE_PER_GB
    least = 0.01
    written = number_format(max(price, least), decimal_pos=2, force_grouping=True)
    return f"{'< ' if price < least else ''}{written} {conf.STORAGE_CURRENCY}"
