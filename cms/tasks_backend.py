"""Wagtail's own jobs (django-tasks) on Celery, published when the transaction commits."""

from typing import Any

from celery import shared_task
from django.db import transaction
from django.utils.module_loading import import_string
from django_tasks.backends.immediate import ImmediateBackend
from django_tasks.base import Task, TaskResult, TaskResultStatus
from django_tasks.utils import get_random_id


class CeleryOnCommitBackend(ImmediateBackend):
    """Sends a task to Celery after commit, so that a worker never looks for a row that isn't there yet.

    ``OPTIONS["IMMEDIATE"]`` lists the tasks, by dotted path, that run inside the caller's transaction instead:
    the reference index must be right as soon as a page is saved, because deleting an asset depends on it.
    """

    supports_async_task = False
    supports_priority = False

    def enqueue(self, task: Task, args: Any, kwargs: Any) -> TaskResult:
        if task.module_path in self.options.get("IMMEDIATE", ()):
            return super().enqueue(task, args, kwargs)
        self.validate_task(task)

        # No partial: Django can't name one when it logs what a robust hook has raised.
        def publish() -> None:
            run_django_task.delay(task.module_path, list(args), dict(kwargs))

        transaction.on_commit(publish, robust=True)
        return TaskResult(
            task=task,
            id=get_random_id(),
            status=TaskResultStatus.READY,
            enqueued_at=None,
            started_at=None,
            finished_at=None,
            last_attempted_at=None,
            args=list(args),
            kwargs=dict(kwargs),
            backend=self.alias,
            errors=[],
            worker_ids=[],
        )


@shared_task
def run_django_task(module_path: str, args: list, kwargs: dict) -> None:
    """Run one django-tasks task, named by its dotted path, in a Celery worker."""
    import_string(module_path).call(*args, **kwargs)
