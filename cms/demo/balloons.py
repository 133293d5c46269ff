"""Hot-air balloons."""

from __future__ import annotations

import math
from collections.abc import Sequence

from PIL import Image

from .painting import RGB, Point, Stencil, mix

GORES = 12


def draw_balloon(
    canvas: Image.Image, centre: Point, radius: float, colours: Sequence[RGB], *, haze: tuple[RGB, float]
) -> None:
    """Paint a balloon onto `canvas`, lit from the left.

    `centre` is that of its round top, `radius` its half-width (canvas units); its gores take `colours`
    in turn. `haze` is the colour of the air and how much of it lies between (0 to 1).
    """
    x, y = centre
    box = (x - radius * 1.3, y - radius * 1.3, x + radius * 1.3, y + radius * 2.2)
    levels = [step / 28 for step in range(29)]
    heights = [y - radius + radius * 2.42 * level for level in levels]
    for gore in range(GORES):
        start, end = (math.pi * (gore + edge) / GORES - math.pi / 2 for edge in (0, 1))
        # Towards the left, where the sun stands, the gores are bright; the right-hand rim is in shade.
        light = 0.5 - 0.5 * math.sin((start + end) / 2 + 0.35)
        colour = colours[gore % len(colours)]
        lit = mix(mix(colour, (40, 46, 70), 0.55), mix(colour, (255, 246, 224), 0.28), light)
        left = [(x + radius * _girth(level) * math.sin(start), at) for level, at in zip(levels, heights, strict=True)]
        right = [(x + radius * _girth(level) * math.sin(end), at) for level, at in zip(levels, heights, strict=True)]
        gores = Stencil(canvas.size, box)
        gores.polygon([*left, *reversed(right)])
        gores.paint(canvas, mix(lit, haze[0], haze[1]))
    basket = Stencil(canvas.size, box)
    mouth, floor = y + radius * 1.42, y + radius * 1.86
    for side in (-1, 1):
        basket.line(
            [(x + side * radius * 0.2, mouth), (x + side * radius * 0.1, floor - radius * 0.18)],
            radius * 0.015,
        )
    basket.polygon(
        [
            (x - radius * 0.12, floor - radius * 0.2),
            (x + radius * 0.12, floor - radius * 0.2),
            (x + radius * 0.1, floor),
            (x - radius * 0.1, floor),
        ]
    )
    basket.paint(canvas, mix((74, 48, 32), haze[0], haze[1]))


def _girth(level: float) -> float:
    """Half-width of the envelope at `level` (0 at the top, 1 at the mouth) as a share of the widest."""
    drop = level * 2.42 - 1
    if drop < 0.25:
        return math.sqrt(max(0.0, 1 - (drop / 1.0) ** 2)) if drop < 0 else 1 - 0.02 * (drop / 0.25) ** 2
    share = (drop - 0.25) / 1.17
    return 0.98 - 0.77 * share**1.25
