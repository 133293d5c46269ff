"""The film's set: everything in it that is drawn once, as layers wider than the frame.

A layer is a picture or a mask; the film moves a window the size of the frame over it. Layers nearer to
the viewer are wider, because they pass by faster.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from PIL import Image, ImageChops

from .painting import (
    RGB,
    Point,
    Size,
    Stencil,
    add_glow,
    add_vignette,
    curve,
    dice,
    fractal,
    gradient,
    smooth_mask,
)
from .peaks import Rock, colour_massif, raise_massif
from .sky import add_clouds
from .terrain import View, paint_terrain
from .trees import draw_conifer, draw_forest, rolling
from .water import ripples

WATERLINE = 0.66
SEED = "sunrise"
TRAVEL = 0.3  # how far the camera pans, in frame heights, for a layer at the distance of the shore

NIGHT_SKY = [
    (0, (24, 34, 78)),
    (0.3, (66, 74, 128)),
    (0.5, (142, 108, 146)),
    (0.63, (222, 142, 132)),
    (1, (222, 142, 132)),
]
DAY_SKY = [
    (0, (86, 134, 196)),
    (0.3, (160, 180, 206)),
    (0.5, (250, 206, 160)),
    (0.63, (255, 214, 140)),
    (1, (255, 220, 150)),
]


@dataclass(frozen=True)
class Layer:
    """A silhouette that passes by: its mask, the y of its top in pixels, its share of the travel."""

    mask: Image.Image
    top: int
    pace: float


@dataclass(frozen=True)
class Backdrop:
    """All layers for frames of `size`: pictures in RGB, masks in mode "L"."""

    size: Size
    skies: tuple[Image.Image, Image.Image]
    clouds: Image.Image
    glow: Image.Image
    peaks: tuple[Image.Image, Image.Image]
    peaks_mask: Layer
    shores: tuple[Layer, ...]
    mists: tuple[Layer, ...]
    front: Layer
    waves: tuple[Image.Image, Image.Image]
    depth: Image.Image

    @property
    def unit(self) -> int:
        """The height of the frame in pixels."""
        return self.size[1]


def paint_backdrop(size: Size) -> Backdrop:
    """Draw all layers for frames of `size` pixels."""
    width, unit = size
    wide = width + math.ceil(TRAVEL * unit)
    skies = _paint_sky(size, NIGHT_SKY), _paint_sky(size, DAY_SKY)
    peaks, outline = _paint_peaks(wide, unit)
    shores = tuple(
        _plant_shore((wide, unit), level, tall, rise, pace)
        for level, tall, rise, pace in (
            (0.615, 0.03, 0.05, 0.45),
            (0.638, 0.04, 0.035, 0.6),
            (0.655, 0.05, 0.06, 0.8),
        )
    )
    mists = tuple(
        _lift_mist((wide + unit, unit), f"{SEED}/mist {row}", top, bottom)
        for row, (top, bottom) in enumerate(((0.5, 0.67), (0.56, 0.69), (0.62, 0.74)))
    )
    water = (wide + unit // 2, unit - round(WATERLINE * unit))
    waves = tuple(
        ripples(water, unit, dice(SEED, f"waves {each}"), cells=(360 + 200 * each, 150 + 130 * each))
        for each in range(2)
    )
    radius = round(unit * 0.54)
    glow = Image.new("RGB", (radius * 2, radius * 2))
    for reach, colour, strength, falloff in (
        (1.0, (255, 168, 76), 0.75, 2.6),
        (0.32, (255, 214, 140), 0.9, 2.2),
        (0.09, (255, 250, 228), 1.0, 0.5),
    ):
        # `add_glow` measures in heights of the picture, which here is twice the radius.
        add_glow(glow, (0.5, 0.5), reach * 0.5, colour, strength=strength, falloff=falloff)
    return Backdrop(
        size=size,
        skies=skies,
        clouds=_draw_clouds(wide + unit // 3, unit),
        glow=glow,
        peaks=peaks,
        peaks_mask=outline,
        shores=shores,
        mists=mists,
        front=_plant_front((wide + round(TRAVEL * unit * 0.7), unit)),
        waves=(waves[0], waves[1]),
        depth=Image.linear_gradient("L").point(curve(lambda t: 0.08 + 0.42 * t**1.3)).resize((width, water[1])),
    )


def _paint_sky(size: Size, stops: list[tuple[float, RGB]]) -> Image.Image:
    """The sky down to the waterline; the water will cover the rest."""
    sky = add_vignette(gradient(size, stops), 0.3)
    return sky.crop((0, 0, size[0], round(WATERLINE * size[1])))


def _trimmed(mask: Image.Image, top: int, pace: float) -> Layer:
    """A layer without the empty rows above and below its silhouette."""
    _, first, _, last = mask.getbbox() or (0, 0, 1, 1)
    return Layer(mask.crop((0, first, mask.width, last)), top + first, pace)


def _draw_clouds(wide: int, unit: int) -> Image.Image:
    """The mask of the clouds: white clouds on black, drawn as the landscapes' clouds are."""
    sky = Image.new("RGB", (wide, unit))
    add_clouds(
        sky,
        dice(SEED, "clouds"),
        bottom=0.56,
        colours=((255, 255, 255), (255, 255, 255)),
        cells=(3, 12),
        cover=0.5,
        density=0.85,
        slant=-0.08,
    )
    return sky.getchannel(0).crop((0, 0, wide, round(unit * 0.56)))


def _paint_peaks(wide: int, unit: int) -> tuple[tuple[Image.Image, Image.Image], Layer]:
    """The mountains before and after sunrise, lit from behind, and their mask."""
    canvas = (wide, round(wide / 1.5))
    horizon = 0.63
    view = View(horizon=horizon, eye=0.12, near=5.4, far=10.6, lens=1.75, slices=300)
    hills = [
        (0.74, 0.55, 0.14, 1.75),
        (0.34, 0.42, 0.15, 1.1),
        (0.92, 0.44, 0.12, 1.2),
        (0.12, 0.4, 0.13, 1.6),
        (0.5, 0.02, 0.5, 0.8),
    ]
    before = Rock(
        rock=((48, 48, 86), (84, 74, 112)),
        snow=((84, 86, 134), (148, 128, 164)),
        haze=(176, 124, 148),
        distance=0.5,
    )
    after = Rock(
        rock=((104, 86, 104), (240, 156, 100)),
        snow=((146, 134, 162), (255, 226, 180)),
        haze=(250, 200, 146),
        distance=0.55,
    )
    massif = raise_massif(canvas, view, "g", hills, before.snowline)
    pictures = []
    skyline: list[Point] = []
    for rock in (before, after):
        picture = Image.new("RGB", canvas, rock.haze)  # what its soft edge is mixed with
        skyline = paint_terrain(picture, massif.height, colour_massif(massif, (-0.78, 0.3, 0.55), rock), view)
        pictures.append(picture)
    # The canvas is higher than the frame: take the part of it whose eye level meets the frame's.
    above = round(horizon * canvas[1]) - round(WATERLINE * unit)
    box = (0, above, wide, above + round(WATERLINE * unit))
    mask = Stencil(canvas)
    mask.polygon([*skyline, (1.51, 1.01), (-0.01, 1.01)])
    before_after = pictures[0].crop(box), pictures[1].crop(box)
    return before_after, Layer(mask.mask().crop(box), 0, 0.3)


def _plant_shore(size: Size, level: float, tall: float, rise: float, pace: float) -> Layer:
    """A wooded shore across the lake, higher to the left, `pace` as fast as the camera."""
    rng = dice(SEED, f"shore {level}")
    right = size[0] / size[1]
    line = [
        (x, y - rise * max(0.0, 0.8 - x) ** 1.5 - 0.4 * rise * max(0.0, x - 1.5))
        for x, y in rolling(rng, -0.02, right + 0.02, level, 0.02)
    ]
    top = level - 0.25
    wood = Stencil(size, (0, top, right, WATERLINE))
    draw_forest(wood, line, tall, rng)
    return _trimmed(wood.mask(), wood.box[1], pace)


def _lift_mist(size: Size, seed: str, top: float, bottom: float) -> Layer:
    """A bank of mist, thick in the middle between the heights `top` and `bottom`."""
    height = round((bottom - top) * size[1])
    small = (400, max(6, 400 * height // size[0]))
    cloud = smooth_mask(fractal(small, (7, 3), dice(seed, "mist"), octaves=4), 0.2, 0.68)
    bank = Image.linear_gradient("L").point(curve(lambda t: (1 - abs(t * 2 - 1)) ** 1.1)).resize(small)
    mask = ImageChops.multiply(cloud, bank).resize((size[0], height), Image.Resampling.BICUBIC)
    return Layer(mask, round(top * size[1]), 0.5)


def _plant_front(size: Size) -> Layer:
    """The near bank with its spruces, left and right, at a pace above the camera's."""
    rng = dice(SEED, "front")
    right = size[0] / size[1]
    bank = Stencil(size, (0, 0.17, right, 1))
    slope = [(x, y + max(0.0, x - 0.25) ** 2 * 0.5) for x, y in rolling(rng, -0.02, 0.75, 0.93, 0.025)]
    bank.polygon([*slope, (0.75, 1.02), (-0.02, 1.02)])
    for x, tall in (
        (0.05, 0.5),
        (0.17, 0.74),
        (0.25, 0.46),
        (0.34, 0.3),
        (0.42, 0.18),
        (0.11, 0.38),
        (0.0, 0.8),
    ):
        draw_conifer(bank, (x, 0.975), tall, rng, girth=0.15)
    for back, tall in ((0.03, 0.5), (0.1, 0.34), (0.17, 0.22), (0.23, 0.13)):
        draw_conifer(bank, (right - back, 1.01), tall, rng, girth=0.16)
    return _trimmed(bank.mask(), bank.box[1], 1.7)
