"""Two assets become one: what uses the other uses the one that is kept, which takes over what it lacks.

Then the other goes to the trash, from which it can be restored (without its places). See docs/decisions/0021.
"""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import log
from wagtail.search import index

from media_library.deletion import trash_asset
from media_library.exceptions import NotMerged
from media_library.models import Asset, Track
from media_library.usage.places import User
from media_library.usage.rewriting import Replacement, replace_everywhere
from media_library.video.tracks import save_track

LOG_MERGE = "media_library.merge"

FIELDS = (
    "title",
    "alt_text",
    "description",
    "caption",
    "visible_text",
    "credit",
    "licence",
    "source",
    "expires_on",
    "legal_basis",
    "model_release",
)
"""What an editor has said about an asset, and of which the one or the other may win."""


def require_mergeable(kept: Asset, other: Asset) -> None:
    """Raise ``NotMerged`` for two that can't become one."""
    if kept.pk == other.pk:
        raise NotMerged(_("A file can't be merged with itself. Choose another one."))
    if kept.kind != other.kind:
        raise NotMerged(
            _("“%(kept)s” and “%(other)s” are of different kinds, so pages that show the one can't show the other.")
            % {"kept": kept.title, "other": other.title}
        )
    if kept.trashed_at or other.trashed_at:
        raise NotMerged(_("One of both is in the trash. Restore it first, or leave it there."))


def takes_over(kept: Asset, other: Asset) -> list[str]:
    """The fields that are empty on ``kept`` and not on ``other``: these are taken over, if nobody says otherwise."""
    return [name for name in FIELDS if not getattr(kept, name) and getattr(other, name)]


def merge(kept: Asset, other: Asset, user: User | None = None, fields: Iterable[str] | None = None) -> Replacement:
    """Let ``kept`` take the place of ``other`` everywhere, and put ``other`` in the trash; one entry of the log.

    ``fields`` are those that ``other`` wins (``takes_over`` without it). Tags, captions of films, and places in
    curated collections are united. Whether the user may, the door has asked before. Returns what became of each
    place; where one was left (``left``: the user may not edit it, or it can't be saved), the other is still used there
    and stays, and nothing else has changed. Raises ``NotMerged``, or ``AssetInUse`` when somebody has begun to use the
    other one meanwhile.
    """
    require_mergeable(kept, other)
    won = takes_over(kept, other) if fields is None else [name for name in FIELDS if name in set(fields)]
    result = replace_everywhere(other, kept, user)
    if result.left:
        return result
    with transaction.atomic():
        # In one order, whoever merges what.
        locked = Asset.objects.select_for_update(of=("self",)).filter(pk__in=[kept.pk, other.pk]).order_by("pk")
        rows = {asset.pk: asset for asset in locked}
        if len(rows) < 2:
            raise NotMerged(_("One of both has been deleted meanwhile."))
        current, given = rows[kept.pk].specific, rows[other.pk].specific
        require_mergeable(current, given)
        for name in won:
            setattr(current, name, getattr(given, name))
        current.save()
        current.tags.add(*given.tags.names())
        _take_over_tracks(current, given)
        # Saving the row put it in the index before its tags were there.
        index.insert_or_update_object(current)
        data: dict[str, Any] = {
            "other": {"id": given.pk, "title": given.title, "filename": given.filename},
            "fields": won,
            "places": len(result.done),
        }
        log(instance=current, action=LOG_MERGE, user=user, data=data, content_changed=True)
        trash_asset(given, user)
    return result


def _take_over_tracks(kept: Asset, other: Asset) -> None:
    """Captions and the like in languages that the kept film has none in. The other one's stay with it."""
    present = set(kept.tracks.values_list("kind", "language"))
    has_default = kept.tracks.filter(is_default=True).exists()
    for track in other.tracks.all():
        if (track.kind, track.language) not in present:
            copy = Track(
                asset_id=kept.pk, kind=track.kind, language=track.language, label=track.label, text=track.text
            )
            copy.is_default = track.is_default and not has_default
            save_track(copy)
