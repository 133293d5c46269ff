"""What visitors did with one asset, as its page of statistics tells it: as charts that are tables."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from media_library.models import AssetEngagement, Video

pytestmark = pytest.mark.django_db


def engage(asset, days_ago: int = 0, **counts) -> None:
    day = timezone.localdate() - timedelta(days=days_ago)
    AssetEngagement.objects.create(asset_id=asset.pk, day=day, counts=counts)


def look(client, asset, **params):
    return client.get(f"/admin/media/{asset.pk}/statistics/", params)


def chart(response, name: str):
    return next((one for one in response.context["charts"] if one.name == name), None)


def test_film_shows_who_stays_with_its_confidence(admin_client, film):
    Video.objects.filter(pk=film.pk).update(duration=600)
    engage(film, viewings=[60], reached=[60, 50, *[0] * 8], milliseconds=[3_600_000, *[0] * 9])
    engage(film, 5, viewings=[40], reached=[40, 30, *[0] * 8])
    engage(film, 100, viewings=[1000], reached=[1000] * 10)

    response = look(admin_client, film)
    rows = chart(response, "retention").rows
    assert [label for label, _cells in rows][:2] == ["from 0:00", "from 1:00"]
    assert [cell.text for cell in rows[0][1]] == ["100.0%", "96.3%", "100.0%"]
    assert [cell.text for cell in rows[1][1]] == ["80.0%", "71.1%", "86.7%"]
    assert "Of 100 viewings." in response.content.decode()
    assert [cells[0].value for _label, cells in chart(response, "watched").rows][:2] == [3600, 0]


def test_picture_shows_where_it_is_clicked_and_how_wide_it_is(admin_client, photo):
    clicks = [0] * 100
    clicks[23] = 7
    engage(photo, clicks=clicks, widths=[0, 0, 3, 0, 0, 0, 1])

    response = look(admin_client, photo)
    heat = response.context["heat"]
    assert (heat.rows[2][3], heat.total, heat.words) == (7, 7, "7 clicks")
    assert [cells[0].value for _label, cells in chart(response, "widths").rows] == [0, 0, 3, 0, 0, 0, 1]
    assert chart(response, "retention") is None
    assert '<td data-value="7">7</td>' in response.content.decode()


def test_asset_that_nobody_told_of_says_so(admin_client, photo, film):
    assert "told of a click" in look(admin_client, photo).content.decode()
    assert "told that it was watched" in look(admin_client, film).content.decode()


def test_sound_has_no_clicks_and_no_width(admin_client, sound):
    response = look(admin_client, sound)
    assert response.context["heat"] is None
    assert chart(response, "widths") is None
    assert chart(response, "retention").is_empty


def test_a_month_of_engagement_takes_no_more_queries_than_none(admin_client, photo, django_assert_max_num_queries):
    look(admin_client, photo)
    with CaptureQueriesContext(connection) as empty:
        look(admin_client, photo)
    for days_ago in range(30):
        engage(photo, days_ago, clicks=[1] * 100)
    with django_assert_max_num_queries(len(empty)):
        assert look(admin_client, photo).context["heat"].total == 3000
