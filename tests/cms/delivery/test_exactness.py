"""Each change makes exactly those answers stale that are others now: by tags, against answers that are made anew.

At length: tests/proof/test_exactness.py.
"""

import pytest

from tests.cms.delivery.small_site import Ledger, SmallSite, check, edit_text, watch

pytestmark = pytest.mark.django_db


def test_random_edits_make_stale_all_that_they_change() -> None:
    ledger = check(examples=3, length=2)
    assert ledger.kept > ledger.unrelated * 0.8


def test_the_edit_of_a_post_leaves_other_posts_alone() -> None:
    site, ledger = SmallSite(), Ledger()
    watch(site, [(edit_text, 1, 1)], ledger)
    kept = [f"/api/v2/pages/{post.pk}/" for post in site.posts()[4:6]]
    assert ledger.changed and not ledger.missed
    assert not ledger.stale & set(kept)
