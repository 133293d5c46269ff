from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from media_library.intake.dates import parse_moment


@pytest.mark.parametrize(
    "text",
    [
        "2012:08:26 15:53:03",
        "2012-08-26T15:53:03",
        "2012-08-26T15:53:03.602",
        "2012:08:26 15:53:03Z",
        "20120826 155303+0000",
        "2012-08-26T17:53:03+02:00",
    ],
)
def test_every_way_of_writing_a_moment_is_read(text: str):
    assert parse_moment(text) == datetime(2012, 8, 26, 15, 53, 3, tzinfo=UTC)


def test_zone_of_the_text_counts_before_the_one_beside_it():
    assert parse_moment("2012-08-26T17:53:03+02:00", "+09:00") == datetime(2012, 8, 26, 15, 53, 3, tzinfo=UTC)


@pytest.mark.parametrize("zone", ["+99:00", "nowhere", "   :  "])
def test_zone_that_is_none_is_that_of_the_site(zone: str):
    assert parse_moment("2012:08:26 15:53:03", zone) == datetime(2012, 8, 26, 15, 53, 3, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "yesterday",
        "2012",
        "0000:00:00 00:00:00",
        "2012:13:45 15:53:03",
        "2012:08:26 25:61:00",
        "1825:12:31 10:00:00",
        "1970:01:01 00:00:00",
        "1980:01:01 00:00:17",
        "9999:12:31 23:59:59",
        "2012:08:26 15:53:03 and more",
    ],
)
def test_what_is_no_moment_of_a_photograph_is_dropped(text: str):
    assert parse_moment(text) is None


def test_moment_in_the_future_is_dropped():
    soon = timezone.now() + timedelta(days=2)

    assert parse_moment(soon.strftime("%Y:%m:%d %H:%M:%S")) is None


def test_clock_that_is_some_hours_ahead_is_believed():
    soon = timezone.now() + timedelta(hours=12)

    assert parse_moment(soon.strftime("%Y:%m:%d %H:%M:%S")) is not None
