"""How a sound looks: peaks for players to draw."""

import json
import math
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import av
import numpy as np

POINTS = 1800
"""Most points of a waveform: one for each pixel of a wide player, whatever the duration. 10 KB, 3 KB compressed."""

FINEST = 2
"""Fewest samples in a point: a smallest and a largest one."""


@dataclass(frozen=True)
class Waveform:
    """The smallest and the largest sample of each point in turn, -128 to 127, of all channels mixed into one."""

    sample_rate: int
    samples_per_pixel: int
    data: list[int]

    def to_json(self) -> str:
        """Format version 2 of BBC's audiowaveform (doc/DataFormat.md), which peaks.js and wavesurfer.js read::

        {"version": 2, "channels": 1, "sample_rate": 48000, "samples_per_pixel": 512, "bits": 8, "length": 3,
         "data": [-65, 63, -66, 64, -40, 41]}
        """
        content: dict[str, Any] = {
            "version": 2,
            "channels": 1,
            "sample_rate": self.sample_rate,
            "samples_per_pixel": self.samples_per_pixel,
            "bits": 8,
            "length": len(self.data) // 2,
            "data": self.data,
        }
        return json.dumps(content, separators=(",", ":"))


def draw_waveform(path: Path, duration: float, report: Callable[[float], None] = lambda done: None) -> Waveform:
    """Measure the peaks of a finished sound of ``duration`` seconds, which is a file of our own.

    Memory: one point and one frame. ``report`` gets 0 to 1; what it raises ends the work.
    """
    with av.open(str(path)) as container:
        stream = container.streams.audio[0]
        size = max(FINEST, math.ceil(duration * stream.rate / POINTS))
        peaks = _peaks(container, stream, size, lambda samples: report(min(samples / stream.rate / duration, 1.0)))
        # Decoders give a little silence at the end.
        return Waveform(stream.rate, size, peaks[: 2 * POINTS])


def _peaks(
    container: av.container.InputContainer, stream: av.AudioStream, size: int, report: Callable[[int], None]
) -> list[int]:
    resampler = av.AudioResampler("s16", "mono", stream.rate)
    waiting: list[np.ndarray] = []
    held = total = 0
    found: list[int] = []

    def take(samples: np.ndarray) -> None:
        # 16 bits to 8, as audiowaveform does it.
        points = samples.reshape(-1, size) >> 8
        found.extend(np.stack([points.min(axis=1), points.max(axis=1)], axis=1).ravel().tolist())

    for frame in container.decode(stream):
        for mixed in resampler.resample(frame):
            samples = mixed.to_ndarray()[0]
            waiting.append(samples)
            held, total = held + len(samples), total + len(samples)
        if held >= size:
            joined = np.concatenate(waiting)
            whole = held // size * size
            take(joined[:whole])
            waiting, held = [joined[whole:]], held - whole
            report(total)
    if held:
        rest = np.concatenate(waiting)
        take(np.pad(rest, (0, size - held), mode="edge"))
    return found
