"""A worker of a long film is killed, on real processes: only its part is made again."""

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.media_library.video.films import generated
from tests.stack import Stack

SECONDS = 60
SPLIT = 30
UPLOAD = """
from django.core.files import File
from django.db import transaction
from media_library.models import Video
with transaction.atomic(), open({path!r}, "rb") as file:
    video = Video(title="Film", file=File(file, name="film.mp4"))
    video.save()
    video.jobs.exclude(operation="transcode_video").delete()
"""
WHOLE = "SELECT state FROM media_library_processingjob WHERE operation = 'transcode_video'"
PARTS = "SELECT number, state, attempts FROM media_library_processingjob WHERE operation = 'transcode_part'"
DURATIONS = "SELECT preset, duration FROM media_library_transcode"


@pytest.fixture
def stack(tmp_path: Path) -> Iterator[Stack]:
    """Two workers for films, and the clocks that miss one."""
    env = {
        "MEDIA_JOB_LEASE_SECONDS": "3",
        "MEDIA_JOB_REAP_SECONDS": "2",
        "VIDEO_SPLIT_SECONDS": str(SPLIT),
    }
    with Stack(tmp_path / "data", env, names=["worker_video", "beat"]) as stack:
        stack.commands["worker_second"] = stack.commands["worker_video"].replace("video@%h", "second@%h")
        stack.start("worker_second")
        yield stack


def _look(stack: Stack) -> dict[str, Any]:
    """In the database itself: a part takes less time than a shell."""
    with closing(
        sqlite3.connect(f"file:{stack.data_dir / 'darkroom.sqlite3'}?mode=ro", uri=True, timeout=30)
    ) as found:
        [(whole,)] = found.execute(WHOLE)
        return {"whole": whole, "parts": list(found.execute(PARTS)), "durations": dict(found.execute(DURATIONS))}


def _wait(stack: Stack, until: Callable[[dict[str, Any]], bool], seconds: float) -> dict[str, Any]:
    deadline = time.monotonic() + seconds
    while not until(found := _look(stack)):
        assert time.monotonic() < deadline, (found, stack.log("worker_video")[-4000:])
        time.sleep(0.02)
    return found


def test_killed_worker_costs_its_part_only(stack: Stack, tmp_path: Path) -> None:
    film = generated(
        tmp_path / "film.mp4",
        f"testsrc2=size=640x360:rate=25:duration={SECONDS}",
        *("-g", "50", "-pix_fmt", "yuv420p"),
        sound=f"sine=frequency=440:duration={SECONDS}",
    )
    stack.manage("shell", "-v", "0", "-c", UPLOAD.format(path=str(film)))
    begun = _wait(stack, lambda found: sum(one[1] == "running" for one in found["parts"]) == 2, 60)

    stack.kill("worker_second")

    again: dict[int, int] = {}
    done = {number for number, state, _attempts in begun["parts"] if state == "done"}

    def is_over(found: dict) -> bool:
        again.update({number: attempts for number, _state, attempts in found["parts"]})
        return found["whole"] in ("done", "failed")

    ended = _wait(stack, is_over, 180)

    assert ended["whole"] == "done"
    assert ended["durations"]["360p"] == pytest.approx(SECONDS)
    assert sorted(again.values()) == [1] * (len(again) - 1) + [2], again
    assert all(again[number] == 1 for number in done)
    assert ended["parts"] == []
    assert not [path.name for path in (stack.data_dir / "media").rglob("part-*")]
