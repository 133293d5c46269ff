"""Northern lights over a fjord."""

from __future__ import annotations

import math

from PIL import Image

from ..painting import (
    Size,
    Stencil,
    add_glow,
    add_vignette,
    dice,
    fractal,
    gradient,
    smooth_mask,
)
from ..peaks import Rock, paint_peaks
from ..sky import add_aurora, add_stars
from ..terrain import View
from ..trees import draw_conifer
from ..water import add_mist, reflect


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
    paint_peaks(
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
    add_mist(canvas, dice(seed, "mist"), top=0.6, bottom=0.7, colour=(60, 130, 130), density=0.5, cells=(3, 2))
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
        window.polygon([(x, base - 0.01), (x, base - 0.022), (x + 0.01, base - 0.022), (x + 0.01, base - 0.01)])
        window.paint(canvas, (255, 214, 130))
        add_glow(canvas, (x + 0.005, base - 0.016), 0.07, (255, 160, 60), strength=0.55, falloff=3)
