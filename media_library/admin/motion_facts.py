"""What the admin shows of motion photos: what became of the film in a picture's file."""

from dataclasses import dataclass

from media_library.models import CustomImage, ProcessingJob, Video


@dataclass(frozen=True)
class MotionPhoto:
    """The film of a picture, that it is on its way, or why there is none."""

    film: Video | None
    is_awaited: bool = False
    problem: str = ""


def motion_photo(image: CustomImage) -> MotionPhoto | None:
    """None for a picture that is no motion photo. At most one query."""
    if image.motion_id is not None:
        return MotionPhoto(image.motion)
    if not image.holds_film:
        return None
    jobs = ProcessingJob.objects.filter(asset=image.pk, operation=ProcessingJob.Operation.SPLIT_MOTION)
    job = jobs.order_by("-pk").first()
    if job is None or job.state in (ProcessingJob.State.QUEUED, ProcessingJob.State.RUNNING):
        return MotionPhoto(None, is_awaited=True)
    return MotionPhoto(None, problem=job.reason)
