from collections.abc import Iterable
from datetime import timedelta

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from media_library.conf import conf
from media_library.insight import assets_to_ask_about, endpoint, unseen_assets
from media_library.jobs.record import settle
from media_library.models import Asset, CustomImage, ProcessingJob, Video
from media_library.polishing import polishable_images
from media_library.signals import tell_changed
from media_library.video.processing import video_processing
from media_library.video.transcodes import WEBM

Operation = ProcessingJob.Operation
State = ProcessingJob.State

OPERATIONS: dict[str, tuple[Operation, ...]] = {
    Asset.Kind.IMAGE: (Operation.DEVELOP_IMAGE,),
    Asset.Kind.VIDEO: (Operation.MAKE_POSTER, Operation.TRANSCODE_VIDEO, Operation.MAKE_WEBM),
    Asset.Kind.AUDIO: (Operation.DEVELOP_AUDIO,),
    Asset.Kind.DOCUMENT: (),
}
"""What is done with a new file of each kind."""

FILMS = (Operation.TRANSCODE_VIDEO, Operation.TRANSCODE_PART)

WAITED_FOR = (*(one for one in Operation if one not in ProcessingJob.NOT_WAITED_FOR), Operation.TRANSCODE_PART)

AT_A_TIME = 500
"""Pictures that are queued by one statement."""


def enqueue(asset: Asset) -> list[ProcessingJob]:
    """Write down the work for this version of an asset, afresh where it was done before.

    The rows belong to the caller's transaction; sending them to a broker is for after its commit. Rows of earlier
    work are forgotten, and a worker that is still at it finds its lease gone.
    """
    return enqueue_all([asset])


def enqueue_operation(asset: Asset, operation: Operation) -> list[ProcessingJob]:
    """Write down one piece of work for this version of an asset afresh, and leave the others as they are.

    As with ``enqueue``, it is sent after commit, and a worker that is still at it finds its lease gone.
    """
    with transaction.atomic():
        Asset.lock(asset.pk)
        ProcessingJob.objects.filter(asset=asset.pk, operation=operation).delete()
        job = ProcessingJob.objects.create(asset_id=asset.pk, operation=operation, version=asset.version)
        settle(job)
    return [job]


def enqueue_all(assets: Iterable[Asset]) -> list[ProcessingJob]:
    """The same for many assets, in a few statements. Posters that are made from these pictures are made anew, too."""
    assets = list(assets)
    images = [asset.pk for asset in assets if asset.kind == Asset.Kind.IMAGE]
    ProcessingJob.objects.filter(asset__in={asset.pk for asset in assets}.difference(images)).delete()
    # Pictures have no parts: nothing hangs on their jobs that would have to be looked for among thousands.
    of_images = ProcessingJob.objects.filter(asset__in=images)
    of_images._raw_delete(of_images.db)
    films = Video.objects.filter(poster_image__in=images) if images else ()
    posters = [job for film in films for job in enqueue_operation(film, Operation.MAKE_POSTER)]
    return posters + ProcessingJob.objects.bulk_create(
        ProcessingJob(asset_id=asset.pk, operation=operation, version=asset.version)
        for asset in assets
        for operation in _operations(asset)
    )


def enqueue_posters(films: Iterable[Video]) -> list[ProcessingJob]:
    """Write down that the posters of these films are made afresh, while the films stay as ready as they are."""
    films = list(films)
    with transaction.atomic():
        Asset.lock(*(film.pk for film in films))
        ProcessingJob.objects.filter(asset__in=[film.pk for film in films], operation=Operation.MAKE_POSTER).delete()
        return ProcessingJob.objects.bulk_create(
            ProcessingJob(asset_id=film.pk, operation=Operation.MAKE_POSTER, version=film.version) for film in films
        )


def _operations(asset: Asset) -> Iterable[Operation]:
    unwanted = {Operation.MAKE_WEBM} if WEBM not in video_processing().formats else set()
    # What has a film may be given as an asset of whatever kind, and is no picture then.
    besides = [Operation.SPLIT_MOTION] if getattr(asset, "holds_film", False) else []
    return [*(operation for operation in OPERATIONS[asset.kind] if operation not in unwanted), *besides]


def redevelop(images: QuerySet[CustomImage]) -> int:
    """Queue all renditions of these pictures under a new version; those of today stay until then. Returns how many.

    Workers get to know from the reaper, within seconds: telling them of thousands would hold up the caller's request.
    """
    ids = list(images.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(ids), AT_A_TIME):
        batch = CustomImage.objects.filter(pk__in=ids[start : start + AT_A_TIME])
        with transaction.atomic():
            batch.update(version=F("version") + 1, status=Asset.Status.UPLOADED, status_reason="")
            enqueue_all(batch)
            tell_changed(Asset.Kind.IMAGE, ids[start : start + AT_A_TIME])
    return len(ids)


def give_way(job_id: int, to: Iterable[Operation]) -> bool:
    """Put off work that nobody waits for while there is work of these kinds; return whether it was so.

    Such work on the same asset goes before as long as it is not done: it may be about to be left to many.
    """
    now = timezone.now()
    mine = ProcessingJob.objects.filter(pk=job_id, operation__in=ProcessingJob.NOT_WAITED_FOR, state=State.QUEUED)
    waits = Q(state=State.QUEUED, available_at__lte=now)
    waiting = ProcessingJob.objects.filter(waits | Q(state=State.RUNNING, asset__in=mine.values("asset")))
    waiting = waiting.filter(operation__in=to)
    later = now + timedelta(seconds=conf.JOB_GIVE_WAY_SECONDS)
    return waiting.exists() and bool(mine.update(available_at=later))


def give_way_to_films(job_id: int) -> bool:
    """Put off a part of a film while another film has no worker at all, and this one has another."""
    now = timezone.now()
    work = ProcessingJob.objects.filter(operation__in=FILMS)
    begun = work.filter(state=State.RUNNING, lease__isnull=False).values("asset")
    without = work.filter(state=State.QUEUED, available_at__lte=now).exclude(asset__in=begun)
    mine = ProcessingJob.objects.filter(pk=job_id, state=State.QUEUED, asset__in=begun)
    later = now + timedelta(seconds=conf.JOB_GIVE_WAY_SECONDS)
    return without.exists() and bool(mine.update(available_at=later))


def mark_sent(job_ids: Iterable[int]) -> None:
    """Note that these rows have been sent to the broker."""
    ProcessingJob.objects.filter(pk__in=list(job_ids)).update(sent_at=timezone.now())


def is_idle() -> bool:
    """Whether nothing is to be done here but polishing, which takes hours, and so keeps nothing from its turn."""
    return not _at_work_but_for(Operation.POLISH_IMAGE)


def _at_work_but_for(operation: Operation) -> bool:
    """Whether there is other work. What waits for the servers of others takes no processor of ours."""
    at_work = ProcessingJob.objects.filter(state__in=(State.QUEUED, State.RUNNING))
    return at_work.exclude(operation__in=(operation, Operation.ASK_ENDPOINT)).exists()


def enqueue_suggesting(limit: int = 50) -> list[ProcessingJob]:
    """Write down which files to look at next for suggestions, the newest first, if there is nothing else to do."""
    if not is_idle():
        return []
    ProcessingJob.objects.bulk_create(
        (
            ProcessingJob(asset_id=asset.pk, operation=Operation.SUGGEST, version=asset.version)
            for asset in unseen_assets()[:limit]
        ),
        ignore_conflicts=True,
    )
    # Where another process was faster, the rows have no keys.
    return list(ProcessingJob.objects.filter(operation=Operation.SUGGEST, state=State.QUEUED, sent_at=None))


def enqueue_asking(limit: int = 50) -> list[ProcessingJob]:
    """Write down about which files to ask the endpoint next, if an operator has switched it on.

    As many as it may be asked at the same time (``INSIGHT_ENDPOINT_AT_ONCE``), so that a library of thousands doesn't
    stand in line at a small server. Those that were put off keep no other from its turn, up to ``limit`` of them.
    """
    if not endpoint.is_on():
        return []
    asking = ProcessingJob.objects.filter(operation=Operation.ASK_ENDPOINT)
    waiting = asking.filter(state=State.QUEUED, available_at__gt=timezone.now()).count()
    at_it = asking.filter(state__in=(State.QUEUED, State.RUNNING)).count() - waiting
    room = min(conf.INSIGHT_ENDPOINT_AT_ONCE - at_it, limit - at_it - waiting)
    ProcessingJob.objects.bulk_create(
        (
            ProcessingJob(asset_id=asset.pk, operation=Operation.ASK_ENDPOINT, version=asset.version)
            for asset in assets_to_ask_about()[: max(0, room)]
        ),
        ignore_conflicts=True,
    )
    return list(asking.filter(state=State.QUEUED, sent_at=None, available_at__lte=timezone.now()))


def enqueue_polishing(limit: int = 5) -> list[ProcessingJob]:
    """Write down what to polish next: pictures that live pages use, oldest first.

    Nothing while there is anything else to do but looking for suggestions: these take turns with it, since a library
    of thousands has either for days.
    """
    if _at_work_but_for(Operation.SUGGEST):
        return []
    jobs = []
    for image in polishable_images().order_by("pk")[:limit]:
        job, _ = ProcessingJob.objects.update_or_create(
            asset_id=image.pk,
            operation=Operation.POLISH_IMAGE,
            version=image.version,
            defaults={"state": State.QUEUED, "attempts": 0, "available_at": timezone.now(), "sent_at": None},
        )
        jobs.append(job)
    return jobs
