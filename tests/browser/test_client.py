"""The TypeScript client against the running server, in Node and in Chromium: frontend/client/tests, the same files."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.browser.conftest import UNTIL_ALL_IS_READY, Running
from tests.frontend.flaky import FlakyServer
from tests.frontend.tools import CLIENT, run
from tests.media import other_photo_bytes
from tests.processes import ROOT
from tests.stack import Stack

TESTS = sorted((CLIENT / "tests").glob("*.test.ts"))

MAKE_SITE = f"""
import json
from tests.frontend.site import make_site
site = make_site()
{UNTIL_ALL_IS_READY}
print(json.dumps(site))
"""


@pytest.fixture
def site(stack: Stack, running: Running) -> dict[str, Any]:
    """Made anew for each test: they change it."""
    running.untouched.restore()
    return json.loads(stack.manage("shell", "-v", "0", "-c", MAKE_SITE))


@pytest.fixture
def flaky(stack: Stack) -> Iterator[FlakyServer]:
    """The stack behind a connection that breaks in the middle of an upload, three times."""
    with FlakyServer(stack.port, cuts=3) as server:
        yield server


@pytest.fixture
def setting(stack: Stack, site: dict[str, Any], flaky: FlakyServer) -> dict[str, Any]:
    """What frontend/client/tests/server.ts is told."""
    return {"url": stack.url, "flaky": f"http://127.0.0.1:{flaky.port}", **site}


def table() -> list[list[str]]:
    """The cells of docs/client.md that tell of each thing how it is done: ``[[what, curl, client], …]``."""
    text = (ROOT / "docs/client.md").read_text().split("<!-- table: capabilities -->")[1]
    rows = [line.strip("| ").split(" | ") for line in text.splitlines() if line.startswith("|")]
    return rows[2:]


def bundle(entry: Path, output: Path, *options: str) -> Path:
    run("esbuild", entry, "--bundle", f"--outfile={output}", '--define:process.env.NODE_ENV="production"', *options)
    return output


@pytest.fixture
def all_tests(tmp_path: Path) -> Path:
    """One module that holds all tests."""
    entry = tmp_path / "all.ts"
    entry.write_text("".join(f"import {json.dumps(str(file))};\n" for file in TESTS))
    return entry


def test_client_passes_its_tests_in_node(setting: dict[str, Any], all_tests: Path, tmp_path: Path, flaky: FlakyServer):
    code = bundle(all_tests, tmp_path / "all.test.cjs", "--platform=node", "--format=cjs")
    printed = run("node", "--test", code, env={"DARKROOM": json.dumps(setting)})
    passed = re.search(r"^(?:#|ℹ) pass (\d+)$", printed, re.MULTILINE)
    assert passed and int(passed[1]) > 40, printed
    assert flaky.left < 0, "no upload was cut"


def test_client_passes_its_tests_in_chromium(
    setting: dict[str, Any], all_tests: Path, tmp_path: Path, browser: Browser, flaky: FlakyServer
):
    shim = CLIENT / "tests/browser.ts"
    code = bundle(all_tests, tmp_path / "all.js", f"--alias:node:test={shim}", "--format=iife")
    # As the page of a front end with another policy: that of an API lets nothing run.
    page = browser.new_page(bypass_csp=True)
    # Its own origin, so that the page may ask over it as well.
    page.goto(f"{setting['flaky']}/health/")
    setting["url"] = setting["flaky"]
    page.evaluate("setting => { window.DARKROOM = setting; }", setting)
    page.add_script_tag(content=code.read_text())
    found = page.evaluate("runTests()")
    page.close()
    assert found["failed"] == []
    assert len(found["passed"]) > 40
    assert flaky.left < 0, "no upload was cut"


def test_curl_does_what_the_table_says(setting: dict[str, Any], tmp_path: Path):
    (tmp_path / "minutes.pdf").write_bytes(b"%PDF-1.4\n% sent by curl\n%%EOF\n")
    for number, name in enumerate(("harbour", "summit")):
        (tmp_path / f"{name}.jpg").write_bytes(other_photo_bytes(number))
    lines = [line for _what, cell, _client in table() for line in re.findall("`(curl .+?)`(?:,|$)", cell)]
    assert len(lines) == len(table()) - 1  # all but tus
    # curl says with --fail what the server has refused.
    script = 'set -eux\ncurl() { command curl --fail-with-body --silent --show-error "$@"; }\n' + "\n".join(lines)
    env = {
        "DARKROOM": setting["url"],
        "AUTH": f"Authorization: Bearer {setting['tokens']['admin']}",
        "JSON": "Content-Type: application/json",
        "ID": str(setting["ids"]["for_curl"]),
        "PAGE": str(setting["ids"]["post"]),
        "SET": str(setting["ids"]["set"]),
        "FORM": str(setting["ids"]["form"]),
        "LOCKED": str(setting["ids"]["locked"]),
        "PREVIEW": setting["preview"],
    }
    run("bash", "-c", script, cwd=tmp_path, env=env)


def test_client_does_what_the_table_says(setting: dict[str, Any], tmp_path: Path):
    lines = [cell.strip("`") for _what, _curl, cell in table()]
    entry = tmp_path / "table.ts"
    entry.write_text(
        f"""
        import {{ clientOf, setting }} from {json.dumps(str(CLIENT / "tests/server.ts"))};
        import {{ placeholderUrl }} from {json.dumps(str(CLIENT / "src/index.ts"))};
        async function main() {{
          const darkroom = clientOf('admin');
          const {{ ids: {{ for_client: id, post: page, set, form, locked }}, preview }} = setting;
          const photo = await (await fetch(placeholderUrl('1QcSHQRnh493V4dIh4eXh1h4kJUI')!)).blob();
          const [file, film] = ['one', 'two'].map((text) => new File(['%PDF-1.4\\n%', text], `${{text}}.pdf`));
          {"".join(f"console.log({json.dumps(line)}); await {line};" for line in lines)}
          console.log("all done");
        }}
        main();
        """
    )
    code = bundle(entry, tmp_path / "table.cjs", "--platform=node", "--format=cjs")
    assert "all done" in run("node", code, env={"DARKROOM": json.dumps(setting)})
