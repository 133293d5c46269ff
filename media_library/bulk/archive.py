"""Many assets as one ZIP, written while it is read: no temporary file, and one block of one file in memory."""

import logging
from collections.abc import Iterable, Iterator, Sequence
from pathlib import PurePosixPath

from django.contrib.auth import get_user_model
from django.core.files.base import File
from django.db.models.fields.files import FieldFile
from django.utils.translation import gettext as _
from zipstream import ZipStream

from media_library.bulk.actions import User, may
from media_library.bulk.loading import AT_A_TIME, load
from media_library.bulk.names import UniqueNames, safe_name
from media_library.exceptions import MediaLibraryError, NotChanged
from media_library.models import Asset, Audio, CustomImage, CustomRendition, Transcode, Video
from media_library.video.transcodes import HLS_TYPE

logger = logging.getLogger(__name__)

BLOCK = 256 * 1024


class BrokenArchive(MediaLibraryError):
    """A file ended early, or couldn't be read to its end. What was sent of the archive can't be mended."""

    code = "broken_archive"


def archive(asset_ids: Sequence[int], user: User) -> Iterator[bytes]:
    """The ZIP of these assets in this order, block by block.

    Whoever may change an asset gets its original; whoever may choose it, the largest there is for visitors. What can't
    be added is named in a text file at the end. Raises ``BrokenArchive`` (or what the storage raises) when a file
    breaks off in the middle: then the connection has to break off, too, so that nobody takes the archive for whole.
    """
    # Media are compressed already.
    stream, unique, missing = ZipStream(), UniqueNames(), []
    for start in range(0, len(asset_ids), AT_A_TIME):
        ids = asset_ids[start : start + AT_A_TIME]
        # A download takes long, and its user may lose permissions meanwhile.
        current = get_user_model()._default_manager.get(pk=user.pk)
        found = load(ids)
        for asset in found:
            try:
                name, file, size = _open(asset, current)
            except NotChanged as error:
                missing.append(str(error))
                continue
            stream.add(_blocks(asset, file, size), unique(name), size=size)
            yield from stream.all_files()
        if len(found) < len(ids):
            missing.append(_("%(number)s deleted in the meantime") % {"number": len(ids) - len(found)})
    if missing:
        stream.add(_note(missing), unique(_("MISSING FILES.txt")))
    yield from stream.finalize()


def _open(asset: Asset, user: User) -> tuple[str, File, int]:
    """Name, open file and size in bytes of what this user gets of an asset. Raises ``NotChanged`` with what to say."""
    # What is served of a document is its original, cleaned when it was uploaded.
    if may(user, "change", asset) or (asset.kind == Asset.Kind.DOCUMENT and may(user, "choose", asset)):
        file, size, extension = asset.file, asset.file_size, ""
    elif may(user, "choose", asset):
        file, size = _largest(asset)
        extension = PurePosixPath(file.name or "").suffix
    else:
        raise NotChanged(_("%(id)s: you may not see it any more") % {"id": asset.pk})
    name = safe_name(asset.filename or asset.title, extension)
    try:
        opened = file.storage.open(file.name, "rb")
        return name, opened, opened.size if size is None else size
    except Exception as error:
        # Storages raise what their drivers do. Nothing of this file has been sent: the others can go on.
        logger.exception("Asset %s could not be opened for a download", asset.pk)
        raise NotChanged(_("%(name)s: its file can't be read at the moment") % {"name": name}) from error


def _largest(asset: Asset) -> tuple[FieldFile, int | None]:
    """The largest file that visitors can have of a picture, a film or a sound, and its size in bytes."""
    row: CustomRendition | Transcode | None = None
    if isinstance(asset, CustomImage):
        row = asset.largest_rendition()
    elif isinstance(asset, (Video, Audio)):
        films = asset.transcodes.filter(version=asset.version, playlist="").exclude(mime_type=HLS_TYPE)
        row = films.order_by("-bitrate").first()
    if row is None:
        raise NotChanged(_("%(title)s: it is not developed yet") % {"title": asset.title})
    return row.file, row.file_size


def _blocks(asset: Asset, file: File, size: int) -> Iterator[bytes]:
    sent = 0
    with file:
        while block := file.read(BLOCK):
            sent += len(block)
            yield block
    if sent != size:
        raise BrokenArchive(f"Asset {asset.pk}: {sent} bytes came of {size}.")


def _note(missing: Iterable[str]) -> bytes:
    heading = _("These files are missing in this archive:")
    # With a mark of its encoding and line ends that every editor of text knows.
    return "\r\n".join(["\ufeff" + heading, "", *missing, ""]).encode()
