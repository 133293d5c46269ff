"""Rugged mountains with snow on them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PIL import Image

from .painting import (
    RGB,
    Point,
    Size,
    curve,
    dice,
    fractal,
    mix,
    smooth_mask,
    to_mask,
)
from .terrain import View, blend_colours, bumps, calculate, light_up, paint_terrain, ridges, shift

MAP = (1000, 700)

Hill = tuple[float, float, float, float]
Direction = tuple[float, float, float]


@dataclass(frozen=True)
class Rock:
    """What mountains are coloured with: rock and snow, each in the shade and in the sun, and the haze."""

    rock: tuple[RGB, RGB]
    snow: tuple[RGB, RGB]
    haze: RGB
    distance: float
    snowline: float = 0.3


@dataclass(frozen=True)
class Massif:
    """Mountains before they are coloured: maps of one size, seen from above (see `terrain`)."""

    view: View
    height: Image.Image
    patches: Image.Image
    snow: Image.Image
    beds: Image.Image


def paint_peaks(
    canvas: Image.Image,
    view: View,
    seed: str,
    hills: Sequence[Hill],
    sun: Direction,
    rock: Rock,
) -> list[Point]:
    """Paint rugged peaks standing on `hills` (see `terrain.bumps`), with snow where it can lie.

    `sun` points towards the sun (see `terrain.light_up`). Returns the skyline from left to right.
    """
    massif = raise_massif(canvas.size, view, seed, hills, rock.snowline)
    return paint_terrain(canvas, massif.height, colour_massif(massif, sun, rock), view)


def raise_massif(canvas: Size, view: View, seed: str, hills: Sequence[Hill], snowline: float) -> Massif:
    """Return mountains standing on `hills`, mapped finely enough for a canvas of that size."""
    size = MAP if canvas[0] > 800 else (MAP[0] // 2, MAP[1] // 2)
    fine = fractal(size, (110, 80), dice(seed, "scree"), octaves=3)
    height = calculate(
        lambda a: a["hills"] * (a["crests"] * 1.7 + 0.12) + a["fine"] * 0.09 - 0.36,
        hills=bumps(size, hills),
        crests=ridges(size, (6, 4), dice(seed, "range"), octaves=7),
        fine=fine,
    )
    patches = fractal(size, (12, 8), dice(seed, "snow"))
    step = view.steps(size)[0]
    steep = calculate(
        lambda a: ((a["h"] - a["x"]) ** 2.0 + (a["h"] - a["z"]) ** 2.0) ** 0.5 * (1 / step),
        h=height,
        x=shift(height, 1, 0),
        z=shift(height, 0, 1),
    )
    snow = smooth_mask(
        calculate(lambda a: a["h"] + a["p"] * 1.2 - a["s"] * 0.3, h=height, p=patches, s=steep),
        snowline,
        snowline + 0.45,
    )
    # Rock lies in tilted beds, so its shade goes up and down with the height.
    beds = to_mask(
        calculate(lambda a: a["f"] + (a["h"] * 9.0 + a["p"] * 9.0) % 1.0 * 0.3, f=fine, h=height, p=patches),
        0,
        1.3,
    )
    return Massif(view, height, patches, snow, beds)


def colour_massif(massif: Massif, sun: Direction, rock: Rock) -> Image.Image:
    """Return the RGB map of the mountains in the light of `sun`."""
    shaded, lit = (
        blend_colours(blend_colours(mix(colour, (0, 0, 0), 0.3), colour, massif.beds), snow, massif.snow)
        for colour, snow in zip(rock.rock, rock.snow, strict=True)
    )
    colours = blend_colours(shaded, lit, to_mask(light_up(massif.height, massif.view, sun), 0, 0.8))
    size = massif.height.size
    away = Image.linear_gradient("L").resize(size).point(curve(lambda t: rock.distance * (1 - t) ** 1.2))
    colours = blend_colours(colours, rock.haze, away)
    valley = calculate(lambda a: a["h"] + a["p"] * 0.3, h=massif.height, p=massif.patches)
    return blend_colours(colours, rock.haze, to_mask(valley, 0.6, 0.0).point(curve(lambda t: t * 0.8)))
