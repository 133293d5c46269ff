"""How assets look outside: one object per kind, whichever way it is reached."""

import copy
from collections.abc import Callable
from functools import cached_property, lru_cache
from operator import attrgetter
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.db.models import Model
from rest_framework.fields import Field, SerializerMethodField, SkipField
from rest_framework.utils import model_meta
from wagtail.api.v2 import serializers as stock
from wagtail.api.v2.serializers import BaseSerializer, RelatedField, get_serializer_class
from wagtail.api.v2.utils import get_object_detail_url
from wagtail.fields import RichTextField

from media_library.api.html import alt_of
from media_library.api.library import library, sharing
from media_library.api.picture import Picture
from media_library.api.shapes import (
    CropObject,
    FilmSourceObject,
    FocalPoint,
    MotionFilm,
    Placeholder,
    Poster,
    ProjectionObject,
    SoundSourceObject,
    SourceObject,
    TextTrackObject,
)
from media_library.cache_tags import Collected, collect, note
from media_library.models import Asset, Audio, CustomDocument, CustomImage, Video
from media_library.rights import licence_url
from media_library.transforms import revision

Reader = Callable[[Any], Any]
"""Gives the value of a field of an object. Raises ``SkipField`` where the object has no such field."""

PLAIN = (
    *(models.AutoField, models.BooleanField, models.CharField, models.FloatField, models.IntegerField),
    models.TextField,
)
"""Columns whose values are shown as they are."""

_SOME_ID = 9_876_543_210

_field_info = lru_cache(model_meta.get_field_info)

# Inside serializers, the name ``type`` is a field.
ModelClass = type[Model]
FieldClassAndOptions = tuple[type[Field], dict[str, Any]]


class TypeField(Field):
    """``"media_library.CustomImage"``. Unlike Wagtail's, it needs no view around it."""

    def get_attribute(self, instance: Any) -> Any:
        return instance

    def to_representation(self, instance: Any) -> str:
        return instance._meta.label


class DetailUrlField(stock.DetailUrlField):
    """The address of the object alone; left out where there is no API around it, null before it is first saved."""

    def get_attribute(self, instance: Any) -> str | None:
        if "router" not in self.context:
            raise SkipField
        if instance.pk is None:
            return None
        before, after = self._around(type(instance))
        return f"{before}{instance.pk}{after}"

    def _around(self, model: ModelClass) -> tuple[str, str]:
        """What stands around the id: to look an address up takes longer than all the rest of a small object."""
        known = self.context.setdefault("_detail_urls", {})
        if model not in known:
            url = get_object_detail_url(self.context["router"], self.context["request"], model, _SOME_ID)
            known[model] = url and url.split(str(_SOME_ID))
        if not known[model]:
            raise SkipField
        return known[model]


class TagsField(Field):
    """``["dawn", "sea"]``, from tags that may have been prefetched."""

    def to_representation(self, manager: Any) -> list[str]:
        return sorted(tag.name for tag in manager.all())


class NestedField(RelatedField):
    """A related object. Builds its serializer once per response: making the fields costs more than filling them."""

    def get_attribute(self, instance: Any) -> Any:
        library().fill(instance, only=self.source)
        return super().get_attribute(instance)

    def to_representation(self, value: Any) -> dict[str, Any] | None:
        if not hasattr(self, "_serializer"):
            self._serializer = self.serializer_class(context=self.context)
        return self._serializer.to_representation(value)


class LibrarySerializer(BaseSerializer):
    """Wagtail's serializer, without a query or a new serializer for each nested object."""

    serializer_related_field = NestedField
    type = TypeField(read_only=True)
    detail_url = DetailUrlField(read_only=True)

    def to_representation(self, instance: Any) -> Any:
        """As Wagtail's, which sorts its fields anew for each object."""
        meta, rest = self._readers
        shown: dict[str, Any] = {"id": None} if "id" in rest else {}
        if told := _read(meta, instance):
            shown["meta"] = told
        return shown | _read(rest, instance)

    @cached_property
    def _readers(self) -> tuple[dict[str, Reader], dict[str, Reader]]:
        """What gives the value of each field, of those in ``meta`` and of the others, in their order."""
        readers = {name: self._reader(name) for name in self.Meta.fields}
        meta = {name: readers.pop(name) for name in list(readers) if name in self.meta_fields}
        return meta, readers

    def _reader(self, name: str) -> Reader:
        declared = self._declared_fields.get(name)
        if isinstance(declared, SerializerMethodField):
            return getattr(self, declared.method_name or f"get_{name}")
        if declared is None and _is_plain(self.Meta.model, name):
            return attrgetter(name)
        field = self._built[name] = copy.deepcopy(declared) if declared is not None else self._build(name)
        field.bind(name, self)

        def read(instance: Any) -> Any:
            attribute = field.get_attribute(instance)
            return None if attribute is None else field.to_representation(attribute)

        return read

    def _build(self, name: str) -> Field:
        """One field of the model. ``self.fields`` would make all of them, plain ones too, for each response."""
        field_class, options = self.build_field(name, _field_info(self.Meta.model), self.Meta.model, 0)
        return field_class(**options)

    @cached_property
    def _built(self) -> dict[str, Field]:
        return {}

    @property
    def built(self) -> dict[str, Field]:
        """Its fields that are more than a column or a method, by name."""
        return self._built if self._readers else {}

    def build_property_field(self, field_name: str, model_class: ModelClass) -> FieldClassAndOptions:
        field_class, options = super().build_property_field(field_name, model_class)
        return (TagsField if field_class is stock.TagsField else field_class), options


class AssetSerializer(LibrarySerializer):
    """What every asset has. An asset of a collection that is closed to the client is null."""

    PUBLIC: tuple[str, ...] = ("title", "status", "alt", "caption", "credit", "licence", "licence_url")
    PUBLIC_META: tuple[str, ...] = ("tags", "download_url")

    alt = SerializerMethodField()
    licence_url = SerializerMethodField()
    tags = SerializerMethodField()
    download_url = SerializerMethodField()

    def to_representation(self, instance: Asset) -> dict[str, Any] | None:
        # The same picture stands in a post, and in the lists of those beside it.
        shown_as = (instance.pk, alt_of(instance))
        if instance.pk is not None and shown_as in self._shown:
            shown, made_of = self._shown[shown_as]
            note(made_of)
            return shown
        with sharing() as library, collect() as made_of:
            shown = super().to_representation(instance) if library.may_show(instance) else None
        self._shown[shown_as] = shown, made_of
        return shown

    @cached_property
    def _shown(self) -> dict[tuple[int | None, str], tuple[dict[str, Any] | None, Collected]]:
        return {}

    def get_alt(self, asset: Asset) -> str:
        return alt_of(asset)

    def get_tags(self, asset: Asset) -> list[str]:
        return library().tags(asset)

    def get_licence_url(self, asset: Asset) -> str:
        return licence_url(asset.licence)


class ImageSerializer(AssetSerializer):
    """An image::

    {
      "id": 12,
      "meta": {"type": "media_library.CustomImage", "detail_url": "…", "tags": [], "download_url": "/media/…jpg"},
      "title": "Harbour", "status": "ready",
      "alt": "Boats at dawn", "caption": "", "credit": "", "licence": "", "licence_url": "",
      "width": 4032, "height": 3024, "focal_point": {"x": 0.42, "y": 0.35},
      "animated": false, "hdr": false, "projection": null, "revision": "5d8c1a90",
      "motion": {"id": 31, "duration": 2.9, "width": 1440, "height": 1080, "sources": [{"src": "…m3u8", …}, …]},
      "placeholder": {"thumbhash": "1QcSHQRnh493V4dIh4eXh1h4kJUI", "color": "#5b6f80"},
      "src": "https://…jpg", "srcset": "https://…jpg 320w, …",
      "sources": [{"type": "image/avif", "srcset": "…"}, {"type": "image/webp", "srcset": "…"}],
      "presets": {"thumbnail": {"src": "https://…jpg", "width": 150, "height": 150, "sources": […]}, "og": {…}}
    }

    ``revision`` goes into signed addresses (transforms/address.py); ``placeholder`` is null for a drawing; ``presets``
    holds the named crops that are ready. ``motion`` is the film of a motion photo, with the ``sources`` of a video;
    null for any other, and where the film may not be shown.
    """

    PUBLIC = (
        *AssetSerializer.PUBLIC,
        "width",
        "height",
        "focal_point",
        "animated",
        "hdr",
        "projection",
        "motion",
        "revision",
        "placeholder",
        "src",
        "srcset",
        "sources",
        "presets",
    )

    focal_point = SerializerMethodField()
    animated = SerializerMethodField()
    hdr = SerializerMethodField()
    projection = SerializerMethodField()
    motion = SerializerMethodField()
    revision = SerializerMethodField()
    placeholder = SerializerMethodField()
    src = SerializerMethodField()
    srcset = SerializerMethodField()
    sources = SerializerMethodField()
    presets = SerializerMethodField()

    def get_download_url(self, image: CustomImage) -> str | None:
        """The largest public rendition, since the original is private; without a host when storage is local."""
        return library().relative(library().picture(image).largest) or None

    def get_focal_point(self, image: CustomImage) -> FocalPoint | None:
        """The middle of the focal area, as fractions of the image as seen."""
        if not image.has_focal_point() or not image.width or not image.height:
            return None
        return {
            "x": _fraction(image.focal_point_x, image.width),
            "y": _fraction(image.focal_point_y, image.height),
        }

    def get_animated(self, image: CustomImage) -> bool:
        return image.is_animated

    def get_hdr(self, image: CustomImage) -> bool:
        return image.is_hdr

    def get_projection(self, image: CustomImage) -> ProjectionObject | None:
        return image.projection

    def get_motion(self, image: CustomImage) -> MotionFilm | None:
        film = library().motion(image)
        if film is None:
            return None
        return {
            "id": film.pk,
            "duration": film.duration,
            "width": film.width,
            "height": film.height,
            "sources": [vars(source) for source in library().film(film).sources],
        }

    def get_revision(self, image: CustomImage) -> str:
        return revision(image)

    def get_placeholder(self, image: CustomImage) -> Placeholder | None:
        return _placeholder(image)

    def get_presets(self, image: CustomImage) -> dict[str, CropObject]:
        return library().picture(image).shown_crops

    def get_src(self, image: CustomImage) -> str | None:
        return library().picture(image).src or None

    def get_srcset(self, image: CustomImage) -> str:
        return library().picture(image).srcset

    def get_sources(self, image: CustomImage) -> list[SourceObject]:
        return library().picture(image).shown_sources


class TimedSerializer(AssetSerializer):
    """What has a duration::

    {"duration": 12.48,
     "tracks": [{"kind": "captions", "src": "https://…vtt", "srclang": "en", "label": "English", "default": true}]}

    ``kind`` is one of ``captions``, ``subtitles``, ``descriptions`` and ``chapters``.
    """

    PUBLIC = (*AssetSerializer.PUBLIC, "duration", "tracks")

    tracks = SerializerMethodField()

    def get_tracks(self, asset: Asset) -> list[TextTrackObject]:
        return [vars(track) for track in library().tracks(asset)]


class VideoSerializer(TimedSerializer):
    """A video; ``poster`` is null until it is drawn::

    {
      "id": 31, "meta": {"type": "media_library.Video", "detail_url": "…", "tags": [], "download_url": "/media/…mp4"},
      "title": "Ferry", "status": "processing", "alt": "…", "caption": "", "credit": "", "licence": "",
      "licence_url": "", "progress": 0.62, "parts": {"480p": 1.0, "1080p": 0.31}, "duration": 12.48, "width": 1920,
      "height": 1080,
      "projection": {"type": "equirectangular", "stereo": "mono", "left": 0, "top": 0, "width": 1, "height": 1},
      "poster": {"src": "…", "srcset": "…", "sources": […], "placeholder": {…}, "width": 1920, "height": 1080,
                 "alt": "…", "focal_point": {"x": 0.5, "y": 0.3}, "presets": {"og": {…}}},
      "sources": [
        {"src": "…m3u8", "type": "application/vnd.apple.mpegurl", "width": 1920, "height": 1080, "bitrate": 5300000},
        {"src": "…mp4", "type": "video/mp4", "width": 1280, "height": 720, "bitrate": 2100000},
        {"src": "…webm", "type": "video/webm", …}
      ],
      "storyboard": "…vtt", "tracks": […]
    }

    ``projection`` is null for what is flat. ``presets`` of the poster are those of an image. ``parts`` says how far
    each rung is while the film is in the works; ``storyboard`` is null until it is drawn.
    """

    PUBLIC = (
        *AssetSerializer.PUBLIC,
        "progress",
        "parts",
        "duration",
        "width",
        "height",
        "projection",
        "poster",
        "sources",
        "storyboard",
        "tracks",
    )

    progress = SerializerMethodField()
    projection = SerializerMethodField()
    poster = SerializerMethodField()
    sources = SerializerMethodField()
    storyboard = SerializerMethodField()
    parts = SerializerMethodField()

    def get_download_url(self, video: Video) -> str | None:
        """The MP4, or what else is one whole file."""
        files = [one for one in library().film(video).sources if one.type.startswith("video/")]
        return library().relative(files[0].src) if files else None

    def get_progress(self, video: Video) -> float:
        return library().film(video).progress

    def get_projection(self, video: Video) -> ProjectionObject | None:
        return video.projection

    def get_parts(self, video: Video) -> dict[str, float]:
        return dict(library().film(video).parts)

    def get_storyboard(self, video: Video) -> str | None:
        return library().film(video).storyboard or None

    def get_poster(self, video: Video) -> Poster | None:
        return _poster(library().film(video).poster, video, video.poster_focus)

    def get_sources(self, video: Video) -> list[FilmSourceObject]:
        return [vars(source) for source in library().film(video).sources]


class AudioSerializer(TimedSerializer):
    """A sound; ``poster`` is its cover, null where the file has none, and ``waveform`` is null until it is drawn::

    {
      "id": 47, "meta": {"type": "media_library.Audio", "detail_url": "…", "tags": [], "download_url": "/media/…mp3"},
      "title": "Low tide", "status": "ready", "alt": "…", "caption": "", "credit": "Ada", "licence": "",
      "licence_url": "",
      "progress": 1.0, "duration": 187.2,
      "poster": {"src": "…", "srcset": "…", "sources": […], "placeholder": {…}, "width": 800, "height": 800,
                 "alt": "…", "focal_point": null, "presets": {}},
      "sources": [{"src": "…webm", "type": "audio/webm; codecs=\"opus\"", "bitrate": 95000}, …],
      "waveform": "…json", "tracks": […]
    }

    ``waveform`` is the address of peaks in the format of audiowaveform (audio/waveform.py).
    """

    PUBLIC = (*AssetSerializer.PUBLIC, "progress", "duration", "poster", "sources", "waveform", "tracks")

    progress = SerializerMethodField()
    poster = SerializerMethodField()
    sources = SerializerMethodField()
    waveform = SerializerMethodField()

    def get_download_url(self, audio: Audio) -> str | None:
        """The MP3, since every program plays it."""
        download = library().sound(audio).download
        return library().relative(download) if download else None

    def get_progress(self, audio: Audio) -> float:
        return library().sound(audio).progress

    def get_poster(self, audio: Audio) -> Poster | None:
        return _poster(library().sound(audio).poster, audio)

    def get_sources(self, audio: Audio) -> list[SoundSourceObject]:
        return [vars(source) for source in library().sound(audio).sources]

    def get_waveform(self, audio: Audio) -> str | None:
        return library().sound(audio).waveform


class DocumentSerializer(AssetSerializer):
    """A document. Its file is private; ``download_url`` is Wagtail's serve view, which asks for restrictions."""

    PUBLIC = ("title", "filename", "file_size", "mime_type")

    def get_download_url(self, document: CustomDocument) -> str:
        return library().absolute(document.url)


SERIALIZERS = {
    CustomImage: ImageSerializer,
    Video: VideoSerializer,
    Audio: AudioSerializer,
    CustomDocument: DocumentSerializer,
}


def represent(asset: Asset | None, context: dict[str, Any] | None = None) -> dict[str, Any] | None:
    """The public object of an asset, for a StreamField block; None when it is gone or closed to the client.

    ``context`` is that of the serializer around the block. It keeps the serializer for the next asset.
    """
    if asset is None:
        return None
    context = {} if context is None else context
    model = type(asset)
    key = f"_serializer_of_{model._meta.label}"
    if key not in context:
        context[key] = _whole(model)(context=context)
    return context[key].to_representation(asset)


@lru_cache
def _whole(model: type[Asset]) -> type[BaseSerializer]:
    base = SERIALIZERS[model]
    return get_serializer_class(
        model,
        ["id", "type", "detail_url", *base.PUBLIC_META, *base.PUBLIC],
        meta_fields=["type", "detail_url", *base.PUBLIC_META],
        base=base,
    )


def _read(readers: dict[str, Reader], instance: Any) -> dict[str, Any]:
    shown = {}
    for name, read in readers.items():
        try:
            shown[name] = read(instance)
        except SkipField:
            continue
    return shown


@lru_cache(maxsize=1024)
def _is_plain(model: ModelClass, name: str) -> bool:
    try:
        field = model._meta.get_field(name)
    except FieldDoesNotExist:
        return False
    return isinstance(field, PLAIN) and not isinstance(field, RichTextField)


def _poster(poster: Picture | None, asset: Asset, focus: list[float] | None = None) -> Poster | None:
    if poster is None:
        return None
    return {
        "src": poster.src,
        "srcset": poster.srcset,
        "sources": poster.shown_sources,
        "placeholder": _placeholder(asset),
        "width": poster.width,
        "height": poster.height,
        "alt": alt_of(asset),
        "focal_point": _middle(focus) if focus else None,
        "presets": poster.shown_crops,
    }


def _middle(focus: list[float]) -> FocalPoint:
    left, top, width, height = focus
    return {"x": _fraction(left + width / 2, 1), "y": _fraction(top + height / 2, 1)}


def _placeholder(asset: Asset) -> Placeholder | None:
    return {"thumbhash": asset.thumbhash, "color": asset.dominant_color} if asset.thumbhash else None


def _fraction(part: float, whole: int) -> float:
    return round(min(max(part / whole, 0.0), 1.0), 4)
