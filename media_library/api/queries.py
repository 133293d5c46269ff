"""What the library looks up for a response: each of these is one query, however many keys it gets."""

from collections import defaultdict
from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from django.db.models import F
from wagtail.documents import get_document_model
from wagtail.embeds.embeds import get_embed_hash
from wagtail.embeds.models import Embed
from wagtail.models import Page

from media_library.api.picture import Rendition
from media_library.api.sound import PlayableFile
from media_library.imaging.presets import ADMIN
from media_library.models import (
    Audio,
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


def load_sounds(ids: set[int]) -> dict[int, Audio]:
    return {audio.pk: audio for audio in Audio.objects.filter(pk__in=ids).prefetch_related("tags")}


def load_documents(ids: set[int]) -> dict[int, CustomDocument]:
    documents = get_document_model().objects.filter(pk__in=ids).prefetch_related("tags")
    return {document.pk: document for document in documents}


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


SOURCES = ("application/vnd.apple.mpegurl", "video/mp4", "video/webm")
"""MIME types of films in the order in which a client should be offered them: it takes the first that it can play."""


def load_playable(asset_ids: set[int]) -> dict[int, list[PlayableFile]]:
    """What is played of the current versions of films and sounds; of films, best first.

    Rungs are none: they are played through the master playlist.
    """
    rows = (
        Transcode.objects.filter(asset__in=asset_ids, version=F("asset__version"), playlist="")
        .order_by("-bitrate")
        .values_list("asset", "preset", "file", "mime_type", "codecs", "width", "height", "bitrate")
    )
    found = defaultdict(list)
    for asset_id, *columns in rows:
        found[asset_id].append(PlayableFile(*columns))
    for files in found.values():
        files.sort(key=lambda one: SOURCES.index(one.mime_type) if one.mime_type in SOURCES else -1)
    return found


def load_sidecars(asset_ids: set[int]) -> dict[int, dict[str, str]]:
    """The names of the files of the current versions that go along with a film or a sound, by ``Sidecar.Kind``."""
    rows = Sidecar.objects.filter(asset__in=asset_ids, version=F("asset__version")).values_list(
        "asset", "kind", "file"
    )
    found: dict[int, dict[str, str]] = defaultdict(dict)
    for asset_id, kind, name in rows:
        found[asset_id][kind] = name
    return found


def load_tracks(asset_ids: set[int]) -> dict[int, list[tuple[str, str, str, str, bool]]]:
    """Captions and chapters that have a cue: kind, file name, language, label, whether it is on by itself."""
    rows = (
        # Nothing but the times of a cue has an arrow.
        Track.objects.filter(asset__in=asset_ids, text__contains="-->")
        .order_by("kind", "language")
        .values_list("asset", "kind", "file", "language", "label", "is_default")
    )
    found = defaultdict(list)
    for asset_id, *columns in rows:
        found[asset_id].append(tuple(columns))
    return found


class Progress(NamedTuple):
    """How far the work on an asset is, 0 to 1, and how far its parts are, by their names."""

    share: float = 0.0
    parts: Mapping[str, float] = MappingProxyType({})


def load_progress(asset_ids: set[int]) -> dict[int, Progress]:
    """How far the work on the assets' current versions is: the mean over the jobs, 1 for one that is done."""
    rows = (
        ProcessingJob.objects.filter(asset__in=asset_ids, version=F("asset__version"))
        .exclude(operation__in=ProcessingJob.NOT_WAITED_FOR)
        .values_list("asset", "state", "progress", "parts")
    )
    shares: dict[int, list[float]] = defaultdict(list)
    parts: dict[int, dict[str, float]] = defaultdict(dict)
    for asset_id, state, progress, named in rows:
        shares[asset_id].append(1.0 if state == ProcessingJob.State.DONE else progress)
        parts[asset_id].update(named)
    return {key: Progress(round(sum(found) / len(found), 3), parts[key]) for key, found in shares.items()}
