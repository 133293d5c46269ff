import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.test import override_settings

from media_library.video.ffmpeg import bundled_ffmpeg
from media_library.video.loudness import loudness_filter


@dataclass(frozen=True)
class _Recording:
    path: Path
    demuxer: str = "wav"
    duration: float = 4.0


def _recording(path: Path, expression: str, channels: str = "stereo") -> _Recording:
    source = f"aevalsrc='{expression}':channel_layout={channels}:sample_rate=48000:duration=4"
    command = [bundled_ffmpeg(), "-v", "error", "-f", "lavfi", "-i", source, "-y", str(path)]
    subprocess.run(command, check=True, stdin=subprocess.DEVNULL)
    return _Recording(path)


def _measured(recording: _Recording, filters: str) -> tuple[float, float]:
    """Loudness in LUFS and highest true peak in dBTP of what comes out of the filters."""
    chain = ["-af", f"{filters},ebur128=peak=true:framelog=quiet", "-f", "null", "-"]
    command = [bundled_ffmpeg(), "-hide_banner", "-i", str(recording.path), *chain]
    log = subprocess.run(command, check=True, stdin=subprocess.DEVNULL, capture_output=True, text=True).stderr
    return float(re.findall(r"I:\s+(\S+) LUFS", log)[-1]), float(re.findall(r"Peak:\s+(\S+) dBFS", log)[-1])


@pytest.mark.parametrize("volume", [0.01, 0.1, 0.9])
def test_every_sound_is_brought_to_23_below_full_scale(tmp_path, volume):
    recording = _recording(tmp_path / "tone.wav", f"{volume}*sin(440*2*PI*t)|{volume}*sin(440*2*PI*t)")

    loudness, _peak = _measured(recording, loudness_filter(recording, 0))

    assert loudness == pytest.approx(-23, abs=0.3)


@override_settings(MEDIA_LIBRARY={"LOUDNESS": -16.0})
def test_loudness_is_a_setting(tmp_path):
    recording = _recording(tmp_path / "tone.wav", "0.05*sin(440*2*PI*t)|0.05*sin(440*2*PI*t)")

    loudness, _peak = _measured(recording, loudness_filter(recording, 0))

    assert loudness == pytest.approx(-16, abs=0.3)


def test_peaks_stay_below_full_scale_when_a_quiet_sound_is_raised(tmp_path):
    # A click each second over a murmur: 25 dB louder, the clicks would be far beyond full scale.
    click = "if(lt(mod(t\\,1)\\,0.001)\\,0.5\\,0.004*sin(440*2*PI*t))"
    recording = _recording(tmp_path / "clicks.wav", f"{click}|{click}")

    filters = loudness_filter(recording, 0)
    _loudness, peak = _measured(recording, filters)

    assert "alimiter" in filters
    assert peak <= -1


def test_surround_is_measured_as_it_will_be_heard(tmp_path):
    tones = "|".join(f"0.1*sin({pitch}*2*PI*t)" for pitch in (440, 550, 660, 60, 770, 880))
    recording = _recording(tmp_path / "surround.wav", tones, "5.1")

    loudness, _peak = _measured(recording, loudness_filter(recording, 0))

    assert loudness == pytest.approx(-23, abs=0.3)


def test_silence_is_left_alone(tmp_path):
    assert loudness_filter(_recording(tmp_path / "silence.wav", "0|0"), 0) == ""
