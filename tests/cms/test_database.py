from django.db import connection
from django.test.utils import CaptureQueriesContext

from cms.tasks import learn_sizes_task


def test_sqlite_learns_how_many_assets_there_are_and_a_server_is_left_alone(photo):
    with CaptureQueriesContext(connection) as captured:
        learn_sizes_task()

    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("SELECT stat FROM sqlite_stat1 WHERE idx = 'asset_shown_created'")
            assert cursor.fetchone() == ("1 1 1",)
    else:
        assert not captured.captured_queries
