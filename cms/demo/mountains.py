"""Two scenes among mountains: an alpine lake at dawn, and northern lights over a fjord."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from PIL import Image

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
    to_mask,
)
from .sky import add_aurora, add_clouds, add_stars
from .terrain import View, blend_colours, bumps, calculate, light_up, paint_terrain, ridges, shift
from .trees import draw_conifer, draw_forest, rolling
from .water import add_mist, reflect

MAP = (1000, 700)


@dataclass(frozen=True)
class Rock:
    """What mountains are coloured with: rock and snow, each in the shade and in the sun, and the haze."""

    rock: tuple[RGB, RGB]
    snow: tuple[RGB, RGB]
    haze: RGB
    distance: float
    snowline: float = 0.3


def _paint_range(
    canvas: Image.Image,
    view: View,
    seed: str,
    hills: Sequence[tuple[float, float, float, float]],
    sun: tuple[float, float, float],
    rock: Rock,
) -> None:
    """Paint rugged peaks standing on `hills` (see `terrain.bumps`), with snow where it can lie."""
    rng = dice(seed, "range")
    fine = fractal(MAP, (110, 80), dice(seed, "scree"), octaves=3)
    height = calculate(
        lambda a: a["hills"] * (a["crests"] * 1.7 + 0.12) + a["fine"] * 0.09 - 0.36,
        hills=bumps(MAP, hills),
        crests=ridges(MAP, (6, 4), rng, octaves=7),
        fine=fine,
    )
    patches = fractal(MAP, (12, 8), dice(seed, "snow"))
    step = view.steps(MAP)[0]
    steep = calculate(
        lambda a: ((a["h"] - a["x"]) ** 2.0 + (a["h"] - a["z"]) ** 2.0) ** 0.5 * (1 / step),
        h=height,
        x=shift(height, 1, 0),
        z=shift(height, 0, 1),
    )
    snow = smooth_mask(
        calculate(lambda a: a["h"] + a["p"] * 1.2 - a["s"] * 0.3, h=height, p=patches, s=steep),
        rock.snowline,
        rock.snowline + 0.45,
    )
    # Rock lies in tilted beds, so its shade goes up and down with the height.
    beds = to_mask(
        calculate(lambda a: a["f"] + (a["h"] * 9.0 + a["p"] * 9.0) % 1.0 * 0.3, f=fine, h=height, p=patches),
        0,
        1.3,
    )
    dark = tuple(
        blend_colours(tuple(part * 7 // 10 for part in colour), colour, beds) for colour in rock.rock
    )
    sunlit = to_mask(light_up(height, view, sun), 0, 0.8)
    colours = blend_colours(
        blend_colours(dark[0], rock.snow[0], snow), blend_colours(dark[1], rock.snow[1], snow), sunlit
    )
    away = Image.linear_gradient("L").resize(MAP).point(curve(lambda t: rock.distance * (1 - t) ** 1.2))
    colours = blend_colours(colours, rock.haze, away)
    valley = to_mask(calculate(lambda a: a["h"] + a["p"] * 0.3, h=height, p=patches), 0.6, 0.0)
    colours = blend_colours(colours, rock.haze, valley.point(curve(lambda t: t * 0.8)))
    paint_terrain(canvas, height, colours, view)


def paint_alpine_dawn(size: Size, seed: str) -> Image.Image:
    """Paint snow peaks in the first sun, mist on the lake below them and spruces in front."""
    canvas = gradient(
        size,
        [
            (0, (46, 66, 124)),
            (0.22, (108, 126, 178)),
            (0.42, (222, 172, 172)),
            (0.56, (255, 212, 164)),
            (1, (255, 224, 180)),
        ],
    )
    add_glow(canvas, (0.24, 0.5), 1.1, (255, 186, 110), strength=0.55, falloff=2.2, squash=0.8)
    add_clouds(
        canvas,
        dice(seed, "clouds"),
        bottom=0.5,
        colours=((255, 210, 186), (236, 158, 160)),
        cells=(3, 14),
        cover=0.5,
        density=0.8,
        slant=-0.12,
    )
    _paint_range(
        canvas,
        View(horizon=0.63, eye=0.12, near=5.4, far=10.6, lens=1.75, slices=380),
        seed,
        [
            (0.66, 0.6, 0.14, 2.1),
            (0.42, 0.42, 0.15, 1.5),
            (0.9, 0.48, 0.13, 1.4),
            (0.14, 0.4, 0.14, 1.5),
            (0.5, 0.02, 0.5, 0.9),
        ],
        (-0.86, 0.3, -0.42),
        Rock(
            rock=((58, 64, 94), (206, 118, 86)),
            snow=((138, 150, 200), (255, 216, 188)),
            haze=(218, 180, 184),
            distance=0.45,
        ),
    )
    _paint_far_shore(canvas, seed)
    waterline = 0.66
    reflect(
        canvas,
        waterline,
        dice(seed, "water"),
        tint=(226, 228, 240),
        deep=(52, 66, 100),
        roughness=0.3,
        cells=(420, 190),
    )
    add_mist(
        canvas,
        dice(seed, "mist"),
        top=waterline - 0.06,
        bottom=waterline + 0.07,
        colour=(244, 214, 198),
        density=0.9,
        cells=(3, 2),
    )
    _frame_with_spruces(canvas, seed)
    return add_vignette(canvas, 0.2)


def _paint_far_shore(canvas: Image.Image, seed: str) -> None:
    rng = dice(seed, "shore")
    shores = (
        (0.615, 0.022, (166, 140, 156), 0.0),
        (0.637, 0.03, (104, 96, 120), 0.035),
        (0.655, 0.036, (50, 54, 74), 0.05),
    )
    for level, tall, colour, rise in shores:
        add_mist(
            canvas,
            rng,
            top=level - 0.1,
            bottom=level + 0.05,
            colour=(238, 204, 192),
            density=0.7,
            cells=(3, 3),
        )
        line = [(x, y - rise * max(0.0, 0.7 - x) ** 1.5) for x, y in rolling(rng, -0.02, 1.52, level, 0.02)]
        edge = Stencil(canvas.size, (0, 0.4, 1.5, 0.67))
        draw_forest(edge, line, tall, rng)
        edge.paint(canvas, colour)


def _frame_with_spruces(canvas: Image.Image, seed: str) -> None:
    rng = dice(seed, "spruces")
    bank = Stencil(canvas.size)
    slope: list[Point] = [
        (x, y + max(0.0, x - 0.2) ** 2 * 0.5) for x, y in rolling(rng, -0.02, 0.72, 0.925, 0.025)
    ]
    bank.polygon([*slope, (0.72, 1.02), (-0.02, 1.02)])
    left = ((0.03, 0.62), (0.14, 0.78), (0.215, 0.5), (0.30, 0.33), (0.37, 0.2), (0.08, 0.4), (0.26, 0.24))
    for x, tall in left:
        draw_conifer(bank, (x, 0.97), tall, rng, girth=0.15)
    for x, tall in ((1.47, 0.36), (1.40, 0.2), (1.35, 0.12)):
        draw_conifer(bank, (x, 1.0), tall, rng, girth=0.16)
    bank.paint(canvas, gradient(canvas.size, [(0, (46, 48, 66)), (0.5, (30, 34, 46)), (1, (12, 16, 24))]))


def paint_northern_lights(size: Size, seed: str) -> Image.Image:
    """Paint green and violet northern lights over a fjord, a lit cabin on its shore."""
    canvas = gradient(size, [(0, (6, 10, 30)), (0.3, (10, 24, 52)), (0.55, (20, 58, 78)), (1, (30, 80, 92))])
    add_stars(canvas, dice(seed, "stars"), bottom=0.6, count=1100)
    add_aurora(
        canvas,
        dice(seed, "aurora"),
        curtains=(
            ((-0.1, 0.42), (1.15, 0.2), 0.34, 0.55),
            ((0.3, 0.5), (1.6, 0.3), 0.42, 0.85),
            ((0.55, 0.55), (1.0, 0.5), 0.2, 0.45),
        ),
    )
    _paint_range(
        canvas,
        View(horizon=0.66, eye=0.1, near=4.6, far=10.6, lens=1.6, slices=360),
        seed,
        [
            (0.16, 0.5, 0.13, 2.0),
            (0.9, 0.55, 0.12, 1.9),
            (0.3, 0.2, 0.1, 1.4),
            (0.72, 0.12, 0.12, 1.3),
            (0.5, 0.0, 0.5, 0.8),
        ],
        (0.22, 0.86, -0.46),
        Rock(
            rock=((8, 14, 28), (24, 44, 56)),
            snow=((34, 62, 86), (120, 196, 184)),
            haze=(24, 66, 82),
            distance=0.5,
            snowline=0.15,
        ),
    )
    waterline = 0.68
    add_mist(
        canvas, dice(seed, "mist"), top=0.6, bottom=0.7, colour=(60, 130, 130), density=0.5, cells=(3, 2)
    )
    _paint_cabin(canvas, seed, waterline)
    reflect(
        canvas,
        waterline,
        dice(seed, "water"),
        tint=(206, 222, 226),
        deep=(6, 16, 30),
        roughness=0.45,
        cells=(380, 150),
    )
    _paint_snowy_shore(canvas, seed)
    return add_vignette(canvas, 0.3)


def _paint_snowy_shore(canvas: Image.Image, seed: str) -> None:
    """Paint boulders under snow at the viewer's feet, on which the lights shine."""
    rng = dice(seed, "rocks")
    drifts = smooth_mask(fractal((600, 400), (14, 24), rng, octaves=4), 0.3, 0.75)
    snow = Image.composite(
        gradient((600, 400), [(0, (96, 168, 160)), (0.85, (84, 150, 148)), (1, (20, 50, 62))]),
        gradient((600, 400), [(0, (30, 62, 76)), (0.85, (26, 56, 70)), (1, (6, 16, 28))]),
        drifts,
    ).resize(canvas.size, Image.Resampling.BICUBIC)
    for x, y, wide, tall in (
        (0.1, 1.0, 0.34, 0.1),
        (0.52, 1.03, 0.3, 0.07),
        (1.36, 1.04, 0.34, 0.12),
        (0.86, 1.04, 0.2, 0.06),
    ):
        dome = [
            (
                x + wide * math.cos(turn / 24 * math.pi),
                y - tall * math.sin(turn / 24 * math.pi) ** 0.8 * rng.uniform(0.94, 1.04),
            )
            for turn in range(25)
        ]
        stone = Stencil(canvas.size, (0, 0.8, 1.5, 1))
        stone.polygon(dome)
        stone.paint(canvas, (3, 8, 16))
        stone.paint(canvas, snow, opacity=0.8)


def _paint_cabin(canvas: Image.Image, seed: str, waterline: float) -> None:
    rng = dice(seed, "cabin")
    tongue = Stencil(canvas.size, (0.9, 0.5, 1.5, waterline + 0.01))
    line = [
        (0.98 + 0.54 * share, waterline - 0.05 * share**0.7 + rng.uniform(-0.002, 0.002))
        for share in (step / 24 for step in range(25))
    ]
    tongue.polygon([*line, (1.52, waterline + 0.01), (0.97, waterline + 0.01)])
    for x, tall in (
        (1.24, 0.06),
        (1.275, 0.09),
        (1.31, 0.075),
        (1.35, 0.105),
        (1.39, 0.12),
        (1.44, 0.09),
        (1.48, 0.13),
    ):
        draw_conifer(tongue, (x, waterline - 0.022), tall, rng, girth=0.2)
    tongue.paint(canvas, (7, 13, 22))
    base, left, wide, tall = waterline - 0.013, 1.12, 0.062, 0.03
    for fill, points in (
        ((84, 26, 26), [(left, base), (left, base - tall), (left + wide, base - tall), (left + wide, base)]),
        (
            (18, 24, 34),
            [
                (left - 0.005, base - tall),
                (left + 0.012, base - tall - 0.024),
                (left + wide - 0.012, base - tall - 0.024),
                (left + wide + 0.005, base - tall),
            ],
        ),
        (
            (18, 24, 34),
            [
                (left + 0.042, base - tall - 0.02),
                (left + 0.042, base - tall - 0.035),
                (left + 0.049, base - tall - 0.035),
                (left + 0.049, base - tall - 0.02),
            ],
        ),
    ):
        part = Stencil(canvas.size, (1.05, 0.5, 1.3, 0.7))
        part.polygon(points)
        part.paint(canvas, fill)
    for x in (left + 0.012, left + 0.04):
        window = Stencil(canvas.size, (1.05, 0.5, 1.3, 0.7))
        window.polygon(
            [(x, base - 0.01), (x, base - 0.022), (x + 0.01, base - 0.022), (x + 0.01, base - 0.01)]
        )
        window.paint(canvas, (255, 214, 130))
        add_glow(canvas, (x + 0.005, base - 0.016), 0.07, (255, 160, 60), strength=0.55, falloff=3)
