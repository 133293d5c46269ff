"""Films in parts: what a worker makes of one, and what becomes of all of them."""

from collections.abc import Generator, Iterator, Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

from django.core.files.base import File
from django.db.models import QuerySet

from media_library.exceptions import PartsDiffer
from media_library.jobs.steps import Parts, Report, Result
from media_library.models import FilmPart, ProcessingJob, Video
from media_library.storage import kept_path, local_path, work_folder
from media_library.video.ladder import MadeRung, Plan, plan_ladder
from media_library.video.parts import Part, encode_part, join_parts
from media_library.video.probe import probe
from media_library.video.rungs import Rung


def left_to_others(parts: Sequence[Part], named: dict[str, float]) -> Parts:
    """A pass in parts; ``named`` is how far each rung of the film is."""
    arguments = [{"number": number, "part": part.to_json()} for number, part in enumerate(parts, start=1)]
    return Parts(ProcessingJob.Operation.TRANSCODE_PART, arguments, parts[0].base, named)


def transcode_part(video: Video, report: Report, *, number: int, part: Mapping[str, Any]) -> Generator[Result]:
    """Make one part, and put it where those who join them find it, whatever machine they are on."""
    what = Part.from_json(part)
    with kept_path(video.file) as path, work_folder(f"part-{video.pk}-{number}") as folder:
        made = encode_part(plan_ladder(probe(path, video.mime_type)), what, folder, report)
        job = _jobs(video).get(number=number)
        yield Result(
            store=lambda: [_stored(job, preset, one) for preset, one in made.items()],
            record=_record,
            is_shown=False,
        )


def _record(rows: list[FilmPart]) -> None:
    FilmPart.objects.bulk_create(rows)


def joined(video: Video, plan: Plan, rungs: Sequence[Rung], folder: Path) -> list[MadeRung] | None:
    """What the parts of this pass are together; None if they are not there. Raises ``PartsDiffer``."""
    jobs = list(_jobs(video).order_by("number"))
    parts = {job.pk: Part.from_json(job.arguments["part"]) for job in jobs}
    names = {name for part in parts.values() for name in part.rungs}
    if names != {rung.name for rung in rungs} or any(job.state != ProcessingJob.State.DONE for job in jobs):
        return None
    rows = list(FilmPart.objects.filter(job__in=parts).order_by("number"))

    def files(preset: str) -> Iterator[tuple[Path, Fraction]]:
        for row in rows:
            if row.preset == preset:
                stretch = parts[row.job_id].stretch
                with local_path(row.file) as path:
                    yield path, stretch.start / stretch.rate

    try:
        return join_parts(plan, rungs, files, folder)
    except FileNotFoundError as error:
        raise PartsDiffer(f"A part is gone: {error}") from error


def forget(video: Video) -> None:
    """The parts have done their service: rows and files go."""
    _jobs(video).delete()


def _jobs(video: Video) -> QuerySet[ProcessingJob]:
    return ProcessingJob.objects.filter(
        asset=video.pk, version=video.version, operation=ProcessingJob.Operation.TRANSCODE_PART
    )


def _stored(job: ProcessingJob, preset: str, path: Path) -> FilmPart:
    row = FilmPart(
        asset_id=job.asset_id,
        version=job.version,
        job=job,
        number=job.number,
        preset=preset,
        file_size=path.stat().st_size,
    )
    with path.open("rb") as file:
        row.file = File(file, name=path.name)
        row.file.save(path.name, row.file.file, save=False)
    return row
