"""What differs between films and sounds. Read while models load, so it touches neither forms nor URLs."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from media_library.models import Audio, Video


@dataclass(frozen=True)
class Words:
    """What editors read. Counted ones take ``%(count)s``."""

    plural: Promise
    updated: Promise
    not_saved: Promise
    delete: Promise
    counted: Any
    permissions: Promise
    add_permission: Promise
    may_add: Promise
    may_change: Promise
    may_choose: Promise


@dataclass(frozen=True)
class RecordingKind:
    """A kind of asset that can be played."""

    model: type[Video] | type[Audio]
    name: str
    """Of the model; begins the names of form fields below an upload, and of the id in its JSON."""
    namespace: str
    """Of its URLs."""
    folder: str
    """Of its URLs below /admin/, and of its templates below media_library/."""
    icon: str
    words: Words

    def url(self, view: str, *args: Any) -> str:
        return reverse(f"{self.namespace}:{view}", args=args)


VIDEO = RecordingKind(
    model=Video,
    name="video",
    namespace="media_library_videos",
    folder="videos",
    icon="media",
    words=Words(
        plural=_("Videos"),
        updated=_("Video '%(object)s' updated."),
        not_saved=_("The video could not be saved due to errors."),
        delete=_("Delete video"),
        counted=ngettext_lazy("%(count)s video", "%(count)s videos", "count"),
        permissions=_("Video permissions"),
        add_permission=_("Add a video permission"),
        may_add=_("Add/edit videos you own"),
        may_change=_("Edit any video"),
        may_choose=_("Select videos in choosers"),
    ),
)

AUDIO = RecordingKind(
    model=Audio,
    name="audio",
    namespace="media_library_audio",
    folder="audio",
    icon="media-sound",
    words=Words(
        plural=_("Audio"),
        updated=_("Audio '%(object)s' updated."),
        not_saved=_("The audio could not be saved due to errors."),
        delete=_("Delete audio"),
        counted=ngettext_lazy("%(count)s audio file", "%(count)s audio files", "count"),
        permissions=_("Audio permissions"),
        add_permission=_("Add an audio permission"),
        may_add=_("Add/edit audio you own"),
        may_change=_("Edit any audio"),
        may_choose=_("Select audio in choosers"),
    ),
)

KINDS = (VIDEO, AUDIO)
KIND_OF_MODEL = {kind.model: kind for kind in KINDS}


class OfKind:
    """For views that know their model: what differs for it."""

    model: type[Video] | type[Audio]

    @property
    def kind(self) -> RecordingKind:
        return KIND_OF_MODEL[self.model]
