import subprocess
from io import BytesIO
from pathlib import Path

import av
import pytest
from django.core.files.base import ContentFile
from django.test import override_settings
from media_library.video.transcode import fit, transcode

from media_library.exceptions import DamagedFile, FFmpegError
from media_library.models import SupersededFile, Video
from media_library.video.ffmpeg import bundled_ffmpeg, run_ffmpeg
from media_library.video.poster import draw_poster
from media_library.video.probe import probe
from tests.media import film_bytes


@pytest.fixture
def path(tmp_path: Path, small_film: bytes) -> Path:
    path = tmp_path / "film with 'quotes' & spaces?.mp4"
    path.write_bytes(small_film)
    return path


def _convert(source: Path, target: Path, *options: str) -> Path:
    """Make a variant of a film that PyAV can't write."""
    command = [bundled_ffmpeg(), "-v", "error", "-i", str(source), *options, str(target)]
    subprocess.run(command, check=True, stdin=subprocess.DEVNULL)
    return target


def test_probe_says_size_duration_and_sound(path):
    film = probe(path, "video/mp4")

    assert (film.width, film.height, film.has_audio) == (320, 180, True)
    assert film.duration == pytest.approx(1.0, abs=0.1)


def test_rotated_film_is_measured_as_seen(path, tmp_path):
    turned = _convert(path, tmp_path / "plain.mp4", "-c", "copy")
    turned = _with_rotation(turned, tmp_path / "turned.mp4")

    film = probe(turned, "video/mp4")

    assert (film.width, film.height) == (180, 320)


def _with_rotation(source: Path, target: Path) -> Path:
    turn = ["-display_rotation", "90", "-i", str(source), "-c", "copy", str(target)]
    command = [bundled_ffmpeg(), "-v", "error", *turn]
    subprocess.run(command, check=True, stdin=subprocess.DEVNULL)
    return target


def test_stretched_pixels_are_measured_square(path, tmp_path):
    stretched = _convert(path, tmp_path / "stretched.mp4", "-vf", "setsar=2")

    assert (probe(stretched, "video/mp4").width, probe(stretched, "video/mp4").height) == (640, 180)


def test_film_without_duration_in_its_header_is_measured(path, tmp_path):
    live = _convert(path, tmp_path / "live.webm", "-c:v", "libvpx", "-an", "-live", "1")

    assert probe(live, "video/webm").duration == pytest.approx(1.0, abs=0.2)


def test_sound_alone_is_no_film(path, tmp_path):
    sound = _convert(path, tmp_path / "sound.mp4", "-vn", "-c:a", "copy")

    with pytest.raises(DamagedFile, match="sound only"):
        probe(sound, "video/mp4")


@pytest.mark.parametrize("kept", [0.1, 0.5, 0.9])
def test_film_that_is_cut_off_is_damaged(path, tmp_path, kept):
    # Its index stands at the end, so a cut takes it away.
    plain = _convert(path, tmp_path / "plain.mp4", "-c", "copy")
    whole = plain.read_bytes()
    plain.write_bytes(whole[: int(len(whole) * kept)])

    with pytest.raises(DamagedFile, match="damaged"):
        probe(plain, "video/mp4")


def test_playlist_inside_a_film_name_opens_nothing(tmp_path):
    playlist = tmp_path / "film.mp4"
    playlist.write_text(f"#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nfile://{tmp_path}/secret.ts\n")

    with pytest.raises(DamagedFile):
        probe(playlist, "video/mp4")


def test_transcode_is_h264_and_aac_at_most_720p(tmp_path):
    source = tmp_path / "large.mp4"
    source.write_bytes(film_bytes(tmp_path, seconds=0.5, width=1920, height=1080))

    made = transcode(probe(source, "video/mp4"), tmp_path, lambda done: None)

    with av.open(str(made.path)) as container:
        video, audio = container.streams.video[0], container.streams.audio[0]
        assert (video.codec_context.name, audio.codec_context.name) == ("h264", "aac")
        assert (video.width, video.height, video.pix_fmt) == (1280, 720, "yuv420p")
    assert (made.width, made.height) == (1280, 720)


def test_film_without_sound_stays_silent(tmp_path):
    source = tmp_path / "silent.mp4"
    source.write_bytes(film_bytes(tmp_path, sound=False))

    made = transcode(probe(source, "video/mp4"), tmp_path, lambda done: None)

    with av.open(str(made.path)) as container:
        assert not container.streams.audio


def test_index_stands_before_the_pictures(path, tmp_path):
    made = transcode(probe(path, "video/mp4"), tmp_path, lambda done: None)

    data = made.path.read_bytes()
    assert data.index(b"moov") < data.index(b"mdat")


def test_metadata_of_the_camera_is_left_out(path, tmp_path):
    located = _convert(path, tmp_path / "located.mp4", "-c", "copy", "-metadata", "title=Our address")
    assert b"Our address" in located.read_bytes()

    made = transcode(probe(located, "video/mp4"), tmp_path, lambda done: None)

    assert b"Our address" not in made.path.read_bytes()


def test_progress_goes_up_to_one(tmp_path):
    source = tmp_path / "long.mp4"
    source.write_bytes(film_bytes(tmp_path, seconds=3, width=640, height=360))
    reported: list[float] = []

    transcode(probe(source, "video/mp4"), tmp_path, reported.append)

    assert reported == sorted(reported)
    assert reported[-1] == pytest.approx(1.0, abs=0.1)


def test_what_report_raises_ends_ffmpeg(path, tmp_path):
    def stop(done: float) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        transcode(probe(path, "video/mp4"), tmp_path, stop)


@pytest.mark.parametrize(
    ("size", "fitted"),
    [
        ((1920, 1080), (1280, 720)),
        ((1080, 1920), (720, 1280)),
        ((320, 180), (320, 180)),
        ((853, 480), (852, 480)),
        ((1, 1), (2, 2)),
    ],
)
def test_short_side_is_at_most_720_and_sides_are_even(size, fitted):
    assert fit(*size) == fitted


def test_poster_is_a_frame_as_seen(path, tmp_path):
    from PIL import Image

    poster = draw_poster(probe(path, "video/mp4"), tmp_path)

    assert Image.open(poster).size == (320, 180)


def test_failing_ffmpeg_keeps_what_it_said(path, tmp_path):
    with pytest.raises(FFmpegError) as caught:
        run_ffmpeg(probe(path, "video/mp4"), ["-c:v", "no-such-encoder", str(tmp_path / "out.mp4")])

    assert "no-such-encoder" in caught.value.log


@pytest.mark.django_db
def test_developed_film_has_poster_and_transcode(film, develop):
    develop(film)

    assert (film.status, film.width, film.height) == ("ready", 320, 180)
    assert set(film.poster_renditions.values_list("filter_spec", flat=True)) == {
        "width-320|format-avif",
        "width-320|format-webp",
        "width-320|format-jpeg",
    }
    transcode = film.transcodes.get()
    assert (transcode.preset, transcode.mime_type, transcode.width) == ("720p", "video/mp4", 320)
    assert transcode.file_size == transcode.file.size


@pytest.mark.django_db
def test_film_that_cannot_be_read_fails_with_a_reason(small_film, develop, public_files):
    video = Video(title="Cut", file=ContentFile(small_film[: len(small_film) // 2], name="cut.mp4"))
    video.save()

    develop(video)

    assert video.status == "failed"
    assert "damaged" in video.status_reason
    assert public_files() == set()


@pytest.mark.django_db
def test_film_whose_end_is_missing_fails_with_what_is_there(path, tmp_path, develop, public_files):
    source = tmp_path / "long.mp4"
    source.write_bytes(film_bytes(tmp_path, seconds=4))
    # With its index first, a film that was cut off still plays: up to the cut.
    whole = _convert(source, tmp_path / "fast.mp4", "-c", "copy", "-movflags", "+faststart").read_bytes()
    video = Video(title="Half", file=ContentFile(whole[: len(whole) // 2], name="half.mp4"))
    video.save()

    develop(video)

    assert video.status == "failed"
    assert "cut off: it should last 4 seconds" in video.status_reason


@pytest.mark.django_db
@override_settings(MEDIA_LIBRARY={"FFMPEG": "/bin/false"})
def test_ffmpeg_that_fails_is_tried_again(film, develop):
    develop(film)

    job = film.jobs.get(operation="transcode_video")
    assert (job.state, job.attempts) == ("queued", 1)
    assert "could not be converted" in job.reason


@pytest.mark.django_db
def test_deleting_a_film_leaves_nothing_behind(film, develop, public_files, django_capture_on_commit_callbacks):
    develop(film)
    original, storage = film.file.name, film.file.storage

    with django_capture_on_commit_callbacks(execute=True):
        film.delete()

    assert public_files() == set()
    assert not storage.exists(original)


@pytest.mark.django_db
def test_replaced_film_has_new_files_only(film, develop, public_files, tmp_path, django_capture_on_commit_callbacks):
    develop(film)
    original, storage = film.file.name, film.file.storage

    with django_capture_on_commit_callbacks(execute=True):
        film.file = ContentFile(film_bytes(tmp_path, width=160, height=90), name="new.mp4")
        film.save()
    with django_capture_on_commit_callbacks(execute=True):
        develop(film)

    assert (film.version, film.width, film.status) == (2, 160, "ready")
    superseded = set(SupersededFile.objects.values_list("name", flat=True))
    assert all(name.startswith(f"{film.pk}/2/") for name in public_files() - superseded)
    assert not storage.exists(original)


def test_work_folder_is_empty_afterwards(path, tmp_path, settings):
    from media_library.storage import work_folder

    with work_folder("transcode-1") as folder:
        (folder / "half.mp4").write_bytes(BytesIO(b"half").read())

    assert not folder.exists()
