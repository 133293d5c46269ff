import pytest

from media_library.api.batch import Batch


@pytest.fixture
def loads() -> list[set[int]]:
    return []


@pytest.fixture
def squares(loads: list[set[int]]) -> Batch[int, int]:
    """Knows the squares of even numbers."""

    def load(keys: set[int]) -> dict[int, int]:
        loads.append(set(keys))
        return {key: key * key for key in keys if key % 2 == 0}

    return Batch(load)


def test_all_that_is_expected_is_loaded_at_the_first_question(squares: Batch[int, int], loads: list[set[int]]) -> None:
    squares.expect([2, 4])
    assert loads == []
    assert squares.get(6) == 36
    assert squares.get(2) == 4
    assert loads == [{2, 4, 6}]


def test_nothing_is_asked_twice(squares: Batch[int, int], loads: list[set[int]]) -> None:
    assert squares.get(2) == 4
    squares.expect([2])
    assert squares.get(4) == 16
    assert loads == [{2}, {4}]


def test_what_is_not_there_is_none_and_not_asked_again(squares: Batch[int, int], loads: list[set[int]]) -> None:
    assert squares.get(3) is None
    assert squares.get(3) is None
    assert loads == [{3}]


def test_what_was_put_in_is_not_loaded(squares: Batch[int, int], loads: list[set[int]]) -> None:
    squares.expect([2, 3])
    squares.put(3, 9)
    assert squares.get(3) == 9
    assert squares.get(2) == 4
    assert loads == [{2}]
