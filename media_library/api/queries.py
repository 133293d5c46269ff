"""What the library looks up for a response: each of these is one query, however many keys it gets."""

from collections import defaultdict

from django.db.models import Avg, Case, F, FloatField, Value, When
from wagtail.documents import get_document_model
from wagtail.embeds.embeds import get_embed_hash
from wagtail.embeds.models import Embed
from wagtail.models import Page

from media_library.api.picture import Rendition
from media_library.imaging.presets import ADMIN
from media_library.models import (
    CustomDocument,
    CustomImage,
    CustomRendition,
    PosterRendition,
    ProcessingJob,
    Sidecar,
    Track,
    Transcode,
    Video,
)


def load_images(ids: set[int]) -> dict[int, CustomImage]:
    return {image.pk: image for image in CustomImage.objects.filter(pk__in=ids).prefetch_related("tags")}


def load_videos(ids: set[int]) -> dict[int, Video]:
    return {video.pk: video for video in Video.objects.filter(pk__in=ids).prefetch_related("tags")}


def load_documents(ids: set[int]) -> dict[int, CustomDocument]:
    return {document.pk: document for document in get_document_model().objects.filter(pk__in=ids)}


def load_pages(ids: set[int]) -> dict[int, Page]:
    """Pages that rich text links to, as their specific types, since these may know other URLs."""
    return {page.pk: page for page in Page.objects.filter(pk__in=ids).defer_streamfields().specific()}


def load_embeds(urls: set[str]) -> dict[str, Embed]:
    """What providers answered when an editor saved the URL. An embed is never fetched in a request."""
    hashes = {get_embed_hash(url): url for url in urls}
    return {hashes[embed.hash]: embed for embed in Embed.objects.filter(hash__in=hashes)}


def load_renditions(image_ids: set[int]) -> dict[int, list[Rendition]]:
    """Renditions that presets asked for. Those of a replaced file are gone, so all that there are count."""
    rows = (
        CustomRendition.objects.filter(image__in=image_ids)
        .exclude(preset__in=("", ADMIN))
        .values_list("image", "filter_spec", "width", "height", "file")
    )
    found = defaultdict(list)
    for image_id, *columns in rows:
        found[image_id].append(Rendition(*columns))
    return found


def load_posters(asset_ids: set[int]) -> dict[int, list[Rendition]]:
    """Renditions of the posters of the videos' current versions."""
    rows = PosterRendition.objects.filter(asset__in=asset_ids, version=F("asset__version")).values_list(
        "asset", "filter_spec", "width", "height", "file"
    )
    found = defaultdict(list)
    for asset_id, *columns in rows:
        found[asset_id].append(Rendition(*columns))
    return found


def load_transcodes(asset_ids: set[int]) -> dict[int, list[tuple[str, str, int, int, int]]]:
    """Films of the videos' current versions, best first: file name, MIME type, width, height, bit rate."""
    rows = (
        Transcode.objects.filter(asset__in=asset_ids, version=F("asset__version"), playlist="")
        .order_by("-bitrate")
        .values_list("asset", "file", "mime_type", "width", "height", "bitrate")
    )
    found = defaultdict(list)
    for asset_id, *columns in rows:
        found[asset_id].append(tuple(columns))
    return found


def load_storyboards(asset_ids: set[int]) -> dict[int, str]:
    """Names of the WebVTT thumbnails of the videos' current versions."""
    rows = Sidecar.objects.filter(asset__in=asset_ids, version=F("asset__version"), kind=Sidecar.Kind.STORYBOARD)
    return dict(rows.values_list("asset", "file"))


def load_tracks(asset_ids: set[int]) -> dict[int, list[tuple[str, str, str, str, bool]]]:
    """Timed text: kind, file name, language, label, whether it is on by itself."""
    rows = Track.objects.filter(asset__in=asset_ids).values_list(
        "asset", "kind", "file", "language", "label", "is_default"
    )
    found = defaultdict(list)
    for asset_id, *columns in rows:
        found[asset_id].append(tuple(columns))
    return found


def load_progress(asset_ids: set[int]) -> dict[int, float]:
    """How far the work on the assets' current versions is, 0 to 1: the mean over the jobs, 1 for one that is done."""
    share = Case(
        When(state=ProcessingJob.State.DONE, then=Value(1.0)), default=F("progress"), output_field=FloatField()
    )
    rows = (
        ProcessingJob.objects.filter(asset__in=asset_ids, version=F("asset__version"))
        .exclude(operation__in=ProcessingJob.NOT_WAITED_FOR)
        .order_by()
        .values("asset")
        .annotate(share=Avg(share))
    )
    return {row["asset"]: round(row["share"], 3) for row in rows}
