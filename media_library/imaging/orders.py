"""From a filter spec to what exactly is to be made of one picture."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from wagtail.images.image_operations import (
    AvifQualityOperation,
    DoNothingOperation,
    FilterOperation,
    FormatOperation,
    JPEGQualityOperation,
    WebPQualityOperation,
)
from wagtail.images.models import Filter
from wagtail.images.rect import Rect

from media_library.imaging.presets import (
    ADMIN,
    ADMIN_SPECS,
    FALLBACK,
    LADDER,
    STILL,
    WIDTHS,
    Preset,
    Presets,
    fallback_format,
    ladder_presets,
    settings_presets,
)

_WITHOUT_PIXELS = (
    AvifQualityOperation,
    DoNothingOperation,
    FormatOperation,
    JPEGQualityOperation,
    WebPQualityOperation,
)
"""Operations of Wagtail's that only choose how to encode."""

Box = tuple[float, float, float, float]
"""Left, top, right and bottom in pixels of the subject."""

ANIMATED_FORMATS = ("avif", "webp", "gif")


@dataclass(frozen=True)
class Subject:
    """What a picture is, for all that is made of it: pixels as seen and edited, and its focal area.

    The fields of the focal area have the names by which Wagtail's operations look for them.
    """

    width: int
    height: int
    has_alpha: bool = False
    is_animated: bool = False
    focal_point_x: int | None = None
    focal_point_y: int | None = None
    focal_point_width: int | None = None
    focal_point_height: int | None = None
    is_hdr: bool = False

    def get_focal_point(self) -> Rect | None:
        if self.focal_point_x is None or self.focal_point_y is None:
            return None
        return Rect.from_point(
            self.focal_point_x, self.focal_point_y, self.focal_point_width or 0, self.focal_point_height or 0
        )

    @property
    def focal_area(self) -> list[float] | None:
        """Left, top, width and height of the focal area, as shares of the picture; None without one."""
        area = self.get_focal_point()
        if area is None:
            return None
        across, along = self.width, self.height
        return [area.left / across, area.top / along, area.width / across, area.height / along]

    def focused(self, area: Sequence[float] | None) -> "Subject":
        """The same picture with that focal area, which is given likewise."""
        if not area:
            return replace(self, focal_point_x=None, focal_point_y=None)
        left, top, width, height = area
        return replace(
            self,
            focal_point_x=round((left + width / 2) * self.width),
            focal_point_y=round((top + height / 2) * self.height),
            focal_point_width=round(width * self.width),
            focal_point_height=round(height * self.height),
        )

    def is_svg(self) -> bool:
        return False


@dataclass(frozen=True)
class Order:
    """One file to be made: which part of the picture, in which size and format.

    ``spec`` and ``key`` are a rendition's ``filter_spec`` and ``focal_point_key``. ``size`` is that of the result,
    in pixels. ``quality`` is None for the measured one.
    ``operations`` are pixel operations of Wagtail's, done on the resized part.
    """

    spec: str
    key: str
    box: Box
    size: tuple[int, int]
    format: str
    preset: str = ""
    quality: int | None = None
    lossless: bool = False
    animated: bool = False
    operations: tuple[FilterOperation, ...] = ()

    @property
    def scale(self) -> float:
        """Pixels of the result for one of the subject."""
        return max(self.size[0] / (self.box[2] - self.box[0]), self.size[1] / (self.box[3] - self.box[1]))


def order(spec: str, subject: Subject, preset: str = "") -> Order:
    """Read a filter spec as Wagtail does. Raises ``InvalidFilterSpecError``.

    Without a format, the result is what every client knows: a picture's own format may be one that none does. Named
    crops of an animated picture are stills, as JPEG and PNG are.
    """
    wanted = Filter(spec=spec)
    env: dict[str, Any] = {}
    pixels = []
    for operation in wanted.filter_operations:
        if isinstance(operation, _WITHOUT_PIXELS):
            operation.run(None, subject, env)
        else:
            pixels.append(operation)
    still = not subject.is_animated or preset not in ("", LADDER)
    form = env.get("output-format") or fallback_format(subject.has_alpha, not still)
    transform = wanted.get_transform(subject, (subject.width, subject.height))
    box = transform.get_rect().round()
    return Order(
        spec=spec,
        key=wanted.get_cache_key(subject),
        box=(box.left, box.top, box.right, box.bottom),
        size=(max(1, int(transform.size[0])), max(1, int(transform.size[1]))),
        format=form,
        preset=preset,
        quality=env.get(f"{form}-quality"),
        lossless="lossless" in env.get("output-format-options", ()),
        animated=not still and form in ANIMATED_FORMATS,
        operations=tuple(pixels),
    )


def orders(subject: Subject, presets: Presets | None = None) -> list[Order]:
    """Everything that is made of a picture before anyone asks: named crops, the ladder, and the admin's sizes.

    Without ``presets``, those of the settings.
    """
    presets = presets or settings_presets()
    crops = [*presets.crops, *([STILL] if subject.is_animated else [])]
    wanted = [
        *_each_width_once([one for preset in crops for one in preset_orders(preset, subject)]),
        *_ladder_orders(subject, presets),
        *(order(spec, subject, ADMIN) for spec in ADMIN_SPECS),
    ]
    # Presets may share a rendition; the first one names it.
    return list({(one.spec, one.key): one for one in reversed(wanted)}.values())[::-1]


def ladder_orders(subject: Subject) -> list[Order]:
    """The responsive ladder only, in all its widths."""
    return [one for preset in ladder_presets(subject.width) for one in preset_orders(preset, subject)]


def poster_orders(subject: Subject, presets: Presets) -> list[Order]:
    """What is made of the poster of a film: the ladder that players and the admin go by, and the named crops."""
    ladder = ladder_presets(subject.width, sorted({*WIDTHS, *presets.widths}))
    wanted = [
        *(one for preset in ladder for one in preset_orders(preset, subject)),
        *_each_width_once([one for preset in presets.crops for one in preset_orders(preset, subject)]),
    ]
    return list({one.spec: one for one in reversed(wanted)}.values())[::-1]


def _ladder_orders(subject: Subject, presets: Presets) -> list[Order]:
    if subject.is_animated:
        # Crops are stills, so nothing else moves.
        return ladder_orders(subject)
    ladder = ladder_presets(subject.width, presets.widths, presets.formats)
    return [one for preset in ladder for one in preset_orders(preset, subject)]


def _each_width_once(crops: list[Order]) -> list[Order]:
    """Nothing is enlarged: of the sizes of one crop, those that a picture is too small for come out alike."""
    return list({(one.preset, one.size[0], one.format): one for one in reversed(crops)}.values())[::-1]


def preset_orders(preset: Preset, subject: Subject) -> list[Order]:
    """One order for each format of a preset, best first. Crops of an animated picture come in one still format."""
    formats = preset.formats
    if subject.is_animated and preset.name != LADDER:
        formats = (FALLBACK,)
    still = fallback_format(subject.has_alpha)
    fallback = fallback_format(subject.has_alpha, subject.is_animated) if preset.name == LADDER else still
    named = [fallback if one == FALLBACK else one for one in formats]
    return [order(f"{preset.operation}|format-{one}", subject, preset.name) for one in dict.fromkeys(named)]
