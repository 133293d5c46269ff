"""The Celery app and its queues: ``images`` is short work, ``video`` is long, ``housekeeping`` are beat's clocks,
``polish`` is what nobody waits for, ``imports`` and ``sending`` wait for servers of others.
"""

import os
from typing import Any

from celery import Celery
from celery.signals import beat_init, setup_logging, worker_init
from kombu.transport import TRANSPORT_ALIASES

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cms.settings.dev")

TRANSPORT_ALIASES["sqla"] = "cms.transport:Transport"

app = Celery("darkroom")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.autodiscover_tasks(["blog.seo", "cms.delivery.purge", "cms.delivery.webhooks"])
app.autodiscover_tasks(["cms"], related_name="tasks_backend")


@worker_init.connect
@beat_init.connect
def make_broker_ready(**kwargs: Any) -> None:
    """Before a process connects: the embedded broker can't be created by several at once."""
    # The package is imported before settings are; this runs after.
    from cms.broker import declare_queues

    declare_queues(app.conf.broker_url)


@setup_logging.connect
def leave_logging_to_django(**kwargs: Any) -> None:
    """Celery would add lines in a format of its own; LOGGING says how all processes write."""
