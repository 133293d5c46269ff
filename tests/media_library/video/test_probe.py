from datetime import timedelta
from fractions import Fraction

import pytest

from media_library.exceptions import DamagedFile
from media_library.video.probe import probe
from tests.media_library.video.films import converted, generated, turned


def test_probe_says_size_duration_rate_and_sound(path):
    film = probe(path, "video/mp4")

    assert (film.width, film.height, film.rate, film.has_audio) == (320, 180, Fraction(12), True)
    assert film.duration == pytest.approx(1.0, abs=0.1)


def test_rotated_film_is_measured_as_seen(path, tmp_path):
    film = probe(turned(path, tmp_path / "turned.mp4"), "video/mp4")

    assert (film.width, film.height) == (180, 320)


def test_stretched_pixels_are_measured_square(path, tmp_path):
    film = probe(converted(path, tmp_path / "stretched.mp4", "-vf", "setsar=2"), "video/mp4")

    assert (film.width, film.height) == (640, 180)


def test_film_without_duration_in_its_header_is_measured(path, tmp_path):
    live = converted(path, tmp_path / "live.webm", "-c:v", "libvpx", "-an", "-live", "1")

    assert probe(live, "video/webm").duration == pytest.approx(1.0, abs=0.2)


def test_sound_alone_is_no_film(path, tmp_path):
    sound = converted(path, tmp_path / "sound.mp4", "-vn", "-c:a", "copy")

    with pytest.raises(DamagedFile, match="sound only"):
        probe(sound, "video/mp4")


@pytest.mark.parametrize("kept", [0.0, 0.1, 0.5, 0.9])
def test_film_that_is_cut_off_is_damaged(path, tmp_path, kept):
    # Its index stands at the end, so a cut takes it away.
    plain = converted(path, tmp_path / "plain.mp4", "-c", "copy")
    whole = plain.read_bytes()
    plain.write_bytes(whole[: int(len(whole) * kept)])

    with pytest.raises(DamagedFile, match="damaged"):
        probe(plain, "video/mp4")


def test_playlist_with_the_name_of_a_film_opens_nothing(tmp_path):
    playlist = tmp_path / "film.mp4"
    playlist.write_text(f"#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nfile://{tmp_path}/secret.ts\n")

    with pytest.raises(DamagedFile):
        probe(playlist, "video/mp4")


def test_hours_in_the_header_of_a_tiny_film_are_not_believed(tmp_path):
    # Two pictures, and the second one ten hours after the first.
    film = generated(
        tmp_path / "hours.mp4",
        "testsrc2=size=64x48:rate=1:duration=2",
        *("-vf", "setpts=PTS*36000", "-fps_mode", "passthrough", "-video_track_timescale", "1000"),
    )

    with pytest.raises(DamagedFile, match=r"lasts 10:00:01, but only \d+ pictures"):
        probe(film, "video/mp4")


def test_long_film_of_few_pictures_a_second_is_believed(tmp_path):
    film = generated(tmp_path / "slides.mp4", "color=size=64x48:rate=1/5:duration=600")

    assert timedelta(seconds=probe(film, "video/mp4").duration) == timedelta(minutes=10)
