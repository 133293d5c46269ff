"""What the rest of the admin knows of tracks: their names, who may edit them, and the log."""

from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import LogActionRegistry, LogFormatter, log
from wagtail.permissions import policy_registry

from media_library.models import Asset, Track

LOG_ADD, LOG_EDIT, LOG_DELETE = (f"media_library.{what}_track" for what in ("add", "edit", "delete"))

KIND_NAMES = {
    Track.Kind.CAPTIONS: _("Captions"),
    Track.Kind.SUBTITLES: _("Subtitles"),
    Track.Kind.DESCRIPTIONS: _("Descriptions"),
    Track.Kind.CHAPTERS: _("Chapters"),
}
"""Names as short as a table wants them."""


def kind_name(track: Track) -> str:
    return str(KIND_NAMES[Track.Kind(track.kind)])


def may_edit_tracks(user: AbstractBaseUser | AnonymousUser, asset: Asset) -> bool:
    """Whoever may change a film or a sound may change its tracks. ``asset`` is of its concrete kind."""
    return policy_registry.get_by_type(type(asset)).user_has_permission_for_instance(user, "change", asset)


def log_track(action: str, track: Track, asset: Asset, user: Any) -> None:
    """Note it in the history of the film or the sound."""
    data = {"kind": track.kind, "language": track.language, "label": track.label, "cues": track.cue_count}
    log(instance=asset, action=action, user=user, data=data)


class TrackLogFormatter(LogFormatter):
    sentence: Any = ""

    def format_message(self, log_entry: Any) -> str:
        kind = log_entry.data.get("kind", "")
        name = KIND_NAMES[Track.Kind(kind)] if kind in Track.Kind.values else kind
        return self.sentence % {"kind": name, "label": log_entry.data.get("label", "")}


def register_log_actions(actions: LogActionRegistry) -> None:
    @actions.register_action(LOG_ADD)
    class Added(TrackLogFormatter):
        label = _("Add captions or chapters")
        sentence = _("%(kind)s “%(label)s” added")

    @actions.register_action(LOG_EDIT)
    class Edited(TrackLogFormatter):
        label = _("Edit captions or chapters")
        sentence = _("%(kind)s “%(label)s” edited")

    @actions.register_action(LOG_DELETE)
    class Deleted(TrackLogFormatter):
        label = _("Delete captions or chapters")
        sentence = _("%(kind)s “%(label)s” deleted")
