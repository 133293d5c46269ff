from collections import defaultdict
from collections.abc import Iterable, Iterator

from media_library.cache_tags import record


class CategoryTree:
    """The tree of categories as a whole, by their ids.

    Made of ``(id, id of the parent or None, is active)`` in the order of siblings. Categories that are each other's
    parents, as two editors can make them in the same moment, stand at the end and are hidden: nothing is lost.
    """

    def __init__(self, rows: Iterable[tuple[int, int | None, bool]]):
        self.parents: dict[int, int | None] = {}
        self._depths: dict[int, int] = {}
        active: set[int] = set()
        self._children: dict[int | None, list[int]] = defaultdict(list)
        for pk, parent, is_active in rows:
            self.parents[pk] = parent
            self._children[parent].append(pk)
            if is_active:
                active.add(pk)
        self.visible: set[int] = set()
        """Those that readers see: active, as are all above."""
        waiting = [(pk, 0) for pk in reversed(self._children[None])]
        while waiting:
            pk, depth = waiting.pop()
            self._depths[pk] = depth
            parent = self.parents[pk]
            if pk in active and (parent is None or parent in self.visible):
                self.visible.add(pk)
            waiting += [(child, depth + 1) for child in reversed(self._children[pk])]
        self._depths |= {pk: 0 for pk in self.parents if pk not in self._depths}
        self.places = {pk: place for place, pk in enumerate(self._depths)}
        """Where each one stands in tree order, parents before what is below them."""

    def depth(self, pk: int) -> int:
        """How many stand above: 0 for a root."""
        return self._depths[pk]

    def lineage(self, pk: int | None) -> Iterator[int]:
        """The category, its parent, and so on up to the root."""
        seen = set()
        while pk is not None and pk not in seen:
            seen.add(pk)
            yield pk
            pk = self.parents.get(pk)

    def note(self, keys: Iterable[int]) -> None:
        """Note that a response depends on whether readers see these: on themselves, and on those above."""
        record(*(f"category-{above}" for key in keys for above in self.lineage(key)))

    def branch(self, pk: int) -> list[int]:
        """The category and all below it."""
        return [one for one in self.parents if pk in self.lineage(one)]
