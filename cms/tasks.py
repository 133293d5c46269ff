import logging
from smtplib import SMTPException

from celery import shared_task
from django.conf import settings
from django.core.cache import caches

from blog.editorial.scheduling import do_what_is_due
from cms.backup.scheduled import make_due_backup
from cms.broker import remove_delivered
from cms.caches import FileCache
from cms.database import learn_sizes
from cms.security.login.attempts import forget_old_attempts
from cms.security.login.password_reset import send_letter
from media_library.admin.publishing import hold_back_and_tell

logger = logging.getLogger(__name__)


@shared_task
def publish_scheduled_task() -> None:
    """Publish and expire pages whose time has come, without those that can't be shown any more."""
    try:
        hold_back_and_tell()
    except Exception:
        # Publishing refuses them by itself, so that all others needn't wait.
        logger.exception("What can't be published any more is still in the schedule")
    do_what_is_due()


@shared_task
def back_up_task() -> None:
    """From beat: make a backup if it is time for one."""
    make_due_backup()


@shared_task
def forget_login_attempts_task() -> None:
    """Names and addresses of those who failed to log in are kept no longer than they count."""
    forget_old_attempts()


@shared_task(autoretry_for=(OSError, SMTPException), retry_backoff=20, retry_kwargs={"max_retries": 5})
def send_password_reset_task(address: str) -> None:
    """Send the letter for a forgotten password, if an account has this address."""
    send_letter(address)


@shared_task
def tidy_broker_task() -> None:
    """Keep the embedded broker's file small."""
    remove_delivered(settings.CELERY_BROKER_URL)


@shared_task
def tidy_cache_task() -> None:
    """Keep a cache in files small; Redis keeps itself so."""
    cache = caches["default"]
    if isinstance(cache, FileCache):
        cache.tidy()


@shared_task
def learn_sizes_task() -> None:
    """Keep SQLite quick while it grows; PostgreSQL keeps itself so."""
    learn_sizes()
