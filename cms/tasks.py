from celery import shared_task
from django.core.management import call_command


@shared_task
def publish_scheduled_task() -> None:
    """Publish and expire pages whose time has come."""
    call_command("publish_scheduled")
