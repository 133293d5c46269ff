"""What the library looks up for a response: each of these is one query, however many keys it gets."""

from collections import defaultdict
from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Any, NamedTuple
from uuid import UUID

from django.contrib.contenttypes.models import ContentType
from django.db.models import Aggregate, F, IntegerField, Model, OuterRef, Q, QuerySet, Subquery, TextField, Value
from django.db.models.functions import Cast
from taggit.models import TaggedItem
from wagtail.documents import get_document_model
from wagtail.embeds.embeds import get_embed_hash
from wagtail.embeds.models import Embed
from wagtail.models import CollectionViewRestriction, Locale, Page, PageViewRestriction

from media_library.api.picture import Rendition
from media_library.api.sound import PlayableFile
from media_library.imaging.presets import ADMIN
from media_library.models import (
    Asset,
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
    """Pictures with ``tag_names`` and ``shown_renditions``, as ``Rows``, which would be two queries more."""
    return _images_with_rows(ContentType.objects.get_for_model(CustomImage).pk).in_bulk(ids)


@lru_cache(maxsize=4)
def _images_with_rows(content_type: int) -> QuerySet[CustomImage]:
    """Made once, since putting it together takes as long as asking it."""
    renditions = _shown_renditions().filter(image=OuterRef("pk")).values("rows")
    tags = (
        TaggedItem.objects.filter(object_id=OuterRef("pk"), content_type=content_type)
        .order_by()
        .values("object_id")
        .annotate(names=Rows("tag__name"))
        .values("names")
    )
    images = CustomImage.objects.annotate(tag_names=Subquery(tags), shown_renditions=Subquery(renditions))
    # What nobody is shown costs more to read than the rest: JSON, and moments.
    return images.defer("metadata", "taken_at", "created_at")


def load_tags(asset_ids: set[int]) -> dict[int, list[str]]:
    """Names of tags. Taggit's own way makes a query for each asset, even if it sends only one."""
    types = ContentType.objects.get_for_models(*Asset.__subclasses__()).values()
    rows = TaggedItem.objects.filter(object_id__in=asset_ids, content_type__in=types)
    found = defaultdict(list)
    for asset_id, name in rows.values_list("object_id", "tag__name"):
        found[asset_id].append(name)
    return found


def load_videos(ids: set[int]) -> dict[int, Video]:
    return {video.pk: video for video in Video.objects.filter(pk__in=ids)}


def load_sounds(ids: set[int]) -> dict[int, Audio]:
    return {audio.pk: audio for audio in Audio.objects.filter(pk__in=ids)}


def load_documents(ids: set[int]) -> dict[int, CustomDocument]:
    documents = get_document_model().objects.filter(pk__in=ids)
    return {document.pk: document for document in documents}


def load_pages(keys: set[int | str]) -> dict[int | str, Page]:
    """Pages by their ids or by their paths in the tree, of their specific types, since these may know other URLs.

    Only what all pages have is at hand: title and address.
    """
    ids, paths = ([key for key in keys if isinstance(key, kind)] for kind in (int, str))
    wanted = Q(pk__in=ids) | Q(path__in=paths)
    return {key: page for page in Page.objects.filter(wanted).specific(defer=True) for key in (page.pk, page.path)}


def load_whole_pages(ids: set[int]) -> dict[int, Page]:
    """Pages with all their columns but bodies, as cards need them."""
    return {page.pk: page for page in Page.objects.filter(pk__in=ids).defer_streamfields().specific()}


def load_translations(keys: set[UUID]) -> dict[UUID, dict[str, Page]]:
    """Published pages by what their translations have in common, and by language code; in a few queries, not one."""
    languages = dict(Locale.all_objects.values_list("pk", "language_code"))
    found: dict[UUID, dict[str, Page]] = defaultdict(dict)
    for page in Page.objects.filter(translation_key__in=keys).live().defer_streamfields().specific():
        if page.locale_id in languages:
            found[page.translation_key][languages[page.locale_id]] = page
    return found


def load_restricting() -> set[type[Model]]:
    """Of the restrictions of pages and of collections, the models that have any rows."""
    models = (PageViewRestriction, CollectionViewRestriction)
    rows = [model.objects.order_by().values_list(Value(number)) for number, model in enumerate(models)]
    return {models[number] for (number,) in rows[0].union(*rows[1:])}


def load_embeds(urls: set[str]) -> dict[str, Embed]:
    """What providers answered when an editor saved the URL. An embed is never fetched in a request."""
    hashes = {get_embed_hash(url): url for url in urls}
    return {hashes[embed.hash]: embed for embed in Embed.objects.filter(hash__in=hashes)}


UNLISTED = ("", ADMIN)
"""Presets of renditions that no ``<picture>`` is made of: somebody has asked for one, or the admin shows it."""

RENDITION = ("filter_spec", "width", "height", "file", "preset", "quality", "file_size")


def load_renditions(image_ids: set[int], *, every: bool = False) -> dict[int, list[Rendition]]:
    """Renditions that presets asked for, or all. Those of a replaced file are gone, so all that there are count."""
    rows = CustomRendition.objects.filter(image__in=image_ids)
    if not every:
        rows = rows.exclude(preset__in=UNLISTED)
    found = defaultdict(list)
    for image_id, *columns in rows.values_list("image", *RENDITION):
        found[image_id].append(Rendition(*columns))
    return found


class Rows(Aggregate):
    """The rows of a group as JSON, ``[["width-320|format-avif", 320, …], …]``: one row for the database to send."""

    allow_distinct = False
    arity = None
    output_field = TextField()
    template = "JSON_AGG(JSON_BUILD_ARRAY(%(expressions)s))::text"

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return self.as_sql(compiler, connection, template="JSON_GROUP_ARRAY(JSON_ARRAY(%(expressions)s))", **context)


SHOWN_RENDITION = RENDITION[:5]


def load_shown_renditions(image_ids: set[int]) -> dict[int, str]:
    """Renditions that presets asked for, as ``picture_of_rows`` reads them."""
    return dict(_shown_renditions().filter(image__in=image_ids).values_list("image", "rows"))


def _shown_renditions() -> QuerySet:
    listed = CustomRendition.objects.exclude(preset__in=UNLISTED).order_by()
    return listed.values("image").annotate(rows=Rows(*SHOWN_RENDITION))


class SidecarFile(NamedTuple):
    """The columns of a sidecar; ``name`` is that of its file in public storage. Bytes."""

    kind: str
    name: str
    file_size: int


class TrackFile(NamedTuple):
    """The columns of captions or chapters; ``name`` is that of their file in public storage."""

    kind: str
    language: str
    name: str
    label: str
    is_default: bool


class Developed(NamedTuple):
    """What a film or a sound is shown from: the poster, what is played, what goes along, captions and chapters.

    What was made of a replaced file stays until there is something of the new one. What is played is the best first;
    rungs are among it, and the master playlist names them. Only tracks that have a cue are here.
    """

    posters: list[Rendition]
    playable: list[PlayableFile]
    sidecars: list[SidecarFile]
    tracks: list[TrackFile]


SOURCES = ("application/vnd.apple.mpegurl", "video/mp4", "video/webm")
"""MIME types of films in the order in which a client should be offered them: it takes the first that it can play."""

_NO_TEXT, _NO_NUMBER = Value(""), Cast(Value(None), IntegerField())
# Columns of four tables, side by side: bytes, preset, spec, MIME type and codecs; width, height, bit rate, playlist
# and quality.
_OF_POSTERS = (
    ("file_size", "preset", "filter_spec", _NO_TEXT, _NO_TEXT),
    ("width", "height", _NO_NUMBER, _NO_TEXT, "quality"),
)
_OF_TRANSCODES = (
    ("file_size", "preset", _NO_TEXT, "mime_type", "codecs"),
    ("width", "height", "bitrate", "playlist", _NO_NUMBER),
)
_OF_SIDECARS = (
    ("file_size", "kind", _NO_TEXT, _NO_TEXT, _NO_TEXT),
    (_NO_NUMBER, _NO_NUMBER, _NO_NUMBER, _NO_TEXT, _NO_NUMBER),
)
_OF_TRACKS = (
    (_NO_NUMBER, "kind", "language", "label", _NO_TEXT),
    (Cast("is_default", IntegerField()), _NO_NUMBER, _NO_NUMBER, _NO_TEXT, _NO_NUMBER),
)


def load_developed(asset_ids: set[int]) -> dict[int, Developed]:
    """The files of films and sounds, from four tables in one query."""
    tables: tuple[tuple[type[Model], Q, Any], ...] = (
        (PosterRendition, Q(), _OF_POSTERS),
        (Transcode, Q(), _OF_TRANSCODES),
        (Sidecar, Q(), _OF_SIDECARS),
        # Nothing but the times of a cue has an arrow.
        (Track, Q(text__contains="-->"), _OF_TRACKS),
    )
    parts = [
        model._default_manager.filter(wanted, asset__in=asset_ids)
        .order_by()
        .values_list("asset", Value(number), "file", *facts, *others)
        for number, (model, wanted, (facts, others)) in enumerate(tables)
    ]
    found: dict[int, Developed] = defaultdict(lambda: Developed([], [], [], []))
    for asset_id, table, name, size, preset, spec, mime_type, codecs, *others in parts[0].union(*parts[1:], all=True):
        width, height, bitrate, playlist, quality = others
        of_asset = found[asset_id]
        if table == 0:
            of_asset.posters.append(Rendition(spec, width, height, name, preset, quality, size))
        elif table == 1:
            file = PlayableFile(preset, name, mime_type, codecs, width, height, bitrate, playlist, size)
            of_asset.playable.append(file)
        elif table == 2:
            of_asset.sidecars.append(SidecarFile(preset, name, size))
        else:
            of_asset.tracks.append(TrackFile(preset, spec, name, label=mime_type, is_default=bool(width)))
    for of_asset in found.values():
        of_asset.playable.sort(key=_preference)
        of_asset.sidecars.sort()
        of_asset.tracks.sort()
    return found


def _preference(file: PlayableFile) -> tuple[int, int]:
    known = SOURCES.index(file.mime_type) if file.mime_type in SOURCES else -1
    return known, -file.bitrate


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
