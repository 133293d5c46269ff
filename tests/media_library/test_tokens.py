"""An API token ends after so many days, if that is wanted."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django.fixtures import Settings
from wagtail.models import APIToken, ModelLogEntry

from cms.celery import app
from cms.models import User
from media_library.tasks import revoke_old_tokens_task
from media_library.tokens import is_too_old, revoke_old_tokens


@pytest.fixture
def ten_days(settings: Settings) -> None:
    settings.MEDIA_LIBRARY = {**settings.MEDIA_LIBRARY, "API_TOKEN_DAYS": 10}


def make_token(user: User, age: timedelta) -> APIToken:
    token, _plaintext = APIToken.create_token(user=user, name="Deploy")
    token.created = timezone.now() - age
    token.save()
    return token


def test_token_is_good_until_its_last_day_is_over(admin_user: User, ten_days: None):
    assert not is_too_old(make_token(admin_user, timedelta(days=9, hours=23)))
    assert is_too_old(make_token(admin_user, timedelta(days=10, minutes=1)))


def test_token_has_no_end_by_default(admin_user: User):
    token = make_token(admin_user, timedelta(days=10_000))

    assert not is_too_old(token)
    assert revoke_old_tokens() == 0
    token.refresh_from_db()
    assert token.revoked_at is None


def test_beat_revokes_tokens_that_are_too_old_and_no_others(admin_user: User, ten_days: None):
    old, young = make_token(admin_user, timedelta(days=11)), make_token(admin_user, timedelta(days=9))

    revoke_old_tokens_task()

    old.refresh_from_db()
    young.refresh_from_db()
    assert old.revoked_at
    assert young.revoked_at is None


def test_revoking_stands_in_the_log_once(admin_user: User, ten_days: None):
    token = make_token(admin_user, timedelta(days=11))

    assert (revoke_old_tokens(), revoke_old_tokens()) == (1, 0)

    entry = ModelLogEntry.objects.get(action="wagtail.apitoken.revoke")
    assert entry.object_id == str(token.pk)
    assert entry.data == {"reason": "too old", "days": 10}


def test_nothing_is_asked_of_the_database_when_tokens_have_no_end(
    admin_user: User, django_assert_num_queries: Callable
):
    token = make_token(admin_user, timedelta(days=11))
    with django_assert_num_queries(0):
        is_too_old(token)
        revoke_old_tokens()


def test_beat_looks_each_hour_and_keeps_no_pictures_waiting():
    entry = next(one for one in app.conf.beat_schedule.values() if one["task"] == revoke_old_tokens_task.name)
    assert entry["schedule"] == 60 * 60
    assert app.amqp.router.route({}, revoke_old_tokens_task.name)["queue"].name == "housekeeping"
