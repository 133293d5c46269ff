"""What gunicorn reads by itself when it starts here; the rest stands in the Procfile."""

import os
import signal
import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from cms.operations.metric_files import forget_the_dead
from media_library import stopping

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cms.settings.dev")
try:
    if settings.LOG_FORMAT == "json":
        logconfig_dict = settings.LOGGING | {
            "loggers": {"gunicorn.error": {"handlers": ["console"], "propagate": False, "level": "INFO"}}
        }
except ImproperlyConfigured as error:
    sys.exit(f"Darkroom can't start. {error}")

# Seconds for which requests may finish after SIGTERM.
graceful_timeout = 30
# Heartbeats on a disk that is busy with uploads would look like a hanging worker.
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108 - gunicorn makes its file there


def on_starting(server: Any) -> None:
    forget_the_dead(settings.METRICS_DIR)


def post_worker_init(worker: Any) -> None:
    """Streams of events last for a minute: they end when the process is asked to, and clients connect to the next."""
    gunicorns = signal.getsignal(signal.SIGTERM)

    def ask(number: int, frame: Any) -> None:
        stopping.ask()
        gunicorns(number, frame)

    signal.signal(signal.SIGTERM, ask)
