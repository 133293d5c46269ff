from datetime import timedelta

import pytest
from django.utils import timezone
from wagtail.models import Page

from blog.models import BlogIndexPage
from cms.tasks import publish_scheduled_task


@pytest.mark.django_db
def test_page_is_published_when_its_time_has_come():
    a_minute_ago = timezone.now() - timedelta(minutes=1)
    page = BlogIndexPage(title="Later", slug="later", live=False, go_live_at=a_minute_ago)
    Page.get_first_root_node().add_child(instance=page)
    page.save_revision(approved_go_live_at=a_minute_ago)

    publish_scheduled_task()

    page.refresh_from_db()
    assert page.live
