"""The real stack, and workers that are killed in the middle of it."""

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from media_library.video.ffmpeg import bundled_ffmpeg
from tests.media import photo_bytes
from tests.stack import Stack

# Early, in the middle and late in the work.
SHARES = [0.1, 0.5, 0.9]

UPLOAD = """
from django.core.files import File
from media_library.models import CustomImage, Video
for path in {paths!r}:
    kind = Video if path.endswith(".mp4") else CustomImage
    with open(path, "rb") as file:
        asset = kind(title="Survivor", file=File(file, name=path.rpartition("/")[2]))
        asset.save()
"""

FORGET = """
from media_library.models import Asset
for asset in Asset.objects.all():
    asset.specific.delete()
"""

WAIT = """
import json, time
from media_library.models import *
from media_library.models.files import public_storage
from media_library.storage import list_folder

from media_library.superseding import named_files

end = time.monotonic() + 90
while not ({condition}):
    if time.monotonic() > end:
        raise SystemExit("waited in vain for: {condition}")
    time.sleep(0.01)
if {victim}:
    import psutil
    root = psutil.Process({victim})
    for process in [root, *root.children(recursive=True)]:
        process.kill()
attempts = ProcessingJob.objects.filter(operation={operation!r}).values_list("attempts", flat=True)
ids = Asset.objects.values_list("pk", flat=True)
print(json.dumps({{
    "attempts": max([0, *attempts]),
    "transcodes": sorted(Transcode.objects.values_list("preset", flat=True)),
    "rows": sorted(name for pk in ids for name in named_files(pk)),
    "files": sorted(name for pk in ids for name in list_folder(public_storage(), str(pk))),
}}))
"""
RUNNING = "ProcessingJob.objects.filter(operation={operation!r}, state='running', progress__gt={share}).exists()"
ALL_READY = "not Asset.objects.exclude(status='ready').exists()"
ALL_DONE = "not ProcessingJob.objects.exclude(state='done').exists()"


@pytest.fixture(scope="module")
def long_film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Ten seconds of 720p: several seconds of work."""
    path = tmp_path_factory.mktemp("film") / "long.mp4"
    source = "testsrc2=size=1280x720:rate=30:duration=10"
    command = [bundled_ffmpeg(), "-v", "error", "-f", "lavfi", "-i", source, "-preset", "ultrafast", str(path)]
    subprocess.run(command, check=True, stdin=subprocess.DEVNULL)
    return path


@pytest.fixture(scope="module")
def large_photo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Twelve million pixels: a few seconds of work."""
    path = tmp_path_factory.mktemp("photo") / "large.jpg"
    path.write_bytes(photo_bytes(4000, 3000))
    return path


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    env = {"MEDIA_JOB_LEASE_SECONDS": "3", "MEDIA_JOB_REAP_SECONDS": "1"}
    with Stack(
        tmp_path_factory.mktemp("stack") / "data", env, names=["worker_images", "worker_video", "beat"]
    ) as stack:
        yield stack


def _wait(stack: Stack, condition: str, operation: str = "develop_image", victim: int = 0) -> dict:
    """Wait inside the stack's own Django until a condition holds, and report on its files and rows.

    A ``victim``, the id of a process, is killed at that moment, with all its descendants.
    """
    code = WAIT.format(condition=condition, operation=operation, victim=victim)
    return json.loads(stack.manage("shell", "-v", "0", "-c", code).splitlines()[-1])


def _upload(stack: Stack, *paths: Path) -> None:
    stack.manage("shell", "-v", "0", "-c", UPLOAD.format(paths=[str(path) for path in paths]))


def _kill_in_mid_work(stack: Stack, worker: str, operation: str, *paths: Path, share: float = 0.0) -> None:
    """Upload while the worker sleeps, wake it, and kill it as soon as it has done more than a share of the work."""
    stack.kill(worker)
    _upload(stack, *paths)
    stack.start(worker)
    _wait(stack, RUNNING.format(operation=operation, share=share), operation, victim=stack.family(worker)[0].pid)
    stack.kill(worker)


def _assert_all_done_once(report: dict) -> None:
    assert report["files"] == report["rows"]
    assert len(set(report["rows"])) == len(report["rows"])


@pytest.mark.parametrize("share", SHARES)
def test_film_is_done_once_after_its_worker_was_killed_in_mid_transcode(stack, long_film, share):
    stack.manage("shell", "-v", "0", "-c", FORGET)
    _kill_in_mid_work(stack, "worker_video", "transcode_video", long_film, share=share)

    stack.start("worker_video")
    report = _wait(stack, ALL_DONE, "transcode_video")

    assert report["attempts"] == 2
    assert report["transcodes"] == ["360p", "480p", "720p", "hls", "mp4", "webm"]
    _assert_all_done_once(report)
    work = Path(stack.env["DATA_DIR"]) / "tmp"
    assert not [path for path in work.iterdir() if path.name.startswith(("transcode-", "webm-", "poster-"))]


def test_picture_is_done_once_after_its_worker_was_killed_in_mid_ladder(stack, large_photo):
    _kill_in_mid_work(stack, "worker_images", "develop_image", large_photo, large_photo, large_photo)

    stack.start("worker_images")
    report = _wait(stack, ALL_READY)

    assert report["attempts"] == 2
    _assert_all_done_once(report)


def test_lost_broker_loses_no_work(stack, large_photo):
    stack.kill("worker_images")
    _upload(stack, large_photo, large_photo)
    _lose_messages(stack)

    stack.start("worker_images")

    _wait(stack, ALL_READY)


def _lose_messages(stack: Stack) -> None:
    if redis_url := stack.env.get("REDIS_URL"):
        import redis

        redis.Redis.from_url(redis_url).flushdb()
        return
    for name in ("worker_video", "beat"):
        stack.kill(name)
    for path in Path(stack.env["DATA_DIR"]).glob("broker.sqlite3*"):
        path.unlink()
    for name in ("worker_video", "beat"):
        stack.start(name)
