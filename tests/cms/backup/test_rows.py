"""What becomes of rows that the database doesn't take."""

import pytest
from django.db import connection, transaction
from wagtail.models import Site

from cms.backup import rows
from cms.backup.contents import columns
from cms.backup.errors import BackupError

pytestmark = pytest.mark.django_db


def test_row_that_does_not_fit_is_told_with_the_name_of_its_table() -> None:
    names = [field.column for field in columns(Site)]

    # PostgreSQL takes it by COPY, whose errors Django doesn't know as its own.
    with pytest.raises(BackupError, match=r"wagtailcore\.Site doesn't fit this database"), transaction.atomic():
        rows.write(Site, names, [[None] * len(names)], connection)
