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
    add: Promise
    add_several: Promise
    drop: Promise
    updated: Promise
    not_saved: Promise
    delete: Promise
    none_yet: Promise
    none_here: Promise
    none_to_edit: Promise
    no_match: Promise
    select_all: Promise
    picture: Promise
    counted: Any
    counted_on_home_page: Any
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
    home_page_order: int
    """On the home page and among the areas to search; images stand at 200, documents at 300."""
    words: Words

    def url(self, view: str, *args: Any) -> str:
        return reverse(f"{self.namespace}:{view}", args=args)


VIDEO = RecordingKind(
    model=Video,
    name="video",
    namespace="media_library_videos",
    folder="videos",
    icon="media",
    home_page_order=210,
    words=Words(
        plural=_("Videos"),
        add=_("Add a video"),
        add_several=_("Add videos"),
        drop=_("Drag and drop videos into this area to upload immediately."),
        updated=_("Video '%(object)s' updated."),
        not_saved=_("The video could not be saved due to errors."),
        delete=_("Delete video"),
        none_yet=_("There are no videos yet."),
        none_here=_("There are no videos in this collection yet."),
        none_to_edit=_("There are no videos that you may edit."),
        no_match=_("Sorry, no videos match"),
        select_all=_("Select all videos in listing"),
        picture=_("Poster"),
        counted=ngettext_lazy("%(count)s video", "%(count)s videos", "count"),
        counted_on_home_page=ngettext_lazy("%(count)s Video", "%(count)s Videos", "count"),
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
    home_page_order=220,
    words=Words(
        plural=_("Audio"),
        add=_("Add audio"),
        add_several=_("Add audio"),
        drop=_("Drag and drop audio files into this area to upload immediately."),
        updated=_("Audio '%(object)s' updated."),
        not_saved=_("The audio could not be saved due to errors."),
        delete=_("Delete audio"),
        none_yet=_("There is no audio yet."),
        none_here=_("There is no audio in this collection yet."),
        none_to_edit=_("There is no audio that you may edit."),
        no_match=_("Sorry, no audio matches"),
        select_all=_("Select all audio in listing"),
        picture=_("Cover"),
        counted=ngettext_lazy("%(count)s audio file", "%(count)s audio files", "count"),
        counted_on_home_page=ngettext_lazy("%(count)s Audio file", "%(count)s Audio files", "count"),
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
