"""The film's sound, synthesised: wind, waves on a shore, and a few slow tones."""

from __future__ import annotations

import math
import random
from array import array

RATE = 44_100
PEAK = 0.7  # of full scale: clearly audible, never loud
# A major pentatonic: (when it starts, as a share of the whole; frequency in Hz; strength).
NOTES = (
    (0.02, 110.0, 1.0),
    (0.08, 220.0, 0.8),
    (0.22, 329.63, 0.6),
    (0.36, 277.18, 0.6),
    (0.47, 164.81, 0.9),
    (0.52, 440.0, 0.45),
    (0.64, 369.99, 0.5),
    (0.74, 246.94, 0.55),
    (0.8, 554.37, 0.35),
)


def compose_sound(seconds: float, *, rate: int = RATE, seed: str = "shore") -> array[int]:
    """Return `seconds` of stereo sound: 16-bit samples, left and right in turn, `rate` of each a second.

    It fades in and out, and its loudest sample is at `PEAK`. One seed gives one sound.
    """
    count = max(1, round(seconds * rate))
    rng = random.Random(seed)  # noqa: S311 - a sound, not a secret
    left, right = _wind_and_waves(count, rate, rng), _wind_and_waves(count, rate, rng)
    for begin, pitch, strength in NOTES:
        _add_tone(left, right, begin * count / rate, pitch, strength * 0.26, rate, rng.uniform(0.3, 0.7))
    _fade(left, right, min(count // 2, round(0.6 * rate)))
    loudest = max(max(map(abs, left)), max(map(abs, right)), 1e-9)
    gain = PEAK * 32767 / loudest
    sound = array("h", bytes(4 * count))
    sound[0::2] = array("h", [int(value * gain) for value in left])
    sound[1::2] = array("h", [int(value * gain) for value in right])
    return sound


def _wind_and_waves(count: int, rate: int, rng: random.Random) -> list[float]:
    """Noise through two one-pole low-pass filters; how much passes swells and ebbs slowly."""
    noise = array("h", rng.randbytes(2 * count))
    phase, gust, tide = rng.uniform(0, 1.5), rng.uniform(0, math.tau), rng.uniform(0, 0.5)
    out: list[float] = []
    low = deep = surf = wash = 0.0
    block = 128  # the slow controls are worked out once in so many samples
    for start in range(0, count, block):
        now = start / rate
        breeze = 0.55 + 0.3 * math.sin(now * 0.9 + gust) + 0.15 * math.sin(now * 2.3 + phase)
        # A wave breaks every 3.6 seconds: it comes up fast and runs out slowly.
        cycle = ((now + tide) / 3.6 + 0.55) % 1.0
        wave = (cycle / 0.22) ** 2 if cycle < 0.22 else math.exp(-(cycle - 0.22) * 4.2)
        open_low, open_surf = 0.012 + 0.03 * breeze, 0.05 + 0.22 * wave
        wind_gain, surf_gain = (0.5 + breeze) * 1.6 / 32768, (0.05 + 0.62 * wave) / 32768
        for sample in noise[start : start + block]:
            low += (sample - low) * open_low
            deep += (low - deep) * open_low
            surf += (sample - surf) * open_surf
            wash += (surf - wash) * 0.02
            out.append(deep * wind_gain + (surf - wash) * surf_gain)
    return out


def _add_tone(
    left: list[float], right: list[float], begin: float, pitch: float, strength: float, rate: int, pan: float
) -> None:
    """Add one soft tone of 3.5 seconds; `begin` in seconds, `pitch` in Hz, `pan` from 0 (left) to 1."""
    first = round(begin * rate)
    length = min(round(3.5 * rate), len(left) - first)
    for partial, share in ((1.0, 1.0), (2.003, 0.28), (3.001, 0.1)):
        step = math.tau * pitch * partial / rate
        # Each sine follows from the two samples before it: sin(n+1) = 2 cos(step) sin(n) - sin(n-1).
        factor, before, value = 2 * math.cos(step), -math.sin(step), 0.0
        block = 64
        for start in range(0, length, block):
            now = start / rate
            swell = min(1.0, now / 0.5) ** 2 * math.exp(-now * 0.75) * min(1.0, max(0.0, 3.5 - now))
            loud = strength * share * swell
            to_left, to_right = loud * (1 - pan), loud * pan
            for index in range(first + start, first + min(start + block, length)):
                before, value = value, factor * value - before
                left[index] += value * to_left
                right[index] += value * to_right


def _fade(left: list[float], right: list[float], length: int) -> None:
    for index in range(length):
        share = index / length
        for channel in (left, right):
            channel[index] *= share
            channel[-1 - index] *= share
