import sqlite3
from datetime import timedelta

import pytest
from celery import Celery
from django.utils import timezone
from wagtail.models import Page

from blog.models import BlogIndexPage
from cms.tasks import publish_scheduled_task, tidy_broker_task


def test_delivered_messages_leave_the_brokers_file_and_waiting_ones_stay(tmp_path, settings):
    path = tmp_path / "broker.sqlite3"
    settings.CELERY_BROKER_URL = f"sqla+sqlite:///{path}"
    app = Celery("test", broker=settings.CELERY_BROKER_URL, set_as_current=False)
    with app.connection_for_write() as connection:
        queue = connection.SimpleQueue("images")
        queue.put("delivered")
        queue.put("waiting")
        queue.get(timeout=5).ack()

    tidy_broker_task()

    with sqlite3.connect(path) as broker:
        assert broker.execute("SELECT visible FROM kombu_message").fetchall() == [(1,)]


@pytest.mark.django_db
def test_page_is_published_when_its_time_has_come():
    a_minute_ago = timezone.now() - timedelta(minutes=1)
    page = BlogIndexPage(title="Later", slug="later", live=False, go_live_at=a_minute_ago)
    Page.get_first_root_node().add_child(instance=page)
    page.save_revision(approved_go_live_at=a_minute_ago)

    publish_scheduled_task()

    page.refresh_from_db()
    assert page.live
