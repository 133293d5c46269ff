"""What may be asked of a picture: few operations, with bounds, in the words of Wagtail's filter specs."""

import re
from dataclasses import dataclass

from django.utils.translation import gettext as _
from wagtail.images.exceptions import InvalidFilterSpecError
from wagtail.images.models import Filter

from media_library.conf import conf
from media_library.exceptions import InvalidTransform
from media_library.imaging.presets import EXTENSIONS
from media_library.models import CustomImage

AUTO = "auto"
"""The format that leaves the choice to the client's ``Accept`` header."""

SEPARATOR = "_"
"""Between operations in an address. Wagtail's ``|`` would have to be escaped there, and none of them holds this."""

_SIDE = r"[1-9]\d{0,4}"
_QUALITY = r"([1-8]\d|9[0-5])"
_SIZES = {
    "width": _SIDE,
    "height": _SIDE,
    "max": f"{_SIDE}x{_SIDE}",
    "min": f"{_SIDE}x{_SIDE}",
    "fill": rf"{_SIDE}x{_SIDE}(-c([1-9]?\d|100))?",
    "scale": r"([1-9]\d?|100)",
}
_LOOKS = {
    "bgcolor": r"([0-9a-f]{3}|[0-9a-f]{6})",
    "jpegquality": _QUALITY,
    "webpquality": _QUALITY,
    "avifquality": _QUALITY,
}
_OPERATIONS = {name: re.compile(f"{name}-{arguments}", re.ASCII) for name, arguments in (_SIZES | _LOOKS).items()}
_QUALITIES = {"jpegquality": "jpeg", "webpquality": "webp", "avifquality": "avif"}
_FORMATS = {**{extension: form for form, extension in EXTENSIONS.items()}, "jpeg": "jpeg"}


@dataclass(frozen=True)
class Transform:
    """Operations in Wagtail's words, as ``("fill-600x400",)``, and ``avif``, ``webp``, ``jpeg``, ``png`` or ``auto``.

    Raises ``InvalidTransform`` for what is not allowed.
    """

    operations: tuple[str, ...]
    format: str = AUTO

    def __post_init__(self) -> None:
        if self.format not in (AUTO, *EXTENSIONS):
            raise InvalidTransform(
                _("%(format)s is no format. There are %(known)s.")
                % {"format": self.format, "known": ", ".join((AUTO, *EXTENSIONS))}
            )
        kinds = [_kind(one) for one in self.operations]
        if len(set(kinds)) < len(kinds):
            raise InvalidTransform(_("The same operation is asked for twice."))
        if not set(kinds) & set(_SIZES):
            raise InvalidTransform(_("A size is missing. Give one of %(known)s.") % {"known": ", ".join(_SIZES)})

    @classmethod
    def from_spec(cls, spec: str, format: str = AUTO) -> "Transform":
        """Read a filter spec as templates have it, without a format: ``"fill-600x400|webpquality-70"``."""
        return cls(tuple(spec.split("|")), format)

    @classmethod
    def from_name(cls, name: str) -> "Transform":
        """Read the last part of an address: ``"fill-600x400_webpquality-70.webp"``; without an extension, ``auto``."""
        stem, dot, extension = name.partition(".")
        if dot and extension not in _FORMATS:
            raise InvalidTransform(
                _("%(format)s is no format. There are %(known)s.")
                % {"format": extension, "known": ", ".join(EXTENSIONS.values())}
            )
        return cls(tuple(stem.split(SEPARATOR)), _FORMATS[extension] if dot else AUTO)

    @property
    def name(self) -> str:
        """The last part of an address, as ``from_name`` reads it."""
        stem = SEPARATOR.join(self.operations)
        return stem if self.format == AUTO else f"{stem}.{EXTENSIONS[self.format]}"

    def spec(self, format: str) -> str:
        """Wagtail's filter spec in one format; the qualities of other formats are left out."""
        wanted = [one for one in self.operations if _QUALITIES.get(_kind(one), format) == format]
        return "|".join([*wanted, f"format-{format}"])


def require_bounds(image: CustomImage, spec: str) -> None:
    """Raise ``InvalidTransform`` when the rendition would have too many pixels, or none. Opens no file."""
    try:
        width, height = Filter(spec).get_transform(image, (image.width, image.height)).size
    except (InvalidFilterSpecError, ValueError) as error:
        raise InvalidTransform(_("Nothing of this picture would be left.")) from error
    if width * height > conf.TRANSFORM_MAX_PIXELS or max(width, height) > conf.TRANSFORM_MAX_EDGE:
        raise InvalidTransform(
            _("This would be %(width)s by %(height)s pixels. At most %(edge)s by side and %(pixels)s in all are made.")
            % {
                "width": width,
                "height": height,
                "edge": conf.TRANSFORM_MAX_EDGE,
                "pixels": conf.TRANSFORM_MAX_PIXELS,
            }
        )


def _kind(operation: str) -> str:
    """The name of an operation that is allowed."""
    kind = operation.partition("-")[0]
    if kind not in _OPERATIONS or not _OPERATIONS[kind].fullmatch(operation):
        raise InvalidTransform(
            _("%(operation)s is not allowed. Known are %(known)s, each within bounds.")
            % {"operation": operation, "known": ", ".join(_OPERATIONS)}
        )
    return kind
