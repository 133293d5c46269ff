"""A scene in the woods: sunbeams in the morning fog, and a stag in the clearing."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence

from PIL import Image, ImageChops

from ..painting import (
    RGB,
    Point,
    Size,
    Stencil,
    add_glow,
    add_light,
    add_vignette,
    curve,
    dice,
    fractal,
    gradient,
    mix,
    rounded,
    smooth_mask,
)
from ..trees import draw_conifer, rolling
from ..water import add_mist

SUN: Point = (0.93, 0.2)
FOG: RGB = (214, 206, 152)
DARK: RGB = (13, 25, 22)


def paint_forest_fog(size: Size, seed: str) -> Image.Image:
    """Paint pines in fog, the sun behind them throwing beams across a clearing where a stag stands."""
    canvas = gradient(
        size,
        [
            (0, (70, 104, 96)),
            (0.35, (136, 152, 116)),
            (0.62, (196, 186, 128)),
            (0.8, (126, 132, 88)),
            (1, (50, 66, 50)),
        ],
    )
    add_glow(canvas, SUN, 1.0, (255, 214, 130), strength=0.55, falloff=2.0)
    add_glow(canvas, SUN, 0.26, (255, 244, 206), strength=0.9, falloff=1.8)
    blocked = Image.new("L", size, 0)
    for layer, (share, level) in enumerate(((0.16, 0.6), (0.28, 0.625), (0.42, 0.65))):
        rng = dice(seed, f"spruces {layer}")
        stand = Stencil(size)
        ground = rolling(rng, -0.05, 1.55, level, 0.02)
        stand.polygon([*ground, (1.55, 1.02), (-0.05, 1.02)])
        for _ in range(16):
            x = rng.uniform(-0.05, 1.55)
            clearing = abs(x - 0.9)
            if clearing < 0.08 + 0.06 * layer:
                continue
            draw_conifer(
                stand,
                (x, level + 0.02),
                rng.uniform(0.35, 0.5) + 0.12 * layer + 0.1 * clearing,
                rng,
                girth=0.13,
            )
        stand.paint(canvas, mix(FOG, (36, 62, 52), share), blur=0.0016 * (3 - layer))
        blocked.paste(255, stand.box, stand.mask())
        add_mist(canvas, rng, top=0.42, bottom=0.74, colour=(236, 222, 164), density=0.42, cells=(4, 3))
        add_glow(canvas, SUN, 0.5, (255, 224, 150), strength=0.2, falloff=2.4)
    for layer, (share, level, wide, count) in enumerate(
        ((0.55, 0.69, 0.011, 19), (0.78, 0.76, 0.021, 11), (1.0, 0.86, 0.044, 6))
    ):
        _paint_trunks(canvas, blocked, dice(seed, f"trunks {layer}"), share, level, wide, count)
        add_glow(canvas, (0.95, level + 0.06), 0.42, (255, 214, 120), strength=0.3, falloff=2.2, squash=0.2)
        if layer < 2:
            mist = dice(seed, f"mist {layer}")
            add_mist(canvas, mist, top=0.5, bottom=0.9, colour=(228, 214, 154), density=0.4, cells=(3, 3))
        if layer == 0:
            _paint_stag(canvas, (0.82, 0.765), 0.15, mix(FOG, DARK, 0.92))
    canvas = _add_beams(canvas, blocked, seed)
    _paint_ferns(canvas, dice(seed, "ferns"))
    _hang_boughs(canvas, dice(seed, "boughs"))
    return add_vignette(canvas, 0.35)


def _paint_trunks(
    canvas: Image.Image,
    blocked: Image.Image,
    rng: random.Random,
    share: float,
    level: float,
    wide: float,
    count: int,
) -> None:
    """Paint one row of pine trunks with their broken twigs, and the ground they stand on."""
    stand = Stencil(canvas.size)
    ground = rolling(rng, -0.05, 1.55, level, 0.03)
    stand.polygon([*ground, (1.55, 1.02), (-0.05, 1.02)])
    for x, y in ground:
        for _ in range(14):
            at, tall = x + rng.uniform(-0.02, 0.02), rng.uniform(0.2, 1.0) ** 2 * wide
            stand.polygon(
                [
                    (at - 0.002, y + 0.02),
                    (at + rng.uniform(-0.4, 0.4) * tall, y - tall),
                    (at + 0.002, y + 0.02),
                ]
            )
    for index in range(count):
        x = (index + rng.uniform(0.15, 0.85)) / count * 1.6 - 0.05
        if abs(x - 0.9) < 0.12 + wide * 4:
            continue
        girth, lean = wide * rng.uniform(0.6, 1.15), rng.uniform(-0.03, 0.03)
        bow = rng.uniform(-0.012, 0.012)
        left, right = [], []
        for step in range(13):
            height = step / 12
            centre = x + lean * height + bow * math.sin(height * 5)
            half = girth * (0.5 * (1 - 0.38 * height) + 0.5 * math.exp(-height * 26))
            y = level + 0.03 - height * (level + 0.06)
            left.append((centre - half, y))
            right.append((centre + half, y))
        stand.polygon([*left, *reversed(right)])
        for _ in range(rng.randrange(5, 11)):
            height = rng.uniform(0.3, 0.97)
            root = (x + lean * height, level * (1 - height))
            side, reach = rng.choice((-1, 1)), girth * rng.uniform(1.2, 4.0)
            middle = (root[0] + side * reach * 0.6, root[1] + reach * rng.uniform(-0.1, 0.22))
            tip = (root[0] + side * reach, middle[1] + reach * rng.uniform(0.0, 0.3))
            stand.line([root, middle, tip], girth * 0.09)
            for _ in range(4):
                along = rng.random()
                twig = (middle[0] + (tip[0] - middle[0]) * along, middle[1] + (tip[1] - middle[1]) * along)
                end = (
                    twig[0] + side * girth * rng.uniform(0.1, 0.8),
                    twig[1] + girth * rng.uniform(-0.3, 0.6),
                )
                stand.line([twig, end], girth * 0.04)
    mask = stand.mask()
    bark = smooth_mask(fractal((750, 500), (170, 12), rng, octaves=3), 0.3, 0.7)
    tone = mix(FOG, DARK, share)
    fill = Image.composite(
        Image.new("RGB", bark.size, mix(tone, (92, 84, 58), 0.3)), Image.new("RGB", bark.size, tone), bark
    )
    canvas.paste(fill.resize(canvas.size, Image.Resampling.BICUBIC), stand.box, mask)
    blocked.paste(255, stand.box, mask)
    # What the shifted silhouette leaves uncovered is the edge turned towards the sun.
    step = max(1, round(wide * 0.14 * canvas.height))
    half = canvas.width * 62 // 100
    for offset, box in ((step, (half, 0, canvas.width, canvas.height)), (-step, (0, 0, half, canvas.height))):
        rim = ImageChops.subtract(mask, ImageChops.offset(mask, offset, 0)).crop(box)
        canvas.paste(mix(tone, (255, 226, 160), 0.42), box, rim.point(curve(lambda t: t * 0.8)))


def _add_beams(canvas: Image.Image, blocked: Image.Image, seed: str) -> Image.Image:
    """Return `canvas` with the light that falls between the `blocked` parts smeared away from the sun."""
    small = (600, 400)
    light = ImageChops.invert(blocked.resize(small, Image.Resampling.BOX))
    spot = Image.new("RGB", small)
    add_glow(spot, SUN, 0.55, (255, 255, 255), strength=1.0, falloff=0.8)
    gaps = smooth_mask(fractal(small, (34, 24), dice(seed, "beams"), octaves=2), 0.46, 0.66)
    light = ImageChops.multiply(ImageChops.multiply(light, gaps), spot.getchannel(0))
    centre = (SUN[0] * small[1], SUN[1] * small[1])
    reach = 0.02
    for _ in range(6):
        zoom = 1 / (1 + reach)
        steps = (zoom, 0, centre[0] * (1 - zoom), 0, zoom, centre[1] * (1 - zoom))
        light = ImageChops.add(
            light, light.transform(small, Image.Transform.AFFINE, steps, Image.Resampling.BILINEAR), 1.75
        )
        reach *= 2
    light = light.point(curve(lambda t: max(0.0, t - 0.16) * 1.15))
    return add_light(canvas, light.resize(canvas.size, Image.Resampling.BICUBIC), (255, 216, 128))


STAG: Sequence[Sequence[Point]] = (
    # The body with neck and head, a fore leg, a hind leg, ear and tail; feet at y = 0, ears at y = 1.
    (
        (-0.68, 0.81), (-0.61, 0.88), (-0.51, 0.94), (-0.44, 0.98), (-0.37, 0.94), (-0.33, 0.83),
        (-0.27, 0.73), (-0.16, 0.685), (0.0, 0.65), (0.18, 0.665), (0.31, 0.685), (0.40, 0.63),
        (0.42, 0.55), (0.385, 0.44), (0.33, 0.37), (0.22, 0.375), (0.0, 0.36), (-0.18, 0.345),
        (-0.29, 0.375), (-0.37, 0.46), (-0.425, 0.58), (-0.455, 0.7), (-0.49, 0.78), (-0.57, 0.775),
        (-0.65, 0.765),
    ),
    (
        (-0.33, 0.46), (-0.18, 0.44), (-0.215, 0.3), (-0.225, 0.2), (-0.225, 0.06), (-0.21, 0.0),
        (-0.27, 0.0), (-0.262, 0.1), (-0.268, 0.22), (-0.29, 0.3),
    ),
    (
        (0.18, 0.44), (0.42, 0.52), (0.385, 0.36), (0.415, 0.25), (0.382, 0.12), (0.39, 0.0),
        (0.33, 0.0), (0.34, 0.12), (0.356, 0.225), (0.28, 0.32),
    ),
    ((-0.4, 0.95), (-0.33, 1.0), (-0.25, 1.0), (-0.3, 0.94), (-0.38, 0.91)),
    ((0.39, 0.64), (0.445, 0.6), (0.44, 0.5), (0.4, 0.5)),
)  # fmt: skip
ANTLER: Sequence[Sequence[Point]] = (
    ((-0.43, 0.95), (-0.41, 1.06), (-0.32, 1.16), (-0.27, 1.3), (-0.31, 1.44)),
    ((-0.415, 1.03), (-0.47, 1.07), (-0.51, 1.16)),
    ((-0.35, 1.13), (-0.41, 1.2), (-0.43, 1.3)),
    ((-0.28, 1.26), (-0.22, 1.32), (-0.2, 1.41)),
)


def _paint_stag(canvas: Image.Image, foot: Point, height: float, colour: RGB) -> None:
    """Paint a stag in profile, looking left; `height` is that from the ground to its ears."""
    x, y = foot
    deer = Stencil(canvas.size, (x - height, y - height * 1.6, x + height, y + height * 0.1))

    def at(points: Sequence[Point], aside: float = 0.0) -> list[Point]:
        return [(x + (px + aside) * height, y - py * height) for px, py in points]

    for part in STAG:
        deer.polygon(rounded(at(part)))
    deer.polygon(rounded(at(STAG[1], 0.1)))
    deer.polygon(rounded(at(STAG[2], -0.1)))
    for aside in (0.0, 0.09):
        for tine in ANTLER:
            deer.line(rounded(at(tine, aside * (tine[-1][1] - 0.5)), closed=False), height * 0.02)
    deer.paint(canvas, colour)


def _paint_ferns(canvas: Image.Image, rng: random.Random) -> None:
    for level, tall, count, colour in ((0.93, 0.1, 26, (34, 52, 34)), (1.02, 0.17, 17, (9, 18, 15))):
        bed = Stencil(canvas.size, (0, 0.7, 1.5, 1))
        for index in range(count):
            x = (index + rng.random()) / count * 1.6 - 0.05
            for _ in range(9):
                turn = math.pi / 2 + rng.uniform(-1.15, 1.15)
                _draw_frond(bed, (x, level), tall * rng.uniform(0.5, 1.1), turn)
        bed.paint(canvas, colour)


def _draw_frond(stencil: Stencil, root: Point, length: float, turn: float) -> None:
    """Draw one fern frond that leaves `root` at the angle `turn` (radians) and bends over."""
    x, y = root
    sway = math.cos(turn)
    steps = 16
    for step in range(steps):
        share = step / steps
        nearer = (x, y)
        angle = turn - sway * share * 1.3
        x += math.cos(angle) * length / steps
        y -= math.sin(angle) * length / steps
        stencil.line([nearer, (x, y)], length * 0.014 * (1.2 - share))
        leaf = length * 0.2 * math.sin(math.pi * min(1.0, share * 0.85 + 0.15))
        for side in (-1, 1):
            bend = angle + side * 1.1
            tip = (x + math.cos(bend) * leaf, y - math.sin(bend) * leaf)
            stencil.polygon([nearer, tip, (x, y)])


def _hang_boughs(canvas: Image.Image, rng: random.Random) -> None:
    """Paint the branches of the nearest pines, which reach into the picture from above."""
    boughs = Stencil(canvas.size, (0, 0, 1.5, 0.4))
    for _ in range(70):
        x = rng.choice((rng.triangular(-0.1, 0.6, -0.05), rng.triangular(1.15, 1.6, 1.55)))
        corner = min(1.0, abs(x - 0.88) * 1.3)
        _draw_frond(boughs, (x, rng.uniform(-0.1, 0.02)), rng.uniform(0.12, 0.3) * corner, rng.uniform(-2.3, -0.9))
    boughs.paint(canvas, (10, 20, 17), blur=0.0012)
