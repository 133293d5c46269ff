"""A scene in heavy weather: a lighthouse on its cliff, and the sea below it."""

from __future__ import annotations

import random

from PIL import Image, ImageChops

from ..birds import draw_bird
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
    rounded,
    smooth_mask,
    soften,
    to_mask,
)
from ..sky import add_clouds
from ..terrain import View, blend_colours, bumps, calculate, light_up, paint_terrain, ridges

MAP = (1000, 640)
LIGHT = 1.13  # the x of the lighthouse


def paint_storm_coast(size: Size, seed: str) -> Image.Image:
    """Paint breakers under black clouds, and a lighthouse whose beam crosses the rain."""
    canvas = gradient(
        size,
        [
            (0, (30, 38, 50)),
            (0.25, (62, 74, 86)),
            (0.45, (128, 138, 138)),
            (0.54, (196, 190, 168)),
            (1, (180, 178, 164)),
        ],
    )
    add_glow(canvas, (0.35, 0.53), 0.8, (255, 226, 160), strength=0.55, falloff=2.2, squash=0.4)
    for part, cells, cover, colours, density in (
        ("far", (4, 8), 0.55, ((120, 128, 134), (70, 80, 92)), 0.85),
        ("near", (3, 5), 0.5, ((62, 72, 84), (24, 30, 42)), 0.95),
    ):
        add_clouds(
            canvas,
            dice(seed, f"clouds {part}"),
            bottom=0.5,
            colours=colours,
            cells=cells,
            cover=cover,
            density=density,
            slant=0.08,
        )
    _paint_sea(
        canvas,
        View(horizon=0.545, eye=0.32, near=1.7, far=9.0, lens=1.2, slices=170, bend=-0.6),
        f"{seed}/far",
        (10, 34),
        0.1,
        0.75,
    )
    foot = (LIGHT, _paint_cliff(canvas, seed))
    lamp = _paint_lighthouse(canvas, foot)
    _throw_spray(
        canvas,
        dice(seed, "spray"),
        ((0.86, 0.72, 0.1), (0.96, 0.725, 0.2), (1.1, 0.73, 0.11), (1.28, 0.74, 0.13), (1.45, 0.74, 0.09)),
    )
    _paint_sea(
        canvas,
        View(horizon=0.545, eye=0.32, near=0.55, far=2.0, lens=1.2, slices=280, bend=-0.6),
        f"{seed}/near",
        (4, 12),
        0.085,
        0.1,
    )
    _throw_beams(canvas, lamp)
    _fly_gulls(canvas, dice(seed, "gulls"))
    _let_it_rain(canvas, dice(seed, "rain"))
    return add_vignette(canvas, 0.25)


def _paint_sea(canvas: Image.Image, view: View, seed: str, cells: Size, tall: float, haze: float) -> None:
    """Paint a rough sea: long crests with foam on them, green where the light comes through."""
    folds = fractal(MAP, cells, dice(seed, "folds"), octaves=3, gain=0.36)
    chop = fractal(MAP, (cells[0] * 7, cells[1] * 5), dice(seed, "chop"), octaves=3)
    swell = fractal(MAP, (2, max(2, cells[1] // 4)), dice(seed, "swell"), octaves=2)
    sink = Image.linear_gradient("L").point(curve(lambda t: max(0.0, t - 0.75) ** 1.5 * 6)).resize(MAP).convert("F")
    crest = calculate(lambda a: 1.0 - ((a["f"] - 0.5) ** 2.0 + 0.0006) ** 0.5 * 4.5, f=folds)
    height = calculate(
        lambda a: (a["c"] + (a["s"] - 0.5) * 3.0 + (a["o"] - 0.5) * 0.3 - a["k"] * 0.006 - 0.6) * tall,
        c=crest,
        s=swell,
        o=chop,
        k=sink,
    )
    through = smooth_mask(crest, 0.35, 0.95)
    facing = to_mask(light_up(height, view, (-0.5, 0.42, 0.75)), 0.15, 0.8)
    colours = blend_colours((16, 34, 46), (60, 116, 112), through)
    colours = blend_colours(colours, (170, 182, 176), facing.point(curve(lambda t: t**2 * 0.6)))
    lace = fractal(MAP, (cells[0] * 8, cells[1] * 8), dice(seed, "lace"), octaves=3)
    streaks = fractal(MAP, (cells[0] * 3, cells[1] * 10), dice(seed, "streaks"), octaves=3)
    caps = smooth_mask(calculate(lambda a: a["c"] + (a["l"] - 0.5) * 1.1, c=crest, l=lace), 0.86, 1.02)
    trails = smooth_mask(calculate(lambda a: a["t"] + (a["c"] - 0.5) * 0.12, t=streaks, c=crest), 0.6, 0.7)
    colours = blend_colours(colours, (150, 172, 168), trails.point(curve(lambda t: t * 0.55)))
    colours = blend_colours(colours, (232, 236, 230), caps.point(curve(lambda t: t * 0.92)))
    away = Image.linear_gradient("L").resize(MAP).point(curve(lambda t: haze * (1 - t) ** 1.3))
    paint_terrain(canvas, height, blend_colours(colours, (150, 156, 152), away), view)


def _paint_cliff(canvas: Image.Image, seed: str) -> float:
    """Paint the headland and return the y of its top where the lighthouse stands."""
    view = View(horizon=0.545, eye=0.32, near=1.6, far=3.4, lens=1.2, slices=200)
    rise = bumps(MAP, [(0.78, 0.45, 0.17, 1.0), (1.0, 0.5, 0.2, 1.0), (0.585, 0.6, 0.03, 0.58)])
    crags = ridges(MAP, (9, 7), dice(seed, "crags"), octaves=6)
    scree = fractal(MAP, (120, 90), dice(seed, "scree"), octaves=2)
    steep = smooth_mask(calculate(lambda a: a["r"] + (a["c"] - 0.5) * 0.25, r=rise, c=crags), 0.38, 0.66).convert("F")
    height = calculate(
        lambda a: a["s"] * (0.0056 + a["c"] * 0.0008) + (a["f"] - 0.5) * 0.04 - 0.95,
        s=steep,
        c=crags,
        f=scree,
    )
    sunlit = to_mask(light_up(height, view, (-0.8, 0.5, 0.33)), 0.05, 0.8)
    grass = smooth_mask(calculate(lambda a: a["h"] + (a["f"] - 0.5) * 0.12, h=height, f=scree), 0.44, 0.54)
    beds = to_mask(
        calculate(lambda a: (a["h"] * 16.0 + a["c"] * 1.5) % 1.0 * 0.5 + a["f"] * 0.6, h=height, c=crags, f=scree),
        0.1,
        1.0,
    )
    rock = blend_colours((24, 26, 32), (60, 58, 60), beds)
    colours = blend_colours(
        blend_colours(rock, (30, 44, 40), grass),
        blend_colours((168, 150, 122), (120, 132, 84), grass),
        sunlit.point(curve(lambda t: t * 0.8)),
    )
    wet = to_mask(height, 0.1, -0.06)
    colours = blend_colours(colours, (14, 20, 26), wet.point(curve(lambda t: t * 0.7)))
    skyline = paint_terrain(canvas, height, colours, view)
    return min(y for x, y in skyline if abs(x - LIGHT) < 0.02) + 0.012


def _paint_lighthouse(canvas: Image.Image, foot: Point) -> Point:
    """Paint the tower standing on `foot` with the keeper's house; return where the lamp is."""
    x, y = foot
    tall, wide = 0.23, 0.021

    def at(*points: Point) -> list[Point]:
        return [(x + px * wide, y - py * tall) for px, py in points]

    def half(level: float) -> float:
        return 1 - 0.36 * level

    white, red, iron = (216, 214, 204), (168, 48, 42), (30, 30, 36)
    parts: list[tuple[RGB, list[Point]]] = [
        (white, at((4.6, -0.05), (4.6, 0.1), (0.8, 0.1), (0.8, -0.05))),
        ((96, 50, 46), at((4.9, 0.095), (4.2, 0.17), (1.2, 0.17), (0.6, 0.095))),
        ((60, 54, 54), at((2.2, 0.16), (2.2, 0.2), (2.5, 0.2), (2.5, 0.16))),
        ((255, 210, 130), at((3.9, 0.03), (3.9, 0.07), (3.4, 0.07), (3.4, 0.03))),
        ((50, 56, 66), at((2.6, 0.03), (2.6, 0.07), (2.1, 0.07), (2.1, 0.03))),
    ]
    bands = 5
    for band in range(bands):
        low, high = band / bands * 0.8, (band + 1) / bands * 0.8
        colour = red if band % 2 else white
        parts.append(
            (
                colour,
                at(
                    (-half(low), low - 0.03 * (band == 0)),
                    (-half(high), high),
                    (half(high), high),
                    (half(low), low - 0.03 * (band == 0)),
                ),
            )
        )
    parts += [
        (iron, at((-0.95, 0.8), (-0.95, 0.825), (0.95, 0.825), (0.95, 0.8))),
        ((255, 246, 210), at((-0.5, 0.825), (-0.5, 0.92), (0.5, 0.92), (0.5, 0.825))),
        (iron, at((-0.03, 0.825), (-0.03, 0.92), (0.03, 0.92), (0.03, 0.825))),
        (red, rounded(at((-0.68, 0.915), (-0.5, 0.965), (0.0, 1.0), (0.5, 0.965), (0.68, 0.915)), rounds=1)),
        (iron, at((-0.04, 0.99), (-0.02, 1.05), (0.02, 1.05), (0.04, 0.99))),
    ]
    box = (x - 0.12, y - tall * 1.1, x + 0.12, y + 0.02)
    for colour, points in parts:
        part = Stencil(canvas.size, box)
        part.polygon(points)
        part.paint(canvas, colour)
    rail = Stencil(canvas.size, box)
    rail.line(at((-0.93, 0.86), (0.93, 0.86)), 0.0009)
    for post in range(9):
        rail.line(at((-0.93 + post * 0.2325, 0.86), (-0.93 + post * 0.2325, 0.82)), 0.0009)
    rail.paint(canvas, iron)
    # Round towers are dark on the side away from the light: soft shade over the right half.
    for edge, opacity in ((-0.1, 0.3), (0.35, 0.35)):
        shade = Stencil(canvas.size, box)
        shade.polygon(at((edge, -0.02), (edge * 0.7, 0.8), (half(0.8), 0.8), (1.0, -0.02)))
        shade.paint(canvas, (34, 40, 54), opacity=opacity)
    return x, y - 0.873 * tall


def _throw_beams(canvas: Image.Image, lamp: Point) -> None:
    """Add the two beams of the lamp, which fade with the distance, and its glare."""
    small = (750, 500)
    fade = Image.new("RGB", small)
    add_glow(fade, lamp, 1.25, (255, 255, 255), strength=0.8, falloff=1.5)
    beams = Stencil(small)
    for reach, tilt, spread in ((-1.4, 0.1, 0.085), (0.6, -0.045, 0.06)):
        far = (lamp[0] + reach, lamp[1] + tilt)
        beams.polygon([lamp, (far[0], far[1] - spread), (far[0], far[1] + spread)])
    cone = ImageChops.multiply(soften(beams.mask(), 0.008), fade.getchannel(0))
    canvas.paste(add_light(canvas, cone.resize(canvas.size, Image.Resampling.BICUBIC), (255, 236, 180)))
    add_glow(canvas, lamp, 0.22, (255, 226, 160), strength=0.75, falloff=3)
    add_glow(canvas, lamp, 0.03, (255, 250, 230), strength=1.0, falloff=1.2)


def _throw_spray(canvas: Image.Image, rng: random.Random, bursts: tuple[tuple[float, float, float], ...]) -> None:
    """Paint breakers bursting on the rocks: each of `bursts` is (x, y, height)."""
    for x, y, tall in bursts:
        box = (x - tall * 1.5, y - tall * 1.6, x + tall * 1.5, y + tall * 0.4)
        for count, size, blur, opacity in (
            (200, 0.09, 0.012, 0.8),
            (600, 0.026, 0.003, 0.8),
            (700, 0.008, 0.0, 0.9),
        ):
            spray = Stencil(canvas.size, box)
            for _ in range(count):
                out, up = rng.gauss(0, 0.3), abs(rng.gauss(0, 0.36))
                drop = tall * size * rng.uniform(0.3, 1.0) * (1.2 - min(1.0, up))
                at = (x + out * tall * (1 + up * 0.6) + up * tall * 0.12, y - up * tall)
                spray.ellipse(at, drop, drop * 0.9, rng.randrange(110, 256))
            spray.paint(canvas, (228, 233, 231), blur=blur, opacity=opacity)


def _fly_gulls(canvas: Image.Image, rng: random.Random) -> None:
    flock = Stencil(canvas.size, (0, 0, 1.5, 0.6))
    gulls = (
        (0.42, 0.3, 0.03),
        (0.5, 0.35, 0.022),
        (0.36, 0.38, 0.017),
        (0.6, 0.27, 0.018),
        (0.27, 0.33, 0.013),
    )
    for x, y, span in gulls:
        draw_bird(flock, (x, y), span, tilt=rng.uniform(-0.3, 0.3))
    flock.paint(canvas, (232, 232, 226))


def _let_it_rain(canvas: Image.Image, rng: random.Random) -> None:
    for count, length, width, opacity in ((700, 0.035, 0.0007, 0.16), (160, 0.08, 0.0013, 0.13)):
        rain = Stencil(canvas.size)
        for _ in range(count):
            x, y, long = rng.uniform(-0.05, 1.55), rng.uniform(-0.1, 1.0), length * rng.uniform(0.6, 1.4)
            rain.line([(x, y), (x - long * 0.3, y + long)], width, rng.randrange(120, 256))
        rain.paint(canvas, (206, 216, 222), opacity=opacity)
