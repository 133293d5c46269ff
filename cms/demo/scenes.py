"""The demo's landscapes: what each is called, how it reads to somebody who cannot see it, who draws it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from PIL import Image

from .painters.alpine import paint_alpine_dawn
from .painters.dunes import paint_desert_night
from .painters.fjord import paint_northern_lights
from .painters.harbour import paint_harbour_dusk
from .painters.hills import paint_summer_hills
from .painters.storm import paint_storm_coast
from .painters.woods import paint_forest_fog
from .painting import Size

CREDIT = "Drawn in code for the Darkroom demo"


@dataclass(frozen=True)
class Scene:
    """One landscape and what is to be said about it.

    `name` is its slug; `focus` the point of interest as shares (0 to 1) of width and height, around
    which other formats than 3:2 are cropped; `seed` decides every random detail. `taken`, `place`
    (latitude and longitude in degrees) and `exposure` (seconds, f-number, ISO speed, focal length in
    mm) are those a camera might have recorded. `paint` draws a 3:2 canvas of the given size.
    """

    name: str
    title: str
    alt_text: str
    caption: str
    seed: str
    focus: tuple[float, float]
    taken: datetime
    place: tuple[float, float]
    exposure: tuple[float, float, int, float]
    paint: Callable[[Size, str], Image.Image]
    credit: str = CREDIT


ALPINE_DAWN = Scene(
    name="alpine-dawn",
    title="First light over the lake",
    alt_text=(
        "Snow-covered peaks glow orange in the first sun under pink clouds. A band of mist and dark spruces "
        "lies at their feet, and the still lake in front mirrors the whole range. Tall spruces stand in "
        "silhouette on the left-hand shore."
    ),
    caption="For a few minutes at dawn the summits burn while the lake below still sleeps.",
    seed="g",
    focus=(0.69, 0.42),
    taken=datetime(2025, 9, 21, 6, 48, 12),
    place=(46.0106, 7.6603),
    exposure=(1 / 60, 8.0, 100, 35.0),
    paint=paint_alpine_dawn,
)

NORTHERN_LIGHTS = Scene(
    name="northern-lights",
    title="Northern lights over the fjord",
    alt_text=(
        "Curtains of green and violet northern lights hang across a starry sky above a fjord. Snowy "
        "mountains stand on the far side, pale in the green glow, and the water reflects the lights. On the "
        "right a small red cabin with two lit windows sits on a spit of land beside a row of spruces."
    ),
    caption="Someone is still awake in the cabin, and has the best seat in the house.",
    seed="h",
    focus=(0.72, 0.5),
    taken=datetime(2025, 2, 27, 22, 14, 40),
    place=(68.2340, 14.5680),
    exposure=(8.0, 2.8, 1600, 20.0),
    paint=paint_northern_lights,
)

HARBOUR_DUSK = Scene(
    name="harbour-dusk",
    title="The harbour lights come on",
    alt_text=(
        "An old harbour town climbs a hill on the right, its houses close together, many windows lit, a "
        "church tower above them. Lamps line the quay where boats are moored. The sky fades from orange at "
        "the horizon through pink to deep blue, and its colours and the lamps glitter on the water, where a "
        "blue fishing boat, a sailing boat and a rowing boat lie at anchor."
    ),
    caption="The hour between the last swim and the first glass.",
    seed="c",
    focus=(0.76, 0.5),
    taken=datetime(2025, 7, 5, 21, 9, 3),
    place=(45.0812, 13.6387),
    exposure=(1 / 8, 5.6, 400, 35.0),
    paint=paint_harbour_dusk,
)

DESERT_NIGHT = Scene(
    name="desert-night",
    title="A tent under the Milky Way",
    alt_text=(
        "Moonlit sand dunes roll to the horizon, their crests sharp between light and violet shadow. In a "
        "hollow stands a small tent glowing yellow from inside; a line of footprints leads to it. The Milky "
        "Way rises from an orange strip of sky at the horizon into a dark blue sky full of stars."
    ),
    caption="No neighbours, no clouds, no signal.",
    seed="p",
    focus=(0.54, 0.72),
    taken=datetime(2025, 4, 2, 20, 31, 55),
    place=(31.1499, -3.9709),
    exposure=(15.0, 2.0, 3200, 24.0),
    paint=paint_desert_night,
)

FOREST_FOG = Scene(
    name="forest-fog",
    title="The stag in the clearing",
    alt_text=(
        "Sunbeams fan out through the morning fog of a pine forest. In the clearing they light, a stag "
        "stands in profile, looking left. Dark trunks with broken branches frame the clearing on both "
        "sides, and ferns cover the ground in front."
    ),
    caption="He heard the shutter long before we thought he had.",
    seed="f",
    focus=(0.56, 0.6),
    taken=datetime(2025, 10, 11, 8, 22, 31),
    place=(48.9356, 13.4080),
    exposure=(1 / 250, 4.0, 800, 85.0),
    paint=paint_forest_fog,
)

STORM_COAST = Scene(
    name="storm-coast",
    title="The light in the storm",
    alt_text=(
        "A red and white lighthouse and a small white house stand on a steep dark cliff on the right. Its "
        "two beams cut through rain and black clouds. Below, a rough green sea with white crests breaks "
        "against the rocks and throws up spray; a few gulls fly on the left above a pale strip of horizon."
    ),
    caption="Force nine from the west, and the lamp turns as it does every night.",
    seed="b",
    focus=(0.74, 0.4),
    taken=datetime(2025, 11, 18, 17, 2, 47),
    place=(48.4580, -5.1290),
    exposure=(1 / 125, 5.6, 1600, 50.0),
    paint=paint_storm_coast,
)

SUMMER_HILLS = Scene(
    name="summer-hills",
    title="Balloons over the lavender",
    alt_text=(
        "Four hot-air balloons drift over rolling hills on a summer morning, the nearest striped in red, "
        "cream and orange. Below lie fields of lavender, green meadows and yellow grain divided by hedges, "
        "woods on the slopes and a veil of mist in the valley. The low sun stands pale on the left."
    ),
    caption="Up before the bees, down in time for breakfast.",
    seed="f",
    focus=(0.75, 0.3),
    taken=datetime(2025, 6, 29, 7, 5, 18),
    place=(43.8345, 5.9784),
    exposure=(1 / 500, 8.0, 200, 50.0),
    paint=paint_summer_hills,
)

SCENES: tuple[Scene, ...] = (
    ALPINE_DAWN,
    HARBOUR_DUSK,
    SUMMER_HILLS,
    NORTHERN_LIGHTS,
    FOREST_FOG,
    STORM_COAST,
    DESERT_NIGHT,
)
