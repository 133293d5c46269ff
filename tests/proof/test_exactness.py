"""What goes stale, at length: every operation, and hundreds of random ones, each against answers made anew."""

import random
from collections.abc import Iterator

import pytest
from django.db import transaction

from cms.delivery import versions
from tests.cms.delivery.larger_site import LargerSite, SiteInLanguages
from tests.cms.delivery.served import keep_too_late, watch_served
from tests.cms.delivery.small_site import OPERATIONS, Ledger, SmallSite, check, watch

pytestmark = pytest.mark.django_db

KEPT = 0.95
"""Of the answers that are the same after a change, so many stay in caches."""


@pytest.fixture(params=["in this process", "in Redis"])
def kept_in(request: pytest.FixtureRequest) -> Iterator[str]:
    """Where the response cache keeps answers."""
    if request.param == "in Redis":
        request.getfixturevalue("server")
    versions.cache.clear()
    yield request.param
    versions.cache.clear()


@pytest.mark.parametrize("kind", [SmallSite, SiteInLanguages])
def test_each_operation_makes_stale_all_that_it_changes(kind: type[SmallSite], languages: None) -> None:
    site = kind()
    for operation in OPERATIONS:
        ledger = Ledger()
        with transaction.atomic():
            watch(site, [(operation, 1, 1), (operation, 1, 2)], ledger)
            transaction.set_rollback(True)
        versions.cache.clear()
        assert not ledger.missed


def test_random_edits_make_stale_all_that_they_change_and_little_else() -> None:
    _report(check(examples=60, length=4))


def test_so_they_do_on_a_larger_site() -> None:
    _report(check(examples=30, length=4, site=LargerSite()))


def test_random_edits_in_several_languages_make_stale_all_that_they_change(languages: None) -> None:
    check(examples=20, length=4, site=SiteInLanguages())


def test_the_cache_serves_what_is_true_after_each_of_many_random_edits(kept_in: str) -> None:
    site, ledger, chance = LargerSite(), Ledger(), random.Random(8)
    done = [(chance.choice(OPERATIONS), chance.randrange(100), chance.randrange(10)) for _ in range(25)]
    watch_served(site, done, ledger)
    assert not ledger.missed
    assert ledger.changed
    assert ledger.kept


def test_an_answer_that_was_begun_before_a_change_is_not_kept(kept_in: str) -> None:
    site = SmallSite()
    for operation in OPERATIONS:
        with transaction.atomic():
            wrong = keep_too_late(site, operation, 1, 1)
            transaction.set_rollback(True)
        versions.cache.clear()
        assert not wrong


def _report(ledger: Ledger) -> None:
    """The figures of docs/invalidation.md: run with ``-s``."""
    print(f"{ledger.kept} of {ledger.unrelated} kept ({ledger.share:.1%}), {ledger.changed} changed")  # noqa: T201
    assert ledger.changed
    assert ledger.share >= KEPT, f"{ledger.kept} of {ledger.unrelated}"
