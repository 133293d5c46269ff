"""Dunes under the stars."""

from __future__ import annotations

from PIL import Image

from ..painting import (
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
    to_mask,
)
from ..sky import add_milky_way, add_stars
from ..terrain import View, blend_colours, calculate, light_up, paint_terrain

MAP = (900, 640)


def paint_desert_night(size: Size, seed: str) -> Image.Image:
    """Paint moonlit dunes, the Milky Way above them and a lit tent between."""
    canvas = gradient(
        size,
        [
            (0, (8, 10, 34)),
            (0.25, (20, 24, 62)),
            (0.42, (62, 50, 96)),
            (0.5, (150, 88, 98)),
            (0.55, (222, 138, 96)),
            (1, (222, 138, 96)),
        ],
    )
    add_milky_way(canvas, dice(seed, "milky way"), foot=(0.85, 0.56), lean=0.75, width=0.34)
    add_stars(canvas, dice(seed, "stars"), bottom=0.52, count=1500)
    add_glow(canvas, (0.3, 0.56), 0.9, (255, 150, 80), strength=0.4, falloff=2.6, squash=0.25)
    _paint_dunes(
        canvas,
        View(horizon=0.53, eye=0.5, near=2.4, far=9.0, lens=1.25, slices=240, bend=-0.3),
        f"{seed}/far",
        7,
        0.62,
        0.4,
    )
    _paint_dunes(
        canvas,
        View(horizon=0.53, eye=0.5, near=0.62, far=2.8, lens=1.25, slices=400, bend=-0.6),
        f"{seed}/near",
        3,
        0.34,
        0.0,
    )
    _pitch_tent(canvas, seed, (0.79, 0.845), 0.05)
    return add_vignette(canvas, 0.3)


def _pitch_tent(canvas: Image.Image, seed: str, foot: Point, wide: float) -> None:
    """Paint a tent lit from inside, its light on the sand, and the footprints that lead to it."""
    x, y = foot
    rng = dice(seed, "tent")
    prints = Stencil(canvas.size, (0.4, 0.8, 1.5, 1))
    for step in range(46):
        share = step / 45
        way = (x + 0.05 + 0.30 * share**1.3 + 0.16 * share * (1 - share), y + 0.004 + 0.155 * share**1.15)
        size = 0.0011 + 0.0036 * share
        side = size * (1.3 if step % 2 else -1.3)
        prints.ellipse((way[0] + side + rng.uniform(-1, 1) * size * 0.3, way[1]), size, size * 0.62, 190)
    prints.paint(canvas, (52, 38, 66), opacity=0.5)
    add_glow(canvas, (x, y - 0.004), 0.3, (255, 150, 60), strength=0.75, falloff=2.6, squash=0.32)
    tall = wide * 0.8
    box = (x - wide * 2, y - tall * 2, x + wide * 2, y + wide)
    shapes: list[tuple[RGB, list[Point]]] = [
        (
            (200, 120, 62),
            [
                (x - wide, y),
                (x - wide * 0.12, y - tall),
                (x + wide * 0.55, y - tall * 0.9),
                (x + wide, y + 0.002),
            ],
        ),
        ((250, 184, 96), [(x - wide, y), (x - wide * 0.12, y - tall), (x + wide * 0.3, y + 0.006)]),
        (
            (255, 236, 170),
            [(x - wide * 0.5, y + 0.003), (x - wide * 0.14, y - tall * 0.72), (x + wide * 0.06, y + 0.005)],
        ),
        (
            (92, 50, 40),
            [(x - wide * 0.16, y + 0.004), (x - wide * 0.14, y - tall * 0.6), (x - wide * 0.1, y + 0.004)],
        ),
    ]
    for colour, points in shapes:
        part = Stencil(canvas.size, box)
        part.polygon(points)
        part.paint(canvas, colour)
    ropes = Stencil(canvas.size, box)
    ropes.line([(x - wide * 0.12, y - tall), (x - wide * 1.5, y + 0.006)], 0.0009, 200)
    ropes.line([(x + wide * 0.55, y - tall * 0.9), (x + wide * 1.45, y + 0.006)], 0.0009, 200)
    ropes.paint(canvas, (70, 44, 48))
    add_glow(canvas, (x - wide * 0.15, y - tall * 0.35), 0.16, (255, 170, 80), strength=0.6, falloff=3)


def _paint_dunes(canvas: Image.Image, view: View, seed: str, cells: int, tall: float, haze: float) -> None:
    folds = fractal(MAP, (cells, cells), dice(seed, "crests"), octaves=2, gain=0.3)
    swell = fractal(MAP, (2, 3), dice(seed, "swell"), octaves=2)
    # The crest is a fold rounded off a little: a sharper one would show the slices it is painted with.
    # Its near end sinks, so that the next map hides where it stops.
    sink = Image.linear_gradient("L").point(curve(lambda t: max(0.0, t - 0.7) ** 1.5 * 5)).resize(MAP).convert("F")
    height = calculate(
        lambda a: (
            (0.56 - ((a["f"] - 0.5) ** 2.0 + 0.0004) ** 0.5 * 3.0 - a["k"] * 0.006) * tall
            + (a["s"] - 0.5) * tall * 1.6
        ),
        f=folds,
        s=swell,
        k=sink,
    )
    sunlit = to_mask(light_up(height, view, (-0.9, 0.34, -0.12)), 0.0, 0.75)
    sand = fractal(MAP, (60, 120), dice(seed, "sand"), octaves=3)
    colours = blend_colours((36, 34, 76), (236, 166, 118), sunlit)
    colours = blend_colours(colours, (96, 62, 84), to_mask(sand, 0.4, 0.9).point(curve(lambda t: t * 0.35)))
    away = Image.linear_gradient("L").resize(MAP).point(curve(lambda t: haze * (1 - t) ** 1.4))
    paint_terrain(canvas, height, blend_colours(colours, (150, 92, 104), away), view)
