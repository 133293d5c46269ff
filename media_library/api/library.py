"""The library as one response sees it: what it may show, and everything about it in a handful of queries."""

import copy
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cached_property, lru_cache, partial
from math import log
from typing import Any, TypeVar

import orjson
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db.models import ForeignKey, Model
from django.http import HttpRequest
from django.utils.translation import get_language
from wagtail.documents import get_document_model
from wagtail.embeds.models import Embed
from wagtail.models import CollectionViewRestriction, Page, PageViewRestriction

from media_library.api import queries
from media_library.api.batch import Batch
from media_library.api.curated import CuratedSets
from media_library.api.picture import (
    Addresses,
    Film,
    FilmSource,
    Picture,
    TextTrack,
    kept_picture_of_rows,
    make_picture,
    picture_of_rows,
    stored_url,
)
from media_library.api.references import foreign_keys, references
from media_library.api.sound import PlayableFile, Sound, sound_download, sound_sources
from media_library.api.variants import Variant, rendition_variant, sidecar_variant, transcode_variant
from media_library.cache_tags import PRESETS, record, valid_for
from media_library.conf import conf
from media_library.imaging.presets import Preset, fallback_format
from media_library.manifests import in_force
from media_library.models import (
    Asset,
    Audio,
    CustomDocument,
    CustomImage,
    MediaCollection,
    MediaCollectionItem,
    Sidecar,
    Video,
)
from media_library.models.files import public_storage
from media_library.serving import NAMES_OTHERS, collections_below, private_address

T = TypeVar("T")

IN_THE_WORKS = (Asset.Status.UPLOADED, Asset.Status.PROCESSING)
PROGRESS_SECONDS = 5
"""How old the progress of work may be that a response shows."""

POSTER_FORMAT = fallback_format(has_alpha=False)


class Library:
    """What one response shows of the library.

    ``request`` decides about restricted collections; without one, nobody is logged in. ``base_url`` stands before
    addresses in local storage, so that a front end on another host can use them. With ``whole``, every file that was
    made of an asset is looked up (``variants``), in as many queries as without.
    """

    def __init__(self, request: HttpRequest | None = None, base_url: str = "", *, whole: bool = False):
        self.request = request or _nobody()
        self.base_url = base_url
        self.images = Batch(self._load_images, tag="image")
        self.videos = Batch(self._load_videos, tag="video")
        self.sounds = Batch(self._load_sounds, tag="audio")
        self.documents = Batch(self._load_documents, tag="document")
        self.pages = Batch(self._load_pages, tag="link")
        self.translations = Batch(queries.load_translations)
        self.embeds = Batch(queries.load_embeds)
        self.curated = CuratedSets(lambda: self.closed_collections, self._batch)
        self._whole = whole
        self._renditions = Batch(partial(queries.load_renditions, every=whole))
        self._shown_renditions = Batch(queries.load_shown_renditions)
        self._developed = Batch(queries.load_developed)
        self._progress = Batch(queries.load_progress)
        self._tags = Batch(queries.load_tags)
        self._pictures: dict[int, Picture] = {}
        self._films: dict[int, Film] = {}
        self._sounds: dict[int, Sound] = {}
        self._batches: dict[type[Model], Batch | None] = {}
        self.has_spheres = False
        self._once: dict[Callable[[], Any], Any] = {}

    def once(self, make: Callable[[], T]) -> T:
        """What ``make`` gives, made once for the whole response: a batch of another app, or what a query has found."""
        if make not in self._once:
            self._once[make] = make()
        return self._once[make]

    def expect(self, objects: Iterable[Model]) -> None:
        """Prepare to show these objects: all they refer to comes in the same few queries, once anything is asked.

        Objects behind their foreign keys that are at hand count in, as an author with a portrait.
        """
        objects = list(objects)
        for found in objects:
            self._know(found)
        for found in objects + [related for one in objects for related in _at_hand(one)]:
            for model, key in references(found):
                batch = self._batch(model) if isinstance(model, type) else self.once(model)
                if batch is not None:
                    batch.expect([key])

    def fill(self, found: Model, only: str = "") -> None:
        """Put assets behind the foreign keys of an object, or one of them, without a query if it was expected."""
        # Without the columns that were deferred.
        columns = vars(found)
        for field in _asset_keys(type(found)):
            if field.attname not in columns or (only and field.name != only):
                continue
            key = columns[field.attname]
            if key is not None and not field.is_cached(found):
                field.set_cached_value(found, self._batch(field.related_model).get(key))

    def attach(self, objects: Iterable[Model]) -> None:
        """Expect these objects and fill their foreign keys, and those of what is at hand behind them."""
        objects = list(objects)
        self.expect(objects)
        for found in objects + [related for one in objects for related in _at_hand(one)]:
            self.fill(found)

    def choose(self, model: type[Model], ids: Iterable[int | None]) -> list[Any]:
        """Assets of one kind, or media collections, by id; None where there is none.

        Each is a copy, since blocks write on what they get.
        """
        ids = list(ids)
        batch = self._batch(model)
        batch.expect(key for key in ids if key is not None)
        return [copy.copy(batch.get(key)) if key is not None else None for key in ids]

    def page_at(self, path: str) -> Page | None:
        """The page at a path in the tree, published or not, with title and address (``pages`` knows it by either)."""
        page = self.pages.get(path)
        if page is not None:
            record(f"link-{page.pk}")
        return page

    def may_show(self, asset: Asset) -> bool:
        """Whether the asset's collection is open to whoever asks."""
        record(f"{asset.kind}-{asset.pk}")
        return asset.collection_id not in self.closed_collections

    def may_visit(self, page: Page) -> bool:
        """Whether the page is published, and open to whoever asks."""
        record(f"link-{page.pk}")
        return page.live and not page.path.startswith(self.closed_pages)

    def picture(self, image: CustomImage) -> Picture:
        """What is ready of an image. Never renders."""
        # Asked for once: what stands for a key of another table costs a call.
        pk = image.pk
        record(f"image-{pk}", PRESETS)
        if pk not in self._pictures:
            self._pictures[pk] = self._make_picture(image)
        return self._pictures[pk]

    def _make_picture(self, image: CustomImage) -> Picture:
        fallback, size = fallback_format(image.has_alpha, image.is_animated), (image.width, image.height)
        address = self._address_of(image)
        if self._whole:
            found = (one for one in self._renditions.get(image.pk) or () if one.preset not in queries.UNLISTED)
            return make_picture(found, fallback, address, size, self.presets)
        rows = self._shown_renditions.get(image.pk) or "[]"
        if self._addresses is None or address != self.address:
            return picture_of_rows(rows, fallback, address, size, self.presets)
        return kept_picture_of_rows(rows, fallback, self._addresses, size, self.presets)

    def motion(self, image: CustomImage) -> Video | None:
        """The film of a motion photo, if there is one to be shown to whoever asks."""
        if image.motion_id is None:
            return None
        self.fill(image, only="motion")
        film = image.motion
        return film if film is not None and film.trashed_at is None and self.may_show(film) else None

    @property
    def has_films(self) -> bool:
        """Whether the response has shown a film so far that can be played."""
        return any(film.sources for film in self._films.values())

    def film(self, video: Video) -> Film:
        """What is ready of a video, and how far the rest is."""
        self._note_recording(video)
        record(PRESETS)
        if video.pk not in self._films:
            poster = self._made_of(video).posters
            address = self._address_of(video)
            storyboard = self._sidecar(video, Sidecar.Kind.STORYBOARD)
            progress = self._progress_of(video)
            self._films[video.pk] = Film(
                poster=make_picture(poster, POSTER_FORMAT, address, presets=self.presets) if poster else None,
                sources=tuple(
                    FilmSource(address(one.name), one.mime_type, one.width or 0, one.height or 0, one.bitrate)
                    for one in self._played(video)
                ),
                storyboard=storyboard or "",
                progress=progress.share,
                parts=progress.parts,
            )
        return self._films[video.pk]

    def tracks(self, asset: Video | Audio) -> list[TextTrack]:
        """Captions and chapters of a film or a sound."""
        record(f"{asset.kind}-{asset.pk}")
        address = self._address_of(asset)
        return [
            TextTrack(one.kind, address(one.name), one.language, one.label or one.language, one.is_default)
            for one in self._made_of(asset).tracks
        ]

    def sound(self, audio: Audio) -> Sound:
        """What is ready of a sound, and how far the rest is."""
        self._note_recording(audio)
        if audio.pk not in self._sounds:
            poster = self._made_of(audio).posters
            files, address = self._played(audio), self._address_of(audio)
            self._sounds[audio.pk] = Sound(
                poster=make_picture(poster, POSTER_FORMAT, address) if poster else None,
                sources=sound_sources(files, address),
                waveform=self._sidecar(audio, Sidecar.Kind.WAVEFORM),
                download=sound_download(files, address),
                progress=self._progress_of(audio).share,
            )
        return self._sounds[audio.pk]

    def poster_file(self, recording: Video | Audio, width: int, height: int) -> str:
        """The name of a JPEG in public storage of its poster or cover, to be cut to this size in pixels.

        The one nearest to that shape, so a crop around the focal point if there is one; of these, the widest. ""
        without any.
        """
        self._note_recording(recording)
        found = [one for one in self._made_of(recording).posters if one.format == POSTER_FORMAT]
        found = [one for one in found if 2 * one.width >= width] or found
        # Pixels are whole, so shapes are alike to some hundredths.
        best = min(
            found,
            key=lambda one: (round(abs(log(one.width * height / one.height / width)), 2), -one.width),
            default=None,
        )
        return best.name if best else ""

    def tags(self, asset: Asset) -> list[str]:
        """The names of its tags, in their order."""
        return sorted(self._tags.get(asset.pk) or ())

    def variants(self, asset: Asset) -> list[Variant]:
        """Every file that was made of an asset; all of them only in a library that is ``whole``."""
        # Renditions on demand are among them.
        record(f"{asset.kind}-{asset.pk}", f"{asset.kind}-{asset.pk}-variants")
        address = self._address_of(asset)
        if isinstance(asset, CustomImage):
            return [rendition_variant(one, address) for one in self._renditions.get(asset.pk) or ()]
        if not isinstance(asset, (Video, Audio)):
            return []
        made = self._made_of(asset)
        return [
            *(transcode_variant(one, address) for one in made.playable),
            *(rendition_variant(one, address, "poster") for one in made.posters),
            *(sidecar_variant(one, address) for one in made.sidecars),
        ]

    def address(self, name: str) -> str:
        """The address of a file in public storage, by its name."""
        if self._addresses is not None:
            return self._addresses(name)
        if getattr(public_storage(), "querystring_auth", False) and (match := NAMES_OTHERS.fullmatch(name)):
            # By a signature in the path, what it names is read as well.
            valid_for(conf.PRIVATE_URL_SECONDS // 4)
            return self.absolute(private_address(int(match[1])) + name)
        return self.absolute(stored_url(name))

    def _address_of(self, asset: Asset) -> Callable[[str], str]:
        """What makes the addresses of an asset's files: those in private collections have signed ones with an end."""
        if asset.collection_id not in self.private_collections:
            return self.address
        return Addresses(self.absolute(private_address(asset.pk))).__call__

    def absolute(self, url: str) -> str:
        """Put the host before a path, if this response wants it."""
        return f"{self.base_url}{url}" if url.startswith("/") else url

    def relative(self, url: str) -> str:
        """Take the host off again, where ``absolute`` has put it."""
        path = url.removeprefix(self.base_url)
        return path if path.startswith("/") else url

    def localized(self, page: Page) -> Page:
        """The page in the language that is active; itself where visitors may see no translation."""
        if not settings.WAGTAIL_I18N_ENABLED:
            return page
        translation = (self.translations.get(page.translation_key) or {}).get(get_language() or "")
        return translation if translation is not None and self.may_visit(translation) else page

    @cached_property
    def presets(self) -> tuple[tuple[Preset, ...], ...]:
        return in_force().crops

    @cached_property
    def _addresses(self) -> Addresses | None:
        return Addresses.of_storage(self.absolute)

    @cached_property
    def closed_collections(self) -> set[int]:
        """Ids of the collections that are closed to whoever asks."""
        return collections_below(one for one in self._restrictions if not one.accept_request(self.request))

    @cached_property
    def private_collections(self) -> set[int]:
        """Ids of the collections that are not open to everybody, whoever asks."""
        return collections_below(self._restrictions)

    @cached_property
    def _restrictions(self) -> list[CollectionViewRestriction]:
        return list(CollectionViewRestriction.objects.all()) if CollectionViewRestriction in self._restricts else []

    @cached_property
    def closed_pages(self) -> tuple[str, ...]:
        """Paths in the tree of the pages that are closed to whoever asks, and with them all that is below."""
        return tuple(one.page.path for one in self._page_restrictions if not one.accept_request(self.request))

    @cached_property
    def restricted_pages(self) -> tuple[str, ...]:
        """Likewise of those that are closed to anybody."""
        return tuple(one.page.path for one in self._page_restrictions)

    @cached_property
    def _page_restrictions(self) -> list[PageViewRestriction]:
        wanted = PageViewRestriction in self._restricts
        return list(PageViewRestriction.objects.select_related("page")) if wanted else []

    @cached_property
    def _restricts(self) -> set[type[Model]]:
        """Which of the two anything is restricted by. Most sites restrict nothing, which is one query."""
        return queries.load_restricting()

    def _batch(self, model: type[Model]) -> Batch | None:
        if model not in self._batches:
            self._batches[model] = self._find_batch(model)
        return self._batches[model]

    def _find_batch(self, model: type[Model]) -> Batch | None:
        for kind, batch in (
            (CustomImage, self.images),
            (Video, self.videos),
            (Audio, self.sounds),
            (get_document_model(), self.documents),
            (Page, self.pages),
            (Embed, self.embeds),
            (MediaCollection, self.curated.collections),
            (MediaCollectionItem, self.curated.parts),
        ):
            if issubclass(model, kind):
                return batch
        return None

    def _note_recording(self, asset: Video | Audio) -> None:
        record(f"{asset.kind}-{asset.pk}")
        if asset.status in IN_THE_WORKS:
            valid_for(PROGRESS_SECONDS)

    def _progress_of(self, asset: Asset) -> queries.Progress:
        if asset.status == Asset.Status.READY:
            return queries.Progress(1.0)
        return self._progress.get(asset.pk) or queries.Progress()

    def _played(self, asset: Video | Audio) -> list[PlayableFile]:
        return [one for one in self._made_of(asset).playable if not one.playlist]

    def _sidecar(self, asset: Video | Audio, kind: str) -> str | None:
        found = self._made_of(asset).sidecars
        address = self._address_of(asset)
        return next((address(one.name) for one in found if one.kind == kind), None)

    def _made_of(self, asset: Video | Audio) -> queries.Developed:
        return self._developed.get(asset.pk) or queries.Developed([], [], [], [])

    def _know(self, found: Model) -> None:
        if isinstance(found, Asset):
            self._tags.expect([found.pk])
        if isinstance(found, CustomImage):
            self.images.put(found.pk, found)
            self._expect_renditions([found.pk])
        elif isinstance(found, Video):
            self.videos.put(found.pk, found)
            self._expect_of_recordings([found])
        elif isinstance(found, Audio):
            self.sounds.put(found.pk, found)
            self._expect_of_recordings([found])
        elif isinstance(found, MediaCollection):
            self.curated.know(found)
        elif isinstance(found, Page) and "translation_key" in vars(found):
            # Of a page that only a card is made of, it is not at hand.
            self.translations.expect([found.translation_key])

    def _load_pages(self, keys: set[int | str]) -> dict[int | str, Page]:
        found = queries.load_pages(keys)
        self.translations.expect(page.translation_key for page in found.values())
        return found

    def _load_images(self, ids: set[int]) -> dict[int, CustomImage]:
        found = queries.load_images(ids)
        for key, image in found.items():
            self._tags.put(key, [name for (name,) in orjson.loads(image.tag_names or "[]")])
            self._shown_renditions.put(key, image.shown_renditions)
            if image.motion_id is not None:
                self.videos.expect([image.motion_id])
        if self._whole:
            self._renditions.expect(found)
        return found

    def _load_documents(self, ids: set[int]) -> dict[int, CustomDocument]:
        found = queries.load_documents(ids)
        self._tags.expect(found)
        return found

    def _expect_renditions(self, images: Iterable[int]) -> None:
        (self._renditions if self._whole else self._shown_renditions).expect(images)

    def _load_videos(self, ids: set[int]) -> dict[int, Video]:
        found = queries.load_videos(ids)
        self._expect_of_recordings(found.values())
        return found

    def _load_sounds(self, ids: set[int]) -> dict[int, Audio]:
        found = queries.load_sounds(ids)
        self._expect_of_recordings(found.values())
        return found

    def _expect_of_recordings(self, recordings: Iterable[Video | Audio]) -> None:
        for asset in recordings:
            self._tags.expect([asset.pk])
            self._developed.expect([asset.pk])
            if asset.status != Asset.Status.READY:
                self._progress.expect([asset.pk])


_current: ContextVar[Library | None] = ContextVar("library", default=None)


def library() -> Library:
    """The library of the response that is being made; elsewhere, one for nobody in particular."""
    return _current.get() or Library()


@contextmanager
def serving(request: HttpRequest, base_url: str = "", *, whole: bool = False) -> Iterator[Library]:
    """Share one library among all that is serialized or rendered inside."""
    yield from _as_current(Library(request, base_url, whole=whole))


@contextmanager
def sharing() -> Iterator[Library]:
    """The library of the response that is being made; elsewhere, one for what happens inside."""
    yield from _as_current(library())


def _as_current(shared: Library) -> Iterator[Library]:
    token = _current.set(shared)
    try:
        yield shared
    finally:
        _current.reset(token)


def _nobody() -> HttpRequest:
    request = HttpRequest()
    request.user = AnonymousUser()
    request.session = {}  # type: ignore[assignment]
    # No host was asked for, so no site was.
    request._wagtail_site = None  # type: ignore[attr-defined]
    return request


@lru_cache
def _asset_keys(model: type[Model]) -> list[ForeignKey]:
    return [
        field
        for field in model._meta.concrete_fields
        if isinstance(field, ForeignKey) and field.related_model in Asset.__subclasses__()
    ]


def _at_hand(found: Model) -> list[Model]:
    """Objects behind foreign keys that are loaded already."""
    return [
        related
        for field in foreign_keys(type(found))
        if field.is_cached(found)
        if (related := field.get_cached_value(found)) is not None
    ]
