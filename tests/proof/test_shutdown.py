"""Workers that are asked to end as a process manager asks, in the middle of a film."""

import stat
import time
from collections.abc import Callable, Iterator
from typing import TypeVar

import psutil
import pytest

from media_library.video.ffmpeg import bundled_ffmpeg
from tests.media import film_bytes
from tests.stack import Stack

Found = TypeVar("Found")

UPLOAD = """
from django.core.files import File
from media_library.models import Video
with open({path!r}, "rb") as file:
    Video(title="Tide", file=File(file, name="tide.mp4")).save()
"""
JOB = """
from media_library.models import ProcessingJob
job = ProcessingJob.objects.get(operation="transcode_video")
print(job.state, job.attempts, job.lease, job.sent_at is not None)
"""
SOON = 20
"""Seconds: Celery takes six of them for itself, and the film would take longer."""


@pytest.fixture
def stack(tmp_path) -> Iterator[Stack]:
    """With a lease so long that nobody gets a job by its end; no beat, so that nobody but workers sends one."""
    # The real one, at the speed at which one watches: films take their time without taking the processor.
    slow = tmp_path / "slow-ffmpeg"
    slow.write_text(f'#!/bin/sh\nexec "{bundled_ffmpeg()}" -re "$@"\n')
    slow.chmod(slow.stat().st_mode | stat.S_IXUSR)
    env = {"MEDIA_JOB_LEASE_SECONDS": "600", "FFMPEG": str(slow)}
    with Stack(tmp_path / "data", env, names=["worker_video"]) as running:
        yield running


def _until(find: Callable[[], Found]) -> Found:
    deadline = time.monotonic() + 60
    while not (found := find()):
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.2)
    return found


def test_film_of_a_worker_that_is_asked_to_end_is_the_next_ones_at_once(stack, tmp_path):
    def encoders() -> list[psutil.Process]:
        return [one for one in stack.family("worker_video") if one.name().startswith("ffmpeg")]

    path = tmp_path / "tide.mp4"
    path.write_bytes(film_bytes(tmp_path, seconds=30, fps=6))
    stack.manage("shell", "--verbosity", "0", "--command", UPLOAD.format(path=str(path)))
    running = _until(encoders)

    began = time.monotonic()
    stack.stop("worker_video", seconds=2 * SOON)

    assert time.monotonic() - began < SOON
    assert "handed back" in stack.log("worker_video")
    assert not any(one.is_running() and one.status() != psutil.STATUS_ZOMBIE for one in running)
    # Queued, at no cost, without a lease, and sent to whoever is there.
    assert stack.manage("shell", "--verbosity", "0", "--command", JOB).split() == ["queued", "0", "None", "True"]

    stack.start("worker_video")
    _until(encoders)
    assert stack.manage("shell", "--verbosity", "0", "--command", JOB).split()[:2] == ["running", "1"]


def test_beat_ends_when_it_is_asked_to(stack):
    stack.start("beat")
    time.sleep(3)

    began = time.monotonic()
    stack.stop("beat", seconds=SOON)

    assert time.monotonic() - began < SOON / 2
