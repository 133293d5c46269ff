"""Where a film can be cut, so that each stretch of it can be made by itself and comes out as in one go."""

from contextlib import suppress
from dataclasses import dataclass
from fractions import Fraction
from math import ceil

import av

from media_library.video.probe import Film
from media_library.video.rungs import gop_frames

LEAD = Fraction(1, 2)
"""Seconds that are decoded before a stretch at least: what looks at pictures before (deinterlacing) finds some."""


@dataclass(frozen=True)
class Stretch:
    """Pictures of what is made of a film at its constant rate, from ``start`` to before ``end``; None is the last.

    Counted from the beginning of the film, as all workers count them: so none is there twice, and none is missing.
    """

    start: int
    end: int | None
    rate: Fraction

    @property
    def frames(self) -> int | None:
        return None if self.end is None else self.end - self.start

    @property
    def seek(self) -> float:
        """Seconds of the film; what is decoded begins at the key picture before them."""
        return float(max(self.start / self.rate - LEAD, Fraction(0)))

    def filter(self) -> str:
        """The filter that keeps these pictures, and their times."""
        return f"trim=start_pts={self.start}" + ("" if self.end is None else f":end_pts={self.end}")

    def tiles(self, interval: int) -> "Stretch":
        """Which tiles show moments of it, one each ``interval`` seconds."""
        start, end = (None if at is None else ceil(at / self.rate / interval) for at in (self.start, self.end))
        return Stretch(start or 0, end, Fraction(1, interval))


def stretches(film: Film, rate: Fraction, seconds: float, at_the_end: float) -> list[Stretch]:
    """Cut a film at key pictures into stretches of at least so many seconds, and so many ``at_the_end``.

    One stretch means that it can't be cut.

    They begin where groups of pictures of ``rate`` begin, so that joined they have the groups of a film made in one
    go. A cut needs a key picture shortly before it from which a decoder can begin: films with few of them have longer
    stretches, and those that refresh their pictures bit by bit, without key pictures, have none. A film some of whose
    packets have no time isn't cut: it is for a decoder that reads it from its beginning to say when they are.
    """
    starts = [0]
    with suppress(av.error.FFmpegError, ValueError):
        starts += _cuts(film, rate, seconds, at_the_end)
    ends = [*starts[1:], None]
    return [Stretch(start, end, rate) for start, end in zip(starts, ends, strict=True)]


def _cuts(film: Film, rate: Fraction, seconds: float, at_the_end: float) -> list[int]:
    """The pictures at which to cut."""
    gop, cuts = gop_frames(rate), [0]
    least = ceil(seconds * rate / gop) * gop
    with av.open(str(film.path), format=film.demuxer, options={"protocol_whitelist": "file"}) as container:
        stream = next(one for one in container.streams.video if one.index == film.stream)
        origin = Fraction(container.start_time or 0, av.time_base)
        time_base = stream.time_base or Fraction(0)
        key_pictures, last = _key_pictures(container, stream)
        for pts in key_pictures:
            start = ceil((pts * time_base - origin + LEAD) * rate / gop) * gop
            # Sound may last longer than the pictures.
            left = last * time_base - origin - start / rate
            is_far = start - cuts[-1] >= least and left >= at_the_end
            if is_far and _is_whole(container, stream, pts):
                cuts.append(start)
    return cuts[1:]


def _key_pictures(container: av.container.InputContainer, stream: av.VideoStream) -> tuple[list[int], int]:
    """The times of the key pictures but the first, and of the last picture; none where a picture has no time."""
    found = [(one.pts, one.is_keyframe) for one in container.demux(stream) if one.size]
    times = [pts for pts, _is_key in found if pts is not None]
    if len(times) < len(found) or not times:
        return [], 0
    return sorted(pts for pts, is_key in found if is_key and pts is not None)[1:], max(times)


def _is_whole(container: av.container.InputContainer, stream: av.VideoStream, pts: int) -> bool:
    """Whether a decoder that begins at this key picture has it whole: pictures of gradual refresh are marked as key
    pictures, too. Those that lead to it in an open group come before it, and belong to the stretch before."""
    container.seek(pts, stream=stream)
    for frame in container.decode(stream):
        if frame.pts is not None and frame.pts >= pts:
            return frame.pts == pts and frame.pict_type == av.video.frame.PictureType.I
    return False
