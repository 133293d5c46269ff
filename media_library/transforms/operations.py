"""What may be asked of a picture: few operations, with bounds, in the words of Wagtail's filter specs."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _
from wagtail.images.exceptions import InvalidFilterSpecError
from wagtail.images.models import Filter

from media_library.conf import conf
from media_library.exceptions import InvalidTransform
from media_library.imaging.presets import FALLBACK, Preset
from media_library.manifests import in_force
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
_EXTENSIONS = {"avif": "avif", "webp": "webp", "jpg": "jpeg", "jpeg": "jpeg", "png": "png"}
_FORMATS = {"avif": ".avif", "webp": ".webp", "jpeg": ".jpg", "png": ".png", AUTO: ""}
_OFFERED = ("avif", "webp", FALLBACK)


@dataclass(frozen=True)
class Transform:
    """What is wanted of a picture: operations in Wagtail's words, in one of these formats, best first.

    ``name`` says it in an address. ``FALLBACK`` among the formats stands for the one that every client knows.
    """

    name: str
    operations: tuple[str, ...]
    formats: tuple[str, ...]

    @classmethod
    def from_spec(cls, spec: str, format: str = AUTO) -> "Transform":
        """Read a filter spec without a format, as ``"fill-600x400|webpquality-70"``, or the name of a preset.

        ``format`` is ``avif``, ``webp``, ``jpeg``, ``png`` or ``auto``. Raises ``InvalidTransform``.
        """
        if format not in _FORMATS:
            raise _unknown_format(format, _FORMATS)
        return cls.from_name(SEPARATOR.join(spec.split("|")) + _FORMATS[format])

    @classmethod
    def from_name(cls, name: str) -> "Transform":
        """Read the last part of an address: ``"fill-600x400_webpquality-70.webp"``, ``"hero"``.

        Raises ``InvalidTransform`` for what is not allowed.
        """
        stem, dot, extension = name.partition(".")
        if dot and extension not in _EXTENSIONS:
            raise _unknown_format(extension, _EXTENSIONS)
        chosen = (_EXTENSIONS[extension],) if dot else None
        if preset := _preset(stem):
            return cls(name, (preset.operation,), chosen or preset.formats)
        operations = stem.split(SEPARATOR)
        _require_allowed(operations)
        return cls(name, tuple(operations), chosen or _OFFERED)

    def offered(self, fallback: str) -> tuple[str, ...]:
        """The formats of a picture whose fallback is this one."""
        return tuple(fallback if one == FALLBACK else one for one in self.formats)

    def spec(self, format: str) -> str:
        """Wagtail's filter spec in one format; the qualities of other formats are left out."""
        wanted = [one for one in self.operations if _QUALITIES.get(one.partition("-")[0], format) == format]
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


def is_size(operation: str) -> bool:
    """Whether this is an operation that decides how large a picture gets, with bounds."""
    kind = operation.partition("-")[0]
    return kind in _SIZES and bool(_OPERATIONS[kind].fullmatch(operation))


def _preset(name: str) -> Preset | None:
    """The preset of this name, of a slot the widest; operations come first, so that they cost no look at presets."""
    if name.partition("-")[0] in _OPERATIONS:
        return None
    return in_force().named(name)


def _require_allowed(operations: list[str]) -> None:
    kinds = [one.partition("-")[0] for one in operations]
    for kind, operation in zip(kinds, operations, strict=True):
        if kind not in _OPERATIONS or not _OPERATIONS[kind].fullmatch(operation):
            raise InvalidTransform(
                _("%(operation)s is not allowed. Known are %(known)s, each within bounds.")
                % {"operation": operation, "known": ", ".join(_OPERATIONS)}
            )
    if len(set(kinds)) < len(kinds):
        raise InvalidTransform(_("The same operation is asked for twice."))
    if not set(kinds) & set(_SIZES):
        raise InvalidTransform(_("A size is missing. Give one of %(known)s.") % {"known": ", ".join(_SIZES)})


def _unknown_format(format: str, known: Iterable[str]) -> InvalidTransform:
    return InvalidTransform(
        _("%(format)s is no format. There are %(known)s.") % {"format": format, "known": ", ".join(known)}
    )
