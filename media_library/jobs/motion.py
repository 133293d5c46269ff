"""What is made of motion photos: a film of its own, beside the picture."""

import hashlib
from collections.abc import Callable, Generator
from pathlib import Path, PurePosixPath
from typing import IO

from django.core.files.base import File
from wagtail.search import index

from media_library.conf import conf
from media_library.intake.motion import find_film
from media_library.intake.sniff import sniff
from media_library.jobs.steps import Report, Result
from media_library.models import CustomImage, Video
from media_library.models.asset import RIGHTS
from media_library.motion import join, take_along
from media_library.single_flight import single_flight
from media_library.storage import work_folder
from media_library.video.probe import DEMUXERS, probe

CHUNK = 1024 * 1024

TAKEN_OVER = ("title", "alt_text", "description", "caption", "credit", "licence", *RIGHTS, "uploaded_by_user_id")
"""What is said of the picture holds for its film."""


def split_motion(image: CustomImage, report: Report) -> Generator[Result]:
    """Take the film out of a motion photo; it becomes a film of the library, in the picture's folder.

    Raises ``UnacceptableFile`` for a film that is missing, cut off or broken. The picture is not touched.
    """
    with work_folder(f"motion-{image.pk}") as folder:
        path = folder / "film"
        with image.file.open("rb") as file:
            digest = _copy(file, path, report)
        with path.open("rb") as film:
            mime_type = sniff(film) or ""
        # Before there is a row that could only fail.
        probe(path, mime_type if mime_type in DEMUXERS else "video/mp4")
        yield Result(
            store=lambda: [_film_of(image, path, digest, mime_type)],
            record=lambda films: _record(image, films[0]),
        )


def _record(image: CustomImage, film: Video) -> None:
    join(image, film)
    # It may have been moved since the film was put beside it.
    take_along(CustomImage.objects.get(pk=image.pk), film.collection_id)


def _copy(file: IO[bytes], path: Path, report: Callable[[float], None]) -> str:
    """Copy the film to a file of its own, a piece at a time, and return its SHA-256."""
    stretch = find_film(file)
    file.seek(stretch.start)
    left, digest = stretch.end - stretch.start, hashlib.sha256()
    with path.open("wb") as film:
        while left and (piece := file.read(min(left, CHUNK))):
            film.write(piece)
            digest.update(piece)
            left -= len(piece)
            report(0.8 * (1 - left / (stretch.end - stretch.start)))
    return digest.hexdigest()


def _film_of(image: CustomImage, path: Path, digest: str, mime_type: str) -> Video:
    """The same film, if the picture's folder has it already: of another attempt, or of the same upload before."""
    with single_flight(f"motion-{digest}", conf.RENDER_WAIT_SECONDS):
        current = CustomImage.objects.get(pk=image.pk)
        same = Video.objects.filter(file_hash=digest, collection=current.collection_id, trashed_at=None)
        if found := same.order_by("pk").first():
            return found
        name = PurePosixPath(current.filename).with_suffix(".mov" if mime_type == "video/quicktime" else ".mp4").name
        video = Video(collection_id=current.collection_id, **{one: getattr(current, one) for one in TAKEN_OVER})
        with path.open("rb") as film:
            video.file = File(film, name=name)
            video.save()
        if tags := current.tags.names():
            video.tags.add(*tags)
            # Saving the row put it in the index before its tags were there.
            index.insert_or_update_object(video)
        return video
