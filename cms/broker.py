"""What the embedded broker, a SQLite file, needs that a server does by itself."""

import sqlite3
from contextlib import closing
from pathlib import Path

from django.core.files import locks
from kombu import Connection

SQLITE = "sqla+sqlite:///"
QUEUES = ("images", "video", "housekeeping", "polish", "imports", "sending")


def declare_queues(broker_url: str) -> None:
    """Make the tables and queues of a broker in a file, one process at a time; nothing for other brokers.

    All processes start at once, and kombu ends the one that comes second to creating a table or a queue.
    """
    if not broker_url.startswith(SQLITE):
        return
    with Path(broker_url.removeprefix(SQLITE) + ".lock").open("w") as lock_file:
        locks.lock(lock_file, locks.LOCK_EX)
        with Connection(broker_url, transport_options={"connect_args": {"timeout": 30}}) as connection:
            channel = connection.channel()
            for name in QUEUES:
                channel.queue_declare(queue=name)


def remove_delivered(broker_url: str) -> None:
    """Remove delivered messages from a broker in a file: kombu keeps them for ever, and reads past them."""
    if broker_url.startswith(SQLITE):
        with closing(sqlite3.connect(broker_url.removeprefix(SQLITE), timeout=30)) as broker, broker:
            broker.execute("DELETE FROM kombu_message WHERE visible = 0")
