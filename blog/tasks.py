"""Work of the blog that nobody waits for: ids in, one call."""

from smtplib import SMTPException

from celery import shared_task

from blog.experiments.running import tend_experiments
from blog.forms.letters import tell_of_submission


# A mail server that is away is tried again for some ten minutes; the answers stay in the admin, whatever it does.
@shared_task(
    autoretry_for=(OSError, SMTPException), retry_backoff=20, retry_kwargs={"max_retries": 5}, retry_jitter=True
)
def tell_of_submission_task(submission_id: int) -> None:
    """Tell by e-mail of a form that was sent."""
    tell_of_submission(submission_id)


@shared_task
def tend_experiments_task() -> None:
    """Start and end experiments whose time has come."""
    tend_experiments()
