"""The Celery app and its queues: ``images`` is short work, ``video`` is long, ``housekeeping`` are beat's clocks."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cms.settings.dev")

app = Celery("darkroom")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.autodiscover_tasks(["cms"], related_name="tasks_backend")
