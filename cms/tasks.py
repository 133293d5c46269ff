import sqlite3
from contextlib import closing

from celery import shared_task
from django.conf import settings
from django.core.management import call_command

SQLITE_BROKER = "sqla+sqlite:///"


@shared_task
def publish_scheduled_task() -> None:
    """Publish and expire pages whose time has come."""
    call_command("publish_scheduled")


@shared_task
def tidy_broker_task() -> None:
    """Remove delivered messages from the broker's file, where kombu keeps them for ever and reads past them."""
    if settings.CELERY_BROKER_URL.startswith(SQLITE_BROKER):
        path = settings.CELERY_BROKER_URL.removeprefix(SQLITE_BROKER)
        with closing(sqlite3.connect(path, timeout=30)) as broker, broker:
            broker.execute("DELETE FROM kombu_message WHERE visible = 0")
