from celery import shared_task
from django.conf import settings
from django.core.management import call_command

from cms.broker import remove_delivered


@shared_task
def publish_scheduled_task() -> None:
    """Publish and expire pages whose time has come."""
    call_command("publish_scheduled")


@shared_task
def tidy_broker_task() -> None:
    """Keep the embedded broker's file small."""
    remove_delivered(settings.CELERY_BROKER_URL)
