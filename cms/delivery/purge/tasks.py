from celery import shared_task

from cms.delivery.purge import line


@shared_task
def send_purges_task() -> None:
    """Ask the CDN to forget what is due."""
    line.work_off()


@shared_task
def tend_purges_task() -> None:
    """From beat: send what is due again, and what was never sent because a message or a worker was lost."""
    if line.has_due():
        send_purges_task.delay()


@shared_task
def forget_purges_task() -> None:
    """Keep the log of purges short, and the list of what was delivered."""
    line.forget_old()
