import os
import resource
import stat
from pathlib import Path

import psutil
import pytest
from django.test import override_settings

from media_library.exceptions import DamagedFile, FFmpegError, UnacceptableFile
from media_library.video.ffmpeg import run_ffmpeg
from media_library.video.probe import Film, probe


@pytest.fixture
def film(path: Path) -> Film:
    return probe(path, "video/mp4")


def _program(path: Path, script: str) -> str:
    """A program in place of ffmpeg."""
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return str(path)


def _run_program(film: Film, path: Path, script: str, **settings: object) -> str:
    with override_settings(MEDIA_LIBRARY={"FFMPEG": _program(path, script), **settings}):
        return run_ffmpeg(film, [])


def test_progress_goes_up_to_one(film, tmp_path):
    reported: list[float] = []

    run_ffmpeg(film, [str(tmp_path / "out.mp4")], report=reported.append)

    assert reported == sorted(reported)
    assert reported[-1] == pytest.approx(1.0, abs=0.1)


@pytest.mark.parametrize("then", ["N/A", "100000"])
def test_progress_stays_when_ffmpeg_does_not_know_it_for_a_while(film, tmp_path, then):
    half, reported = tmp_path / "half", list[float]()
    program = f"echo out_time_us=500000; until [ -e {half} ]; do sleep 0.01; done; echo out_time_us={then}"

    def report(done: float) -> None:
        reported.append(done)
        # Only then does it say anything else.
        if done > 0.3:
            half.touch()

    with override_settings(MEDIA_LIBRARY={"FFMPEG": _program(tmp_path / "program", program)}):
        run_ffmpeg(film, [], report=report)

    assert reported == sorted(reported)
    assert reported[-1] > 0.3


def test_what_report_raises_ends_ffmpeg(film, tmp_path):
    def stop(done: float) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_ffmpeg(film, [str(tmp_path / "out.mp4")], report=stop)

    assert not [one for one in psutil.Process().children() if "ffmpeg" in one.name()]


def test_input_reads_no_other_file(tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text("secret")
    playlist = tmp_path / "film.mp4"
    playlist.write_text(f"ffconcat version 1.0\nfile {secret}\n")
    disguised = Film(playlist, "mov", 0, 2, 2, 1.0, 25)

    with pytest.raises(DamagedFile) as caught:
        run_ffmpeg(disguised, ["-map", "0", "-c", "copy", "-f", "null", "-"])

    assert "Invalid data" in caught.value.log


def test_wrong_arguments_may_pass_and_are_logged(film, tmp_path):
    with pytest.raises(FFmpegError) as caught:
        run_ffmpeg(film, ["-c:v", "no-such-encoder", str(tmp_path / "out.mp4")])

    assert "no-such-encoder" in caught.value.log


def test_log_ends_with_a_line_that_says_why(film, tmp_path):
    with pytest.raises(FFmpegError) as caught:
        _run_program(
            film, tmp_path / "program", "echo first >&2; echo the reason >&2; echo Conversion failed! >&2; exit 3"
        )

    assert caught.value.log.splitlines()[-1] == "ffmpeg ended with 3: the reason"


def test_full_disk_may_pass(film, tmp_path):
    script = "echo 'Invalid data found when processing input' >&2; echo 'No space left on device' >&2; exit 1"

    with pytest.raises(FFmpegError):
        _run_program(film, tmp_path / "program", script)


def test_what_the_file_is_to_blame_for_is_told_apart(film, tmp_path):
    with pytest.raises(DamagedFile) as caught:
        _run_program(film, tmp_path / "program", "echo 'x: Invalid data found when processing input' >&2; exit 183")

    assert caught.value.log.endswith("Invalid data found when processing input")


def test_killed_ffmpeg_may_pass(film, tmp_path):
    with pytest.raises(FFmpegError) as caught:
        _run_program(film, tmp_path / "program", "kill -KILL $$")

    assert "SIGKILL" in caught.value.log


def test_ffmpeg_that_stands_still_is_stopped(film, tmp_path):
    with pytest.raises(FFmpegError, match="standstill"):
        _run_program(film, tmp_path / "program", "exec sleep 60", FFMPEG_STALL_SECONDS=0.1)


def test_ffmpeg_that_takes_too_long_is_stopped_for_good(film, tmp_path):
    with pytest.raises(UnacceptableFile, match="too long"):
        _run_program(film, tmp_path / "program", "exec sleep 60", FFMPEG_SECONDS=0.1)


def test_log_holds_no_nul_and_no_more_than_its_end(film, tmp_path):
    script = "head -c 100000 /dev/zero >&2; echo the end >&2; exit 1"

    with pytest.raises(FFmpegError) as caught:
        _run_program(film, tmp_path / "program", script)

    assert "\0" not in caught.value.log
    assert "the end" in caught.value.log


@pytest.mark.skipif(not hasattr(resource, "prlimit"), reason="Linux only")
@override_settings(MEDIA_LIBRARY={"FFMPEG_MAX_BYTES": 40 * 1024**2})
def test_memory_is_limited(film, tmp_path):
    large = ["-vf", "scale=8192:8192", "-frames:v", "4", str(tmp_path / "out.mp4")]

    with pytest.raises(FFmpegError) as caught:
        run_ffmpeg(film, large)

    assert "memory" in caught.value.log.lower() or "unavailable" in caught.value.log


def test_ffmpeg_steps_back_for_others(film, tmp_path):
    log = tmp_path / "nice"

    _run_program(film, tmp_path / "program", f"nice > {log}")

    assert int(log.read_text()) == min(os.getpriority(os.PRIO_PROCESS, 0) + 10, 19)


def test_ffmpeg_has_no_input_to_wait_for(film, tmp_path):
    log = tmp_path / "input"

    _run_program(film, tmp_path / "program", f"wc -c > {log}")

    assert int(log.read_text()) == 0
