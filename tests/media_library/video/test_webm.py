import av
import pytest

from media_library.video.ladder import plan_ladder
from media_library.video.probe import probe
from media_library.video.webm import make_webm
from tests.media import film_bytes
from tests.media_library.video.films import turned


def test_webm_is_vp9_and_opus(path, tmp_path):
    made = make_webm(plan_ladder(probe(path, "video/mp4")), tmp_path, lambda done: None)

    with av.open(str(made)) as container:
        video, audio = container.streams.video[0], container.streams.audio[0]
        assert (video.codec_context.name, audio.codec_context.name) == ("vp9", "opus")
        assert (video.width, video.height) == (320, 180)
        assert container.duration / av.time_base == pytest.approx(1, abs=0.1)


def test_silent_upright_film_is_upright_and_silent(tmp_path):
    source = tmp_path / "silent.mp4"
    source.write_bytes(film_bytes(tmp_path, sound=False))
    upright = turned(source, tmp_path / "upright.mp4")

    made = make_webm(plan_ladder(probe(upright, "video/mp4")), tmp_path, lambda done: None)

    with av.open(str(made)) as container:
        assert not container.streams.audio
        assert (container.streams.video[0].width, container.streams.video[0].height) == (180, 320)


def test_progress_goes_up_to_one(path, tmp_path):
    reported: list[float] = []

    make_webm(plan_ladder(probe(path, "video/mp4")), tmp_path, reported.append)

    assert reported == sorted(reported)
    assert reported[-1] == pytest.approx(1.0, abs=0.1)
