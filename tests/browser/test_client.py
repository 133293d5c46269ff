"""The TypeScript client against the running server, in Node and in Chromium: frontend/client/tests, the same files."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.frontend.tools import CLIENT, run
from tests.stack import Stack

TESTS = sorted((CLIENT / "tests").glob("*.test.ts"))

MAKE_SITE = "import json; from tests.frontend.site import make_site; print(json.dumps(make_site()))"


@pytest.fixture(scope="module")
def setting(stack: Stack) -> dict[str, Any]:
    """What frontend/client/tests/server.ts is told."""
    return {"url": stack.url, **json.loads(stack.manage("shell", "-v", "0", "-c", MAKE_SITE))}


def bundle(entry: Path, output: Path, *options: str) -> Path:
    run("esbuild", entry, "--bundle", f"--outfile={output}", '--define:process.env.NODE_ENV="production"', *options)
    return output


@pytest.fixture
def all_tests(tmp_path: Path) -> Path:
    """One module that holds all tests."""
    entry = tmp_path / "all.ts"
    entry.write_text("".join(f"import {json.dumps(str(file))};\n" for file in TESTS))
    return entry


def test_client_passes_its_tests_in_node(setting: dict[str, Any], all_tests: Path, tmp_path: Path):
    code = bundle(all_tests, tmp_path / "all.test.cjs", "--platform=node", "--format=cjs")
    printed = run("node", "--test", code, env={"DARKROOM": json.dumps(setting)})
    passed = re.search(r"^(?:#|ℹ) pass (\d+)$", printed, re.MULTILINE)
    assert passed and int(passed[1]) > 40, printed


def test_client_passes_its_tests_in_chromium(
    setting: dict[str, Any], all_tests: Path, tmp_path: Path, browser: Browser, stack: Stack
):
    shim = CLIENT / "tests/browser.ts"
    code = bundle(all_tests, tmp_path / "all.js", f"--alias:node:test={shim}", "--format=iife")
    page = browser.new_page()
    page.goto(f"{stack.url}/health/")
    page.evaluate("setting => { window.DARKROOM = setting; }", setting)
    page.add_script_tag(content=code.read_text())
    found = page.evaluate("runTests()")
    page.close()
    assert found["failed"] == []
    assert len(found["passed"]) > 40
