from dataclasses import dataclass, field
from pathlib import PurePath
from typing import IO

from media_library.imaging.engine import Encoded, first_look
from media_library.imaging.placeholder import NO_PLACEHOLDER, Placeholder
from media_library.imaging.tags import read_tags
from media_library.intake.filling import take_over
from media_library.intake.limits import require_size
from media_library.intake.metadata import PhotoMetadata, photo_metadata
from media_library.intake.sniff import IMAGE_TYPES, VIDEO_TYPES, require_type, sniff
from media_library.models import Asset, CustomDocument, CustomImage
from media_library.models.files import sha256

UNKNOWN_TYPE = "application/octet-stream"


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
    placeholder: Placeholder | None = None
    renditions: list[Encoded] = field(default_factory=list)
    metadata: PhotoMetadata = field(default_factory=PhotoMetadata)


def inspect(kind: str, file: IO[bytes], filename: str) -> Inspection:
    """Read an upload and judge it. Leaves the file at its beginning.

    An image is decoded, at a small scale, so that one that is cut off is refused here; a film is only recognised,
    because decoding strangers' films is a worker's job. The same open file is read once, however often it is asked
    for: a form judges it, then the model stores what was found.

    Raises ``UnacceptableFile`` with a sentence for the editor.
    """
    seen: tuple[str, str, Inspection] | None = getattr(file, "_inspection", None)
    if seen and seen[:2] == (kind, filename):
        return seen[2]
    file.seek(0, 2)
    size = file.tell()
    require_size(kind, size)
    if kind == Asset.Kind.IMAGE:
        mime_type = require_type(file, filename, IMAGE_TYPES).mime_type
        look = first_look(file)
        inspection = Inspection(
            mime_type,
            size,
            sha256(file),
            look.subject.width,
            look.subject.height,
            look.subject.has_alpha,
            look.subject.is_animated,
            look.placeholder,
            look.renditions,
            photo_metadata(read_tags(file)),
        )
    elif kind == Asset.Kind.VIDEO:
        mime_type = require_type(file, filename, VIDEO_TYPES).mime_type
        inspection = Inspection(mime_type, size, sha256(file))
    else:
        inspection = Inspection(sniff(file) or UNKNOWN_TYPE, size, sha256(file))
    # Some file objects take no attributes; they are then read twice, which is only slower.
    if hasattr(file, "__dict__"):
        file._inspection = (kind, filename, inspection)  # type: ignore[attr-defined]
    return inspection


def receive(asset: Asset) -> Inspection:
    """Judge the new file of an asset that is about to be saved, and put down what it is.

    Sets file name, size, hash, type, dimensions and metadata, fills empty fields from the latter, raises the version,
    and sets the status back: a document is ready as it is, anything else waits for its workers. Raises
    ``UnacceptableFile``.
    """
    stored = asset.file
    stored.open()
    filename = PurePath(stored.name).name
    inspection = inspect(asset.KIND, stored.file, filename)
    asset.kind = asset.KIND
    asset.version += 1
    former_filename, asset.filename = asset.filename, filename[-255:]
    take_over(asset, inspection.metadata, [filename, former_filename])
    asset.mime_type = inspection.mime_type
    asset.file_size = inspection.file_size
    asset.file_hash = inspection.file_hash
    asset.width, asset.height, asset.duration = inspection.width, inspection.height, None
    placeholder = inspection.placeholder or NO_PLACEHOLDER
    asset.thumbhash, asset.dominant_color = placeholder.thumbhash, placeholder.color
    asset.status_reason, asset.bytes_saved = "", 0
    asset.status = Asset.Status.UPLOADED
    if isinstance(asset, CustomDocument):
        asset.status = Asset.Status.READY
    if isinstance(asset, CustomImage):
        asset.has_alpha, asset.is_animated = inspection.has_alpha, inspection.is_animated
        # The edits were made for other pixels; whether it is marked is no question of pixels.
        asset.recipe = {name: value for name, value in asset.recipe.items() if name == "watermark"}
    return inspection
