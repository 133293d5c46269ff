"""A scene by the sea: a harbour town at dusk, its lights on the water."""

from __future__ import annotations

import random

from PIL import Image

from ..boats import Boat, draw_boat
from ..painting import RGB, Point, Size, Stencil, add_glow, add_vignette, dice, gradient, mix
from ..sky import add_clouds, add_stars
from ..trees import rolling
from ..water import add_mist, glitter, reflect

WATERLINE = 0.62
DUSK: RGB = (54, 44, 84)
LAMP: RGB = (255, 196, 110)
FRONTS: tuple[RGB, ...] = (
    (226, 168, 96),
    (212, 116, 84),
    (236, 214, 176),
    (206, 140, 140),
    (150, 166, 186),
    (224, 190, 130),
    (190, 92, 74),
    (240, 226, 206),
)


def paint_harbour_dusk(size: Size, seed: str) -> Image.Image:
    """Paint a town on a hill above its harbour after sunset, with lamps, boats and reflections."""
    canvas = gradient(
        size,
        [
            (0, (30, 36, 90)),
            (0.2, (70, 64, 130)),
            (0.36, (168, 96, 140)),
            (0.48, (244, 140, 104)),
            (0.6, (255, 196, 112)),
            (1, (255, 200, 120)),
        ],
    )
    add_stars(canvas, dice(seed, "stars"), bottom=0.26, count=160)
    add_clouds(
        canvas,
        dice(seed, "clouds"),
        bottom=0.52,
        colours=((255, 150, 110), (150, 76, 122)),
        cells=(3, 11),
        cover=0.5,
        density=0.85,
        slant=0.06,
    )
    add_glow(canvas, (0.36, WATERLINE), 0.8, (255, 190, 90), strength=0.7, falloff=2.3, squash=0.55)
    for start, tall, colour in ((0.1, 0.13, (204, 116, 120)), (0.3, 0.075, (138, 82, 118))):
        cape = Stencil(size, (0, 0.4, 1.5, WATERLINE + 0.01))
        line = rolling(dice(seed, f"cape {start}"), start, 1.5, 0.0, 0.045)
        slope = [(x, WATERLINE - (tall + y) * min(1.0, (x - start) / 0.55) ** 0.8) for x, y in line]
        cape.polygon([*slope, (1.5, 0.64), (start, 0.64)])
        cape.paint(canvas, colour)
    add_mist(canvas, dice(seed, "mist"), top=0.52, bottom=0.66, colour=(255, 176, 120), density=0.4, cells=(3, 2))
    _paint_town(canvas, dice(seed, "town"))
    _paint_quay(canvas, dice(seed, "quay"))
    reflect(
        canvas,
        WATERLINE,
        dice(seed, "water"),
        tint=(226, 206, 222),
        deep=(30, 26, 66),
        roughness=0.8,
        cells=(320, 130),
    )
    glitter(
        canvas,
        WATERLINE,
        dice(seed, "glitter"),
        centre=0.36,
        width=0.55,
        colour=(255, 190, 110),
        strength=0.9,
    )
    _paint_boats(canvas)
    return add_vignette(canvas, 0.28)


def _hill(x: float) -> float:
    """The y of the ground under the town."""
    rise = max(0.0, min(1.0, (x - 0.62) / 0.75))
    return WATERLINE - 0.02 - 0.25 * (rise * rise * (3 - 2 * rise))


def _paint_town(canvas: Image.Image, rng: random.Random) -> None:
    ground = Stencil(canvas.size, (0.5, 0.2, 1.5, WATERLINE + 0.01))
    edge = [(0.6 + step * 0.02, _hill(0.6 + step * 0.02) - 0.012) for step in range(47)]
    ground.polygon([*edge, (1.52, 0.64), (0.6, 0.64)])
    ground.paint(canvas, (52, 44, 76))
    _paint_church(canvas, (1.26, _hill(1.26) + 0.01))
    rows = 8
    for row in range(rows):
        share = row / (rows - 1)
        wide = 0.03 + 0.018 * share
        x = 0.66 + rng.uniform(0, 0.03) - 0.04 * share
        while x < 1.52:
            top = _hill(x)
            base = top + (WATERLINE - 0.012 - top) * share + rng.uniform(-0.006, 0.006) * (share < 1)
            width = wide * rng.uniform(0.75, 1.2)
            if rng.random() < 0.16 and row < rows - 1:
                _paint_bush(canvas, (x + width / 2, base), width * rng.uniform(0.5, 0.8), rng)
            else:
                _paint_house(canvas, (x, base), width, width * rng.uniform(0.9, 1.45), share, rng)
            x += width * rng.uniform(0.92, 1.12)


def _paint_house(
    canvas: Image.Image, corner: Point, wide: float, tall: float, near: float, rng: random.Random
) -> None:
    """Paint one house; `corner` is the lower left one of its front."""
    x, y = corner
    box = (x - 0.01, y - tall * 1.5, x + wide + 0.01, y + 0.03)
    front = mix(mix(rng.choice(FRONTS), DUSK, 0.56), (196, 110, 110), 0.22 * (1 - near))
    wall = Stencil(canvas.size, box)
    wall.polygon([(x, y + 0.02), (x, y - tall), (x + wide, y - tall), (x + wide, y + 0.02)])
    wall.paint(canvas, front)
    side = Stencil(canvas.size, box)
    side.polygon(
        [(x + wide * 0.78, y + 0.02), (x + wide * 0.78, y - tall), (x + wide, y - tall), (x + wide, y + 0.02)]
    )
    side.paint(canvas, mix(front, (26, 22, 52), 0.42))
    roof = Stencil(canvas.size, box)
    eaves, ridge = wide * 0.07, tall * rng.uniform(0.2, 0.34)
    roof.polygon(
        [
            (x - eaves, y - tall),
            (x + wide * 0.2, y - tall - ridge),
            (x + wide * 0.9, y - tall - ridge),
            (x + wide + eaves, y - tall),
        ]
    )
    roof.paint(canvas, mix((168, 78, 62), DUSK, rng.uniform(0.45, 0.65)))
    floors, columns = max(2, round(tall / 0.016)), rng.choice((2, 2, 3))
    for lit in (False, True):
        panes = Stencil(canvas.size, box)
        state = random.Random(f"{x:.4f} {y:.4f}")  # noqa: S311 - the same windows both times
        for floor in range(floors):
            for column in range(columns):
                if (state.random() < 0.36) is not lit:
                    continue
                left = x + wide * 0.74 * (column + 0.28) / columns
                top = y - tall + tall * (floor + 0.26) / floors
                right, low = left + wide * 0.3 / columns, top + tall * 0.5 / floors
                panes.polygon([(left, top), (right, top), (right, low), (left, low)])
        panes.paint(canvas, mix(LAMP, (255, 236, 190), state.random() * 0.6) if lit else mix(front, (24, 24, 52), 0.6))


def _paint_bush(canvas: Image.Image, foot: Point, radius: float, rng: random.Random) -> None:
    bush = Stencil(canvas.size, (foot[0] - radius * 2, foot[1] - radius * 2.4, foot[0] + radius * 2, foot[1] + radius))
    for _ in range(14):
        bush.ellipse(
            (foot[0] + rng.uniform(-0.7, 0.7) * radius, foot[1] - radius * rng.uniform(0.1, 1.1)),
            radius * 0.42,
            radius * 0.36,
        )
    bush.paint(canvas, mix((30, 44, 52), DUSK, rng.uniform(0.1, 0.4)))


def _paint_church(canvas: Image.Image, foot: Point) -> None:
    x, y = foot
    for colour, points in (
        ((132, 96, 112), [(x - 0.02, y), (x - 0.02, y - 0.135), (x + 0.02, y - 0.135), (x + 0.02, y)]),
        ((84, 62, 92), [(x + 0.008, y), (x + 0.008, y - 0.135), (x + 0.02, y - 0.135), (x + 0.02, y)]),
        ((92, 58, 80), [(x - 0.024, y - 0.134), (x, y - 0.215), (x + 0.024, y - 0.134)]),
        (
            (60, 42, 72),
            [(x - 0.001, y - 0.21), (x - 0.001, y - 0.24), (x + 0.001, y - 0.24), (x + 0.001, y - 0.21)],
        ),
        (
            (60, 42, 72),
            [(x - 0.006, y - 0.229), (x - 0.006, y - 0.231), (x + 0.006, y - 0.231), (x + 0.006, y - 0.229)],
        ),
        (
            (255, 206, 130),
            [
                (x - 0.011, y - 0.1),
                (x - 0.011, y - 0.116),
                (x - 0.006, y - 0.121),
                (x - 0.001, y - 0.116),
                (x - 0.001, y - 0.1),
            ],
        ),
    ):
        part = Stencil(canvas.size, (x - 0.05, y - 0.26, x + 0.05, y + 0.01))
        part.polygon(points)
        part.paint(canvas, colour)
    add_glow(canvas, (x - 0.006, y - 0.11), 0.05, LAMP, strength=0.5, falloff=2.6)


def _paint_quay(canvas: Image.Image, rng: random.Random) -> None:
    wall = Stencil(canvas.size, (0.3, 0.55, 1.5, WATERLINE + 0.01))
    wall.polygon(
        [
            (0.5, WATERLINE + 0.01),
            (0.5, WATERLINE - 0.012),
            (0.62, WATERLINE - 0.014),
            (1.52, WATERLINE - 0.014),
            (1.52, WATERLINE + 0.01),
        ]
    )
    wall.paint(canvas, (46, 38, 66))
    post = Stencil(canvas.size, (0.45, 0.5, 1.5, WATERLINE))
    lamps = [0.52 + step * 0.083 + rng.uniform(-0.008, 0.008) for step in range(12)]
    for x in lamps:
        post.line([(x, WATERLINE - 0.012), (x, WATERLINE - 0.052)], 0.0016)
    post.polygon([(0.498, WATERLINE), (0.502, WATERLINE - 0.06), (0.512, WATERLINE - 0.06), (0.516, WATERLINE)])
    post.paint(canvas, (36, 30, 56))
    for x in lamps:
        add_glow(canvas, (x, WATERLINE - 0.054), 0.075, LAMP, strength=0.6, falloff=3.2)
        add_glow(canvas, (x, WATERLINE - 0.054), 0.009, (255, 240, 206), strength=1.0, falloff=0.9)
    add_glow(canvas, (0.507, WATERLINE - 0.066), 0.06, (120, 255, 150), strength=0.7, falloff=3)
    moored: tuple[tuple[float, float, RGB, float], ...] = (
        (0.70, 0.075, (216, 206, 200), 1.5),
        (0.79, 0.06, (96, 116, 160), 1.35),
        (0.91, 0.085, (220, 210, 206), 1.45),
        (1.02, 0.06, (150, 60, 60), 0.0),
        (1.13, 0.08, (210, 204, 204), 1.5),
        (1.25, 0.07, (70, 110, 130), 0.5),
        (1.37, 0.085, (214, 204, 200), 1.4),
    )
    for x, length, colour, mast in moored:
        hull = mix(colour, DUSK, 0.42)
        draw_boat(
            canvas,
            Boat(
                (x, WATERLINE + 0.001),
                length,
                hull,
                mix((240, 190, 150), DUSK, 0.4),
                mast=mast,
                cabin=mast < 1,
            ),
            (40, 32, 58),
        )


def _paint_boats(canvas: Image.Image) -> None:
    """Paint the boats that lie at anchor nearer to the viewer."""
    draw_boat(
        canvas,
        Boat((0.47, 0.7), 0.13, (92, 60, 84), (240, 170, 120), mast=1.35),
        (34, 26, 54),
        reflection=0.55,
    )
    draw_boat(
        canvas,
        Boat((1.16, 0.755), 0.2, (40, 66, 104), (226, 190, 160), mast=0.62, cabin=True, heading=-1),
        (26, 22, 46),
        reflection=0.6,
    )
    dinghy = Boat((0.25, 0.84), 0.16, (74, 36, 56), (250, 186, 120), mast=0.0)
    draw_boat(canvas, dinghy, (22, 16, 36), reflection=0.7)
