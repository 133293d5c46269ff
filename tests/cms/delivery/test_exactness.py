"""Each change makes exactly those answers stale that are others now: by tags, against answers that are made anew.

At length: tests/proof/test_exactness.py.
"""

import pytest

from tests.cms.delivery.small_site import Ledger, SmallSite, check, edit_body, watch

pytestmark = pytest.mark.django_db


def test_random_edits_make_stale_all_that_they_change() -> None:
    ledger = check(examples=3, length=2)
    assert ledger.kept > ledger.unrelated * 0.8


def test_the_text_of_a_post_makes_stale_nothing_but_itself_and_lists_that_look_into_it() -> None:
    site, ledger = SmallSite(), Ledger()
    watch(site, [(edit_body, 5, 1)], ledger)
    post = site.posts()[5]
    assert not ledger.missed
    others = {url for url in ledger.stale if "search" not in url and "fields=" not in url}
    assert others == {f"/api/v2/pages/{post.pk}/"}
