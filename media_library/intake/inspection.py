from dataclasses import dataclass, field
from io import BytesIO
from pathlib import PurePath
from typing import IO

from django.core.files.base import ContentFile
from django.db.models.fields.files import FieldFile

from media_library.imaging.engine import Encoded, first_look
from media_library.imaging.orders import Subject, order
from media_library.imaging.placeholder import NO_PLACEHOLDER, Placeholder
from media_library.imaging.presets import ADMIN, ADMIN_SPECS, LADDER, ORIGINAL
from media_library.imaging.projection import Projection, photo_projection
from media_library.imaging.tags import read_tags
from media_library.intake.filling import take_over
from media_library.intake.jpeg import require_common_jpeg
from media_library.intake.limits import require_size
from media_library.intake.metadata import PhotoMetadata, photo_metadata
from media_library.intake.motion import holds_film
from media_library.intake.parts import require_few_parts
from media_library.intake.scrubbing import scrub
from media_library.intake.sniff import AUDIO_TYPES, IMAGE_TYPES, VIDEO_TYPES, FileType, require_type, sniff
from media_library.intake.svg import sanitise
from media_library.models import Asset, CustomDocument, CustomImage, Video
from media_library.models.asset import RECOGNITION
from media_library.models.files import sha256

UNKNOWN_TYPE = "application/octet-stream"

_RECOGNISED: dict[str, tuple[FileType, ...]] = {Asset.Kind.VIDEO: VIDEO_TYPES, Asset.Kind.AUDIO: AUDIO_TYPES}


@dataclass(frozen=True)
class Inspection:
    """What an accepted upload is: bytes, as-seen pixels, and for an image its first small renditions and metadata."""

    mime_type: str
    file_size: int
    file_hash: str
    width: int | None = None
    height: int | None = None
    has_alpha: bool = False
    is_animated: bool = False
    is_hdr: bool = False
    placeholder: Placeholder | None = None
    renditions: list[Encoded] = field(default_factory=list)
    metadata: PhotoMetadata = field(default_factory=PhotoMetadata)
    fingerprints: tuple[int, ...] = ()
    projection: Projection | None = None
    holds_film: bool = False
    replacement: bytes | None = None
    """What must be stored in place of the upload; size and hash are of this."""


def inspect(kind: str, file: IO[bytes], filename: str) -> Inspection:
    """Read an upload and judge it. Leaves the file at its beginning.

    An image is decoded, at a small scale, so that one that is cut off is refused here; films and sounds are only
    recognised, because decoding strangers' films is a worker's job. The same open file is read once, however often it
    is asked for: a form judges it, then the model stores what was found.

    Raises ``UnacceptableFile`` with a sentence for the editor.
    """
    seen: tuple[str, str, Inspection] | None = getattr(file, "_inspection", None)
    if seen and seen[:2] == (kind, filename):
        return seen[2]
    file.seek(0, 2)
    size = file.tell()
    require_size(kind, size)
    if kind == Asset.Kind.IMAGE:
        inspection = _inspect_image(file, filename, size)
    elif kind in _RECOGNISED:
        mime_type = require_type(file, filename, _RECOGNISED[kind]).mime_type
        inspection = Inspection(mime_type, size, sha256(file))
    else:
        inspection = _inspect_document(file, size)
    # Some file objects take no attributes; they are then read twice, which is only slower.
    if hasattr(file, "__dict__"):
        file._inspection = (kind, filename, inspection)  # type: ignore[attr-defined]
    return inspection


def _inspect_image(file: IO[bytes], filename: str, size: int) -> Inspection:
    mime_type = require_type(file, filename, IMAGE_TYPES).mime_type
    if mime_type == "image/svg+xml":
        return _inspect_drawing(file, mime_type)
    if mime_type == "image/jpeg":
        require_common_jpeg(file)
    require_few_parts(file, mime_type)
    look = first_look(file)
    subject, tags = look.subject, read_tags(file)
    return Inspection(
        mime_type,
        size,
        sha256(file),
        subject.width,
        subject.height,
        subject.has_alpha,
        subject.is_animated,
        placeholder=look.placeholder,
        renditions=look.renditions,
        metadata=photo_metadata(tags),
        fingerprints=look.fingerprints,
        projection=photo_projection(tags.xmp, subject.width, subject.height),
        is_hdr=subject.is_hdr,
        holds_film=holds_film(file, tags),
    )


def _inspect_document(file: IO[bytes], size: int) -> Inspection:
    """Documents are handed out as they are, pictures among them without what they say of themselves."""
    mime_type = sniff(file) or UNKNOWN_TYPE
    scrubbed = scrub(file, mime_type)
    if scrubbed is None:
        return Inspection(mime_type, size, sha256(file))
    return Inspection(mime_type, len(scrubbed), sha256(BytesIO(scrubbed)), replacement=scrubbed)


def _inspect_drawing(file: IO[bytes], mime_type: str) -> Inspection:
    """What is harmless of an SVG is all there is of it: the original, and its one public file, whatever the size."""
    file.seek(0)
    drawing = sanitise(file.read())
    file.seek(0)
    subject = Subject(drawing.width, drawing.height)
    shown = [order(ORIGINAL, subject, LADDER), *(order(spec, subject, ADMIN) for spec in ADMIN_SPECS)]
    return Inspection(
        mime_type,
        len(drawing.data),
        sha256(BytesIO(drawing.data)),
        drawing.width,
        drawing.height,
        has_alpha=True,
        renditions=[Encoded(one.spec, *one.size, "svg", drawing.data, preset=one.preset) for one in shown],
        replacement=drawing.data,
    )


def receive(asset: Asset) -> Inspection:
    """Judge the new file of an asset that is about to be saved, and put down what it is.

    Sets file name, size, hash, type, dimensions and metadata, fills empty fields from the latter (workers do so for
    films and sounds), raises the version, and sets the status back: a document is ready as it is, anything else waits
    for its workers. Raises ``UnacceptableFile``.
    """
    stored = asset.file
    stored.open()
    filename = PurePath(stored.name).name
    inspection = inspect(asset.KIND, stored.file, filename)
    if inspection.replacement is not None:
        _replace(stored, filename, inspection.replacement)
    asset.kind = asset.KIND
    asset.version += 1
    former_filename, asset.filename = asset.filename, filename[-255:]
    if asset.KIND not in _RECOGNISED:
        take_over(asset, inspection.metadata, [filename, former_filename])
    asset.mime_type = inspection.mime_type
    asset.file_size = inspection.file_size
    asset.file_hash = inspection.file_hash
    asset.width, asset.height, asset.duration = inspection.width, inspection.height, None
    # Of films, workers find out.
    asset.projection = inspection.projection and inspection.projection.to_json()
    asset.recognition = RECOGNITION
    placeholder = inspection.placeholder or NO_PLACEHOLDER
    asset.thumbhash, asset.dominant_color = placeholder.thumbhash, placeholder.color
    asset.status_reason, asset.bytes_saved = "", 0
    asset.status = Asset.Status.UPLOADED
    if isinstance(asset, CustomDocument):
        asset.status = Asset.Status.READY
    if isinstance(asset, Video):
        # A moment of another film.
        asset.poster_time = asset.poster_focus = None
    if isinstance(asset, CustomImage):
        asset.has_alpha, asset.is_animated = inspection.has_alpha, inspection.is_animated
        asset.is_hdr = inspection.is_hdr
        asset.motion, asset.holds_film = None, inspection.holds_film
        # The edits were made for other pixels; whether it is marked is no question of pixels.
        asset.recipe = {name: value for name, value in asset.recipe.items() if name == "watermark"}
    return inspection


def _replace(stored: FieldFile, filename: str, data: bytes) -> None:
    """Let ``data`` be what is saved. Nothing of the upload stays, not even where Wagtail stored it beforehand."""
    if stored._committed:
        stored.storage.delete(str(stored.name))
        stored._committed = False
    stored.name = filename
    stored.file = ContentFile(data, name=filename)
