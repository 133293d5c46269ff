"""Celery's side of delivery."""

from celery import shared_task

from cms.delivery import changes


@shared_task
def tell_changes_task() -> None:
    """From beat: tell of changes whose process was killed, or whose cache was away."""
    changes.tell_rest()
