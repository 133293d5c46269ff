"""What a film costs: the whole ladder, MP4, poster and storyboard, against one bare ffmpeg command for the same rungs.

    python -m benchmarks.video_speed [--rounds 3] [--seconds 30]

The film is generated: 1080p at 30 pictures a second, clouds and edges that pan behind a moving box, with grain as of a
camera, in H.264 at some 15 Mbit/s, and a tone with noise. Both begin with the file on the disk and take turns. Ours
are the jobs as workers run them, one after the other, on an empty SQLite database; two workers share them in reality.
The bare command makes rungs and sound as one file each, with the same encoders and settings, all in one go. Prints
Markdown.
"""

import argparse
import logging
import os
import statistics
import subprocess
import tempfile
import time
from pathlib import Path
from unittest.mock import patch

import django

from benchmarks.engines import stopwatch

WAITED_FOR = ("transcode_video", "make_poster")


def generate(folder: Path, seconds: int) -> Path:
    """The film, by ffmpeg's own filters and a picture of ours."""
    from media_library.video.ffmpeg import bundled_ffmpeg
    from tests.media import picture

    still, film = folder / "still.png", folder / "film.mp4"
    picture(2400, 1350).save(still)
    pan = "crop=1920:1080:x='240+220*sin(t*0.7)':y='135+120*sin(t*0.45)'"
    box = "drawbox=x=0:y=400:w=200:h=160:color=white:t=fill"
    grain = "noise=alls=7:allf=t,format=yuv420p"
    command = [
        *(bundled_ffmpeg(), "-v", "error", "-nostdin", "-loop", "1", "-framerate", "30", "-i", str(still)),
        *("-f", "lavfi", "-i", "aevalsrc='0.2*sin(440*2*PI*t)+0.02*random(0)':sample_rate=48000"),
        *("-vf", f"{pan},{box},{grain}", "-t", str(seconds), "-c:v", "libx264", "-preset", "veryfast"),
        *("-b:v", "15M", "-maxrate", "20M", "-bufsize", "30M", "-c:a", "aac", "-ac", "2", "-y", str(film)),
    ]
    subprocess.run(command, check=True)
    return film


def bare(film: Path, folder: Path) -> tuple[float, float]:
    """One command for the rungs that ours makes; seconds of the clock and of the processor."""
    from media_library.video.ffmpeg import bundled_ffmpeg
    from media_library.video.ladder import SPEED, plan_ladder
    from media_library.video.probe import probe

    plan = plan_ladder(probe(film, "video/mp4"))
    names = [f"r{number}" for number in range(len(plan.rungs))]
    scaled = [
        f"[i{name}]scale={rung.width}:{rung.height}:flags=bicubic[{name}]"
        for name, rung in zip(names, plan.rungs, strict=True)
    ]
    graph = ";".join([f"[0:v]split={len(names)}{''.join(f'[i{name}]' for name in names)}", *scaled])
    command = [bundled_ffmpeg(), "-v", "error", "-nostdin", "-y", "-i", str(film), "-filter_complex", graph]
    for name, rung in zip(names, plan.rungs, strict=True):
        command += [
            *("-map", f"[{name}]", "-c:v", "libx264", "-preset", SPEED, "-crf", str(plan.processing.crf.h264)),
            *("-maxrate", str(rung.peak), "-bufsize", str(rung.peak * 2), "-pix_fmt", "yuv420p"),
            *("-g", "60", "-keyint_min", "60", "-sc_threshold", "0", str(folder / f"{rung.name}.mp4")),
        ]
    command += ["-map", "0:a", "-c:a", "aac", "-b:a", "128k", "-ac", "2", "-ar", "48000", str(folder / "audio.mp4")]
    started = stopwatch.now()
    subprocess.run(command, check=True)
    return stopwatch.since(started)


def ours(film: Path) -> dict[str, tuple[float, float]]:
    """Upload and develop once; seconds of the clock and of the processor for each step."""
    from django.core.files import File

    from media_library import jobs
    from media_library.jobs import record
    from media_library.models import Video

    with film.open("rb") as file:
        video = Video(title="Film", file=File(file, name="film.mp4"))
        video.save()
    steps: dict[str, tuple[float, float]] = {}
    made = record.made

    def noted(*result: object) -> None:
        made(*result)
        if "playable" not in steps and video.transcodes.filter(preset="hls").exists():
            steps["playable"] = stopwatch.since(started)

    with patch.object(record, "made", noted):
        for job in sorted(video.jobs.all(), key=lambda job: (*WAITED_FOR, job.operation).index(job.operation)):
            started = stopwatch.now()
            jobs.run(job.pk)
            steps[job.operation] = stopwatch.since(started)
    video.refresh_from_db()
    names = set(video.transcodes.values_list("preset", flat=True))
    expected = {"1080p", "720p", "480p", "360p", "audio", "hls", "mp4", "webm"}
    if video.status != video.Status.READY or names != expected or not video.sidecars.exists():
        raise SystemExit(f"The film is {video.status}, with {sorted(names)}: {video.status_reason}")
    video.delete()
    return steps


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=int, default=30)
    arguments = parser.parse_args()
    os.environ["DJANGO_SETTINGS_MODULE"] = "cms.settings.test"
    django.setup()

    from django.core.management import call_command

    logging.disable(logging.WARNING)
    call_command("migrate", verbosity=0)
    rounds: list[dict[str, tuple[float, float]]] = []
    load = os.getloadavg()[0]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        film = generate(folder, arguments.seconds)
        size = film.stat().st_size
        for _ in range(arguments.rounds):
            found = {"bare": bare(film, folder)} | ours(film)
            parts = [found["transcode_video"], found["make_poster"]]
            found["all"] = (sum(part[0] for part in parts), sum(part[1] for part in parts))
            rounds.append(found)
    print(
        f"{time.strftime('%Y-%m-%d %H:%M')}, {arguments.seconds} s of 1080p in {size / 1e6:.0f} MB; load {load:.1f}\n"
    )
    print("| Step | s, best | s, median | processor s, best | times the bare command, median |\n|---|---|---|---|---|")
    for step, what in {
        "bare": "bare ffmpeg: four rungs and sound",
        "playable": "ours: until the film is playable (480p, sound, storyboard)",
        "transcode_video": "ours: ladder, MP4, storyboard",
        "make_poster": "ours: poster in 18 renditions",
        "all": "**ours: all of it**",
        "make_webm": "WebM, afterwards",
    }.items():
        wall = [found[step][0] for found in rounds]
        ratio = statistics.median(found[step][0] / found["bare"][0] for found in rounds)
        processor = min(found[step][1] for found in rounds)
        print(f"| {what} | {min(wall):.1f} | {statistics.median(wall):.1f} | {processor:.1f} | {ratio:.2f} |")


if __name__ == "__main__":
    main()
