from celery import shared_task

from cms.sharing import line


@shared_task
def send_posting_task(posting_id: int) -> None:
    """Post a post to one account."""
    line.send(posting_id)


@shared_task
def tend_postings_task() -> None:
    """From beat: post what is due again, and what nobody was told of: a message may be lost, or the worker."""
    line.queue_missing()
    line.give_up_old()
    for posting_id in line.due():
        send_posting_task.delay(posting_id)
