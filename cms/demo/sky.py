"""Clouds, stars and northern lights."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from functools import cache, lru_cache

from PIL import Image, ImageChops, ImageFilter

from .painting import RGB, Point, Stencil, add_light, curve, fractal, smooth_mask, soften


def add_clouds(
    canvas: Image.Image,
    rng: random.Random,
    *,
    bottom: float,
    colours: tuple[RGB, RGB],
    cells: tuple[int, int] = (4, 9),
    cover: float = 0.5,
    density: float = 0.8,
    slant: float = 0.0,
) -> None:
    """Drift clouds over the sky of `canvas` from its top edge down to y = `bottom`.

    `colours` are those of thin edges and of thick hearts; `cover` (0 to 1) is the share of sky covered;
    `slant` tips the streaks, down per step to the left.
    """
    size = (canvas.width, round(bottom * canvas.height))
    small = (min(900, size[0]), max(2, round(min(900, size[0]) * size[1] / size[0])))
    field = fractal((small[0], small[1] * 2), cells, rng, octaves=6, gain=0.55)
    start = (0.5 - slant * 0.75) * small[1]
    field = field.transform(small, Image.Transform.AFFINE, (1, 0, 0, slant, 1, start), Image.Resampling.BILINEAR)
    low = 0.68 - cover * 0.4
    cloud, heart = smooth_mask(field, low, low + 0.26), smooth_mask(field, low + 0.08, low + 0.32)
    fade = Image.linear_gradient("L").point(curve(lambda t: density * min(1.0, (1 - t) * 3.5))).resize(small)
    mask = ImageChops.multiply(cloud, fade).resize(size, Image.Resampling.BICUBIC)
    body = Image.composite(Image.new("RGB", small, colours[1]), Image.new("RGB", small, colours[0]), heart)
    canvas.paste(body.resize(size, Image.Resampling.BICUBIC), (0, 0), mask)


def add_stars(
    canvas: Image.Image, rng: random.Random, *, bottom: float, count: int = 900, colour: RGB = (226, 232, 255)
) -> None:
    """Scatter `count` stars of very different brightness above y = `bottom`, fading out towards it."""
    sky = Stencil(canvas.size, (0, 0, 1.5, bottom))
    for _ in range(count):
        x, y = rng.random() * 1.5, rng.random() * bottom
        bright = rng.random() ** 5
        fade = min(1.0, (bottom - y) / bottom * 2.2)
        radius = 0.00055 + 0.0013 * bright
        sky.ellipse((x, y), radius, radius, round((70 + 185 * bright) * fade))
    sky.paint(canvas, colour)


def add_milky_way(canvas: Image.Image, rng: random.Random, *, foot: Point, lean: float, width: float) -> None:
    """Lay the Milky Way across the sky: a leaning band of star clouds with dark lanes in it.

    It rises from `foot`, `lean` units to the right per unit of height, `width` units to either side.
    """
    small = (600, 400)
    unit = small[1]
    band = Image.linear_gradient("L").rotate(90).point(curve(lambda t: max(0.0, 1 - abs(t * 2 - 1)) ** 1.5))
    band = band.resize((round(width * 2 * unit), 8))
    belt = Image.new("L", (small[0] * 3, 8))
    belt.paste(band, (small[0], 0))
    start = small[0] + width * unit - foot[0] * unit - lean * foot[1] * unit
    belt = belt.resize((belt.width, unit))
    belt = belt.transform(small, Image.Transform.AFFINE, (1, lean, start, 0, 1, 0), Image.Resampling.BILINEAR)
    clouds = smooth_mask(fractal(small, (9, 6), rng, octaves=6, gain=0.6), 0.25, 0.75)
    lanes = smooth_mask(fractal(small, (7, 7), rng, octaves=6, gain=0.6), 0.4, 0.62)
    core = belt.point(curve(lambda t: t**2.5))
    glow = ImageChops.multiply(belt, clouds)
    dust = ImageChops.multiply(ImageChops.multiply(core, lanes), clouds)
    sheet = add_light(add_light(Image.new("RGB", small), glow, (78, 92, 140)), dust, (190, 150, 128))
    canvas.paste(ImageChops.screen(canvas, sheet.resize(canvas.size, Image.Resampling.BICUBIC)))
    stars = Stencil(canvas.size)
    for _ in range(3200):
        y = rng.random() * foot[1]
        x = foot[0] + lean * (foot[1] - y) + rng.gauss(0, width * 0.42)
        bright = rng.random() ** 4
        radius = 0.0005 + 0.0005 * bright
        fade = min(1.0, (foot[1] - y) * 4)
        stars.ellipse((x, y), radius, radius, round((60 + 150 * bright) * fade))
    stars.paint(canvas, (236, 232, 240))


def add_aurora(
    canvas: Image.Image, rng: random.Random, *, curtains: Sequence[tuple[Point, Point, float, float]]
) -> None:
    """Hang northern lights in the sky.

    Each of `curtains` is (left end, right end, height of its rays, strength 0 to 1). A curtain is a
    folded line along which rays stand, green at their sharp lower edge and violet far up; where the
    line folds back the rays add up.
    """
    small = (540, 360)
    green, violet = Image.new("L", small), Image.new("L", small)
    for left, right, tall, strength in curtains:
        phases = [rng.uniform(0, math.tau) for _ in range(8)]
        samples = 800
        for index in range(samples):
            share = index / samples
            fold = sum(math.sin(phases[k] + share * (7, 13, 23)[k]) * (0.06, 0.035, 0.02)[k] for k in range(3))
            sway = sum(math.sin(phases[k + 3] + share * (5, 11, 19)[k]) * (0.035, 0.02, 0.012)[k] for k in range(3))
            x = (left[0] + (right[0] - left[0]) * share + fold) * small[1]
            y = (left[1] + (right[1] - left[1]) * share + sway) * small[1]
            rays = 0.55 + 0.25 * math.sin(phases[6] + share * 61) + 0.2 * math.sin(phases[7] + share * 173)
            ends = min(1.0, share * 6, (1 - share) * 6)
            power = strength * rays * ends
            reach = tall * small[1] * (0.6 + 0.6 * rays)
            _add_ray(green, x, y, reach * 0.75, power * 0.46, 2.2)
            _add_ray(violet, x, y - reach * 0.18, reach * 1.25, power * 0.23, 1.3)
    sheet = Image.new("RGB", small)
    for mask, colour in (
        (violet.filter(ImageFilter.GaussianBlur(0.8)), (150, 74, 220)),
        (green.filter(ImageFilter.GaussianBlur(0.8)), (70, 255, 160)),
        (soften(green, 0.06), (40, 150, 110)),
    ):
        sheet = add_light(sheet, mask, colour)
    canvas.paste(ImageChops.screen(canvas, sheet.resize(canvas.size, Image.Resampling.BICUBIC)))


def _add_ray(sheet: Image.Image, x: float, y: float, reach: float, power: float, falloff: float) -> None:
    height = max(4, round(reach / 4) * 4)
    left, top = round(x), round(y) - height
    box = (max(0, left), max(0, top), min(sheet.width, left + 2), min(sheet.height, top + height))
    if box[0] >= box[2] or box[1] >= box[3]:
        return
    ray = _ray(height, round(power * 50) * 2, falloff)
    ray = ray.crop((box[0] - left, box[1] - top, box[2] - left, box[3] - top))
    sheet.paste(ImageChops.add(sheet.crop(box), ray), box)


@lru_cache(maxsize=2000)
def _ray(height: int, percent: int, falloff: float) -> Image.Image:
    """A ray two pixels wide: dark at the top, brightest just above its foot."""
    return Image.linear_gradient("L").resize((2, height)).point(_ray_profile(percent, falloff))


@cache
def _ray_profile(percent: int, falloff: float) -> list[int]:
    return curve(lambda t: percent / 100 * t**falloff * min(1.0, (1 - t) * 9))
