"""Pictures, films and sounds as HTML, for templates and for rich text."""

from functools import cache
from typing import Any

from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from media_library.api.library import library, sharing
from media_library.imaging.projection import EQUIRECTANGULAR
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
    to_look_around: bool = False,
) -> SafeString | str:
    """A ``<picture>``; empty for an image that is missing or whose collection is closed to whoever asks.

    ``alt`` None means what the block or the library says. A panorama ``to_look_around`` in is inside of what
    js/sphere.js makes a view of.
    """
    with sharing() as shared:
        if image is None or not shared.may_show(image):
            return ""
        words = alt_of(image) if alt is None else alt
        shown = shared.picture(image)
        html = render_to_string(
            "media_library/picture.html",
            {
                "picture": shown,
                "is_hdr": image.is_hdr,
                "alt": words,
                "sizes": sizes,
                "loading": loading,
                "css_class": css_class,
            },
        )
        return sphere_html(image.projection, html, words, shown.largest) if to_look_around and shown.src else html


def sphere_html(projection: dict[str, Any] | None, flat: SafeString, label: str, src: str = "") -> SafeString:
    """What is flat, inside of what can be made a view; only what is flat where it can't."""
    if projection is None or projection["type"] != EQUIRECTANGULAR:
        return flat
    library().has_spheres = True
    return render_to_string(
        "media_library/sphere.html", {"projection": projection, "flat": flat, "label": label, "src": src}
    )


def video_html(video: Video | None, *, sizes: str) -> SafeString | str:
    """A ``<video>``, or its poster and a note while there is nothing to play; empty like ``picture_html``."""
    with sharing() as shared:
        if video is None or not shared.may_show(video):
            return ""
        film = shared.film(video)
        tracks = shared.tracks(video) if film.sources else []
        html = render_to_string(
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
        return sphere_html(video.projection, html, video.alt) if film.sources else html


def player_html() -> SafeString:
    """The ``<script>`` that makes players of the films of a page."""
    return render_to_string("media_library/player.html", {"language": _words_of_player(get_language() or "")})


def sphere_viewer_html() -> SafeString:
    """The script and the styles by which one looks around in the panoramas of a page."""
    return render_to_string("media_library/sphere_viewer.html")


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
    with sharing() as shared:
        if audio is None or not shared.may_show(audio):
            return ""
        sound = shared.sound(audio)
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
