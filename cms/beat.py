from typing import Any

from celery.beat import PersistentScheduler, ScheduleEntry, SchedulingError


class ReconnectingScheduler(PersistentScheduler):
    """Celery's scheduler, which gets over a broken connection to its broker.

    Beat keeps one connection for ever. When the broker's file is deleted or locked at the wrong moment, or its server
    restarts, that connection stays dead, each publishing fails, and jobs of killed workers are never taken up again.
    """

    def apply_async(self, entry: ScheduleEntry, producer: Any = None, advance: bool = True, **options: Any) -> Any:
        try:
            return super().apply_async(entry, producer=producer, advance=advance, **options)
        except SchedulingError:
            # Cached properties: the next tick connects anew.
            self.__dict__.pop("producer", None)
            self.__dict__.pop("connection", None)
            raise
