"""What front ends tell of experiments: checked, counted in bulk, and only where one is running."""

import json
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from wagtail.models import PageViewRestriction

from blog.experiments import counting
from blog.experiments.counting import Outcomes
from blog.models import Experiment, ExperimentCounts
from tests.blog.content import make_post

URL = "/api/v2/experiments/"

pytestmark = pytest.mark.django_db


def send(client: Client, *events: object, **options) -> int:
    body = json.dumps({"events": list(events)})
    return client.post(URL, body, content_type="text/plain", **options).status_code


def event(experiment: Experiment | int, variant: str = "a", type: str = "shown") -> dict:
    return {"experiment": getattr(experiment, "pk", experiment), "variant": variant, "type": type}


def counted(experiment: Experiment) -> tuple[int, ...]:
    counting.buffer.flush()
    return ExperimentCounts.objects.filter(experiment=experiment).values_list(*Outcomes._fields).get()


def test_outcomes_are_added_to_the_day_without_a_query(client, begin, django_assert_num_queries):
    running = begin()
    with django_assert_num_queries(0):
        assert send(client, event(running), event(running), event(running, "b"), event(running, "b", "clicked")) == 204
    assert counted(running) == (2, 0, 1, 1)
    send(client, event(running, "a", "clicked"))
    assert counted(running) == (2, 1, 1, 1)
    assert ExperimentCounts.objects.get().day == timezone.localdate()


def test_what_is_not_running_or_not_public_or_made_up_counts_nothing_without_a_word(client, begin, blog):
    now = timezone.now()
    planned = begin(slot="poster", starts_at=now + timedelta(days=1))
    ended = begin(slot="featured_image", ends_at=now - timedelta(minutes=1))
    draft, closed = make_post(blog, 2, live=False), make_post(blog, 3)
    PageViewRestriction.objects.create(page=closed, restriction_type="login")
    unseen = [begin(post=one) for one in (draft, closed)]
    running = begin()

    assert send(client, *(event(one) for one in (planned, ended, *unseen, 999_999, 10**17, running))) == 204
    counting.buffer.flush()
    assert list(ExperimentCounts.objects.values_list("experiment", flat=True)) == [running.pk]


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "no JSON"),
        (b"[" * 10_000, "no JSON"),
        (b'{"events": []}', "Send"),
        (b'{"events": {}}', "Send"),
        (json.dumps({"events": [{"experiment": 1, "variant": "a", "type": "shown"}] * 51}).encode(), "at most 50"),
        (b'{"events": [3]}', "object"),
        (b'{"events": [{"experiment": "3", "variant": "a", "type": "shown"}]}', "whole number"),
        (b'{"events": [{"experiment": true, "variant": "a", "type": "shown"}]}', "whole number"),
        (b'{"events": [{"experiment": 0, "variant": "a", "type": "shown"}]}', "whole number"),
        (b'{"events": [{"experiment": 1e400, "variant": "a", "type": "shown"}]}', "whole number"),
        (b'{"events": [{"experiment": 3, "variant": "c", "type": "shown"}]}', "a or b"),
        (b'{"events": [{"experiment": 3, "variant": ["a"], "type": "shown"}]}', "a or b"),
        (b'{"events": [{"experiment": 3, "variant": "a", "type": "view"}]}', "shown or clicked"),
    ],
)
def test_what_is_no_list_of_outcomes_is_told(client, body, reason):
    response = client.post(URL, body, content_type="text/plain")
    assert response.status_code == 400
    assert reason in response.json()["detail"]
    assert len(counting.buffer) == 0


def test_flood_is_held_back(client, begin, settings):
    settings.MEDIA_LIBRARY = settings.MEDIA_LIBRARY | {"BEACONS_PER_MINUTE": 2}
    running = begin()
    assert [send(client, event(running)) for _ in range(4)] == [204, 204, 429, 429]
    assert counted(running) == (2, 0, 0, 0)
