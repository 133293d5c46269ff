"""All parts are asked at once, each in a thread of its own: one that hangs holds up neither answer nor others."""

import logging
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from django.conf import settings
from django.db import connections

from cms.operations.parts import ADVICE, CHECKS, Unwell

logger = logging.getLogger(__name__)

PATIENCE_SECONDS = 2.0
KEPT_SECONDS = {"storage": 30.0, "figures": 5.0}
"""For how long an answer is good: asking some storages costs money, or one of a few requests an hour."""

OK, UNWELL, SILENT = "ok", "unwell", "silent"


@dataclass
class Finding:
    """How a part is: ``ok``, ``unwell``, or ``silent`` when it did not answer in time."""

    state: str
    milliseconds: float
    detail: str = ""
    advice: str = ""
    at: float = field(default_factory=time.monotonic)

    def as_json(self) -> dict[str, object]:
        said = {"state": self.state, "milliseconds": round(self.milliseconds, 1), "detail": self.detail}
        return said | ({"advice": self.advice} if self.advice else {})


class Asking:
    """One check at work. Requests that come meanwhile wait for the same one: a part that hangs takes one thread."""

    def __init__(self, name: str, check: Callable[[], str]):
        self.name, self._check = name, check
        self.began = time.monotonic()
        self.finding: Finding | None = None
        self._ended = threading.Event()
        # A daemon: a process that ends doesn't wait for it.
        threading.Thread(target=self._run, name=f"readyz-{name}", daemon=True).start()

    def wait(self, until: float) -> Finding:
        self._ended.wait(max(until - time.monotonic(), 0))
        if self.finding is None:
            waited = time.monotonic() - self.began
            detail = f"No answer for {waited:.1f} s."
            return Finding(SILENT, waited * 1000, detail, ADVICE.get(self.name, ""))
        return self.finding

    def _run(self) -> None:
        state, detail, advice = OK, "", ""
        try:
            detail = self._check()
        except Unwell as error:
            state, detail, advice = UNWELL, str(error), error.advice
        except Exception as error:  # noqa: BLE001 - whatever it raises is the finding
            # Drivers' own words may hold addresses and users; they are for the log, and for no one who asks.
            logger.warning("readyz: %s: %s", self.name, error)
            state, detail, advice = UNWELL, type(error).__name__, ADVICE.get(self.name, "")
        finally:
            connections.close_all()
        self.finding = Finding(state, (time.monotonic() - self.began) * 1000, detail, advice)
        self._ended.set()


class Readiness:
    """Asks all parts, and remembers what is still being asked."""

    def __init__(self, checks: Mapping[str, Callable[[], str]], patience: float = PATIENCE_SECONDS):
        self._checks, self._patience = checks, patience
        self._lock = threading.Lock()
        self._asking: dict[str, Asking] = {}

    def ask(self) -> dict[str, Finding]:
        """How each part is, after ``patience`` seconds at most."""
        until = time.monotonic() + self._patience
        asking = {name: self._ask(name) for name in self._checks}
        return {name: one.wait(until) for name, one in asking.items()}

    def _ask(self, name: str) -> Asking:
        with self._lock:
            known = self._asking.get(name)
            if known is None or (known.finding is not None and _is_old(name, known.finding)):
                known = self._asking[name] = Asking(name, self._checks[name])
            return known


def _is_old(name: str, finding: Finding) -> bool:
    return finding.state != OK or time.monotonic() - finding.at > KEPT_SECONDS.get(name, 0.0)


def summary(findings: Mapping[str, Finding]) -> str:
    """``ok``; ``degraded`` when something is wrong that one can go on without; ``failing`` when one can't."""
    wrong = {name for name, finding in findings.items() if finding.state != OK}
    if wrong & set(settings.READY_REQUIRES):
        return "failing"
    return "degraded" if wrong else "ok"


readiness = Readiness(CHECKS)
