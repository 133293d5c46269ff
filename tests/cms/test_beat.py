from datetime import timedelta

import pytest
from celery import Celery
from celery.beat import SchedulingError

from cms.beat import ReconnectingScheduler


@pytest.fixture
def scheduler(tmp_path) -> ReconnectingScheduler:
    app = Celery("test", broker=f"sqla+sqlite:///{tmp_path / 'broker.sqlite3'}", set_as_current=False)
    app.conf.beat_schedule = {"tick": {"task": "tick", "schedule": timedelta(seconds=1)}}
    return ReconnectingScheduler(app, lazy=True, schedule_filename=str(tmp_path / "schedule"))


def test_beat_publishes_again_after_its_connection_broke(scheduler):
    scheduler.setup_schedule()
    entry = scheduler.schedule["tick"]
    scheduler.apply_async(entry, producer=scheduler.producer)
    scheduler.producer.channel.close()

    with pytest.raises(SchedulingError):
        scheduler.apply_async(entry, producer=scheduler.producer)

    assert scheduler.apply_async(entry, producer=scheduler.producer)
    scheduler.close()
