"""An alpine lake at dawn."""

from __future__ import annotations

from PIL import Image

from ..painting import (
    Point,
    Size,
    Stencil,
    add_glow,
    add_vignette,
    dice,
    gradient,
)
from ..peaks import Rock, paint_peaks
from ..sky import add_clouds
from ..terrain import View
from ..trees import draw_conifer, draw_forest, rolling
from ..water import add_mist, reflect


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
    paint_peaks(
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
    slope: list[Point] = [(x, y + max(0.0, x - 0.2) ** 2 * 0.5) for x, y in rolling(rng, -0.02, 0.72, 0.925, 0.025)]
    bank.polygon([*slope, (0.72, 1.02), (-0.02, 1.02)])
    left = ((0.03, 0.62), (0.14, 0.78), (0.215, 0.5), (0.30, 0.33), (0.37, 0.2), (0.08, 0.4), (0.26, 0.24))
    for x, tall in left:
        draw_conifer(bank, (x, 0.97), tall, rng, girth=0.15)
    for x, tall in ((1.47, 0.36), (1.40, 0.2), (1.35, 0.12)):
        draw_conifer(bank, (x, 1.0), tall, rng, girth=0.16)
    bank.paint(canvas, gradient(canvas.size, [(0, (46, 48, 66)), (0.5, (30, 34, 46)), (1, (12, 16, 24))]))
