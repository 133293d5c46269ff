"""What posters of films are made of, in which renditions, and what follows when a poster is another picture."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from media_library.imaging.orders import Order, Subject, poster_orders
from media_library.imaging.presets import LADDER
from media_library.manifests import in_force
from media_library.models import CustomImage, PosterRendition, ProcessingJob, Suggestion, Video
from media_library.superseding import swap_rows

SOURCE = ("poster_image_id", "poster_time")
"""Columns of a film that say which picture its poster is."""


def chosen_picture(video: Video) -> CustomImage | None:
    """The picture of the library that is the poster; None where a moment of the film is. Drawings have no pixels."""
    image = video.poster_image
    return None if image is None or image.is_svg() else image


def poster_subject(video: Video) -> Subject:
    """The poster as the engine sees it, in pixels of the film or of the picture that was chosen."""
    if image := chosen_picture(video):
        return replace(image.subject, is_animated=False)
    return Subject(video.width or 1, video.height or 1).focused(video.poster_focus)


def wanted_orders(video: Video, subject: Subject) -> list[Order]:
    """The ladder, the crops that presets ask for, and those of earlier manifests that it has and that may be shown."""
    presets = in_force()
    present = {row.filter_spec for row in video.poster_renditions.all()}
    kept = [one for earlier in presets.kept for one in poster_orders(subject, earlier) if one.spec in present]
    return list({one.spec: one for one in (*kept, *poster_orders(subject, presets.presets))}.values())


def is_behind(video: Video) -> bool:
    """Whether its poster lacks what presets ask for, or has crops that none asks for any more, nor has of late."""
    wanted = {one.spec for one in wanted_orders(video, poster_subject(video))}
    return wanted != {row.filter_spec for row in video.poster_renditions.all()}


def record_poster(video: Video, subject: Subject, rows: Sequence[PosterRendition]) -> None:
    """Save rows whose files are stored in place of those before.

    Where the picture is another, what was suggested for the former one goes, and it is looked at when there is time.
    """
    before = _bytes_of(video.poster_renditions.filter(version=video.version))
    swap_rows(video, video.poster_renditions.all(), rows, "filter_spec")
    if chosen_picture(video):
        Video.objects.filter(pk=video.pk).update(poster_focus=subject.focal_area)
    if before != _bytes_of(rows):
        Suggestion.objects.filter(asset=video.pk, field=Suggestion.Field.FOCAL_POINT).delete()
        ProcessingJob.objects.filter(asset=video.pk, operation=ProcessingJob.Operation.SUGGEST).delete()


def identity(row: PosterRendition) -> str:
    """What the file of a rendition shares with no other picture: the hash of its bytes, as it stands in its name."""
    return row.file.name.rpartition("-")[2].partition(".")[0]


def _bytes_of(rows: Iterable[PosterRendition]) -> set[str]:
    """Crops follow the focal point, the ladder only the picture."""
    return {identity(row) for row in rows if row.preset == LADDER}
