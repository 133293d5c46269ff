"""What is made of films."""

import logging
from collections.abc import Generator, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from typing import IO

from media_library import duplicates, fingerprints, posters
from media_library.exceptions import PartsDiffer
from media_library.imaging.engine import UNEDITED, Edits, Encoded, fingerprints_of, render
from media_library.imaging.orders import Subject
from media_library.jobs import film_parts
from media_library.jobs.steps import Parts, Report, Result, placeholder_facts
from media_library.models import PosterRendition, Sidecar, Transcode, Video
from media_library.storage import forget_copy, kept_path, local_path, work_folder
from media_library.video.ladder import SOUND, MadeRung, Plan, encode, join, plan_ladder
from media_library.video.parts import is_long, plan_parts
from media_library.video.poster import draw_poster
from media_library.video.probe import Film, probe
from media_library.video.processing import video_processing
from media_library.video.rungs import Rung
from media_library.video.storyboard import drawn_sheets
from media_library.video.transcodes import (
    MP4,
    WEBM,
    record_storyboard,
    record_transcodes,
    store_film,
    store_master,
    store_rungs,
    store_storyboard,
)
from media_library.video.webm import make_webm

logger = logging.getLogger(__name__)


def make_poster(video: Video, report: Report) -> Generator[Result]:
    """Read what the film says of itself, and make the ladder and the crops of its poster.

    That is the picture of the library that an editor chose, the moment that they chose, or one that is found.
    """
    with local_path(video.file) as path, work_folder(f"poster-{video.pk}") as folder:
        film = probe(path, video.mime_type)
        report(0.1)
        video.width, video.height = film.width, film.height
        subject = posters.poster_subject(video)
        wanted = posters.wanted_orders(video, subject)
        with _poster_pixels(video, film, folder) as (file, edits):
            encoded = render(file, subject, wanted, lambda done: report(0.2 + 0.8 * done), edits)
    yield Result(
        store=lambda: [PosterRendition.from_encoded(video, one) for one in encoded],
        record=lambda rows: _record_poster(video, subject, rows, encoded),
        facts={
            "width": film.width,
            "height": film.height,
            "duration": film.duration,
            "projection": film.projection and film.projection.to_json(),
            **placeholder_facts(encoded),
        },
    )


@contextmanager
def _poster_pixels(video: Video, film: Film, folder: Path) -> Iterator[tuple[IO[bytes], Edits]]:
    """The picture that is the poster, and what is done to it."""
    if image := posters.chosen_picture(video):
        with image.open_file() as file:
            yield file.file, image.get_edits()
    else:
        with draw_poster(film, folder, video.poster_time).open("rb") as frame:
            yield frame, UNEDITED


def _record_poster(video: Video, subject: Subject, rows: Sequence[PosterRendition], encoded: list[Encoded]) -> None:
    posters.record_poster(video, subject, rows)
    # A poster that somebody chose says nothing of the film.
    if video.poster_image is None and video.poster_time is None:
        fingerprints.record(video, fingerprints_of(encoded))
        duplicates.look_after_commit(video.pk)


def transcode_video(video: Video, report: Report, *, in_one_go: bool = False) -> Generator[Result | Parts]:
    """Make the ladder: first one rung with sound and storyboard, so that the film plays, then the others and the MP4.

    What an earlier attempt has recorded is not made again. A long film is left to as many workers as there are, pass
    by pass, and joined of what they made.
    """
    with kept_path(video.file) as path, work_folder(f"transcode-{video.pk}") as folder:
        plan = plan_ladder(probe(path, video.mime_type))
        passes = plan.passes(_rungs(video))
        total, spent = sum(map(plan.cost, passes)) or 1.0, 0.0
        for rungs in passes:
            share = plan.cost(rungs) / total
            reported = partial(_report_pass, report, plan, rungs, spent, share)
            made = None
            if not in_one_go and is_long(plan.film):
                try:
                    made = film_parts.joined(video, plan, rungs, folder)
                except PartsDiffer as error:
                    logger.warning("The parts of film %s don't fit, so it is made in one go: %s", video.pk, error)
                    in_one_go = True
                else:
                    if made is None and (parts := plan_parts(plan, rungs, spent, share)):
                        yield film_parts.left_to_others(parts, _named(plan, rungs, 0.0))
                        return
            yield _recorded(video, plan, rungs, folder, made or encode(plan, rungs, folder, reported))
            spent += share
        if MP4 in plan.processing.formats and not video.transcodes.filter(version=video.version, preset=MP4).exists():
            with _rungs_at_hand(video, plan) as (pictures, sound):
                film = join(plan.film, pictures, sound, folder / "film.mp4")
            yield _film(video, film, MP4)
    forget_copy(video.file)


def make_webm_film(video: Video, report: Report) -> Generator[Result]:
    """Make the WebM, if that is wanted."""
    if WEBM not in video_processing().formats:
        return
    with local_path(video.file) as path, work_folder(f"webm-{video.pk}") as folder:
        plan = plan_ladder(probe(path, video.mime_type))
        yield _film(video, make_webm(plan, folder, lambda done: report(done, {WEBM: done})), WEBM)


def _rungs(video: Video) -> dict[str, Transcode]:
    """The rungs that this version of the film has."""
    return {row.preset: row for row in video.transcodes.filter(version=video.version).exclude(playlist="")}


def _report_pass(report: Report, plan: Plan, rungs: Sequence[Rung], spent: float, share: float, done: float) -> None:
    """Say how far a pass is, as a share of the whole that comes after what was ``spent``.

    The first rung comes first: rungs of another pass are done if that one isn't in this pass.
    """
    report(spent + done * share, _named(plan, rungs, done))


def _named(plan: Plan, rungs: Sequence[Rung], done: float) -> dict[str, float]:
    names = [rung.name for rung in rungs]
    others = float(plan.first.name not in names)
    return {rung.name: done if rung.name in names else others for rung in plan.rungs}


def _recorded(video: Video, plan: Plan, rungs: Sequence[Rung], folder: Path, made: list[MadeRung]) -> Result:
    """One pass: its rungs, the master playlist over all that there are by then, and perhaps the storyboard."""
    sheets = drawn_sheets(folder) if plan.first in rungs else []

    def store() -> list[Transcode | Sidecar]:
        fresh = store_rungs(video, made)
        present = _rungs(video) | {row.preset: row for row in fresh}
        master = store_master(video, list(present.values()))
        return [*fresh, master, *(store_storyboard(video, plan.storyboard, sheets) if sheets else [])]

    return Result(store=store, record=lambda rows: _record(video, rows))


def _record(video: Video, rows: Sequence[Transcode | Sidecar]) -> None:
    film_parts.forget(video)
    record_transcodes(video, [row for row in rows if isinstance(row, Transcode)])
    if sidecars := [row for row in rows if isinstance(row, Sidecar)]:
        record_storyboard(video, sidecars)


def _film(video: Video, path: Path, preset: str) -> Result:
    return Result(
        store=lambda: [store_film(video, path, preset)],
        record=lambda rows: record_transcodes(video, rows),
    )


@contextmanager
def _rungs_at_hand(video: Video, plan: Plan) -> Iterator[tuple[Path, Path | None]]:
    """The rung for clients without HLS, and the sound, as files on this machine."""
    rungs = _rungs(video)
    with ExitStack() as stack:
        pictures = stack.enter_context(local_path(rungs[plan.fallback.name].file))
        yield pictures, stack.enter_context(local_path(rungs[SOUND].file)) if SOUND in rungs else None
