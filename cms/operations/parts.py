"""What Darkroom stands on, and how to ask each part whether it is well.

A check returns what an operator may like to know (``"12 MB free"``) and raises when something is wrong: `Unwell` with
what is wrong and what to do about it, or whatever a driver raises, which ``ADVICE`` then explains.
"""

import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from secrets import token_hex

from celery import current_app
from django.conf import settings
from django.core.cache import cache
from django.core.files.storage import FileSystemStorage, storages
from django.db import connection
from django.db.models import Exists, F, Min, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce, Greatest
from django.template.defaultfilters import filesizeformat
from django.utils import timezone

from media_library.conf import conf
from media_library.models import ProcessingJob

PROBE = "readyz"

ADVICE = {
    "database": "Check DATABASE_URL, and that the database runs and takes connections from here.",
    "cache": "Check REDIS_URL (without one: that DATA_DIR/cache can be written). Answers are made anew meanwhile.",
    "broker": "Check REDIS_URL (without one: DATA_DIR/broker.sqlite3). Work is written down and done later.",
    "storage": "Check address, keys and rights of the storage. Pages are served, but uploads and work fail.",
    "queue": "The database did not tell. See the database.",
    "disk": "Check that DATA_DIR exists and is mounted.",
}


class Unwell(Exception):
    """Something is wrong, and this is what to do about it."""

    def __init__(self, what: str, advice: str):
        super().__init__(what)
        self.advice = advice


def check_database() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return connection.vendor


def check_cache() -> str:
    """What is put in can be read; a value of its own each time, so that no older one passes for it."""
    value = token_hex(8)
    key = f"{PROBE}:{value}"
    cache.set(key, value, timeout=10)
    if cache.get(key) != value:
        raise Unwell("What was put in could not be read.", ADVICE["cache"])
    cache.delete(key)
    return settings.CACHES["default"]["BACKEND"].rpartition(".")[2]


def check_broker() -> str:
    with current_app.connection_for_write(connect_timeout=2) as broker:
        broker.ensure_connection(max_retries=1, timeout=2)
        with broker.channel() as channel:
            # Made by every worker anyhow; asking for it goes to the broker and back, whichever it is.
            channel.queue_declare(queue="housekeeping")
        return str(broker.transport.driver_type)


def check_storage() -> str:
    """A local folder can be written; another storage answers when it is asked for a file that isn't there."""
    for alias in (name for name in settings.STORAGES if name != "staticfiles"):
        storage = storages[alias]
        if isinstance(storage, FileSystemStorage):
            folder = Path(storage.location) / f".{PROBE}-{token_hex(8)}"
            folder.mkdir(parents=True)
            folder.rmdir()
        else:
            storage.exists(PROBE)
    return ", ".join(sorted({type(storages[alias]).__name__ for alias in settings.STORAGES if alias != "staticfiles"}))


def check_queue() -> str:
    """Work is begun soon after its time has come, and lost work is given out again."""
    now = timezone.now()
    waited, overdue = queue_age(), now - timedelta(seconds=conf.JOB_LEASE_SECONDS + 60)
    if ProcessingJob.objects.filter(state=ProcessingJob.State.RUNNING, lease_expires_at__lt=overdue).exists():
        raise Unwell("Work of a dead worker was not given to another.", "Check that beat and worker_images run.")
    if waited > settings.QUEUE_AGE_LIMIT:
        raise Unwell(
            f"Work has waited for {waited:.0f} s.",
            "Check that worker_images and worker_video run (their logs say why not); if they do, start more of them.",
        )
    return f"{waited:.0f} s"


def queue_age() -> float:
    """Seconds for which the work that has waited longest could have been begun: 0 when none waits.

    What nobody waits for (polishing, WebM) doesn't count. The parts of a long film wait for each other, and since the
    last one was done.
    """
    now = timezone.now()
    queued = ProcessingJob.objects.filter(state=ProcessingJob.State.QUEUED, available_at__lte=now)
    others = ProcessingJob.objects.filter(parent=OuterRef("parent"))
    begun = Exists(others.filter(state=ProcessingJob.State.RUNNING))
    waiting = queued.filter(~Q(operation__in=ProcessingJob.NOT_WAITED_FOR) | Q(parent__isnull=False) & ~begun)
    last_done = Subquery(others.filter(finished_at__isnull=False).order_by("-finished_at").values("finished_at")[:1])
    # A clock that was set back must not make jobs older than they are.
    moment = Greatest(F("available_at"), F("created_at"), Coalesce(last_done, F("created_at")))
    since = waiting.aggregate(since=Min(moment))["since"]
    return max((now - since).total_seconds(), 0.0) if since else 0.0


def check_disk() -> str:
    free = {place: shutil.disk_usage(place).free for place in {settings.DATA_DIR, conf.upload_dir, conf.work_dir}}
    for place, left in free.items():
        if left < conf.UPLOAD_SPARE_BYTES:
            raise Unwell(
                f"{filesizeformat(left)} free in {place}.",
                "Uploads are refused. Empty the trash, remove old backups, or give it a larger disk.",
            )
    return f"{filesizeformat(min(free.values()))} free"


CHECKS: dict[str, Callable[[], str]] = {
    "database": check_database,
    "cache": check_cache,
    "broker": check_broker,
    "storage": check_storage,
    "queue": check_queue,
    "disk": check_disk,
}
