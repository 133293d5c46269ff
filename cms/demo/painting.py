"""The painter's tools: gradients, cloud noise, glows, sharp silhouettes, grain.

A canvas is an RGB picture of the shape 3:2. Points and lengths are in *canvas units*, one unit being
the height of the canvas, so x runs from 0 to 1.5 and y from 0 (top) to 1: the same numbers draw the
same picture at any resolution.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from functools import lru_cache

from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageMath

RGB = tuple[int, int, int]
Point = tuple[float, float]
Size = tuple[int, int]
Box = tuple[float, float, float, float]


def dice(seed: str, part: str) -> random.Random:
    """Return the random numbers for one `part` of a picture: the others may change without moving it."""
    return random.Random(f"{seed}/{part}")  # noqa: S311 - a picture, not a secret


def mix(first: RGB, second: RGB, share: float) -> RGB:
    """Return the colour `share` (0 to 1) of the way from `first` to `second`."""
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(first, second, strict=True))
    return red, green, blue


def gradient(size: Size, stops: Sequence[tuple[float, RGB]]) -> Image.Image:
    """Return an RGB picture of `size` pixels, shaded from top to bottom.

    `stops` are (position from 0 at the top to 1 at the bottom, colour), in order. The column is
    worked out in floating point and enlarged bicubically, which rounds off the kinks at the stops.
    """
    samples = 96
    bands = []
    for channel in range(3):
        column = Image.new("F", (1, samples))
        for row in range(samples):
            column.putpixel((0, row), _value_at(stops, (row + 0.5) / samples, channel))
        tall = column.resize((1, size[1]), Image.Resampling.BICUBIC)
        bands.append(to_mask(tall, 0, 255).resize(size, Image.Resampling.NEAREST))
    return Image.merge("RGB", bands)


def _value_at(stops: Sequence[tuple[float, RGB]], position: float, channel: int) -> float:
    before = stops[0]
    for after in stops:
        if after[0] >= position:
            span = after[0] - before[0]
            share = (position - before[0]) / span if span > 0 else 1.0
            return before[1][channel] + (after[1][channel] - before[1][channel]) * share
        before = after
    return before[1][channel]


def fractal(
    size: Size, cells: tuple[int, int], rng: random.Random, *, octaves: int = 5, gain: float = 0.5
) -> Image.Image:
    """Return cloud noise as a mode "F" picture of `size`, values near 0 to 1 around a mean of 0.5.

    `cells` is how many blobs the coarsest octave has (across, down); each further octave has twice as
    many and `gain` times the weight. The random draws depend on `cells` and `octaves` only, so one
    seed gives one pattern at any size.
    """
    total = Image.new("F", size, 0.5)
    weight = 1.0 / sum(gain**octave for octave in range(octaves))
    for octave in range(octaves):
        grid = noise_grid((cells[0] << octave, cells[1] << octave), rng)
        layer = grid.resize(size, Image.Resampling.BICUBIC)
        share = weight * gain**octave
        total = ImageMath.lambda_eval(
            lambda args, share=share: args["total"] + args["layer"] * share, total=total, layer=layer
        )
    return total


def noise_grid(size: Size, rng: random.Random) -> Image.Image:
    """Return white noise of `size` pixels in mode "F", values from -0.5 to 0.5."""
    grid = Image.frombytes("L", size, rng.randbytes(size[0] * size[1])).convert("F")
    return grid.point(lambda value: value * (1 / 255) - 0.5)


def to_mask(field: Image.Image, low: float, high: float) -> Image.Image:
    """Turn a mode "F" picture into mode "L": `low` and below become 0, `high` and above 255.

    `low` may exceed `high`, which inverts the mask.
    """
    scale = 255.0 / (high - low)
    return field.point(lambda value: value * scale + (0.5 - low * scale)).convert("L")


def smooth_mask(field: Image.Image, low: float, high: float) -> Image.Image:
    """The same as `to_mask`, eased at both ends (smoothstep)."""
    return to_mask(field, low, high).point(_SMOOTHSTEP)


def curve(function: Callable[[float], float]) -> list[int]:
    """Return a 256-entry table for `Image.point` from a function of 0..1 to 0..1."""
    return [max(0, min(255, round(function(step / 255) * 255))) for step in range(256)]


@lru_cache(maxsize=512)
def faded(share: float) -> list[int]:
    """Return a table for `Image.point` that multiplies by `share` (0 to 1)."""
    return curve(lambda t: t * share)


_SMOOTHSTEP = curve(lambda t: t * t * (3 - 2 * t))


def add_glow(
    image: Image.Image,
    centre: Point,
    radius: float,
    colour: RGB,
    *,
    strength: float = 1.0,
    falloff: float = 2.5,
    squash: float = 1.0,
) -> None:
    """Screen a round glow onto `image` in place.

    `centre` and `radius` are in canvas units, `strength` (0 to 1) is the brightness in the middle,
    `falloff` the power with which it fades, `squash` the height of the glow as a share of its width.
    """
    unit = image.height
    reach = radius * unit
    left, right = int(centre[0] * unit - reach), int(centre[0] * unit + reach) + 1
    top, bottom = int(centre[1] * unit - reach * squash), int(centre[1] * unit + reach * squash) + 1
    # Pillow's radial gradient reaches 255 in the corners, which is 1.414 times the radius of the glow.
    table = curve(lambda t: strength * max(0.0, 1 - t * 1.4143) ** falloff)
    mask = Image.radial_gradient("L").point(table).resize((right - left, bottom - top), Image.Resampling.BICUBIC)
    box = (max(left, 0), max(top, 0), min(right, image.width), min(bottom, image.height))
    if box[0] >= box[2] or box[1] >= box[3]:
        return
    mask = mask.crop((box[0] - left, box[1] - top, box[2] - left, box[3] - top))
    bands = [mask.point(faded(level / 255)) for level in colour]
    image.paste(ImageChops.screen(image.crop(box), Image.merge("RGB", bands)), box)


def soften(image: Image.Image, radius: float, *, unit: int | None = None) -> Image.Image:
    """Return `image` blurred by `radius` (canvas units), at a lower resolution where nobody can tell.

    `unit` is the canvas height in pixels, if `image` is only a part of the canvas.
    """
    pixels = radius * (unit or image.height)
    factor = max(1, int(pixels / 2))
    if factor == 1:
        return image.filter(ImageFilter.GaussianBlur(pixels))
    small = image.reduce(min(factor, max(1, min(image.size) // 2)))
    small = small.filter(ImageFilter.GaussianBlur(pixels * small.width / image.width))
    return small.resize(image.size, Image.Resampling.BICUBIC)


def add_light(image: Image.Image, mask: Image.Image, colour: RGB) -> Image.Image:
    """Return `image` with `colour` screened on in proportion to `mask` (mode "L", the same size)."""
    bands = [mask.point(faded(level / 255)) for level in colour]
    return ImageChops.screen(image, Image.merge("RGB", bands))


def add_grain(image: Image.Image, rng: random.Random, strength: float = 3.0) -> Image.Image:
    """Return `image` with film grain of about `strength` grey levels, which also hides banding."""
    count = image.width * image.height
    first, second = (Image.frombytes("L", image.size, rng.randbytes(count)) for _ in range(2))
    # The mean of two even noises is triangular noise, whose error does not depend on the signal.
    even = Image.blend(first, second, 0.5).point(lambda value: round(128 + (value - 127.5) * strength / 52))
    return ImageChops.add(image, Image.merge("RGB", (even, even, even)), 1, -128)


def add_vignette(image: Image.Image, strength: float = 0.25) -> Image.Image:
    """Return `image` darkened towards its corners by up to `strength` (0 to 1)."""
    table = curve(lambda t: 1 - strength * t**2.4)
    shade = Image.radial_gradient("L").point(table).resize(image.size, Image.Resampling.BICUBIC)
    return ImageChops.multiply(image, Image.merge("RGB", (shade, shade, shade)))


def rounded(points: Sequence[Point], *, closed: bool = True, rounds: int = 3) -> list[Point]:
    """Return the outline `points` with its corners cut off `rounds` times (Chaikin's curve)."""
    line = list(points)
    for _ in range(rounds):
        pairs = list(zip(line, line[1:] + line[:1] if closed else line[1:], strict=False))
        cut = [] if closed else [line[0]]
        for (x0, y0), (x1, y1) in pairs:
            cut.append((x0 * 0.75 + x1 * 0.25, y0 * 0.75 + y1 * 0.25))
            cut.append((x0 * 0.25 + x1 * 0.75, y0 * 0.25 + y1 * 0.75))
        line = cut if closed else [*cut, line[-1]]
    return line


class Stencil:
    """A sharp, antialiased silhouette, drawn in canvas units inside `box` and then painted through.

    `size` is the canvas in pixels; `box` (left, top, right, bottom; units) limits the area worked on.
    """

    def __init__(self, size: Size, box: Box | None = None) -> None:
        self.unit = size[1]
        self.samples = 2 if self.unit >= 900 else 4
        left, top, right, bottom = box or (0.0, 0.0, size[0] / size[1], 1.0)
        x, y = (max(0, min(edge, int(at * self.unit))) for edge, at in ((size[0] - 1, left), (size[1] - 1, top)))
        self.box = (
            x,
            y,
            max(x + 1, min(size[0], int(right * self.unit) + 1)),
            max(y + 1, min(size[1], int(bottom * self.unit) + 1)),
        )
        width, height = self.box[2] - x, self.box[3] - y
        self._mask = Image.new("L", (width * self.samples, height * self.samples))
        self._pen = ImageDraw.Draw(self._mask)

    def _place(self, points: Sequence[Point]) -> list[Point]:
        scale, (left, top) = self.samples, self.box[:2]
        return [((x * self.unit - left) * scale, (y * self.unit - top) * scale) for x, y in points]

    def polygon(self, points: Sequence[Point], value: int = 255) -> None:
        """Fill the outline `points`."""
        self._pen.polygon(self._place(points), fill=value)

    def line(self, points: Sequence[Point], width: float, value: int = 255) -> None:
        """Stroke along `points`, `width` units wide (never thinner than a fraction of a pixel)."""
        pixels = max(1, round(width * self.unit * self.samples))
        self._pen.line(self._place(points), fill=value, width=pixels, joint="curve" if pixels > 3 else None)

    def ellipse(self, centre: Point, across: float, down: float, value: int = 255) -> None:
        """Fill an ellipse with the half-axes `across` and `down`."""
        corners = [(centre[0] - across, centre[1] - down), (centre[0] + across, centre[1] + down)]
        (left, top), (right, bottom) = self._place(corners)
        self._pen.ellipse((left, top, max(right, left + 1), max(bottom, top + 1)), fill=value)

    def mask(self, blur: float = 0.0) -> Image.Image:
        """Return the mode "L" mask of `self.box`, blurred by `blur` units."""
        mask = self._mask.reduce(self.samples)
        return soften(mask, blur, unit=self.unit) if blur else mask

    def paint(self, image: Image.Image, fill: RGB | Image.Image, *, blur: float = 0.0, opacity: float = 1.0) -> None:
        """Paint `fill`, a colour or a canvas-sized picture, onto `image` through the silhouette."""
        mask = self.mask(blur)
        if opacity < 1:
            mask = mask.point(faded(opacity))
        image.paste(fill.crop(self.box) if isinstance(fill, Image.Image) else fill, self.box, mask)
