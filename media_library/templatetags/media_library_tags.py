"""``{% picture %}``, ``{% video %}``, ``{% audio %}``: the same objects as in the API, as HTML. And addresses of other
sizes.
"""

from typing import Any

from django import template
from django.http import HttpRequest
from django.utils.safestring import SafeString
from wagtail.embeds.models import Embed

from media_library import rights
from media_library.api.html import audio_html, picture_html, player_html, sphere_viewer_html, video_html
from media_library.api.library import library
from media_library.models import Audio, CustomImage, Video
from media_library.transforms import address

register = template.Library()


@register.simple_tag
def picture(
    image: CustomImage | None,
    sizes: str = "100vw",
    loading: str = "lazy",
    alt: str | None = None,
    css_class: str = "",
    to_look_around: bool = False,
) -> SafeString | str:
    """``{% picture page.featured_image sizes="(min-width: 60rem) 50vw, 100vw" loading="eager" %}``.

    ``alt`` is for a place that says itself what can be seen; ``alt=""`` is for a picture that adds nothing to the
    text. ``to_look_around=True`` is for places that are large enough to look around in a panorama. Nothing is shown of
    an image that is missing or whose collection is closed to the visitor.
    """
    return picture_html(
        image, sizes=sizes, loading=loading, alt=alt, css_class=css_class, to_look_around=to_look_around
    )


@register.simple_tag
def video(film: Video | None, sizes: str = "100vw") -> SafeString | str:
    """``{% video value.video %}``: a player; the poster and a note while the film is in the works."""
    return video_html(film, sizes=sizes)


@register.filter
def licence_url(name: str) -> str:
    """``{{ asset.licence|licence_url }}``: where the text of a licence is, if it is known by its name."""
    return rights.licence_url(name)


@register.simple_tag
def film_player() -> SafeString | str:
    """``{% film_player %}``, at the end of the page: the player's script, if there was any ``{% video %}`` before."""
    return player_html() if library().has_films else ""


@register.simple_tag
def sphere_viewer() -> SafeString | str:
    """``{% sphere_viewer %}``, at the end of the page: what shows the panoramas before it, if there was any."""
    return sphere_viewer_html() if library().has_spheres else ""


@register.simple_tag
def audio(sound: Audio | None) -> SafeString | str:
    """``{% audio value.audio %}``: a player with cover and title; a note while the sound is in the works."""
    return audio_html(sound)


@register.simple_tag
def known_embed(url: str) -> Embed | None:
    """What a provider answered when the URL was saved. Never asks the provider."""
    return library().embeds.get(url)


@register.simple_tag(takes_context=True)
def share_image(context: dict[str, Any], image: CustomImage | None) -> str:
    """The absolute address of an image for ``og:image``, or nothing."""
    if image is None or not library().may_show(image):
        return ""
    request: HttpRequest = context["request"]
    src = library().picture(image).src
    return request.build_absolute_uri(src) if src else ""


@register.simple_tag
def transform_url(image: CustomImage | None, spec: str, format: str = "auto", expires_in: float | None = None) -> str:
    """``{% transform_url photo "fill-600x400" format="webp" expires_in=3600 %}``: the signed path of a rendition.

    It is made when somebody first asks for it. Empty like ``share_image``.
    """
    if image is None or not library().may_show(image):
        return ""
    return address.transform_url(image, spec, format=format, expires_in=expires_in)
