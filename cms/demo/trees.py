"""Trees as silhouettes: conifers one by one, and whole forest edges."""

from __future__ import annotations

import itertools
import math
import random
from collections.abc import Sequence

from .painting import Point, Stencil


def draw_conifer(stencil: Stencil, foot: Point, height: float, rng: random.Random, *, girth: float = 0.17) -> None:
    """Draw one spruce standing on `foot`, `height` units tall; `girth` is its half-width as a share of that.

    A tree that is large on the canvas gets single boughs with hanging twigs, a small one an outline.
    """
    if height > 0.1:
        _draw_boughs(stencil, foot, height, rng, girth)
        return
    x, y = foot
    top = y - height
    tiers = max(5, int(height * 140))
    sides = []
    for side in (-1, 1):
        edge: list[Point] = []
        for tier in range(1, tiers + 1):
            share = tier / tiers
            reach = girth * height * share**0.85 * rng.uniform(0.6, 1.15)
            level = top + height * 0.95 * share
            edge.append((x + side * reach * 0.5, level - height * 0.02))
            edge.append((x + side * reach, level + height * rng.uniform(0.0, 0.03)))
        sides.append(edge)
    stencil.polygon([(x, top), *sides[1], *reversed(sides[0])])
    stencil.polygon([(x - height * 0.015, y), (x, top), (x + height * 0.015, y)])


def _draw_boughs(stencil: Stencil, foot: Point, height: float, rng: random.Random, girth: float) -> None:
    x, y = foot
    top = y - height
    stencil.polygon([(x - height * 0.014, y), (x - 0.0008, top), (x + 0.0008, top), (x + height * 0.014, y)])
    whorls = int(24 + height * 60)
    for whorl in range(whorls):
        share = (whorl + rng.random()) / whorls
        level = top + height * (0.015 + 0.93 * share)
        for side in (-1, 1):
            reach = girth * height * (0.06 + share**0.9) * rng.uniform(0.45, 1.1)
            droop = reach * (0.12 + 0.45 * share) * rng.uniform(0.6, 1.3)
            tip = (x + side * reach, level + droop)
            thick = height * (0.004 + 0.008 * share)
            middle = (x + side * reach * 0.55, level + droop * 0.35)
            stencil.polygon(
                [
                    (x, level - thick),
                    (middle[0], middle[1] - thick * 0.8),
                    tip,
                    (middle[0], middle[1] + thick * 1.6),
                    (x, level + thick * 2),
                ]
            )
            for _ in range(2 + int(5 * share)):
                along = rng.uniform(0.15, 0.97)
                root = (x + side * reach * along, level + droop * along**1.6)
                drop = height * rng.uniform(0.012, 0.03) * (0.5 + share)
                end = (root[0] + side * drop * rng.uniform(0.1, 0.9), root[1] + drop)
                stencil.line([root, end], 0.0022 + 0.002 * share)


def draw_forest(
    stencil: Stencil, edge: Sequence[Point], height: float, rng: random.Random, *, spacing: float = 0.15
) -> None:
    """Draw conifers along the line `edge` (from left to right), filling everything below it.

    `height` is that of a middling tree; `spacing` the step from tree to tree as a share of it.
    """
    stencil.polygon([*edge, (edge[-1][0], 1.02), (edge[0][0], 1.02)])
    for (x0, y0), (x1, y1) in itertools.pairwise(edge):
        count = max(1, round((x1 - x0) / (height * spacing)))
        for index in range(count):
            share = (index + rng.random()) / count
            tall = height * rng.choice((0.45, 0.6, 0.75, 0.9, 1.0, 1.15, 1.35)) * rng.uniform(0.85, 1.1)
            foot = (x0 + (x1 - x0) * share, y0 + (y1 - y0) * share + height * 0.12)
            draw_conifer(stencil, foot, tall, rng, girth=rng.uniform(0.15, 0.23))


def rolling(
    rng: random.Random, start: float, end: float, level: float, swing: float, *, points: int = 40
) -> list[Point]:
    """Return a gently wandering line from x = `start` to `end` around y = `level`, within about `swing`."""
    waves = [(rng.uniform(0, math.tau), 2.0**octave, 0.55**octave) for octave in range(5)]
    line = []
    for index in range(points + 1):
        share = index / points
        y = sum(math.sin(phase + share * 4 * rate) * weight for phase, rate, weight in waves)
        line.append((start + (end - start) * share, level + y * swing / 2))
    return line
