"""Boats seen from the side, with their mirror image in the water."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

from PIL import Image

from .painting import RGB, Point, Stencil, mix, rounded


@dataclass(frozen=True)
class Boat:
    """A boat: `keel` is the point of the waterline amidships, `length` that of the hull in canvas units."""

    keel: Point
    length: float
    hull: RGB
    trim: RGB
    mast: float = 1.2
    cabin: bool = False
    sail: RGB | None = None
    heading: int = 1


def draw_boat(canvas: Image.Image, boat: Boat, shade: RGB, *, reflection: float = 0.0) -> None:
    """Paint `boat` onto `canvas`; `shade` is the colour of its rigging and of the dark below the rail.

    With `reflection` (0 to 1) its mirror image is painted below it, rippled and that opaque.
    """
    for flip in (-1, 1) if reflection else (1,):
        opacity = reflection if flip < 0 else 1.0
        for colour, shape, width in _shapes(boat, shade):
            x, y = boat.keel
            points = [(x + px * boat.heading * boat.length, y - py * flip * boat.length) for px, py in shape]
            if flip < 0:
                rng = random.Random(len(points))  # noqa: S311 - ripples, not a secret
                points = [(px + rng.uniform(-1, 1) * (py - y) * 0.04, y + (py - y) * 0.8) for px, py in points]
            across, down = [px for px, _ in points], [py for _, py in points]
            rim = 0.004 + width * boat.length
            part = Stencil(canvas.size, (min(across) - rim, min(down) - rim, max(across) + rim, max(down) + rim))
            if width:
                part.line(points, width * boat.length)
            else:
                part.polygon(points)
            part.paint(
                canvas,
                colour if flip > 0 else mix(colour, shade, 0.35),
                opacity=opacity,
                blur=0 if flip > 0 else 0.0012,
            )


def _shapes(boat: Boat, shade: RGB) -> list[tuple[RGB, Sequence[Point], float]]:
    """Colour, outline (in hull lengths, y upwards) and, for a line, its width."""
    hull = rounded(
        [
            (-0.5, 0.13),
            (-0.46, 0.0),
            (-0.4, -0.005),
            (0.36, -0.005),
            (0.44, 0.02),
            (0.52, 0.17),
            (0.3, 0.125),
            (0.0, 0.105),
            (-0.3, 0.11),
        ],
        rounds=2,
    )
    stripe = [
        (-0.495, 0.115),
        (-0.3, 0.093),
        (0.0, 0.088),
        (0.3, 0.108),
        (0.5, 0.15),
        (0.515, 0.168),
        (0.3, 0.125),
        (0.0, 0.105),
        (-0.3, 0.11),
        (-0.5, 0.13),
    ]
    shapes: list[tuple[RGB, Sequence[Point], float]] = []
    top = boat.mast
    if boat.mast:
        shapes.append((shade, [(0.04, 0.08), (0.04, top)], 0.014))
        for end in ((0.5, 0.15), (-0.48, 0.12)):
            shapes.append((mix(shade, (150, 140, 150), 0.3), [(0.04, top), end], 0.004))
        if boat.sail:
            main = rounded(
                [(0.025, 0.2), (0.025, top * 0.97), (-0.16, top * 0.55), (-0.4, 0.21), (-0.2, 0.185)],
                rounds=2,
            )
            jib = rounded([(0.06, top * 0.86), (0.06, 0.24), (0.2, 0.2), (0.47, 0.18), (0.24, top * 0.46)], rounds=2)
            shapes += [(boat.sail, main, 0.0), (mix(boat.sail, shade, 0.18), jib, 0.0)]
        else:
            shapes += [
                (shade, [(0.04, 0.2), (-0.4, 0.2)], 0.012),
                (
                    mix(boat.trim, shade, 0.4),
                    rounded([(0.0, 0.2), (-0.38, 0.2), (-0.36, 0.235), (0.0, 0.245)], rounds=2),
                    0.0,
                ),
            ]
    if boat.cabin:
        shapes.append((mix(boat.trim, shade, 0.15), [(-0.16, 0.1), (-0.15, 0.3), (0.14, 0.3), (0.2, 0.1)], 0.0))
        shapes.append((mix(boat.hull, shade, 0.4), [(-0.19, 0.3), (-0.18, 0.325), (0.17, 0.325), (0.18, 0.3)], 0.0))
        for left in (-0.12, -0.02, 0.07):
            shapes.append(
                ((255, 208, 130), [(left, 0.2), (left, 0.265), (left + 0.06, 0.265), (left + 0.06, 0.2)], 0.0)
            )
    return [*shapes, (boat.hull, hull, 0.0), (boat.trim, stripe, 0.0)]
