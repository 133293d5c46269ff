"""Which rungs the ladder of a film has: sizes, and pictures a second."""

from dataclasses import dataclass
from fractions import Fraction
from math import ceil

from media_library.video.probe import Film
from media_library.video.processing import SHORT_SIDES, VideoProcessing

FIRST_SHORT_SIDE = 480
"""The first rung to be made is the largest up to this: half of all work is done by then, and it looks decent."""

FALLBACK_SHORT_SIDE = 720
"""For clients without HLS, MP4 and WebM are made in one size: the largest rung up to this."""

OWN_SIZE = 1.1
"""How many times as large as the next rung a film must be to get a rung of its own size."""

PEAKS = {1080: 7_800_000, 720: 4_500_000, 480: 2_000_000, 360: 1_100_000}
"""Bits a second at most, after the averages of Apple's HLS Authoring Specification (for 1920x1080, 1280x720, 768x432
and 640x360 at 30 pictures a second), which peaks may exceed twofold at most."""

STANDARD_RATES = (
    *(Fraction(24_000, 1001), Fraction(24), Fraction(25), Fraction(30_000, 1001), Fraction(30), Fraction(48)),
    *(Fraction(50), Fraction(60_000, 1001), Fraction(60)),
)
MAX_RATE = Fraction(60)
NEARLY = Fraction(3, 100)
"""How far an average may be from a standard rate and still mean it: phones drop pictures in the dark."""

GOP_SECONDS = 2
"""From one key picture to the next; Apple's specification asks for two seconds."""


@dataclass(frozen=True)
class Rung:
    """One size of a film. Pixels as seen, even; bits a second."""

    name: str
    width: int
    height: int
    peak: int


def rungs_of(film: Film, processing: VideoProcessing) -> list[Rung]:
    """The rungs of a film, largest first, none above its own size. There is always one."""
    own = min(film.width, film.height, processing.max_short_side)
    sides = [side for side in SHORT_SIDES.values() if side <= own]
    if not sides or own >= sides[0] * OWN_SIZE:
        sides.insert(0, own)
    return [_rung(film, side) for side in sides]


def first_rung(rungs: list[Rung]) -> Rung:
    """The one with which a film begins to be playable."""
    return _largest_up_to(rungs, FIRST_SHORT_SIDE)


def fallback_rung(rungs: list[Rung]) -> Rung:
    """The one that clients without HLS get."""
    return _largest_up_to(rungs, FALLBACK_SHORT_SIDE)


def constant_rate(film: Film) -> Fraction:
    """Pictures a second of everything that is made of a film, from its average: at most 60."""
    rate = film.rate
    while rate > MAX_RATE * (1 + NEARLY):
        rate /= 2
    nearest = min(STANDARD_RATES, key=lambda one: abs(one - rate))
    if abs(nearest - rate) <= nearest * NEARLY:
        return nearest
    return Fraction(min(max(1, ceil(rate)), int(MAX_RATE)))


def gop_frames(rate: Fraction) -> int:
    """Pictures from one key picture to the next."""
    return max(1, round(rate * GOP_SECONDS))


def _largest_up_to(rungs: list[Rung], side: int) -> Rung:
    return next((rung for rung in rungs if min(rung.width, rung.height) <= side), rungs[-1])


def _rung(film: Film, side: int) -> Rung:
    scale = side / min(film.width, film.height)
    width, height = (max(2, round(length * scale / 2) * 2) for length in (film.width, film.height))
    peak = next((peak for limit, peak in sorted(PEAKS.items()) if side <= limit), max(PEAKS.values()))
    return Rung(f"{side}p", width, height, peak)
