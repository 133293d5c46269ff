"""What the admin shows of a sound: its player, its cover, its waveform, and what the file says of itself."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from media_library.admin.facts import clock, large_poster, video_facts
from media_library.models import Audio, PosterRendition, Sidecar, Transcode

NAMES: dict[str, Any] = {
    "artist": gettext_lazy("Artist"),
    "album": gettext_lazy("Album"),
    "track_number": gettext_lazy("Track"),
    "title": gettext_lazy("Title in the file"),
    "date": gettext_lazy("Date"),
    "genre": gettext_lazy("Genre"),
    "language": gettext_lazy("Language"),
    "copyright": gettext_lazy("Copyright"),
    "comment": gettext_lazy("Comment"),
}
"""What of the metadata is shown, in this order."""


@dataclass(frozen=True)
class SoundPlayer:
    """What the player of the edit page needs: the finished sounds, best first, the cover and the waveform."""

    transcodes: list[Transcode]
    cover: PosterRendition | None
    waveform: Sidecar | None
    is_former: bool
    """Whether the sounds are of the file that was replaced."""


def sound_player(audio: Audio) -> SoundPlayer:
    """Everything that was made from the sound and that a browser can use. Three queries."""
    transcodes = list(audio.transcodes.filter(playlist="").order_by("-bitrate"))
    return SoundPlayer(
        transcodes=transcodes,
        cover=large_poster(audio),
        waveform=audio.sidecars.filter(kind=Sidecar.Kind.WAVEFORM).first(),
        is_former=any(one.version != audio.version for one in transcodes),
    )


def sound_facts(audio: Audio) -> list[tuple[str, str]]:
    """Names and values for the edit page; what isn't known is left out."""
    said = [(str(name), str(audio.metadata[key])) for key, name in NAMES.items() if audio.metadata.get(key)]
    chapters = [
        f"{clock(one['start']) if one['start'] >= 1 else '0:00'} {one['title']}".rstrip()
        for one in audio.metadata.get("chapters", ())
    ]
    return [*video_facts(audio), *said, *([(_("Chapters"), "\n".join(chapters))] if chapters else [])]
