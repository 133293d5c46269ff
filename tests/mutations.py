"""Files that were once pictures: what Hypothesis does to real ones."""

from collections.abc import Callable, Sequence

from hypothesis import strategies as st

Mutation = Callable[[bytes], bytes]
TELLING = [b"\0", b"\xff", b"\x7f", b"\x80", b"\0\0\0\0", b"\xff\xff\xff\xff", b"\x7f\xff\xff\xff", b"\x80\0\0\0"]
"""Bytes over which lengths and offsets stumble."""

_places = st.one_of(st.integers(0, 64), st.integers(0, 1024), st.integers(0, 1 << 20))


def _flip(at: int, bits: int) -> Mutation:
    return lambda data: _overwrite(at, bytes([data[at % len(data)] ^ bits]))(data) if data else data


def _overwrite(at: int, new: bytes) -> Mutation:
    def mutate(data: bytes) -> bytes:
        place = at % (len(data) or 1)
        return data[:place] + new + data[place + len(new) :]

    return mutate


def _insert(at: int, new: bytes) -> Mutation:
    return lambda data: data[: at % (len(data) or 1)] + new + data[at % (len(data) or 1) :]


def _delete(at: int, length: int) -> Mutation:
    return lambda data: data[: at % (len(data) or 1)] + data[at % (len(data) or 1) + length :]


def _repeat(at: int, length: int, times: int) -> Mutation:
    def mutate(data: bytes) -> bytes:
        place = at % (len(data) or 1)
        return data[:place] + data[place : place + length] * times + data[place:]

    return mutate


def _truncate(at: int) -> Mutation:
    return lambda data: data[: at % (len(data) or 1)]


def _splice(at: int, other: bytes, there: int) -> Mutation:
    return lambda data: data[: at % (len(data) or 1)] + other[there % (len(other) or 1) :]


def mutated(seeds: Sequence[tuple[str, bytes]]) -> st.SearchStrategy[tuple[str, bytes]]:
    """Name and bytes of one of these files, after one to six mutations."""
    mutations = st.one_of(
        st.builds(_flip, _places, st.integers(1, 255)),
        st.builds(_overwrite, _places, st.one_of(st.sampled_from(TELLING), st.binary(min_size=1, max_size=8))),
        st.builds(_insert, _places, st.one_of(st.sampled_from(TELLING), st.binary(min_size=1, max_size=64))),
        st.builds(_delete, _places, st.integers(1, 4096)),
        st.builds(_repeat, _places, st.integers(1, 256), st.integers(1, 64)),
        st.builds(_truncate, _places),
        st.builds(_splice, _places, st.sampled_from([data for _name, data in seeds]), _places),
    )

    @st.composite
    def draw_one(draw: st.DrawFn) -> tuple[str, bytes]:
        name, data = draw(st.sampled_from(seeds))
        for mutate in draw(st.lists(mutations, min_size=1, max_size=6)):
            data = mutate(data)
        return name, data

    return draw_one()
