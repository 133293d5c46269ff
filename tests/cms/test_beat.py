from datetime import timedelta

import pytest
from celery import Celery
from celery.beat import SchedulingError

from cms.beat import EnduringScheduler

EVERY = timedelta(minutes=10)


@pytest.fixture
def scheduler(tmp_path) -> EnduringScheduler:
    app = Celery("test", broker=f"sqla+sqlite:///{tmp_path / 'broker.sqlite3'}", set_as_current=False)
    app.conf.beat_schedule = {"tick": {"task": "tick", "schedule": EVERY}}
    return EnduringScheduler(app, lazy=True, schedule_filename=str(tmp_path / "schedule"))


def test_beat_publishes_again_after_its_connection_broke(scheduler):
    scheduler.setup_schedule()
    entry = scheduler.schedule["tick"]
    scheduler.apply_async(entry, producer=scheduler.producer)
    scheduler.producer.channel.close()

    with pytest.raises(SchedulingError):
        scheduler.apply_async(entry, producer=scheduler.producer)

    assert scheduler.apply_async(entry, producer=scheduler.producer)
    scheduler.close()


def sent(scheduler: EnduringScheduler) -> int:
    """How often the task was sent by two ticks."""
    before = scheduler.schedule["tick"].total_run_count
    scheduler.tick()
    scheduler.tick()
    return scheduler.schedule["tick"].total_run_count - before


def test_beat_goes_on_when_the_clock_is_set_back(scheduler, clock, monkeypatch):
    now = Celery.now
    monkeypatch.setattr(Celery, "now", lambda app: now(app) + timedelta(seconds=clock.ahead))
    clock.goes_on(3600)
    scheduler.setup_schedule()
    assert sent(scheduler) == 0

    clock.goes_on(-3600)
    scheduler.tick()
    clock.goes_on(EVERY.total_seconds() + 1)
    assert sent(scheduler) == 1
    scheduler.close()


def test_another_beat_goes_on_from_a_schedule_of_the_future(scheduler, tmp_path):
    scheduler.setup_schedule()
    scheduler.schedule["tick"].last_run_at += timedelta(hours=1)
    scheduler.close()

    again = EnduringScheduler(scheduler.app, schedule_filename=str(tmp_path / "schedule"))
    again.schedule["tick"].last_run_at -= EVERY
    assert sent(again) == 1
    again.close()
