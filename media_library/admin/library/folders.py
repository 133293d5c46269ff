"""The folders at the side of the library: Wagtail's collections, as far as the user may see them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.db.models import Count
from wagtail.models import Collection

from media_library.admin.permissions import visible_assets, visible_collections


@dataclass
class Folder:
    """A collection, and how many assets that the user may see are in it and below."""

    collection: Collection
    count: int = 0
    folders: list["Folder"] = field(default_factory=list)
    is_open: bool = False
    """Whether what is below it is shown: it is the way to the folder that is looked into."""


@dataclass
class Tree:
    """All folders, and how many assets there are altogether."""

    folders: list[Folder]
    count: int


def folder_tree(user: AbstractBaseUser | AnonymousUser, current: Collection | None = None) -> Tree:
    """The folders of this user. Two queries, whatever their number."""
    # Of rows, not of ids: an index without ids is enough.
    counts = dict(visible_assets(user).order_by().values_list("collection").annotate(number=Count("*")))
    top: list[Folder] = []
    way: list[Folder] = []
    # The root holds everything, as the whole library does.
    for collection in visible_collections(user).filter(depth__gt=1).order_by("path"):
        while way and not collection.path.startswith(way[-1].collection.path):
            way.pop()
        folder = Folder(collection)
        (way[-1].folders if way else top).append(folder)
        way.append(folder)
        for above in way:
            above.count += counts.get(collection.pk, 0)
        if current and collection.pk == current.pk:
            for above in way:
                above.is_open = True
    return Tree(top, sum(counts.values()))


def flattened(folders: Iterable[Folder]) -> Iterator[Folder]:
    """Folders in the order in which they are read."""
    for folder in folders:
        yield folder
        yield from flattened(folder.folders)
