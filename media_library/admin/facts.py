"""What the admin shows of films, and of sounds what these have in common. Never an original, which is private."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from media_library.imaging.presets import LADDER, WIDTHS
from media_library.models import Asset, CustomImage, CustomRendition, PosterRendition, Sidecar, Transcode, Video

THUMBNAIL_WIDTH = WIDTHS[0]
"""The ladder has one rung of at most this width, whatever the size of the film."""

IMAGE_THUMBNAIL = "max-165x165"
"""The filter of Wagtail's own listings, which is made at upload (imaging/presets.py)."""

LARGE_THUMBNAIL = f"width-{THUMBNAIL_WIDTH}|format-webp"
"""The first step of the ladder; sharp on any screen, but there only once workers have been there."""

KIND_ICONS: dict[str, str] = {
    Asset.Kind.IMAGE: "image",
    Asset.Kind.VIDEO: "media",
    Asset.Kind.AUDIO: "media-sound",
    Asset.Kind.DOCUMENT: "doc-full-inverse",
}
"""What stands in for each kind of asset."""

POSTER_WIDTH = 960
"""The widest poster behind the player of the edit page, in pixels."""

TRIED_FIRST = {"application/vnd.apple.mpegurl": 0, "video/mp4": 1}
"""Browsers take the first type that they know."""


def thumbnails() -> QuerySet[PosterRendition]:
    """The poster of each film, and the cover of each sound, in the size of a listing."""
    # WebP is in every ladder; the third format depends on transparency.
    small = PosterRendition.objects.filter(preset=LADDER, width__lte=THUMBNAIL_WIDTH)
    return small.filter(filter_spec__endswith="|format-webp")


def thumbnail(recording: Asset) -> PosterRendition | None:
    """The small poster or cover, or None while there is none; the former one, until the new file has its own."""
    if not hasattr(recording, "_thumbnails"):
        recording._thumbnails = list(thumbnails().filter(asset=recording.pk))
    return next(iter(recording._thumbnails), None)


def thumbnail_url(asset: Asset) -> str:
    """The URL of a small picture of this asset, which is there already; empty while there is none."""
    picture: PosterRendition | CustomRendition | None
    if isinstance(asset, CustomImage):
        picture = asset.renditions.filter(filter_spec=IMAGE_THUMBNAIL).first()
    else:
        picture = thumbnail(asset)
    return picture.url if picture else ""


def thumbnail_urls(ids: Iterable[int]) -> dict[int, str]:
    """URLs of thumbnails by id of the asset, for those films and sounds that have one. One query, or none for none."""
    ids = list(ids)
    return {one.asset_id: one.url for one in thumbnails().filter(asset__in=ids)} if ids else {}


@dataclass(frozen=True)
class Player:
    """What the player of the edit page needs: the finished films, as browsers should try them, and the poster.

    ``storyboard`` is the address of WebVTT thumbnails, or empty; ``poster_origin`` says where the poster comes from.
    ``is_former`` says that the films are of the file that was replaced.
    """

    transcodes: list[Transcode]
    poster: PosterRendition | None
    storyboard: str
    poster_origin: str
    is_former: bool


def player(video: Video) -> Player:
    """Everything that was made from the film and that a browser can show. Three queries."""
    offered = list(video.transcodes.filter(playlist=""))
    storyboard = video.sidecars.filter(kind=Sidecar.Kind.STORYBOARD).first()
    return Player(
        transcodes=sorted(offered, key=lambda one: (TRIED_FIRST.get(one.mime_type, 2), -one.bitrate)),
        poster=large_poster(video),
        storyboard=storyboard.url if storyboard else "",
        poster_origin=poster_origin(video),
        is_former=any(one.version != video.version for one in offered),
    )


def large_poster(recording: Asset) -> PosterRendition | None:
    """The whole poster or cover as large as a page of the admin shows it, or None while there is none."""
    posters = recording.poster_renditions.filter(preset=LADDER, width__lte=POSTER_WIDTH)
    return posters.filter(filter_spec__endswith="|format-webp").order_by("-width").first()


def poster_origin(video: Video) -> str:
    """Say where the poster comes from; a chosen picture wins over a moment."""
    if video.poster_image_id:
        return _("A picture of the library")
    if video.poster_time is not None:
        return _("The moment %(time)s") % {"time": clock(video.poster_time) if video.poster_time else "0:00"}
    return _("Found by itself")


def clock(seconds: float | None) -> str:
    """Write a duration as a player does: ``0:07``, ``12:30``, ``1:02:03``; nothing when it isn't known.

    What is shorter than a second counts as one: ``0:00`` looks like a mistake.
    """
    if seconds is None:
        return ""
    minutes, rest = divmod(max(1, round(seconds)), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def video_facts(video: Asset) -> list[tuple[str, str]]:
    """Names and values for the edit page; what isn't known yet is left out."""
    facts = [
        (_("File name"), video.filename),
        (_("Dimensions"), f"{video.width} × {video.height}" if video.width else ""),
        (_("Duration"), clock(video.duration)),
        (_("File size"), filesizeformat(video.file_size) if video.file_size is not None else ""),
        (_("MIME type"), video.mime_type),
    ]
    return [(name, value) for name, value in facts if value]


def thumbnail_urls_of(assets: Iterable[Asset]) -> dict[int, str]:
    """URLs of small pictures of assets of any kind, by id, for those that have one. Two queries."""
    assets = list(assets)
    pictures = CustomRendition.objects.filter(
        image__in=[asset.pk for asset in assets if asset.kind == Asset.Kind.IMAGE], filter_spec=IMAGE_THUMBNAIL
    )
    others = [asset.pk for asset in assets if asset.kind in (Asset.Kind.VIDEO, Asset.Kind.AUDIO)]
    return {one.image_id: one.url for one in pictures} | thumbnail_urls(others)
