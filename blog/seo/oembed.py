"""``/oembed/?url=…``: what other sites show where somebody names a post, a picture, a film or a sound of ours.

oEmbed 1.0 (https://oembed.com/), as JSON or, with ``format=xml``, as XML. Pages are ``link`` with a thumbnail,
pictures ``photo``, films ``video``, and sounds ``rich``. HTML is what a browser plays without a script.
"""

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit
from xml.sax.xmlreader import AttributesImpl

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBadRequest, JsonResponse
from django.utils.html import format_html
from django.utils.xmlutils import SimplerXMLGenerator

from blog.api.paths import page_at
from blog.models import ContentPage, PostPage
from blog.seo.facts import authors_of
from blog.seo.media import picture_for, standing_for
from blog.seo.public import MAX_AGE, for_everybody, home_of, public_pages, site_of
from blog.seo.surroundings import Surroundings
from blog.seo.words import title_of
from blog.seo.xml import in_xml
from media_library.api.html import HLS, alt_of
from media_library.api.library import library
from media_library.api.picture import Picture
from media_library.models import Asset, Audio, CustomImage, Video

Answer = dict[str, Any]

NAMED = re.compile(r"/(?:api/v2/(?:images|videos|audio)|api/media)/(\d{1,18})/?$|/(\d{1,18})/\d+/[^/]+$")
"""Paths that name an asset: its address in the API, and that of any file that was made of it."""

STEP = re.compile(r"(\S+) (\d+)w")
"""One candidate of a ``srcset``."""

THUMBNAIL = 640
"""Pixels that thumbnails are wide at most."""

SOUND_SIZE = 320, 54
"""Width and height in pixels in which all browsers show the controls of a sound."""


@for_everybody
def oembed(request: HttpRequest) -> HttpResponse:
    """404 for what is none of ours, or not public; 400 without a ``url`` or with sizes that are none; 501 for other
    formats than JSON and XML, as the specification has it."""
    url, form = request.GET.get("url", ""), request.GET.get("format", "json")
    if form not in ("json", "xml"):
        return HttpResponse("format is json or xml.", "text/plain", status=501)
    try:
        limits = tuple(_pixels(request, name) for name in ("maxwidth", "maxheight"))
    except ValueError:
        return HttpResponseBadRequest("maxwidth and maxheight are whole numbers of pixels, 1 or more.", "text/plain")
    if not url:
        return HttpResponseBadRequest("Name a page or a file: ?url=https://…", "text/plain")
    answer = _provider(request) | (_of_media(url, request, limits) or _of_page(url, request, limits))
    return _as_xml(answer) if form == "xml" else JsonResponse(answer)


def _provider(request: HttpRequest) -> Answer:
    site = Surroundings(request=request).site(site_of(request).root_page)
    return {"version": "1.0", "provider_name": site.name, "provider_url": home_of(request), "cache_age": MAX_AGE}


def _of_page(url: str, request: HttpRequest, limits: tuple[int | None, ...]) -> Answer:
    here, home = f"{request.scheme}://{request.get_host()}/", home_of(request)
    base = next((one for one in (home, here) if f"{url}/".startswith(one)), None)
    page = page_at(request, f"/{url[len(base) :]}") if base is not None else None
    if page is None or not public_pages(site_of(request)).filter(pk=page.pk).exists():
        raise Http404("no page that everybody may see")
    page = page.specific
    if not isinstance(page, ContentPage):
        raise Http404("no page that can be shown elsewhere")
    library().expect([page])
    around = Surroundings([page], request)
    found: Answer = {"type": "link", "title": title_of(page)}
    if isinstance(page, PostPage) and (authors := authors_of(page)):
        found["author_name"] = ", ".join(author.name for author in authors)
        if address := around.page_of(authors[0]):
            found["author_url"] = address
    if asset := standing_for(page):
        found |= _thumbnail(asset, around.absolute, limits)
    return found


def _of_media(url: str, request: HttpRequest, limits: tuple[int | None, ...]) -> Answer | None:
    """None for an address that names no asset."""
    if (named := NAMED.search(_path(url))) is None:
        return None
    asset = Asset.objects.filter(pk=int(named[1] or named[2]), trashed_at=None).first()
    if asset is None:
        return None
    specific, shared = asset.specific, library()
    shared.expect([specific])
    absolute = Surroundings(request=request).absolute
    is_ours = named[1] or _path(url) in {_path(one.url) for one in shared.variants(specific)}
    if not shared.may_show(specific) or not is_ours:
        raise Http404("no file that everybody may see")
    about: Answer = {"title": specific.title}
    if specific.credit:
        about["author_name"] = specific.credit
    match specific:
        case CustomImage():
            return about | {"type": "photo"} | _photo(library().picture(specific), absolute, limits)
        case Video():
            return about | _film(specific, absolute, limits) | _thumbnail(specific, absolute, limits)
        case Audio():
            return about | _sound(specific, absolute) | _thumbnail(specific, absolute, limits)
    raise Http404("no file that can be shown elsewhere")


def _photo(picture: Picture, absolute: Callable[[str], str], limits: tuple[int | None, ...]) -> Answer:
    """The largest file that fits, or the smallest one, to be shown smaller."""
    if not (picture.src and picture.width and picture.height):
        raise Http404("not ready yet")
    width, height = _fitted(picture.width, picture.height, limits)
    steps = sorted((int(wide), src) for src, wide in STEP.findall(picture.srcset))
    fitting = [src for wide, src in steps if wide <= width] or [src for _wide, src in steps[:1]] or [picture.src]
    wide = next((step for step, src in steps if src == fitting[-1]), width)
    if wide < width:
        width, height = wide, max(1, round(height * wide / width))
    return {"url": absolute(fitting[-1]), "width": width, "height": height}


def _thumbnail(
    asset: CustomImage | Video | Audio, absolute: Callable[[str], str], limits: tuple[int | None, ...]
) -> Answer:
    """A picture as a whole; of a film the crop for cards around the focal point of its poster, if it fits."""
    picture = picture_for(asset)
    if picture is None:
        return {}
    crop = picture.crops.get("og") if isinstance(asset, Video) else None
    if crop and _fitted(crop.width, crop.height, limits) == (crop.width, crop.height):
        photo: Answer = {"url": absolute(crop.src), "width": crop.width, "height": crop.height}
    else:
        widest = min(THUMBNAIL, limits[0] or THUMBNAIL)
        try:
            photo = _photo(picture, absolute, (widest, limits[1]))
        except Http404:
            return {}
    return {f"thumbnail_{name}": value for name, value in photo.items()}


def _film(video: Video, absolute: Callable[[str], str], limits: tuple[int | None, ...]) -> Answer:
    film = library().film(video)
    source = next((one for one in film.sources if one.type != HLS), None)
    if source is None or not (video.width and video.height):
        raise Http404("not ready yet")
    width, height = _fitted(video.width, video.height, limits)
    poster = film.poster.src if film.poster else ""
    html = format_html(
        '<video controls preload="none" width="{}" height="{}" poster="{}" aria-label="{}">'
        '<source src="{}" type="{}"></video>',
        width,
        height,
        absolute(poster) if poster else "",
        alt_of(video),
        absolute(source.src),
        source.type,
    )
    return {"type": "video", "html": str(html), "width": width, "height": height}


def _sound(audio: Audio, absolute: Callable[[str], str]) -> Answer:
    source = next((one for one in library().sound(audio).sources if one.type != HLS), None)
    if source is None:
        raise Http404("not ready yet")
    width, height = SOUND_SIZE
    html = format_html(
        '<audio controls preload="none" src="{}" aria-label="{}"></audio>', absolute(source.src), alt_of(audio)
    )
    return {"type": "rich", "html": str(html), "width": width, "height": height}


def _fitted(width: int, height: int, limits: tuple[int | None, ...]) -> tuple[int, int]:
    """The same shape, no larger than it is and than the limits."""
    scale = min(1.0, *((limit or side) / side for limit, side in zip(limits, (width, height), strict=True)))
    return max(1, round(width * scale)), max(1, round(height * scale))


def _pixels(request: HttpRequest, name: str) -> int | None:
    """Raises ``ValueError`` for what is no size."""
    asked = request.GET.get(name, "")
    if not asked:
        return None
    if not (asked.isascii() and asked.isdigit() and int(asked[:9]) > 0):
        raise ValueError(name)
    return int(asked[:9])


def _path(url: str) -> str:
    try:
        return urlsplit(url).path
    except ValueError:
        return ""


def _as_xml(answer: Answer) -> HttpResponse:
    response = HttpResponse(content_type="text/xml; charset=utf-8")
    xml = SimplerXMLGenerator(response, "utf-8")
    xml.startDocument()
    xml.startElement("oembed", AttributesImpl({}))
    for name, value in answer.items():
        xml.addQuickElement(name, in_xml(str(value)))
    xml.endElement("oembed")
    xml.endDocument()
    return response
