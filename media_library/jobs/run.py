import logging
import time
from collections.abc import Generator
from contextlib import closing

from django.db.models import QuerySet
from django.utils import timezone

from media_library import stopping
from media_library.exceptions import Cancelled, HandedBack, LeaseLost, MediaLibraryError, ServerAway, UnacceptableFile
from media_library.jobs import record
from media_library.jobs.lease import Lease, claim
from media_library.jobs.steps import Parts, Result
from media_library.jobs.work import WORK
from media_library.log_context import logged
from media_library.models import ProcessingJob
from media_library.signals import job_ended, storage_failed
from media_library.storage import is_away

logger = logging.getLogger(__name__)

STORAGE_DRIVERS = ("boto3", "botocore", "s3transfer", "cloudinary")
"""Packages whose errors are those of a storage; where it is local, they are the system's."""


def run(job_id: int) -> bool:
    """Claim a job and do it. Returns whether there was anything to do.

    Never raises for what goes wrong with the file: that is put down in the job and on the asset. Anything unforeseen
    is recorded too, and raised again, so that it is seen. A process that was asked to end hands the job back: it is
    queued again, and to be sent (``unsent``). So is what a storage that is away keeps from being done, for later.
    """
    if stopping.is_asked():
        return False
    job = claim(job_id)
    if job is None:
        return False
    started, outcome = time.monotonic(), "failed"
    with logged(job_id=job.pk, asset_id=job.asset_id):
        try:
            outcome = _work(job)
        finally:
            seconds = time.monotonic() - started
            job_ended.send_robust(ProcessingJob, operation=job.operation, outcome=outcome, seconds=seconds)
    return True


def unsent(job_id: int) -> QuerySet[ProcessingJob]:
    """This job, if a process that is about to end leaves it to another."""
    return ProcessingJob.objects.filter(pk=job_id, state=ProcessingJob.State.QUEUED, available_at__lte=timezone.now())


def _begun(job: ProcessingJob, lease: Lease) -> Generator[Result | Parts]:
    return WORK[job.operation](job.asset.specific, lease.report, **job.arguments)


def _work(job: ProcessingJob) -> str:
    """Do it, and say how it ended."""
    started = time.monotonic()
    lease = Lease(job)
    try:
        with lease.kept(), closing(_begun(job, lease)) as results:
            for result in results:
                if isinstance(result, Parts):
                    record.left_to_others(job, result)
                    return "divided"
                record.made(job, result, result.store())
            lease.report(1.0)
            record.done(job)
    except Cancelled:
        record.cancelled(job)
        return "cancelled"
    except HandedBack:
        record.handed_back(job)
        return "handed_back"
    except LeaseLost as error:
        logger.info("%s: stopped: %s", job, error)
        record.abandoned(job)
        return "lost"
    except ServerAway as error:
        return record.put_off(job, error)
    except UnacceptableFile as error:
        if job.parent_id:
            record.undivided(job, error)
        else:
            record.failed(job, str(error), error)
        return "failed"
    except BaseException as error:
        if is_away(error):
            storage_failed.send_robust(ProcessingJob, doing="work")
            return record.put_off(job, error)
        if isinstance(error, MediaLibraryError):
            record.failed(job, str(error), error, may_retry=True)
            return "failed"
        # A time limit or a bug: written down for the editor and the operator, then passed on.
        if isinstance(error, OSError) or type(error).__module__.partition(".")[0] in STORAGE_DRIVERS:
            storage_failed.send_robust(ProcessingJob, doing="work")
        record.failed(job, record.unforeseen(error), error, may_retry=True)
        raise
    logger.info("%s in %.1f s", job, time.monotonic() - started)
    return "done"
