"""Fields and balloons on a summer morning."""

from __future__ import annotations

from PIL import Image, ImageChops, ImageFilter

from ..balloons import draw_balloon
from ..painting import (
    RGB,
    Size,
    add_glow,
    add_vignette,
    curve,
    dice,
    fractal,
    gradient,
    smooth_mask,
    to_mask,
)
from ..sky import add_clouds
from ..terrain import View, blend_colours, calculate, light_up, paint_terrain
from ..water import add_mist

MAP = (900, 640)
CROPS: tuple[RGB, ...] = (
    (136, 160, 74),
    (168, 178, 88),
    (214, 190, 106),
    (108, 144, 68),
    (196, 170, 96),
    (146, 122, 170),
    (124, 156, 72),
    (226, 206, 130),
)


def paint_summer_hills(size: Size, seed: str) -> Image.Image:
    """Paint fields and hedges on rolling hills, morning mist between them, hot-air balloons above."""
    canvas = gradient(
        size,
        [
            (0, (70, 132, 200)),
            (0.22, (128, 178, 220)),
            (0.42, (214, 220, 214)),
            (0.52, (255, 232, 190)),
            (1, (255, 232, 190)),
        ],
    )
    add_clouds(
        canvas,
        dice(seed, "clouds"),
        bottom=0.46,
        colours=((255, 252, 244), (226, 230, 238)),
        cells=(5, 9),
        cover=0.42,
        density=0.85,
    )
    add_glow(canvas, (0.22, 0.44), 1.1, (255, 214, 140), strength=0.7, falloff=2.4, squash=0.7)
    add_glow(canvas, (0.22, 0.43), 0.16, (255, 244, 214), strength=1.0, falloff=2.2)
    _paint_fields(
        canvas,
        View(horizon=0.5, eye=0.75, near=3.4, far=13.0, lens=1.5, slices=260, bend=-0.2),
        f"{seed}/far",
        (9, 14),
        0.85,
        0.75,
    )
    add_mist(canvas, dice(seed, "mist"), top=0.5, bottom=0.74, colour=(255, 238, 208), density=0.6, cells=(4, 3))
    _paint_fields(
        canvas,
        View(horizon=0.5, eye=0.75, near=1.15, far=3.9, lens=1.5, slices=300, bend=-0.5),
        f"{seed}/near",
        (6, 5),
        0.36,
        0.22,
    )
    air = (238, 224, 200)
    for centre, radius, colours, distance in (
        ((1.13, 0.24), 0.1, ((206, 44, 40), (250, 236, 214), (232, 150, 40)), 0.06),
        ((0.70, 0.30), 0.046, ((40, 96, 160), (244, 206, 70)), 0.25),
        ((0.89, 0.42), 0.022, ((190, 60, 90), (250, 240, 230)), 0.42),
        ((0.47, 0.41), 0.017, ((60, 140, 110), (246, 232, 190)), 0.5),
    ):
        draw_balloon(canvas, centre, radius, colours, haze=(air, distance))
    return add_vignette(canvas, 0.18)


def _paint_fields(canvas: Image.Image, view: View, seed: str, plots: Size, tall: float, haze: float) -> None:
    swell = fractal(MAP, (3, 4), dice(seed, "swell"), octaves=3, gain=0.4)
    lay = dice(seed, "plots")
    small = Image.new("L", plots)
    small.putdata([lay.randrange(256) for _ in range(plots[0] * plots[1])])
    large = small.resize((MAP[0] * 2, MAP[1] * 2), Image.Resampling.NEAREST).rotate(24)
    large = large.crop((MAP[0] // 2, MAP[1] // 2, MAP[0] * 3 // 2, MAP[1] * 3 // 2))
    hedges = (
        large.filter(ImageFilter.FIND_EDGES)
        .point(lambda value: 255 if value > 3 else 0)
        .filter(ImageFilter.MaxFilter(5))
    )
    leaves = fractal(MAP, (150, 110), dice(seed, "leaves"), octaves=2)
    woods = smooth_mask(
        calculate(
            lambda a: a["w"] + (a["l"] - 0.5) * 0.2,
            w=fractal(MAP, (6, 8), dice(seed, "woods"), octaves=3),
            l=leaves,
        ),
        0.6,
        0.63,
    )
    green = ImageChops.lighter(ImageChops.multiply(hedges, to_mask(leaves, 0.35, 0.5)), woods)
    sink = Image.linear_gradient("L").point(curve(lambda t: max(0.0, t - 0.75) ** 1.5 * 6)).resize(MAP).convert("F")
    height = calculate(
        lambda a: (a["s"] - 0.5) * tall * 2.4 + a["g"] * (0.00022 * tall) * (a["l"] + 0.4) - a["k"] * 0.004 * tall,
        s=swell,
        g=green.convert("F"),
        l=leaves,
        k=sink,
    )
    sunlit = to_mask(light_up(height, view, (-0.84, 0.42, 0.34)), 0.1, 0.8)
    crops = Image.merge(
        "RGB",
        [large.point([CROPS[value * len(CROPS) // 256][band] for value in range(256)]) for band in range(3)],
    )
    furrows = to_mask(fractal(MAP, (40, 260), dice(seed, "furrows"), octaves=2), 0.2, 0.9)
    crops = blend_colours(crops, (70, 84, 40), furrows.point(curve(lambda t: t * 0.35)))
    ground = blend_colours(crops, (44, 70, 36), green)
    colours = blend_colours(
        ImageChops.multiply(ground, Image.new("RGB", MAP, (126, 140, 150))),
        ImageChops.multiply(ground, Image.new("RGB", MAP, (255, 240, 206))),
        sunlit,
    )
    away = Image.linear_gradient("L").resize(MAP).point(curve(lambda t: haze * (1 - t) ** 0.9))
    paint_terrain(canvas, height, blend_colours(colours, (238, 220, 190), away), view)
