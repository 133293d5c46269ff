"""How loud a sound is, and what makes it as loud as all others.

Loudness is measured as ITU-R BS.1770-5 says (K-weighted, gated, in LUFS), its peaks as "true peaks" (four times
oversampled, in dBTP). EBU R 128 asks for -23 LUFS and no more than -1 dBTP.
"""

import re
from collections.abc import Callable

from media_library.conf import conf
from media_library.video.ffmpeg import Source, run_ffmpeg

MAX_PEAK = -1.0
"""dBTP, EBU R 128 (2023), item h."""

LIMIT = -1.5
"""dB to which peaks are brought where they would be higher: lossy coding adds some to them."""

MAX_GAIN = 30.0
"""dB. What needs more is noise, and should stay as quiet as it is."""

SILENCE = -70.0
"""LUFS, the absolute gate of BS.1770: ffmpeg says so when nothing was louder."""

STEREO = "aformat=channel_layouts=stereo"

_INTEGRATED = re.compile(r"^\s+I:\s+(-?[\d.]+) LUFS", re.MULTILINE)
_PEAK = re.compile(r"^\s+Peak:\s+(-?[\d.]+) dBFS", re.MULTILINE)


def loudness_filter(source: Source, stream_index: int, report: Callable[[float], None] = lambda done: None) -> str:
    """Measure one stream of sound, mixed down to stereo, and return the filters that bring it to ``LOUDNESS``.

    One gain for all of it, so that loud and quiet stay as they are to each other, and a limiter if its peaks need
    one; an empty string for silence. Reads the sound only: some 200 times faster than it plays. Raises what
    ``run_ffmpeg`` raises.
    """
    measure = f"{STEREO},ebur128=peak=true:framelog=quiet"
    log = run_ffmpeg(
        source,
        ["-map", f"0:{stream_index}", "-vn", "-sn", "-dn", "-af", measure, "-f", "null", "-"],
        report=report,
        verbose=True,
    )
    # The last ones are those of the summary at the end.
    loudness, peak = _last(_INTEGRATED, log), _last(_PEAK, log)
    if loudness is None or peak is None or loudness <= SILENCE:
        return ""
    gain = min(conf.LOUDNESS - loudness, MAX_GAIN)
    filters = [STEREO, f"volume={gain:.2f}dB"]
    if peak + gain > MAX_PEAK:
        # alimiter looks at samples, so peaks between them are made samples first.
        limit = 10 ** (LIMIT / 20)
        filters += ["aresample=192000", f"alimiter=limit={limit:.4f}:level=false:latency=true", "aresample=48000"]
    return ",".join(filters)


def _last(pattern: re.Pattern[str], log: str) -> float | None:
    found = pattern.findall(log)
    return float(found[-1]) if found else None
