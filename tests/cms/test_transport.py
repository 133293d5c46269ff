"""Workers on the embedded broker take one message after the other."""

import pytest
from celery import Celery
from kombu import Queue
from kombu.transport.virtual import base

import cms.celery  # noqa: F401  (it names the transport)

A_LONG_TIME = 60


@pytest.fixture
def slept(monkeypatch):
    """How often kombu has slept, as if there were nothing to do."""
    slept = []
    monkeypatch.setattr(base, "sleep", slept.append)
    return slept


@pytest.fixture
def consumer(tmp_path):
    """A worker's connection, which takes one message at a time of the two that wait."""
    app = Celery("test", broker=f"sqla+sqlite:///{tmp_path / 'broker.sqlite3'}", set_as_current=False)
    taken = []
    with app.connection_for_write() as connection:
        queue = Queue("images")(connection.default_channel)
        queue.declare()
        with connection.Producer() as producer:
            for number in range(2):
                producer.publish({"number": number}, routing_key="images", serializer="json")
        with connection.Consumer([queue], on_message=taken.append, prefetch_count=1) as consumer:
            yield connection, consumer, taken


def test_a_worker_with_a_task_in_hand_does_not_sleep_as_if_there_were_none(consumer, slept):
    connection, _consumer, taken = consumer
    connection.drain_events(timeout=A_LONG_TIME)

    with pytest.raises(TimeoutError):
        connection.drain_events(timeout=A_LONG_TIME)

    assert len(taken) == 1
    assert not slept


def test_the_next_message_is_taken_as_soon_as_the_one_before_is_done(consumer, slept):
    connection, _consumer, taken = consumer
    connection.drain_events(timeout=A_LONG_TIME)
    with pytest.raises(TimeoutError):
        connection.drain_events(timeout=A_LONG_TIME)

    taken[0].ack()
    connection.drain_events(timeout=A_LONG_TIME)

    assert [message.payload["number"] for message in taken] == [0, 1]
    assert not slept
