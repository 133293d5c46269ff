"""Which presets are in force: those of the manifest that a front end has posted, or those of the settings.

The database is the truth. What is read of it lies in the cache that all processes share, and is put there anew after
the commit of each manifest, before any answer goes stale over it.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property, lru_cache
from itertools import groupby, pairwise
from typing import Any

from django.core.cache import cache
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from media_library.conf import conf
from media_library.exceptions import Busy
from media_library.imaging.presets import STILL, Preset, Presets, settings_presets
from media_library.imaging.slots import Slot, digest, presets_of
from media_library.models import PresetManifest
from media_library.models.preset_manifest import slots_of
from media_library.signals import presets_changed

CACHE_KEY = "media_library:presets"
CACHE_SECONDS = 60

EARLIER = 20
"""Manifests before the current one whose slots are still shown: a build that posts another one every minute is cut."""


@dataclass(frozen=True)
class InForce:
    """The presets of one moment. ``number`` is that of the manifest, 0 before there was any.

    ``slots`` are None where those of the settings are in force; ``earlier`` is what was in force before, for as long
    as front ends may rely on it, the latest first.
    """

    number: int = 0
    slots: tuple[Slot, ...] | None = None
    earlier: tuple[tuple[Slot, ...] | None, ...] = field(default=())

    @property
    def presets(self) -> Presets:
        """What is made of every picture."""
        return _presets(self.slots)

    @property
    def kept(self) -> list[Presets]:
        """What is no longer made, and stays where it is there."""
        return [_presets(slots) for slots in self.earlier]

    def named(self, name: str) -> Preset | None:
        """The preset of this name, of a slot the widest."""
        shown = (several for several in self.crops if several[0].name == name)
        return next((several[-1] for several in shown), None)

    @property
    def crops(self) -> tuple[tuple[Preset, ...], ...]:
        """The named crops that answers show, each in its widths; those of earlier manifests after the current ones."""
        if self.slots is None and not self.earlier:
            # The settings are read each time, as everywhere.
            return (*_crops(None), (STILL,))
        return self._crops

    @cached_property
    def _crops(self) -> tuple[tuple[Preset, ...], ...]:
        found = [one for slots in (self.slots, *self.earlier) for one in _crops(slots)]
        return (*dict.fromkeys(found), (STILL,))


def in_force() -> InForce:
    """The presets in force. One look into the cache; a query where it holds none, for a minute."""
    found = cache.get(CACHE_KEY)
    if not isinstance(found, str):
        found = _stored()
        # Whoever has just posted a manifest knows better.
        cache.add(CACHE_KEY, found, CACHE_SECONDS)
    return _read(found)


def current() -> PresetManifest | None:
    """The manifest in force, or None where the presets of the settings are."""
    row = PresetManifest.objects.select_related("user", "token").first()
    return row if row is not None and row.slots is not None else None


def post(slots: Iterable[Slot] | None, user: Any, token: Any = None) -> tuple[PresetManifest, bool]:
    """Put these slots in force, or with None the settings; return the row, and whether it is new.

    What is in force already is no new manifest. Raises ``Busy`` when somebody posts another one at the same moment.
    """
    slots = None if slots is None else list(slots)
    wanted = "" if slots is None else digest(slots)
    try:
        with transaction.atomic():
            latest = PresetManifest.objects.select_for_update().first()
            if latest is not None and latest.digest == wanted:
                return latest, False
            row = PresetManifest.objects.create(
                number=latest.number + 1 if latest else 1,
                slots=None if slots is None else {slot.name: slot.as_json() for slot in slots},
                digest=wanted,
                user=user,
                token=token,
            )
            tell_changed()
    except IntegrityError as error:
        raise Busy(_("Somebody has just posted another manifest. Look at it, then send yours again.")) from error
    return row, True


def tell_changed() -> None:
    """After commit, let all processes know what is in force now, and then caches that answers are stale over it."""
    # In this order: an answer that is made anew must not be made of what was in force before.
    transaction.on_commit(refresh, robust=True)
    presets_changed.send(PresetManifest)


def refresh() -> bool:
    """Put into the cache what is in force; return whether it is there."""
    stored = _stored()
    cache.set(CACHE_KEY, stored, CACHE_SECONDS)
    return bool(cache.get(CACHE_KEY) == stored)


def to_follow() -> PresetManifest | None:
    """The manifest in force if pictures are to be looked at: since it is new, or since what it replaced may go."""
    row = PresetManifest.objects.first()
    if row is None:
        return None
    ends = row.created_at + _grace()
    done = row.followed_at is not None and (row.followed_at >= ends or timezone.now() < ends)
    return None if done else row


def _grace() -> timedelta:
    """How long slots stay that a manifest leaves out: front ends are deployed later, and their pages are cached."""
    return timedelta(days=conf.SUPERSEDED_DAYS)


def _stored() -> str:
    """What is in force, as JSON: the number, the slots, and those before them."""
    since = timezone.now() - _grace()
    rows = list(PresetManifest.objects.values_list("number", "slots", "created_at")[: EARLIER + 1])
    if not rows:
        return json.dumps([0, None, []])
    # A manifest was in force until the next one came; before the first, the settings were.
    replaced = [slots for (_n, _s, until), (_number, slots, _c) in pairwise(rows) if until > since]
    if len(rows) <= EARLIER and rows[-1][2] > since:
        replaced.append(None)
    earlier = [slots for slots, _same in groupby(replaced)]
    return json.dumps([rows[0][0], rows[0][1], earlier])


@lru_cache(maxsize=8)
def _read(stored: str) -> InForce:
    number, slots, earlier = json.loads(stored)
    return InForce(number, slots_of(slots), tuple(map(slots_of, earlier)))


def _presets(slots: tuple[Slot, ...] | None) -> Presets:
    return settings_presets() if slots is None else presets_of(slots)


def _crops(slots: tuple[Slot, ...] | None) -> list[tuple[Preset, ...]]:
    if slots is None:
        return [(preset,) for preset in settings_presets().crops]
    own = [slot.presets for slot in slots]
    names = {slot.name for slot in slots}
    return own + [(one,) for one in presets_of(slots).crops if one.name not in names]
