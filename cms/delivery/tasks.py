"""Celery's side of delivery."""

from celery import shared_task

from cms.delivery import changes, media_hosts


@shared_task
def tell_changes_task() -> None:
    """From beat: tell of changes whose process was killed, or whose cache was away."""
    changes.tell_rest()


@shared_task
def watch_media_hosts_task() -> None:
    """From beat: see which of the CDN's hosts are well."""
    media_hosts.watch()
