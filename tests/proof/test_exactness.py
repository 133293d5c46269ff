"""What goes stale, at length: every operation, and hundreds of random ones, each against answers made anew."""

import pytest
from django.db import transaction

from tests.cms.delivery.small_site import OPERATIONS, Ledger, SmallSite, check, watch

pytestmark = pytest.mark.django_db

KEPT = 0.92
"""Of the answers that are the same after a change, so many stay in caches. Of eight posts, most are on many."""


def test_each_operation_makes_stale_all_that_it_changes() -> None:
    site = SmallSite()
    for operation in OPERATIONS:
        ledger = Ledger()
        with transaction.atomic():
            watch(site, [(operation, 1, 1), (operation, 1, 2)], ledger)
            transaction.set_rollback(True)
        assert not ledger.missed


def test_random_edits_make_stale_all_that_they_change_and_little_else() -> None:
    ledger = check(examples=60, length=4)
    assert ledger.share >= KEPT, f"{ledger.kept} of {ledger.unrelated}"
