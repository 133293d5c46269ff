from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from cms.management.commands.generate_types import OUTPUT


def test_types_in_the_repository_are_those_of_the_models():
    call_command("generate_types", check=True)


def test_file_is_written(tmp_path: Path):
    output = tmp_path / "content.ts"
    call_command("generate_types", output=output)
    assert output.read_text() == OUTPUT.read_text()


def test_drift_is_told_with_what_to_do(tmp_path: Path):
    output = tmp_path / "content.ts"
    output.write_text("export type Page = never;\n")
    with pytest.raises(CommandError, match="make client-types"):
        call_command("generate_types", output=output, check=True)
    assert output.read_text() == "export type Page = never;\n"
