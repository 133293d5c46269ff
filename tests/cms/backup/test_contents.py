"""What is in a backup and what is not; and how a folder takes it."""

from pathlib import Path
from typing import Any

import pytest

from cms.backup.contents import DEVELOPED, OF_THE_MOMENT, kept_tables, tables
from cms.backup.places import Folder


def test_no_table_that_is_kept_refers_to_one_that_is_not() -> None:
    for with_derived in (True, False):
        kept = set(kept_tables(with_derived))
        for model in kept:
            for field in model._meta.local_concrete_fields:
                assert not field.remote_field or field.remote_field.model._meta.concrete_model in kept, field


def test_names_of_what_is_left_out_are_those_of_tables() -> None:
    known = {model._meta.label_lower for model in tables()}

    assert {name for name in OF_THE_MOMENT | DEVELOPED if not name.startswith(("axes.", "wagtailsearch."))} <= known


def test_folder_holds_a_file_whole_or_not_at_all(tmp_path: Path) -> None:
    class Broken:
        def chunks(self, _size: int) -> Any:
            yield b"half"
            raise OSError("the cable")

    with pytest.raises(OSError, match="cable"):
        Folder(str(tmp_path))._save("a/b", Broken())  # type: ignore[arg-type]

    assert not [path for path in tmp_path.rglob("*") if path.is_file()]
