"""What the library looks like to programs. An asset is the object of ``/api/v2/``, and what its editors know of it."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

from django.utils.translation import gettext as _
from ninja import Field, Schema
from pydantic import AfterValidator, BeforeValidator, ConfigDict, RootModel

from media_library.api.rest.ids import Id, Ids
from media_library.models import Asset, MediaCollection

Kind = Literal["image", "video", "audio", "document"]
Status = Literal["uploaded", "processing", "ready", "failed"]
LegalBasis = Literal["", *Asset.LegalBasis.values]  # type: ignore[valid-type]
ModelRelease = Literal["", *Asset.ModelRelease.values]  # type: ignore[valid-type]


UNSENT: Any = None
"""The default of what may be left out, and may not be null."""


def _storable(text: str) -> str:
    """Refuse what no database takes: NUL, and halves of characters."""
    if "\x00" in text or any("\ud800" <= letter <= "\udfff" for letter in text):
        raise ValueError(_("This text has characters in it that are none. Send it as UTF-8 without NUL."))
    return text


Text = Annotated[str, AfterValidator(_storable)]
"""Text that can be kept and looked for."""


class FieldError(Schema):
    field: str = Field(examples=["body.title", "query.order"])
    message: str


class ProblemDetail(Schema):
    """RFC 9457. ``code`` is stable, ``detail`` a sentence."""

    type: str = "about:blank"
    title: str
    status: int
    code: str
    detail: str
    errors: list[FieldError] | None = None


class PlaceOfUse(Schema):
    title: str
    kind: str = Field(examples=["Post"])
    state: Literal["live", "scheduled", "draft"]
    fields: list[str] = Field(examples=[["Body → Image"]])


class InUse(ProblemDetail):
    """409 for what is used: how many objects use it, and the first of them that you may see."""

    number: int
    places: list[PlaceOfUse]


class Named(Schema):
    id: int
    name: str


class Meta(Schema):
    type: str = Field(examples=["media_library.CustomImage"])
    tags: list[str] = Field(examples=[["dawn", "sea"]])
    download_url: str | None = Field(description="What may be downloaded of it; never an original picture.")


class FocalPoint(Schema):
    """Fractions of width and height of the picture as seen."""

    x: float = Field(ge=0, le=1)
    y: float = Field(ge=0, le=1)


class Placeholder(Schema):
    thumbhash: str
    color: str = Field(examples=["#5b6f80"])


class Projection(Schema):
    """How what goes all around lies flat; the part of the sphere in it, as fractions of 360° and 180°."""

    type: Literal["equirectangular", "cubemap"]
    stereo: Literal["mono", "top-bottom", "left-right"]
    left: float
    top: float
    width: float
    height: float


class PictureSource(Schema):
    """One ``<source>`` of a ``<picture>``."""

    type: str = Field(examples=["image/avif"])
    srcset: str


class Preset(Schema):
    """A named crop; ``srcset`` is empty where it has one width only."""

    src: str
    width: int
    height: int
    sources: list[PictureSource]
    srcset: str


class Poster(Schema):
    """The poster of a film, or the cover of a sound, which has no crops."""

    src: str
    srcset: str
    sources: list[PictureSource]
    placeholder: Placeholder | None
    width: int | None
    height: int | None
    alt: str
    focal_point: FocalPoint | None = Field(description="Fractions of the poster.")
    presets: dict[str, Preset]


class FilmSource(Schema):
    src: str
    type: str = Field(examples=["application/vnd.apple.mpegurl"])
    width: int
    height: int
    bitrate: int = Field(description="Bits per second.")


class MotionFilm(Schema):
    """The film of a motion photo."""

    id: int
    duration: float | None = Field(description="Seconds.")
    width: int | None
    height: int | None
    sources: list[FilmSource]


class SoundSource(Schema):
    src: str
    type: str = Field(examples=["audio/mpeg"])
    bitrate: int = Field(description="Bits per second.")


class TextTrack(Schema):
    kind: Literal["captions", "subtitles", "descriptions", "chapters"]
    src: str
    srclang: str
    label: str
    default: bool


class Details(Schema):
    """What only those see who work in the library: the fields as they are written, and what is known of the file."""

    filename: str
    file_size: int | None = Field(description="Bytes.")
    mime_type: str
    sha256: str = Field(description="Of the original, 64 hexadecimal digits.")
    metadata: dict[str, Any] = Field(description="What the file says of itself: camera, lens, keywords, creator.")
    taken_at: datetime | None
    description: str
    alt_text: str
    source: str
    expires_on: date | None = Field(description="The last day on which it may be shown.")
    legal_basis: str
    model_release: str
    collection: Named = Field(description="Its folder.")
    uploaded_by: Named | None
    status_reason: str = Field(description="Why processing failed: a sentence.")
    view_count: int
    created_at: datetime
    updated_at: datetime
    trashed_at: datetime | None = Field(description="Since then it is in the trash.")
    trashed_by: Named | None
    trashed_until: datetime | None = Field(description="Then it is deleted for good.")


class Variant(Schema):
    """One file that was made of an asset."""

    kind: Literal["rendition", "transcode", "poster", "sidecar"]
    preset: str = Field(examples=["ladder"], description="Empty for a rendition that somebody asked for.")
    spec: str = Field(examples=["width-1280|format-avif"], description="How a picture was rendered.")
    format: str = Field(examples=["avif"])
    mime_type: str
    width: int | None
    height: int | None
    quality: int | None
    bitrate: int | None = Field(description="Bits per second.")
    bytes: int | None
    url: str


class Variants(Schema):
    items: list[Variant]


class AssetBase(Schema):
    id: int
    meta: Meta
    title: str
    status: Status
    details: Details | None = Field(None, description="Null for readers who don't work in the library.")
    variants: list[Variant] | None = Field(None, description="With `include=variants`; null without.")


class ShownAsset(AssetBase):
    alt: str
    caption: str
    credit: str
    licence: str
    licence_url: str


class Image(ShownAsset):
    """A picture; ``sources`` in order and then ``src``/``srcset`` are a ``<picture>``."""

    kind: Literal["image"]
    width: int | None
    height: int | None
    focal_point: FocalPoint | None
    animated: bool
    hdr: bool = Field(description="Its JPEGs are Ultra HDR.")
    projection: Projection | None = Field(description="Null for what is flat.")
    motion: MotionFilm | None = Field(description="The film of a motion photo.")
    revision: str
    placeholder: Placeholder | None
    src: str | None
    srcset: str
    sources: list[PictureSource]
    presets: dict[str, Preset]


class Video(ShownAsset):
    """A film; what there is of it before all is ready is in ``sources`` and ``poster``."""

    kind: Literal["video"]
    progress: float = Field(ge=0, le=1)
    parts: dict[str, float]
    duration: float | None = Field(description="Seconds.")
    width: int | None
    height: int | None
    projection: Projection | None = Field(description="Null for what is flat.")
    poster: Poster | None
    sources: list[FilmSource]
    storyboard: str | None
    tracks: list[TextTrack]


class Audio(ShownAsset):
    """A sound; ``poster`` is its cover."""

    kind: Literal["audio"]
    progress: float = Field(ge=0, le=1)
    duration: float | None = Field(description="Seconds.")
    poster: Poster | None
    sources: list[SoundSource]
    waveform: str | None
    tracks: list[TextTrack]


class Document(AssetBase):
    kind: Literal["document"]
    filename: str
    file_size: int | None
    mime_type: str


class AnyAsset(RootModel[Annotated[Image | Video | Audio | Document, Field(discriminator="kind")]]):
    """An asset of any kind; ``kind`` says which."""


class AssetPage(Schema):
    items: list[AnyAsset]
    next: str | None = Field(description="The cursor of the next page; null on the last one.")


class FieldOfUse(Schema):
    name: str = Field(examples=["Body → Image"])
    role: str = Field(examples=["body.image.image"], description="The field or block; the same for all objects.")
    path: str = Field(description="Its place in this very object.")


class User(Schema):
    """What uses an asset, in one state of it."""

    model: str = Field(examples=["blog.PostPage"])
    id: str
    title: str
    kind: str = Field(examples=["Post"])
    admin_url: str | None
    state: Literal["live", "scheduled", "draft"]
    since: datetime | None = Field(description="When it was published, or the draft saved.")
    goes_live_at: datetime | None
    fields: list[FieldOfUse]


class Usage(Schema):
    number: int = Field(description="How many objects use it; of those that you may not see, nothing else is told.")
    hidden: int = Field(description="How many of the places you may not see.")
    last_used_at: datetime | None = Field(
        description="When it was last published or saved somewhere; of what nothing uses, when that was noticed."
    )
    items: list[User] = Field(description="What is live first, then scheduled, then drafts.")


class Reason(Schema):
    code: Literal["same_file", "looks_alike", "same_time", "same_place", "same_tags", "used_together"]
    text: str


class RelatedAsset(Schema):
    score: float = Field(description="How much speaks for it, from 0 to 1.")
    reasons: list[Reason]
    asset: AnyAsset


class RelatedAssets(Schema):
    items: list[RelatedAsset] = Field(description="The nearest first.")


class UsedAsset(FieldOfUse):
    """An asset in its place in an object."""

    asset: AnyAsset


class UsedAssets(Schema):
    items: list[UsedAsset] = Field(description="In the order of the content; one that is used twice is there twice.")


CollectionKind = Literal[*MediaCollection.Kind.values]  # type: ignore[valid-type]


class Collection(Schema):
    """A curated set: a gallery, a press kit."""

    id: int
    title: str
    slug: str
    kind: CollectionKind
    description: str
    is_public: bool
    count: int = Field(description="How many assets in it you may see.")
    cover: Image | None
    created_at: datetime
    updated_at: datetime


class Collections(Schema):
    items: list[Collection]
    next: str | None = Field(description="The cursor of the next page; null on the last one.")


class CollectionItem(Schema):
    caption: str = Field(description="What is said of it in this collection; empty where its own caption holds.")
    asset: AnyAsset


class WholeCollection(Collection):
    """A collection with a page of what is in it."""

    items: list[CollectionItem]
    next: str | None = Field(description="The cursor of the next items; null on the last page.")


class CollectionChanges(Schema):
    """What is left out stays as it is. Null is a value only where it says so."""

    model_config = ConfigDict(extra="forbid")

    title: Text = Field(UNSENT, min_length=1, max_length=255)
    slug: Text = Field(UNSENT, max_length=255, description="Made from the title, if it is empty or left out.")
    kind: CollectionKind = Field(UNSENT)
    description: Text = Field(UNSENT, max_length=10_000)
    cover: Id | None = Field(None, description="A picture; null leaves it to the first one in the collection.")
    is_public: bool = Field(UNSENT)


class NewCollection(CollectionChanges):
    title: Text = Field(min_length=1, max_length=255)


class CollectionAssets(Schema):
    ids: Ids = Field(description="Of assets.")


class Added(Schema):
    added: list[int]
    present: list[int] = Field(description="What was in it already, and stays where it is.")
    missing: list[int] = Field(description="What isn't there, or you may not see.")
    count: int


class Removed(Schema):
    removed: list[int]
    count: int


class Reorder(CollectionAssets):
    before: Id | None = Field(None, description="The asset before which they go; null is the end.")


class ItemCaption(Schema):
    caption: Text = Field(max_length=500)


class Period(Schema):
    # Parameters come as text, and a literal is compared as it is.
    days: Annotated[Literal[7, 30, 90, 365], BeforeValidator(int)] = 30


class Stored(Schema):
    """Bytes."""

    number: int = Field(description="How many assets.")
    bytes: int
    originals: int
    renditions: int
    transcodes: int
    versions: int


class Seen(Schema):
    views: int
    plays: int
    downloads: int
    bytes_sent: int


class Totals(Stored, Seen):
    unused: int


class StoredByKind(Stored):
    kind: Kind


class StoredByCollection(Stored):
    collection: Named


class Savings(Schema):
    """What visitors would load if originals were shown, and what they load. Bytes."""

    kind: Kind
    originals: int
    shown: int


class Step(Seen):
    """A day; or a week, from its Monday on, where the period is long."""

    day: date
    uploads: dict[Kind, int]


class SeenAsset(Seen):
    asset: AnyAsset


class Analytics(Schema):
    """Figures of what you may see, some of them a few minutes old."""

    days: int
    totals: Totals
    by_kind: list[StoredByKind]
    by_collection: list[StoredByCollection] = Field(description="The largest first.")
    savings: list[Savings]
    polished: int = Field(description="Bytes that polishing has saved besides.")
    steps: list[Step]
    top: list[SeenAsset] = Field(description="What was seen or played most in the period.")


class Share(Schema):
    """From 0 to 1, and what it is with 95% confidence (Wilson's score interval)."""

    share: float
    lower: float
    upper: float


class ShownWidth(Schema):
    up_to: int | None = Field(description="Pixels of the screen; null for what is wider than the step before.")
    views: int


class Engagement(Schema):
    """What visitors did with an asset, as front ends told."""

    days: int
    viewings: int = Field(description="How often somebody began to watch.")
    retention: list[Share] = Field(description="Of these, who saw something of each tenth. Empty without any.")
    seconds: list[float] = Field(description="How long each tenth was watched, by all of them together.")
    widths: list[ShownWidth]
    clicks: list[list[int]] = Field(description="A grid of ten by ten over the picture, row by row from the top left.")


class Attachment(Schema):
    url: str
    mime_type: str
    title: str
    duration_in_seconds: float | None = None


class Author(Schema):
    name: str


class FeedItem(Schema):
    id: str
    url: str
    title: str
    content_text: str
    image: str | None = None
    date_published: datetime
    date_modified: datetime
    authors: list[Author] | None = None
    tags: list[str]
    attachments: list[Attachment]


class JsonFeed(Schema):
    """JSON Feed 1.1."""

    version: Literal["https://jsonfeed.org/version/1.1"]
    title: str
    home_page_url: str
    feed_url: str
    items: list[FeedItem]


class Suggestion(Schema):
    kind: Literal["tag", "title"]
    text: str


class Suggestions(Schema):
    suggestions: list[Suggestion]


class AssetChanges(Schema):
    """What is left out stays as it is. Null is a value only where it says so."""

    model_config = ConfigDict(extra="forbid")

    title: Text = Field(UNSENT, min_length=1, max_length=255)
    description: Text = Field(UNSENT, max_length=255)
    alt_text: Text = Field(UNSENT, max_length=500)
    caption: Text = Field(UNSENT, max_length=10_000)
    credit: Text = Field(UNSENT, max_length=255)
    licence: Text = Field(UNSENT, max_length=255)
    source: Text = Field(UNSENT, max_length=255)
    expires_on: date | None = Field(None, description="null takes the date away.")
    legal_basis: LegalBasis = Field(UNSENT)
    model_release: ModelRelease = Field(UNSENT)
    tags: list[Annotated[Text, Field(min_length=1, max_length=100)]] = Field(
        UNSENT, max_length=100, description="All of them; those that are left out are taken away."
    )
    collection: Id = Field(UNSENT, description="The folder to move it to.")
    focal_point: FocalPoint | None = Field(None, description="Of pictures only; null takes it away.")


class Deletion(Schema):
    permanently: bool = Field(False, description="For good, and only what is in the trash.")


class BulkDelete(Schema):
    ids: Ids


class BulkDeleted(Schema):
    """What became of one of them: it is in the trash, or there is a problem."""

    id: int
    trashed_until: datetime | None
    problem: InUse | ProblemDetail | None


class BulkDeletedResults(Schema):
    results: list[BulkDeleted] = Field(description="One for each id, in the order of the request.")


class Trashed(Schema):
    id: int
    filename: str
    trashed_until: datetime = Field(description="Until then it can be restored.")
