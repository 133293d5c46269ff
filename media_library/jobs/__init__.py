"""Work that survives the death of its worker: claim -> run -> record -> reap. Knows no Celery. See README.md."""

from media_library.jobs.control import cancel, retry
from media_library.jobs.divided import following
from media_library.jobs.presets import enqueue_for_presets
from media_library.jobs.queue import (
    FILMS,
    WAITED_FOR,
    enqueue,
    enqueue_all,
    enqueue_asking,
    enqueue_operation,
    enqueue_polishing,
    enqueue_posters,
    enqueue_suggesting,
    give_way,
    give_way_to_films,
    is_idle,
    mark_sent,
    redevelop,
)
from media_library.jobs.reap import reap
from media_library.jobs.run import run, unsent

__all__ = [
    "FILMS",
    "WAITED_FOR",
    "cancel",
    "enqueue",
    "enqueue_all",
    "enqueue_asking",
    "enqueue_for_presets",
    "enqueue_operation",
    "enqueue_polishing",
    "enqueue_posters",
    "enqueue_suggesting",
    "following",
    "give_way",
    "give_way_to_films",
    "is_idle",
    "mark_sent",
    "reap",
    "redevelop",
    "retry",
    "run",
    "unsent",
]
