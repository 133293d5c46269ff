"""The client as a package: small, and whole for whoever installs it."""

import gzip
import json
import re
import shutil
import tarfile
from pathlib import Path

import pytest

from tests.frontend.tools import CLIENT, FRONTEND, run
from tests.processes import ROOT

LARGEST = 10_000
"""Bytes of everything but the tus client, as a browser gets them."""

CONSUMER = """
import { createClient, isType, picture, type Darkroom, type PostPage } from '@darkroom/client';
import { CmsImage } from '@darkroom/client/react';

const darkroom: Darkroom = createClient({ baseUrl: 'https://cms.example.org' });
export async function title(): Promise<string> {
  const page = await darkroom.findPageByPath('/');
  const post: PostPage | null = isType(page, 'blog.PostPage') ? page : null;
  // @ts-expect-error: a page of this type has no such field
  void darkroom.getPages({ type: 'blog.PostPage', fields: ['nonsense'] });
  return `${post?.title} ${picture(post?.featured_image)?.img.alt} ${CmsImage.name}`;
}
"""


def test_client_is_small(tmp_path: Path):
    code = tmp_path / "client.js"
    options = ("--bundle", "--minify", "--format=esm", "--external:tus-js-client")
    run("esbuild", CLIENT / "src/index.ts", f"--outfile={code}", *options)
    assert len(gzip.compress(code.read_bytes(), 9)) < LARGEST


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project that has installed the package as it would be published."""
    folder = tmp_path_factory.mktemp("installed")
    package, project = folder / "package", folder / "project"
    run("tsc", "--project", "tsconfig.build.json", "--outDir", package / "dist")
    shutil.copy(CLIENT / "package.json", package)
    run("npm", "pack", "--pack-destination", folder, cwd=package)
    modules = project / "node_modules"
    (modules / "@darkroom").mkdir(parents=True)
    with tarfile.open(next(folder.glob("*.tgz"))) as archive:
        archive.extractall(modules / "@darkroom", filter="data")
    (modules / "@darkroom/package").rename(modules / "@darkroom/client")
    for name in ("react", "tus-js-client", "@types", "undici-types"):
        (modules / name).symlink_to(FRONTEND / "node_modules" / name)
    return project


def test_installed_package_has_types_and_runs(installed: Path):
    (installed / "consumer.ts").write_text(CONSUMER)
    (installed / "package.json").write_text('{"type": "module"}')
    options = {"strict": True, "target": "es2022", "module": "nodenext", "types": []}
    (installed / "tsconfig.json").write_text(json.dumps({"compilerOptions": options, "files": ["consumer.ts"]}))
    run("tsc", cwd=installed)

    code = "const { title } = await import('./consumer.js'); console.log(typeof title);"
    assert run("node", "--input-type=module", "--eval", code, cwd=installed).strip() == "function"


PRELUDE = """
import {
  ConflictError, createClient, ForbiddenError, InvalidError, isType, picture, pictureHtml, UnauthenticatedError,
  video, videoHtml,
  type AnyAsset, type Darkroom, type PostPage, type Video,
} from '@darkroom/client';
declare const darkroom: Darkroom, post: PostPage, film: Video, asset: AnyAsset, element: Element;
declare const file: File, signal: AbortSignal, request: Request;
export {};
{
"""


def test_examples_of_the_documentation_are_of_their_types(installed: Path):
    blocks = re.findall(r"```(tsx?)\n(.+?)```", (ROOT / "docs/client.md").read_text(), re.DOTALL)
    assert len(blocks) > 5
    folder = installed / "examples"
    folder.mkdir()
    for number, (language, code) in enumerate(blocks):
        is_whole = "import " in code
        (folder / f"example{number}.{language}").write_text(code if is_whole else f"{PRELUDE}{code}}}")
    options = {"strict": True, "target": "es2022", "module": "nodenext", "jsx": "react-jsx", "types": ["node"]}
    (folder / "package.json").write_text('{"type": "module"}')
    (folder / "tsconfig.json").write_text(json.dumps({"compilerOptions": options | {"noEmit": True}}))
    run("tsc", "--project", folder)


def test_package_holds_nothing_but_what_is_built(installed: Path):
    package = installed / "node_modules/@darkroom/client"
    assert {path.name for path in package.iterdir()} == {"dist", "package.json"}
    assert {path.suffix for path in (package / "dist").rglob("*") if path.is_file()} == {".js", ".ts"}
