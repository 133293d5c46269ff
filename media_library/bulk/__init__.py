"""What is done to many assets at once: actions on each, in batches that a killed worker's successor goes on with.

Knows no Celery and no browser. See docs/decisions/0016.
"""

from media_library.bulk.actions import ACTIONS, LOG_ACTIONS, may
from media_library.bulk.operations import cancel, forget_old, mark_sent, reap, start
from media_library.bulk.running import run

__all__ = ["ACTIONS", "LOG_ACTIONS", "cancel", "forget_old", "mark_sent", "may", "reap", "run", "start"]
