"""Another file under the same asset. The former one is kept as a version, and can be looked at and brought back.

Whatever way a file comes (this module, a form, an API, ``save()`` in Python), signal_handlers.py asks here what
becomes of the former one, inside the transaction that saves the new one. See docs/decisions/0018.
"""

import logging
from dataclasses import dataclass
from typing import Any

from django.core.files.base import File
from django.db import transaction
from django.db.models import Max, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from media_library.conf import conf
from media_library.exceptions import DamagedFile, NotReplaced
from media_library.imaging.geometry import Geometry
from media_library.imaging.presets import LADDER
from media_library.models import Asset, AssetVersion, CustomImage, PosterRendition
from media_library.models.files import public_storage
from media_library.usage.places import User

logger = logging.getLogger(__name__)

LOG_REPLACE_FILE = "media_library.replace_file"
LOG_RESTORE_VERSION = "media_library.restore_version"

FIRST = 1

PREVIEW_WIDTH = 960
"""Pixels of the widest rendition that is kept for comparing."""

FACTS = ("filename", "file_size", "file_hash", "mime_type", "width", "height", "duration", "metadata")
"""Columns that a version has from its asset."""

SETTINGS = (
    *("recipe", "focal_point_x", "focal_point_y", "focal_point_width", "focal_point_height"),
    *("poster_time", "poster_focus"),
)
"""What was decided about this very file, by those kinds that have it; it comes back with the file."""

OTHERS_COLUMNS = ("version", "view_count", "trashed_at", "trashed_by_id", "metadata", "filename", "recipe")
"""Columns that an instance in memory may have from half an hour ago, and that saving a new file writes."""


@dataclass(frozen=True)
class FileChange:
    """Who puts a file in the place of another, and why; ``restored`` is the version that comes back."""

    user: User | None = None
    note: str = ""
    restored: AssetVersion | None = None


def replace_file(
    asset: Asset, file: File, user: User | None = None, note: str = "", restored: AssetVersion | None = None
) -> int:
    """Give an asset another file of the same kind, and return the number of that version.

    It passes the same intake as an upload. The former file becomes a version; what was made of it stays public for
    the time of caches (``SUPERSEDED_DAYS``). Two at once are done one after the other, and both files are kept.
    Whether the user may, the door has asked before. Raises ``UnacceptableFile``, or ``NotReplaced`` when the asset is
    gone; then nothing has changed.
    """
    with transaction.atomic():
        current = type(asset.specific)._base_manager.filter(pk=asset.pk).first()
        if current is None:
            raise NotReplaced(_("This asset has been deleted meanwhile, so its file can't be replaced."))
        current.file = file
        current.file_change = FileChange(user, note, restored)
        current.save()
        return current_number(asset.pk)


def restore_version(version: AssetVersion, user: User | None = None, note: str = "") -> int:
    """Let a former file be the current one again, as a new version; the other ones stay. Returns its number.

    A picture's edits and focal point, and the moment of a film's poster and its focal area, come back with it. Raises
    what ``replace_file`` raises.
    """
    if version.is_current:
        raise NotReplaced(_("Version %(number)s is the current one already.") % {"number": version.number})
    try:
        with version.file.open("rb") as file:
            return replace_file(version.asset, File(file, name=version.filename), user, note, version)
    except FileNotFoundError as error:
        raise DamagedFile(
            _("The file of version %(number)s is missing. Choose another version.") % {"number": version.number}
        ) from error


def current_number(asset_id: int) -> int:
    """The number of the current version."""
    return AssetVersion.objects.filter(asset=asset_id).aggregate(last=Max("number"))["last"] or FIRST


def newest_after(asset: Asset, number: int) -> AssetVersion | None:
    """The version that has taken the place of that one meanwhile, if any."""
    newer = AssetVersion.objects.filter(asset=asset.pk, number__gt=number)
    return newer.select_related("created_by").order_by("-number").first()


def versions(asset: Asset) -> list[AssetVersion]:
    """All files of an asset, the current one first. That one isn't to be saved: its facts are those of the asset."""
    rows = list(asset.versions.select_related("created_by").order_by("-number")) or [_first(asset)]
    _describe(rows[0], asset)
    return rows


def lock_former(asset: Asset) -> Asset | None:
    """The asset as it is before it gets its new file; nobody else gives it one until the transaction ends.

    None for a new asset. What others may have written since this instance was read is taken over into it.
    """
    if not asset.pk:
        return None
    # Locked first and read afterwards: what was waited for has changed both of its tables.
    Asset.lock(asset.pk)
    former = type(asset)._base_manager.filter(pk=asset.pk).first()
    for name in OTHERS_COLUMNS if former else ():
        if hasattr(former, name):
            setattr(asset, name, getattr(former, name))
    return former


def bring_back(asset: Asset) -> None:
    """Where a version is restored, put what was decided about it on the asset, which is about to be saved."""
    version = _change(asset).restored
    if version is None:
        return
    for name, value in version.settings.items():
        setattr(asset, name, value)
    if isinstance(asset, CustomImage):
        # As edited.
        asset.width, asset.height = version.width, version.height
        if asset.get_recipe().geometry != Geometry():
            asset.projection = None
        asset.is_hdr = asset.is_hdr and asset.get_recipe().leaves_pixels


def keep(former: Asset, asset: Asset) -> None:
    """Keep the former file of an asset that has just been saved with another one, and note who did it."""
    change, now = _change(asset), timezone.now()
    asset.file_change = None
    version = former.versions.order_by("-number").first() or _first(former)
    _describe(version, former)
    version.settings = {name: getattr(former, name) for name in SETTINGS if hasattr(former, name)}
    version.file, version.replaced_at = former.file.name, now
    version.save()
    number = version.number + 1
    AssetVersion.objects.create(
        asset_id=asset.pk, number=number, note=change.note[:255], created_at=now, created_by_id=_user_id(change.user)
    )
    action = LOG_RESTORE_VERSION if change.restored else LOG_REPLACE_FILE
    data = {"version": number, "filename": asset.filename, "note": change.note}
    if change.restored:
        data["restored"] = change.restored.number
    log(instance=asset, action=action, user=change.user, data=data, content_changed=True)
    if picture := picture_of(former):
        # Not before, since a file that is written can't be rolled back.
        transaction.on_commit(lambda: _keep_preview(version.pk, picture), robust=True)
    _forget_oldest(asset.pk)


def _change(asset: Asset) -> FileChange:
    return asset.file_change or FileChange()


def _first(asset: Asset) -> AssetVersion:
    return AssetVersion(
        asset_id=asset.pk, number=FIRST, created_at=asset.created_at, created_by_id=asset.uploaded_by_user_id
    )


def _describe(version: AssetVersion, asset: Asset) -> None:
    for name in FACTS:
        setattr(version, name, getattr(asset, name))
    # Whether a place is kept is for the collection to say, which may change its mind.
    version.metadata = {name: value for name, value in asset.metadata.items() if name != "gps"}


def picture_of(asset: Asset) -> str:
    """The name of a public file that shows this version of an asset, as it was seen; empty without one."""
    found: QuerySet[Any]
    if isinstance(asset, CustomImage):
        found = asset.renditions.exclude(preset="")
    else:
        found = PosterRendition.objects.filter(asset=asset.pk, version=asset.version, preset=LADDER)
    found = found.filter(width__lte=PREVIEW_WIDTH).order_by("-width", "-filter_spec")
    # Every ladder has it; a drawing has itself.
    row = found.filter(filter_spec__endswith="|format-webp").first() or found.first()
    return str(row.file.name) if row else ""


def _keep_preview(version_id: int, name: str) -> None:
    """Put a copy of a public rendition, which is removed in some weeks, beside the private original."""
    version = AssetVersion.objects.filter(pk=version_id).select_related("asset").first()
    if version is None or version.preview:
        return
    with public_storage().open(name, "rb") as picture:
        version.preview.save(name, File(picture))


def _forget_oldest(asset_id: int) -> None:
    """Delete versions beyond ``KEEP_VERSIONS``; their files go after commit."""
    if conf.KEEP_VERSIONS is None:
        return
    former = AssetVersion.objects.filter(asset=asset_id, replaced_at__isnull=False)
    for version in former.order_by("-number")[conf.KEEP_VERSIONS :]:
        logger.info("%s is one too many, and is deleted with its file", version)
        version.delete()


def _user_id(user: Any) -> int | None:
    return user.pk if user is not None else None
