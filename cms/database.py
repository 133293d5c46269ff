"""What SQLite needs that a server does by itself."""

from django.db import connection


def learn_sizes() -> None:
    """Let SQLite count what is in its tables and indexes, by which it then chooses among these.

    Without, it takes an index of all rows for one that narrows down, which makes some pages of a large library ten
    times slower. The whole of each index is read, since a sample misleads it worse than nothing: half a second for
    100,000 assets, in which nobody else writes. Connections that are open learn of it when they are opened anew.
    """
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
