"""Still and lively water: reflections, ripples and glitter, in perspective."""

from __future__ import annotations

import random

from PIL import Image, ImageChops

from .painting import RGB, Size, add_light, curve, fractal, smooth_mask, soften, to_mask


def water_box(canvas: Image.Image, waterline: float) -> tuple[int, int, int, int]:
    """The pixel box of everything below `waterline` (canvas units)."""
    return 0, round(waterline * canvas.height), canvas.width, canvas.height


def ripples(size: Size, unit: int, rng: random.Random, *, cells: tuple[int, int] = (300, 90)) -> Image.Image:
    """Return a mode "L" picture of waves lying on a plane that recedes to the top edge.

    `size` is in pixels, `unit` the canvas height in pixels; `cells` counts the waves at the horizon.
    """
    small = (max(1, size[0] // 2), max(1, size[1] // 2))
    flat = to_mask(fractal((1500, 420), cells, rng, octaves=3), 0.25, 0.75)
    depth = 2 / (0.09 * unit)  # the smaller, the steeper the view down on the waves
    middle = flat.width / 2
    scale = flat.width / small[0]
    steps = (scale, middle * depth, 0.0, 0.0, 0.0, flat.height - 1.0, 0.0, depth)
    return flat.transform(small, Image.Transform.PERSPECTIVE, steps, Image.Resampling.BILINEAR).resize(
        size, Image.Resampling.BICUBIC
    )


def reflect(
    canvas: Image.Image,
    waterline: float,
    rng: random.Random,
    *,
    tint: RGB,
    deep: RGB,
    roughness: float = 0.5,
    cells: tuple[int, int] = (300, 90),
) -> None:
    """Fill `canvas` below `waterline` with the mirror image of what stands above it.

    The mirror image is multiplied by `tint` and sinks towards the colour `deep` near the viewer;
    `roughness` (0 to 1) breaks it up.
    """
    box = water_box(canvas, waterline)
    size = (box[2], box[3] - box[1])
    unit = canvas.height
    mirror = canvas.crop((0, max(0, box[1] - size[1]), box[2], box[1])).transpose(Image.Transpose.FLIP_TOP_BOTTOM)
    if mirror.height < size[1]:
        mirror = mirror.resize(size, Image.Resampling.BICUBIC)
    waves = ripples(size, unit, rng, cells=cells)
    stretch = max(1, round(unit * 0.035 * roughness))
    blurred = soften(mirror, 0.002 + 0.004 * roughness, unit=unit)
    longer, shorter = shifted(blurred, stretch // 5, -stretch), shifted(mirror, -(stretch // 5), stretch)
    surface = Image.composite(longer, mirror, waves.point(curve(lambda t: max(0.0, (t - 0.5) * 3))))
    surface = Image.composite(shorter, surface, waves.point(curve(lambda t: max(0.0, (0.42 - t) * 4))))
    surface = ImageChops.multiply(surface, Image.new("RGB", size, tint))
    sink = Image.linear_gradient("L").point(curve(lambda t: 0.08 + 0.55 * t**1.4)).resize(size)
    canvas.paste(Image.composite(Image.new("RGB", size, deep), surface, sink), box)


def shifted(image: Image.Image, across: int, down: int) -> Image.Image:
    """Return `image` moved by so many pixels; what moved out of it stays where it was at the rim."""
    moved = image.copy()
    moved.paste(image, (across, down))
    return moved


def glitter(
    canvas: Image.Image,
    waterline: float,
    rng: random.Random,
    *,
    centre: float,
    width: float,
    colour: RGB,
    strength: float = 1.0,
    cells: tuple[int, int] = (420, 150),
) -> None:
    """Scatter sparks of `colour` on the water in a lane below a light at x = `centre`.

    `width` is the half-width of the lane at the bottom of the picture, in canvas units.
    """
    box = water_box(canvas, waterline)
    size = (box[2], box[3] - box[1])
    unit = canvas.height
    waves = ripples(size, unit, rng, cells=cells).point(curve(lambda t: max(0.0, (t - 0.42) * 3.0)))
    sparks = ripples(size, unit, rng, cells=(cells[0] * 2, cells[1] * 5 // 2))
    sparks = sparks.point(curve(lambda t: strength * max(0.0, (t - 0.45) * 3.4) ** 1.5))
    waves = ImageChops.multiply(waves, sparks)
    lane = Image.linear_gradient("L").rotate(90).point(curve(lambda t: max(0.0, 1 - abs(t * 2 - 1)) ** 1.6))
    middle, half = centre * unit, width * unit
    wide = Image.new("L", size)
    wide.paste(lane.resize((max(2, round(half * 2)), size[1]), Image.Resampling.BICUBIC), (round(middle - half), 0))
    mask = ImageChops.multiply(waves, wide)
    canvas.paste(add_light(canvas.crop(box), mask, colour), box)


def add_mist(
    canvas: Image.Image,
    rng: random.Random,
    *,
    top: float,
    bottom: float,
    colour: RGB,
    density: float = 0.7,
    cells: tuple[int, int] = (4, 6),
) -> None:
    """Lay a bank of drifting mist over `canvas` between the heights `top` and `bottom`."""
    unit = canvas.height
    box = (0, max(0, round(top * unit)), canvas.width, min(canvas.height, round(bottom * unit)))
    size = (box[2] - box[0], box[3] - box[1])
    small = (300, max(8, 300 * size[1] // size[0]))
    cloud = smooth_mask(fractal(small, cells, rng, octaves=4), 0.22, 0.72)
    bank = Image.linear_gradient("L").point(curve(lambda t: density * (1 - abs(t * 2 - 1)) ** 1.3)).resize(small)
    mask = ImageChops.multiply(cloud, bank).resize(size, Image.Resampling.BICUBIC)
    canvas.paste(colour, box, mask)
