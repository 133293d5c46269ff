"""What a second worker is good for: a film of ten minutes made in one go by one, and in parts by two.

    python -m tests.services -- python -m benchmarks.video_split [--seconds 600]

The film is generated: 640x360 at 25 pictures a second, with sound. Workers are Celery's as the Procfile starts them,
on SQLite and Redis (without tests.services on SQLite alone, which a worker asks once a second), each bound to one
processor with all that it starts, so that ffmpeg and x264 take one thread. The time is from the beginning of the job
to its end, so it holds planning, the queue, the storage and joining. What both have made is compared picture by
picture with PyAV. Prints Markdown, and ends with an error where a picture or a time differs.
"""

import argparse
import os
import sqlite3
import statistics
import tempfile
import time
from contextlib import closing
from datetime import datetime
from itertools import zip_longest
from pathlib import Path

import av
import django
import numpy
import psutil

from tests.media_library.video.films import ffmpeg, generated
from tests.stack import Stack

LOOP_SECONDS = 50
"""What is repeated: no multiple of a part, so that parts in another order would be seen."""

WORKER = (
    "exec taskset -c {cpu} celery --quiet -A cms worker --queues video --concurrency 1 --hostname video{cpu}@%h "
    "--loglevel INFO"
)
UPLOAD = """
from django.core.files import File
from django.db import transaction
from media_library.models import Video
with transaction.atomic(), open({path!r}, "rb") as file:
    video = Video(title="Film", file=File(file, name="film.mp4"))
    video.save()
    video.jobs.exclude(operation="transcode_video").delete()
"""
JOBS = "SELECT {columns} FROM media_library_processingjob WHERE operation = '{operation}'"
FILES = "SELECT preset, file, duration FROM media_library_transcode"
SMALL = (32, 18)
"""Pixels in which pictures are compared: what moves moves there, too, and what encoders do is averaged out."""


def run(
    folder: Path, film: Path, workers: int, split_seconds: int
) -> tuple[float, float, dict[str, tuple[Path, float]]]:
    """Upload and wait; seconds of the clock and of processors, and what was made, with its duration, by preset."""
    with Stack(folder, {"VIDEO_SPLIT_SECONDS": str(split_seconds)}, names=[]) as stack:
        for cpu in range(workers):
            stack.commands[f"video{cpu}"] = WORKER.format(cpu=cpu)
            stack.start(f"video{cpu}")
        deadline = time.monotonic() + 60
        while not all("ready." in stack.log(f"video{cpu}") for cpu in range(workers)):
            if time.monotonic() > deadline:
                raise SystemExit(f"The workers don't start:\n{stack.log('video0')}")
            time.sleep(0.5)
        stack.manage("shell", "-v", "0", "-c", UPLOAD.format(path=str(film)))
        database = folder / "darkroom.sqlite3"
        while (found := _job(database))[0] not in ("done", "failed"):
            time.sleep(1)
        state, started, finished, reason = found
        if state != "done":
            raise SystemExit(f"The film is {state}: {reason}")
        rows = _ask(database, FILES)
        processor = sum(map(_processor, (one for name in stack.commands for one in _family(stack, name))))
    seconds = (datetime.fromisoformat(finished) - datetime.fromisoformat(started)).total_seconds()
    return seconds, processor, {preset: (folder / "media" / name, duration) for preset, name, duration in rows}


def _family(stack: Stack, name: str) -> list[psutil.Process]:
    return stack.family(name) if stack.is_running(name) else []


def _processor(process: psutil.Process) -> float:
    """What a process, and the ended ones that it has started, have taken, its start among it."""
    times = process.cpu_times()
    return sum((times.user, times.system, times.children_user, times.children_system))


def _job(database: Path) -> tuple[str, str, str, str]:
    columns = "state, started_at, finished_at, reason"
    return _ask(database, JOBS.format(columns=columns, operation="transcode_video"))[0]


def _ask(database: Path, query: str) -> list[tuple]:
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True, timeout=30)) as connection:
        return connection.execute(query).fetchall()


def pictures(path: Path):
    """Of each picture its time and a few of its pixels."""
    with av.open(str(path)) as container:
        for frame in container.decode(video=0):
            yield frame.pts, frame.reformat(*SMALL, "gray").to_ndarray().astype(int)


def compare(one: Path, other: Path) -> tuple[int, float, float]:
    """How many pictures there are, how far the same ones are from each other at most, and neighbours mostly.

    Mean differences of grey, of 255. Ends with an error where one is missing or has another time.
    """
    number, apart, neighbours, before = 0, 0.0, [], None
    for left, right in zip_longest(pictures(one), pictures(other)):
        if left is None or right is None or left[0] != right[0]:
            raise SystemExit(f"Picture {number} is there once only, or at another time.")
        apart = max(apart, float(numpy.abs(left[1] - right[1]).mean()))
        if before is not None:
            neighbours.append(float(numpy.abs(left[1] - before).mean()))
        before, number = right[1], number + 1
    return number, apart, statistics.median(neighbours)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=int, default=600)
    arguments = parser.parse_args()
    # Rows are looked at in the file.
    os.environ.pop("DATABASE_URL", None)
    os.environ["DJANGO_SETTINGS_MODULE"] = "cms.settings.test"
    django.setup()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        loop = generated(
            folder / "loop.mp4",
            f"testsrc2=size=640x360:rate=25:duration={LOOP_SECONDS}",
            *("-g", "50", "-pix_fmt", "yuv420p"),
            sound=f"sine=frequency=440:duration={LOOP_SECONDS}",
        )
        film, seconds = folder / "film.mp4", str(arguments.seconds)
        ffmpeg("-stream_loop", "-1", "-i", loop, "-c", "copy", "-t", seconds, film)
        load = os.getloadavg()[0]
        single, single_processor, whole = run(folder / "one", film, 1, 0)
        double, double_processor, joined = run(folder / "two", film, 2, min(300, arguments.seconds // 2))
        print(f"{time.strftime('%Y-%m-%d %H:%M')}, {arguments.seconds} s; load before it {load:.1f}\n")
        print("| | s | processor s, with the workers' start | ratio |\n|---|---|---|---|")
        print(f"| one worker, in one go | {single:.1f} | {single_processor:.1f} | 1.00 |")
        print(
            f"| two workers, in parts | {double:.1f} | {double_processor:.1f} | {double / single:.2f} |\n", flush=True
        )
        preset = next(one for one in whole if one.endswith("p"))
        number, apart, neighbours = compare(whole[preset][0], joined[preset][0])
        lasting = {name: (whole[name][1], joined[name][1]) for name in whole}
        if whole.keys() != joined.keys() or any(left != right for left, right in lasting.values()):
            raise SystemExit(f"Not the same was made, or of another length: {lasting}")
        same_sound = whole["audio"][0].read_bytes() == joined["audio"][0].read_bytes()
        sizes = [made[preset][0].stat().st_size for made in (whole, joined)]
    print(f"{number} pictures in both, at the same times; the same ones differ by {apart:.2f} of 255 at most,")
    print(f"neighbours by {neighbours:.2f} in the median. Durations are equal, and the sound is, to the byte.")
    print(f"The rung has {(sizes[1] / sizes[0] - 1) * 100:+.2f}% bytes.")
    if not same_sound:
        raise SystemExit("The sound is another one.")


if __name__ == "__main__":
    main()
