"""May this be deleted, and what happens then? Every door asks here: the admin, APIs, and Python's ``delete()``.

See docs/decisions/0012 and 0017.
"""

from media_library.deletion.ending import delete_asset, delete_assets
from media_library.deletion.guard import refusals, require_unused
from media_library.deletion.removal import (
    nothing_left_behind,
    remove_due_files,
    remove_file,
    remove_files_of_asset,
    remove_superseded_files,
)
from media_library.deletion.trash import (
    empty_trash,
    restorable_until,
    restore_asset,
    restore_assets,
    trash_asset,
    trash_assets,
)

__all__ = [
    "delete_asset",
    "delete_assets",
    "empty_trash",
    "nothing_left_behind",
    "refusals",
    "remove_due_files",
    "remove_file",
    "remove_files_of_asset",
    "remove_superseded_files",
    "require_unused",
    "restorable_until",
    "restore_asset",
    "restore_assets",
    "trash_asset",
    "trash_assets",
]
