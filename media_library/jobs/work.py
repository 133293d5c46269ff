"""What each operation does: it gets an asset and a way to report, and yields what it made until that is stored."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from typing import Any

from media_library.imaging.engine import develop
from media_library.models import CustomImage, ProcessingJob, Video
from media_library.renditions import store_poster_renditions, store_renditions
from media_library.storage import local_path, swap_rows, work_folder
from media_library.video.poster import draw_poster
from media_library.video.probe import probe
from media_library.video.transcode import store_transcode, transcode

Report = Callable[[float], None]
Operation = ProcessingJob.Operation


@dataclass(frozen=True)
class Result:
    """What a job made: how to store its files, and how to record their rows afterwards inside the transaction.

    ``facts`` are columns of the asset that the work found out.
    """

    store: Callable[[], list]
    record: Callable[[list], None]
    facts: dict[str, Any] = field(default_factory=dict)


@contextmanager
def develop_image(image: CustomImage, report: Report) -> Iterator[Result]:
    """Make the ladder of a picture."""
    with image.file.open("rb") as file:
        encoded = develop(file.file, report)
    ladder = image.renditions.filter(filter_spec__in=[one.spec for one in encoded], focal_point_key="")
    yield Result(
        store=lambda: store_renditions(image, encoded),
        record=lambda rows: swap_rows(ladder, rows, "filter_spec"),
    )


@contextmanager
def make_poster(video: Video, report: Report) -> Iterator[Result]:
    """Read what the film says of itself, and make the ladder of its poster."""
    with local_path(video.file) as path, work_folder(f"poster-{video.pk}") as folder:
        film = probe(path, video.mime_type)
        report(0.1)
        with draw_poster(film, folder).open("rb") as frame:
            encoded = develop(frame, lambda done: report(0.2 + 0.8 * done))
    yield Result(
        store=lambda: store_poster_renditions(video, encoded),
        record=lambda rows: swap_rows(video.poster_renditions.all(), rows, "filter_spec"),
        facts={"width": film.width, "height": film.height, "duration": film.duration},
    )


@contextmanager
def transcode_video(video: Video, report: Report) -> Iterator[Result]:
    """Make the film that browsers play."""
    with local_path(video.file) as path, work_folder(f"transcode-{video.pk}") as folder:
        made = transcode(probe(path, video.mime_type), folder, report)
        yield Result(
            store=lambda: [store_transcode(video, made)],
            record=lambda rows: swap_rows(video.transcodes.all(), rows, "preset"),
        )


WORK: dict[str, Callable[[Any, Report], AbstractContextManager[Result]]] = {
    Operation.DEVELOP_IMAGE: develop_image,
    Operation.MAKE_POSTER: make_poster,
    Operation.TRANSCODE_VIDEO: transcode_video,
}
