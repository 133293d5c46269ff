"""Pictures, films and sounds as HTML, for templates and for rich text."""

from functools import cache

from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from media_library.api.library import sharing
from media_library.models import Asset, Audio, CustomImage, Video

HLS = "application/vnd.apple.mpegurl"
"""The type of a playlist: a list of pieces, and nothing to download."""


def picture_html(
    image: CustomImage | None,
    *,
    sizes: str,
    loading: str = "lazy",
    alt: str | None = None,
    css_class: str = "",
) -> SafeString | str:
    """A ``<picture>``; empty for an image that is missing or whose collection is closed to whoever asks.

    ``alt`` None means what the block or the library says.
    """
    with sharing() as library:
        if image is None or not library.may_show(image):
            return ""
        return render_to_string(
            "media_library/picture.html",
            {
                "picture": library.picture(image),
                "is_hdr": image.is_hdr,
                "alt": alt_of(image) if alt is None else alt,
                "sizes": sizes,
                "loading": loading,
                "css_class": css_class,
            },
        )


def video_html(video: Video | None, *, sizes: str) -> SafeString | str:
    """A ``<video>``, or its poster and a note while there is nothing to play; empty like ``picture_html``."""
    with sharing() as library:
        if video is None or not library.may_show(video):
            return ""
        film = library.film(video)
        tracks = library.tracks(video) if film.sources else []
        return render_to_string(
            "media_library/video.html",
            {
                "video": video,
                "film": film,
                "download": next((one.src for one in film.sources if one.type != HLS), ""),
                "tracks": tracks,
                # Tracks of another host are read under CORS only, and then the film is, too.
                "is_elsewhere": any("//" in track.src for track in tracks),
                "percent": round(film.progress * 100),
                "failed": video.status == Asset.Status.FAILED,
                "sizes": sizes,
            },
        )


def player_html() -> SafeString:
    """The ``<script>`` that makes players of the films of a page."""
    return render_to_string("media_library/player.html", {"language": _words_of_player(get_language() or "")})


@cache
def _words_of_player(language: str) -> str:
    """The static file with the player's words in a language such as ``pt-br``; "" for English, which it knows."""
    base, _hyphen, region = language.partition("-")
    for code in (f"{base}-{region.upper()}", f"{base}-{region.title()}", base):
        name = f"vendor/video.js/lang/{code}.json"
        if base != "en" and (staticfiles_storage.exists(name) or finders.find(name)):
            return name
    return ""


def audio_html(audio: Audio | None) -> SafeString | str:
    """An ``<audio>`` with cover and title, or a note while there is nothing to play; empty like ``picture_html``."""
    with sharing() as library:
        if audio is None or not library.may_show(audio):
            return ""
        sound = library.sound(audio)
        return render_to_string(
            "media_library/audio.html",
            {
                "audio": audio,
                "sound": sound,
                "percent": round(sound.progress * 100),
                "failed": audio.status == Asset.Status.FAILED,
            },
        )


def alt_of(asset: Asset) -> str:
    """Alt text: what the page says where it places the asset, else what the library says."""
    if getattr(asset, "decorative", False):
        return ""
    return getattr(asset, "contextual_alt_text", None) or asset.alt
