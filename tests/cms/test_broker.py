import sqlite3
import subprocess
import sys

from kombu import Connection

from cms.broker import QUEUES, declare_queues, remove_delivered

DECLARE = "import sys; from cms.broker import declare_queues; declare_queues(sys.argv[1])"


def test_processes_that_start_at_once_make_one_broker(tmp_path):
    url = f"sqla+sqlite:///{tmp_path / 'broker.sqlite3'}"
    starting = [subprocess.Popen([sys.executable, "-c", DECLARE, url], stdin=subprocess.DEVNULL) for _ in range(5)]

    assert [process.wait(timeout=300) for process in starting] == [0] * 5
    with sqlite3.connect(tmp_path / "broker.sqlite3") as broker:
        assert {name for (name,) in broker.execute("SELECT name FROM kombu_queue")} == set(QUEUES)


def test_other_brokers_are_left_to_themselves():
    declare_queues("redis://127.0.0.1:1/0")


def test_delivered_messages_leave_the_brokers_file_and_waiting_ones_stay(tmp_path):
    url = f"sqla+sqlite:///{tmp_path / 'broker.sqlite3'}"
    with Connection(url) as connection:
        queue = connection.SimpleQueue("images")
        queue.put("delivered")
        queue.put("waiting")
        queue.get(timeout=60).ack()

    remove_delivered(url)

    with sqlite3.connect(tmp_path / "broker.sqlite3") as broker:
        assert broker.execute("SELECT visible FROM kombu_message").fetchall() == [(1,)]
