"""Shares and their differences with their confidence: as in the papers, and as often right as they say."""

from random import Random

import pytest

from media_library.statistics.proportions import difference, share


def test_share_has_wilsons_interval():
    # Newcombe's first paper of 1998 (857-872), table I: 81 of 263, method 3.
    found = share(81, 263)
    assert found.value == pytest.approx(0.3080, abs=5e-5)
    assert (found.lower, found.upper) == (pytest.approx(0.2553, abs=5e-5), pytest.approx(0.3662, abs=5e-5))


@pytest.mark.parametrize(
    ("one", "other", "lower", "upper"),
    [
        # Newcombe 1998 (873-890), table II, examples a, b, d and h, method 10.
        ((56, 70), (48, 80), 0.0524, 0.3339),
        ((9, 10), (3, 10), 0.1705, 0.8090),
        ((5, 56), (0, 29), -0.0381, 0.1926),
        ((10, 10), (0, 10), 0.6075, 1.0),
    ],
)
def test_difference_has_newcombes_interval(one, other, lower, upper):
    found = difference(share(*one), share(*other))
    assert (found.lower, found.upper) == (pytest.approx(lower, abs=5e-5), pytest.approx(upper, abs=5e-5))


def test_nothing_counted_says_nothing():
    assert share(0, 0) == (0, 0, 1)
    assert not difference(share(0, 0), share(3, 4)).excludes_zero


def test_more_than_the_whole_is_the_whole():
    assert share(12, 10) == share(10, 10)


def test_interval_holds_the_truth_in_nineteen_of_twenty_cases():
    random = Random(1998)
    rates, number, right = (0.05, 0.08), 400, 0
    for _ in range(2000):
        clicks = (sum(random.random() < rate for _ in range(number)) for rate in rates)
        found = difference(*(share(one, number) for one in clicks))
        right += found.lower <= rates[0] - rates[1] <= found.upper
    assert 0.935 < right / 2000 < 0.97


@pytest.mark.parametrize("whole", [1, 7, 50_000, 49_999])
def test_all_and_nothing_are_within_their_intervals(whole):
    assert share(whole, whole).upper == 1
    assert share(0, whole).lower == 0
