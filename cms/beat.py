import logging
import time
from typing import Any

from celery.beat import PersistentScheduler, ScheduleEntry, SchedulingError

logger = logging.getLogger(__name__)

SLACK_SECONDS = 1
"""By so much clocks are set back all the time."""


class EnduringScheduler(PersistentScheduler):
    """Celery's scheduler, which gets over a broken connection to its broker, and over a clock that is set back.

    Beat keeps one connection for ever. When the broker's file is deleted or locked at the wrong moment, or its server
    restarts, that connection stays dead, each publishing fails, and jobs of killed workers are never taken up again.

    And it remembers when it sent each task last: after a clock that was an hour ahead, nothing would be sent for an
    hour, not even by another beat.
    """

    _ticked_at = 0.0

    def setup_schedule(self) -> None:
        super().setup_schedule()
        self._forget_the_future()

    def tick(self, *args: Any, **kwargs: Any) -> float:
        now = time.time()
        if now < self._ticked_at - SLACK_SECONDS:
            logger.warning("The clock was set back by %.0f s", self._ticked_at - now)
            self._forget_the_future()
        self._ticked_at = now
        return super().tick(*args, **kwargs)

    def apply_async(self, entry: ScheduleEntry, producer: Any = None, advance: bool = True, **options: Any) -> Any:
        try:
            return super().apply_async(entry, producer=producer, advance=advance, **options)
        except SchedulingError:
            # Cached properties: the next tick connects anew.
            self.__dict__.pop("producer", None)
            self.__dict__.pop("connection", None)
            raise

    def _forget_the_future(self) -> None:
        for entry in self.schedule.values():
            entry.last_run_at = min(entry.last_run_at, entry.default_now())
        self.populate_heap()
