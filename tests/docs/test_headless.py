"""docs/headless.md promises nothing that no test shows."""

import ast
import re

import pytest

from tests.processes import ROOT

TEXT = (ROOT / "docs" / "headless.md").read_text()
NAMED = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", TEXT)


@pytest.mark.parametrize(("path", "name"), NAMED)
def test_each_test_that_is_named_exists(path: str, name: str) -> None:
    module = ast.parse((ROOT / path).read_text())
    assert name in {node.name for node in module.body if isinstance(node, ast.FunctionDef)}


def test_nothing_is_named_in_another_way() -> None:
    assert len(NAMED) == TEXT.count("::") > 30


def test_each_gap_that_wagtail_marks_has_a_line() -> None:
    rows = [line.split(" | ")[0] for line in TEXT.splitlines() if line.startswith("| ")]
    for gap in (
        *("Page preview", "Images", "Page URL routing", "Rich text", "Multi-site support", "Form submissions"),
        *("Password-protected pages", "Next.js", "Nuxt", "Gatsby", "Vercel", "Netlify", "User bar"),
    ):
        assert any(gap in row for row in rows), gap
