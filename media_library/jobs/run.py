import logging
import time
from contextlib import closing

from media_library.exceptions import Cancelled, LeaseLost, MediaLibraryError, UnacceptableFile
from media_library.jobs import record
from media_library.jobs.lease import Lease, claim
from media_library.jobs.work import WORK
from media_library.log_context import logged
from media_library.models import ProcessingJob

logger = logging.getLogger(__name__)


def run(job_id: int) -> bool:
    """Claim a job and do it. Returns whether there was anything to do.

    Never raises for what goes wrong with the file: that is put down in the job and on the asset. Anything unforeseen
    is recorded too, and raised again, so that it is seen.
    """
    job = claim(job_id)
    if job is None:
        return False
    with logged(job_id=job.pk, asset_id=job.asset_id):
        _work(job)
    return True


def _work(job: ProcessingJob) -> None:
    started = time.monotonic()
    lease = Lease(job)
    try:
        with lease.kept(), closing(WORK[job.operation](job.asset.specific, lease.report)) as results:
            for result in results:
                record.made(job, result, result.store())
            lease.report(1.0)
            record.done(job)
    except Cancelled:
        record.cancelled(job)
    except LeaseLost as error:
        logger.info("%s: stopped: %s", job, error)
        record.abandoned(job)
    except UnacceptableFile as error:
        record.failed(job, str(error), error)
    except MediaLibraryError as error:
        record.failed(job, str(error), error, may_retry=True)
    except BaseException as error:
        # A time limit, a full disk, a bug: written down for the editor and the operator, then passed on.
        record.failed(job, record.unforeseen(error), error, may_retry=True)
        raise
    else:
        logger.info("%s in %.1f s", job, time.monotonic() - started)
