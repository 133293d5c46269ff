"""Which assets an editor means: some that were ticked, or all that the library shows under its filters."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _

from media_library.admin.library.querying import library_assets
from media_library.admin.permissions import permitted_assets, trashed_assets, visible_assets
from media_library.admin.status import MAX_DIGITS
from media_library.bulk import ACTIONS
from media_library.models import Asset

MAX_IDS = 5_000
"""Assets that can be ticked one by one; more of them are "all that match"."""

LONGEST_QUERY = 8_000
"""Characters of the library's address."""


@dataclass(frozen=True)
class Selection:
    """``ids`` in the order of the listing, or the parameters of its address. Neither is believed: the assets are those
    among them that the user may see."""

    user: Any
    ids: tuple[int, ...] = ()
    params: QueryDict | None = None
    in_trash: bool = False

    @classmethod
    def from_post(cls, user: Any, data: QueryDict, *, in_trash: bool = False) -> "Selection":
        """Read ``ids=1,2,3``, or ``all=true&query=kind%3Dimage``. Raises ``ValueError`` with a sentence."""
        if data.get("all") == "true":
            query = data.get("query", "")
            if len(query) > LONGEST_QUERY:
                raise ValueError(_("These filters are too long. Leave some out."))
            try:
                return cls(user, params=QueryDict(query.removeprefix("?")), in_trash=in_trash)
            except ValueError as error:
                # More parameters than Django reads.
                raise ValueError(_("These filters are too long. Leave some out.")) from error
        parts = [part for part in data.get("ids", "").split(",") if part]
        if not parts:
            raise ValueError(_("Select at least one file."))
        if len(parts) > MAX_IDS:
            raise ValueError(
                _("Select at most %(number)s files one by one, or filter them and select all that match.")
                % {"number": MAX_IDS}
            )
        if not all(part.isascii() and part.isdigit() and len(part) <= MAX_DIGITS for part in parts):
            raise ValueError(_("The selection can't be read. Load the page anew."))
        return cls(user, ids=tuple(dict.fromkeys(int(part) for part in parts)), in_trash=in_trash)

    @property
    def assets(self) -> QuerySet[Asset]:
        """What was selected, as far as the user may see it. All of the trash is all of it, since it has no filters."""
        if self.in_trash:
            trash = trashed_assets(self.user)
            return trash.filter(pk__in=self.ids) if self.params is None else trash
        if self.params is not None:
            return library_assets(self.user, self.params)
        return visible_assets(self.user).filter(pk__in=self.ids)

    def permitted(self, permission: str) -> QuerySet[Asset]:
        """Those of them to which the user may do this."""
        if self.in_trash:
            # Who may see it there may do all that can be done to it there.
            return self.assets
        return self.assets.filter(pk__in=permitted_assets(self.user, permission).values("pk"))

    def for_action(self, action: str) -> QuerySet[Asset]:
        """Those of them to which an action makes sense, and to which the user may do it."""
        kind_of_action = ACTIONS[action]
        return self.permitted(kind_of_action.permission).filter(kind__in=kind_of_action.kinds)

    def ordered(self, assets: QuerySet[Asset]) -> list[int]:
        """The ids of some of them as the listing shows them."""
        found = list(assets.values_list("pk", flat=True))
        if self.params is not None:
            return found
        present = set(found)
        return [pk for pk in self.ids if pk in present]


def count_kinds(assets: QuerySet[Asset]) -> list[tuple[str, int]]:
    """How many there are of each kind, by the kind's name."""
    rows = assets.order_by().values("kind").annotate(number=Count("pk", distinct=True))
    numbers = {row["kind"]: row["number"] for row in rows}
    return [(str(kind.label), numbers[kind]) for kind in Asset.Kind if kind in numbers]
