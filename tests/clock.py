"""Clocks that tests have in hand, so that none has to wait, or to be quick."""

import time

import pytest


class Clock:
    """The clocks of this process: those of the machine, and as much ahead of them as a test says.

    ``datetime`` has one of its own, which knows nothing of it.
    """

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.ahead = 0.0
        self._seconds, self._monotonic = time.time, time.monotonic
        patch.setattr(time, "time", lambda: self._seconds() + self.ahead)
        patch.setattr(time, "monotonic", lambda: self._monotonic() + self.ahead)

    def goes_on(self, seconds: float) -> None:
        self.ahead += seconds


class StandingClock:
    """In place of the module ``time``, where it is asked nothing but how late it is: as late as it was at first."""

    def __init__(self) -> None:
        self._seconds, self._monotonic = time.time(), time.monotonic()

    def time(self) -> float:
        return self._seconds

    def monotonic(self) -> float:
        return self._monotonic

    def goes_on(self, seconds: float) -> None:
        self._seconds += seconds
        self._monotonic += seconds
