import json
from pathlib import Path

import pytest

from media_library.audio.waveform import POINTS, draw_waveform
from tests.media import sound_bytes


def _draw(folder: Path, ending: str = "wav", **options: float) -> dict:
    path = folder / f"bells.{ending}"
    path.write_bytes(sound_bytes(ending, **options))
    return json.loads(draw_waveform(path, options.get("seconds", 1.0)).to_json())


def test_waveform_has_the_format_of_audiowaveform(tmp_path):
    drawn = _draw(tmp_path)

    assert {name: drawn[name] for name in ("version", "channels", "bits", "sample_rate")} == {
        "version": 2,
        "channels": 1,
        "bits": 8,
        "sample_rate": 48_000,
    }
    assert len(drawn["data"]) == 2 * drawn["length"]
    assert drawn["length"] * drawn["samples_per_pixel"] == pytest.approx(48_000, abs=drawn["samples_per_pixel"])


@pytest.mark.parametrize("seconds", [0.01, 1.0, 30.0])
def test_waveform_is_as_long_however_long_the_sound_is(tmp_path, seconds):
    length = _draw(tmp_path, seconds=seconds, rate=8_000)["length"]

    assert length <= POINTS
    assert length > POINTS / 2 or seconds < 1


def test_peaks_are_those_of_the_tone_and_of_the_silence_behind_it(tmp_path):
    data = _draw(tmp_path, loudness=0.5, seconds=8)["data"]
    half = len(data) // 2

    assert min(data[: half - 2]) == pytest.approx(-64, abs=1)
    assert max(data[: half - 2]) == pytest.approx(63, abs=1)
    assert set(data[half + 2 :]) == {0}


def test_each_point_has_its_smallest_sample_first(tmp_path):
    data = _draw(tmp_path, seconds=8)["data"]

    assert all(low <= high for low, high in zip(data[::2], data[1::2], strict=True))


def test_loudest_samples_stay_within_eight_bits(tmp_path):
    data = _draw(tmp_path, loudness=1.0)["data"]

    assert (min(data), max(data)) == (-128, 127)


def test_whole_sound_is_drawn_when_frames_do_not_divide_into_points(tmp_path):
    drawn = _draw(tmp_path, ending="m4a", seconds=2.0)

    assert drawn["length"] * drawn["samples_per_pixel"] >= 2 * 48_000


def test_drawing_tells_how_far_it_is(tmp_path):
    path = tmp_path / "bells.wav"
    path.write_bytes(sound_bytes("wav", seconds=3))
    told = []

    draw_waveform(path, 3.0, told.append)

    assert told == sorted(told)
    assert told[-1] == pytest.approx(1.0, abs=0.05)
