"""Mountains and dunes in true perspective, painted slice by slice from a height map.

A height map is a mode "F" picture seen from above: its top row is the far end, its bottom row the
near end, and it is as wide as the view is at the far end. Heights and distances share one unit.
"""

from __future__ import annotations

import random
from array import array
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PIL import Image, ImageChops, ImageDraw, ImageMath

from .painting import RGB, Point, Size, Stencil, noise_grid


@dataclass(frozen=True)
class View:
    """Where the eye is and what of the map it sees.

    `horizon` is the y of eye level on the canvas, `eye` the eye's height above zero, `near` and `far`
    the distances of the map's bottom and top row, `lens` the focal length in canvas heights.
    `bend` spaces the slices: 1 evenly (for steep mountains), -1 evenly on the screen (for flat ground).
    """

    horizon: float
    eye: float
    near: float
    far: float
    lens: float
    slices: int = 300
    bend: float = 1.0

    @property
    def span(self) -> float:
        """The width of the map."""
        return 1.5 * self.far / self.lens

    def steps(self, size: Size) -> tuple[float, float]:
        """The distance from one pixel of a map of `size` to the next, across and in depth."""
        return self.span / size[0], (self.far - self.near) / size[1]


def calculate(expression: Callable[[dict], object], **images: Image.Image) -> Image.Image:
    """Evaluate `expression`, a function of a dict of operands, over mode "F" pictures of one size."""
    return ImageMath.lambda_eval(expression, **images)


def shift(image: Image.Image, across: int, down: int) -> Image.Image:
    """Return `image` moved by whole pixels, wrapping around."""
    return ImageChops.offset(image, across, down)


def light_up(height: Image.Image, view: View, sun: tuple[float, float, float]) -> Image.Image:
    """Return how brightly the sun lights each point of a height map: mode "F", 0 to 1.

    `sun` points towards the sun: (right, up, away from the viewer), of length 1. Slopes facing away
    are dark, and so is whatever lies in a cast shadow.
    """
    across, deep = view.steps(height.size)
    slope_x = calculate(
        lambda a: (a["right"] - a["left"]) * (0.5 / across),
        right=shift(height, -1, 0),
        left=shift(height, 1, 0),
    )
    slope_z = calculate(
        lambda a: (a["far"] - a["near"]) * (0.5 / deep), far=shift(height, 0, 1), near=shift(height, 0, -1)
    )
    facing = calculate(
        lambda a: (a["x"] * -sun[0] + sun[1] + a["z"] * -sun[2]) / (a["x"] * a["x"] + a["z"] * a["z"] + 1.0) ** 0.5,
        x=slope_x,
        z=slope_z,
    )
    lit = _lit(height, sun, (across, deep))
    return calculate(lambda a: a["facing"] * a["lit"], facing=_clamped(facing), lit=lit)


def _lit(height: Image.Image, sun: tuple[float, float, float], step: tuple[float, float]) -> Image.Image:
    """Cast shadows by doubling: after k rounds each point knows the highest ray over 2^k steps."""
    flat = (sun[0] ** 2 + sun[2] ** 2) ** 0.5
    dx, dz = sun[0] / flat / step[0], -sun[2] / flat / step[1]  # pixels per unit towards the sun
    stride = 1.0 / max(abs(dx), abs(dz))
    drop = stride * sun[1] / flat
    rays = height
    for doubling in range(8):
        hop = 1 << doubling
        moved = shift(rays, round(-dx * stride * hop), round(-dz * stride * hop))
        rays = calculate(lambda a, fall=drop * hop: a["max"](a["rays"], a["moved"] - fall), rays=rays, moved=moved)
    soft = 0.6 / (drop * 4 + 1e-6)
    return calculate(lambda a: 1.0 / (1.0 + ((a["rays"] - a["height"]) * soft) ** 2.0), rays=rays, height=height)


def paint_terrain(canvas: Image.Image, height: Image.Image, colours: Image.Image, view: View) -> list[Point]:
    """Paint the map onto `canvas` in place, far slices first, and return its skyline (left to right).

    `colours` is the map's own colouring (RGB, any size), light and haze already in it.
    """
    # Finer than this costs time and shows nothing more: the maps hold no smaller detail.
    width = max(480, min(1440, canvas.width))
    columns = max(4, width // 120)
    width = width // columns * columns
    slices = max(view.slices // 2, view.slices * width // 1440)
    unit = width / 1.5
    ground = _row(colours, view, 0.0, width).resize((width, round(unit)), Image.Resampling.NEAREST)
    points = width // 3 // columns * columns + 1
    skyline = [unit] * points
    behind = _outline(height, view, 0.0, points, unit)
    for step in range(1, slices + 1):
        ahead = _outline(height, view, step / slices, points, unit)
        if step == slices:
            ahead = [unit] * points
        skyline = list(map(min, skyline, behind))
        row = _row(colours, view, (step - 0.2) / slices, width)
        _paint_slice(ground, row, behind, ahead, columns)
        behind = ahead
    stencil = Stencil(canvas.size, (0.0, min(skyline) / unit - 0.01, 1.5, 1.0))
    edge = [(index * 1.5 / (points - 1), y / unit) for index, y in enumerate(skyline)]
    stencil.polygon([*edge, (1.51, 1.01), (-0.01, 1.01)])
    left, top, right, bottom = stencil.box
    scale = ground.height / canvas.height
    seen = (left * scale, top * scale, min(ground.width, right * scale), min(ground.height, bottom * scale))
    size = (right - left, bottom - top)
    canvas.paste(ground.resize(size, Image.Resampling.BICUBIC, box=seen), stencil.box, stencil.mask())
    return edge


def _paint_slice(ground: Image.Image, row: Image.Image, behind: list[float], ahead: list[float], columns: int) -> None:
    """Paint what one slice shows above the next: its `row` of colours, stretched downwards.

    Working in that many columns keeps the bands low: a slice is rarely visible over more than a few pixels.
    """
    points = (len(behind) - 1) // columns
    width = ground.width // columns
    for column in range(columns):
        mine = behind[column * points : (column + 1) * points + 1]
        hiding = ahead[column * points : (column + 1) * points + 1]
        if all(map(float.__ge__, mine, hiding)):
            continue
        top, bottom = max(0, int(min(mine)) - 3), min(ground.height, int(max(hiding)) + 2)
        if bottom <= top:
            continue
        band = Image.new("L", (width * 2, (bottom - top) * 2))
        edge = [(index * width * 2 / points, (y - top) * 2) for index, y in enumerate(mine)]
        ImageDraw.Draw(band).polygon([*edge, (width * 2, bottom * 2), (0, bottom * 2)], fill=255)
        band = band.reduce(2)
        left = column * width
        colours = row.crop((left, 0, left + width, 1)).resize(band.size, Image.Resampling.NEAREST)
        ground.paste(colours, (left, top), band)


def _distance(view: View, share: float) -> float:
    far, near = view.far**view.bend, view.near**view.bend
    return (far + (near - far) * share) ** (1 / view.bend)


def _window(image: Image.Image, view: View, share: float) -> tuple[float, float, float, float]:
    """The strip of a map, one pixel deep, that the view sees at the given share of the way nearer."""
    distance = _distance(view, share)
    row = max(0.0, min(1.0, (view.far - distance) / (view.far - view.near))) * (image.height - 1)
    half = image.width / 2 * min(1.0, distance / view.far)
    return image.width / 2 - half, row, image.width / 2 + half, row + 1


def _row(image: Image.Image, view: View, share: float, width: int) -> Image.Image:
    return image.resize((width, 1), Image.Resampling.BILINEAR, box=_window(image, view, share))


def _outline(height: Image.Image, view: View, share: float, points: int, unit: float) -> list[float]:
    scale = view.lens / _distance(view, share)
    row = _row(height, view, share, points)
    base, factor = (view.horizon + view.eye * scale) * unit, scale * unit
    return [base - value * factor for value in array("f", row.tobytes())]


def blend_colours(low: RGB | Image.Image, high: RGB | Image.Image, mask: Image.Image) -> Image.Image:
    """Return `low` where `mask` is 0 and `high` where it is 255; colours stand for even pictures."""
    first, second = (
        each if isinstance(each, Image.Image) else Image.new("RGB", mask.size, each) for each in (low, high)
    )
    return Image.composite(second, first, mask)


def ridges(size: Size, cells: tuple[int, int], rng: random.Random, *, octaves: int = 6) -> Image.Image:
    """Return a mode "F" picture of sharp crests and round valleys, values about 0 to 1.

    Each octave is noise folded at its mean (the "ridged multifractal" of Musgrave), and finer octaves
    count for more where the coarser ones are high, so crests are rugged and valleys smooth.
    """
    total = Image.new("F", size, 0.0)
    weight = Image.new("F", size, 1.0)
    share = 0.5
    for octave in range(octaves):
        grid = noise_grid((cells[0] << octave, cells[1] << octave), rng)
        layer = grid.resize(size, Image.Resampling.BICUBIC)
        crest = calculate(lambda a: (1.0 - abs(a["layer"]) * 2.4) ** 2.0 * a["weight"], layer=layer, weight=weight)
        total = calculate(lambda a, share=share: a["total"] + a["crest"] * share, total=total, crest=crest)
        weight = _clamped(calculate(lambda a: a["crest"] * 1.6, crest=crest))
        share *= 0.5
    return total


def bumps(size: Size, peaks: Sequence[tuple[float, float, float, float]]) -> Image.Image:
    """Return a mode "F" picture of smooth hills.

    Each of `peaks` is (x, y, radius, height), place and radius as shares of the picture's width and
    height; where hills meet the higher one wins.
    """
    columns, rows = 96, 64
    field = Image.new("F", (columns, rows))
    for row in range(rows):
        for column in range(columns):
            x, y = (column + 0.5) / columns, (row + 0.5) / rows
            field.putpixel(
                (column, row), max(h / (1 + ((x - px) ** 2 + (y - py) ** 2) / r**2) for px, py, r, h in peaks)
            )
    return field.resize(size, Image.Resampling.BICUBIC)


def _clamped(field: Image.Image) -> Image.Image:
    one, zero = Image.new("F", field.size, 1.0), Image.new("F", field.size, 0.0)
    below = calculate(lambda a: a["min"](a["field"], a["one"]), field=field, one=one)
    return calculate(lambda a: a["max"](a["below"], a["zero"]), below=below, zero=zero)
