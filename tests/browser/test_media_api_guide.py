"""The table in docs/media-api.md: each of its lines does what it says, in the shell and in TypeScript."""

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.frontend.tools import CLIENT, run
from tests.media import photo_bytes
from tests.processes import ROOT
from tests.stack import Stack

ROW = re.compile(r"^\| (?P<what>[^|]+) \| `(?P<curl>[^`]+)` \| `(?P<client>[^`]+)` \|$", re.MULTILINE)
ROWS = [match.groupdict() for match in ROW.finditer((ROOT / "docs/media-api.md").read_text())]

MAKE_SITE = """
import json
from blog.models import BlogIndexPage, PostPage
from cms.models import User
from media_library.models import MediaCollection
from tests.blog.content import block, make_image, make_post
from wagtail.models import APIToken
picture, other = make_image("Harbour"), make_image("Boats", size=60)
body = [block("image", {"image": picture.pk, "alt_text": "", "decorative": False})]
post = make_post(BlogIndexPage.objects.get(), PostPage.objects.count() + 1, body=body)
admin = User.objects.get(username="admin")
print(json.dumps({
    "TOKEN": APIToken.create_token(user=admin, name="Guide")[1],
    "ID": picture.pk,
    "OTHER": other.pk,
    "SET": MediaCollection.objects.create(title="Press kit").pk,
    "PAGE": post.pk,
    "PATH_OF_PAGE": post.get_url().split("://")[-1].partition("/")[2],
}))
"""


@pytest.fixture
def setting(stack: Stack) -> dict[str, Any]:
    return {"DARKROOM": stack.url, **json.loads(stack.manage("shell", "-v", "0", "-c", MAKE_SITE))}


def test_the_table_has_a_line_for_everything():
    assert len(ROWS) > 20


def test_each_line_runs_in_the_shell(setting: dict[str, Any], tmp_path: Path):
    assert shutil.which("curl"), "There is no curl: install it, e.g. with `apt-get install curl`."
    photo = tmp_path / "quay.jpg"
    photo.write_bytes(photo_bytes(width=90, height=70))
    environment = {name: str(value) for name, value in setting.items()} | {
        "FILE": str(photo),
        "AUTH": f"Authorization: Bearer {setting['TOKEN']}",
        "JSON": "Content-Type: application/json",
    }
    prelude = 'curl() { command curl --silent --show-error --fail-with-body "$@"; }\n'
    for row in ROWS:
        done = subprocess.run(
            ["bash", "-c", prelude + row["curl"]],
            env={"PATH": "/usr/local/bin:/usr/bin:/bin", **environment},
            capture_output=True,
            text=True,
            timeout=60,
        )
        assert done.returncode == 0, f"{row['what']}: {done.stdout}{done.stderr}"
        if done.stdout and not done.stdout.startswith(("id:", "retry:", "event:", ":")):
            json.loads(done.stdout)


def test_each_line_runs_in_typescript(setting: dict[str, Any], tmp_path: Path):
    """Compiled strictly, and run in Node."""
    photo = tmp_path / "quay.jpg"
    photo.write_bytes(photo_bytes(width=110, height=70))
    lines = "".join(f"  await step({json.dumps(row['what'])}, () => {row['client']});\n" for row in ROWS)
    names = ("ID", "OTHER", "SET", "PAGE", "PATH_OF_PAGE")
    values = "".join(f"const {name} = {json.dumps(setting[name])};\n" for name in names)
    source = tmp_path / "guide.ts"
    source.write_text(
        f"import {{ createClient }} from {json.dumps(str(CLIENT / 'src/index'))};\n"
        "import { readFileSync } from 'node:fs';\n"
        f"const baseUrl = {json.dumps(setting['DARKROOM'])};\n"
        f"const darkroom = createClient({{ baseUrl, token: {json.dumps(setting['TOKEN'])} }});\n"
        "const visitor = createClient({ baseUrl });\n"
        f"const FILE = new File([readFileSync({json.dumps(str(photo))})], 'quay.jpg');\n"
        f"{values}"
        "async function step(what: string, act: () => Promise<unknown>) {\n"
        "  try { await act(); } catch (error) { throw new Error(what, { cause: error }); }\n"
        "}\n"
        f"async function main() {{\n{lines}}}\n"
        "main().then(() => console.log('done'), (error) => { console.error(error); process.exit(1); });\n"
    )
    types = CLIENT.parent / "node_modules/@types"
    options = ("--strict", "--noEmit", "--target", "es2022", "--module", "esnext", "--moduleResolution", "bundler")
    run("tsc", *options, "--skipLibCheck", "--typeRoots", types, "--types", "node", source)
    code = tmp_path / "guide.cjs"
    run("esbuild", source, "--bundle", f"--outfile={code}", "--platform=node", "--format=cjs")
    assert run("node", code).strip().endswith("done")
