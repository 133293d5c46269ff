"""Each change makes exactly those answers stale that are others now: by tags, against answers that are made anew."""

import pytest

from tests.cms.delivery.small_site import check

pytestmark = pytest.mark.django_db


def test_random_edits_make_stale_all_that_they_change_and_little_else() -> None:
    check(examples=3, length=3)
