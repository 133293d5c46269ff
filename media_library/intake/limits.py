from django.conf import settings
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from media_library.conf import conf
from media_library.exceptions import FileTooLarge
from media_library.models import Asset


def max_bytes(kind: str) -> int:
    """The largest upload of this kind, in bytes."""
    limits: dict[str, int] = {
        Asset.Kind.IMAGE: settings.WAGTAILIMAGES_MAX_UPLOAD_SIZE,
        Asset.Kind.VIDEO: conf.MAX_VIDEO_BYTES,
        Asset.Kind.AUDIO: conf.MAX_AUDIO_BYTES,
        Asset.Kind.DOCUMENT: conf.MAX_DOCUMENT_BYTES,
    }
    return limits[kind]


def require_size(kind: str, size: int) -> None:
    """Raise ``FileTooLarge`` when ``size`` bytes are more than this kind may have."""
    limit = max_bytes(kind)
    if size > limit:
        raise FileTooLarge(
            _("This file is too large: %(size)s, and at most %(limit)s are accepted. Export a smaller version.")
            % {"size": filesizeformat(size), "limit": filesizeformat(limit)}
        )
