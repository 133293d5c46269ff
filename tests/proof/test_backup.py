"""The demo site with a thousand more assets, from either database onto either: the same answers, rows and files."""

import json
import os
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from difflib import unified_diff
from pathlib import Path
from typing import Any

import pytest

from tests.processes import Command
from tests.services import find_postgres, running_postgres
from tests.stack import Stack, StackError, own_postgres_database

ASSETS = int(os.environ.get("PROOF_ASSETS", "1000"))
AT_A_TIME = 200

GROW = """
from io import BytesIO
from django.core.files.base import ContentFile
from PIL import Image
from media_library import jobs
from media_library.models import *

def picture(number):
    output = BytesIO()
    Image.linear_gradient("L").resize((96, 64 + number % 7)).rotate(number % 4 * 90).point(
        lambda value: (value + number) % 256
    ).save(output, "PNG")
    return ContentFile(output.getvalue(), name=f"picture {number}.png")

for number in range({first}, {last}):
    if number % 10:
        CustomImage(title=f"Picture {number} 🦭", file=picture(number), caption="𝄞 – \\\\ “quoted”").save()
    else:
        CustomDocument(title=f"Paper {number}", file=ContentFile(b"%%PDF-1.4 %d" % number, name="paper.pdf")).save()
for job in ProcessingJob.objects.filter(state="queued").order_by("pk").values_list("pk", flat=True):
    jobs.run(job)
assert not Asset.objects.exclude(status="ready").exists(), Asset.objects.exclude(status="ready").values()
Asset.objects.filter(pk=1).update(view_count=2**62)
"""

CRAWL = """
import json
from pathlib import Path
from django.conf import settings
from django.test import Client
client, seen = Client(), {}
def get(url):
    answer = client.get("/api/v2/" + url, headers={"host": "localhost"})
    assert answer.status_code == 200, (url, answer.status_code, answer.content)
    seen[url] = answer.json()
    return seen[url]
for kind in ("pages", "images", "videos", "audio", "documents", "collections"):
    offset, total = 0, 1
    while offset < total:
        listed = get(f"{kind}/?limit=100&offset={offset}" + ("" if kind == "collections" else "&fields=*&order=id"))
        total, offset = listed["meta"]["total_count"], offset + 100
        for item in listed["items"]:
            get(f"{kind}/{item['id']}/")
for url in ("site/", "redirects/", "categories/", "search/?query=light", "search/?query=morning&type=blog.PostPage"):
    get(url)
Path(settings.DATA_DIR, "answers.json").write_text(json.dumps(seen))
"""

OLDER = """
from pathlib import Path
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from cms.backup import manifest as manifests, making, scratch
from cms.backup.places import place_at
from cms.backup.progress import Progress
executor = MigrationExecutor(connection)
ours = ("media_library", "delivery", "cms", "blog")
leaves = [node for node in executor.loader.graph.leaf_nodes() if node[0] not in ours]
executor.migrate([("media_library", "0001_initial"), *leaves])
applied = manifests.applied_migrations(connection)
then = scratch.apps_at({tuple(one) for one in applied})
root = then.get_model("wagtailcore.Collection").objects.get(depth=1)
then.get_model("media_library.Video").objects.create(
    kind="video", title="Tide", version=1, file="video/1/1/tide.mp4", collection_id=root.pk
)
place = place_at({place!r})
manifest = manifests.begin(connection, False)
manifest.migrations = applied
with making.snapshot() as source:
    making.dump(source, place, manifest, Progress(), apps=then)
manifest.write(place)
"""


@pytest.fixture(scope="module")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with tempfile.TemporaryDirectory(prefix="darkroom-", dir="/tmp") as folder:
        Path(folder).chmod(0o711)
        with running_postgres(Path(folder), find_postgres(), Command().go_on) as url:
            yield url


class Sites:
    """Sites by name, each with a database and a data directory of its own, and nothing running."""

    def __init__(self, folder: Path, postgres: str) -> None:
        self.folder, self.postgres = folder, postgres

    def open(self, name: str, kind: str, closing: ExitStack, migrate: bool = False) -> Stack:
        data = self.folder / name
        data.mkdir(exist_ok=True)
        url = f"sqlite:///{data}/darkroom.sqlite3"
        if kind == "postgresql":
            url = closing.enter_context(own_postgres_database(self.postgres))
        env = {
            "DATABASE_URL": url,
            "SECRET_KEY": "the same for all of them, since it signs addresses",
            "BASE_URL": "https://cms.example.org",
            "REDIS_URL": "",
        }
        return closing.enter_context(Stack(data, env, names=(), migrate=migrate))


@pytest.fixture(scope="module")
def closing() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


@pytest.fixture(scope="module")
def sites(tmp_path_factory: pytest.TempPathFactory, postgres: str) -> Sites:
    return Sites(tmp_path_factory.mktemp("sites"), postgres)


def run(site: Stack, script: str) -> str:
    return site.manage("shell", "--verbosity", "0", "--command", script)


def answers(site: Stack) -> dict[str, Any]:
    """All that v2 answers, by address. PostgreSQL orders the keys of JSON by itself; their order says nothing."""
    run(site, CRAWL)
    return json.loads((site.data_dir / "answers.json").read_text())


def assert_same(found: dict[str, Any], expected: dict[str, Any]) -> None:
    """Compare answers; where some differ, show how the first of them does."""
    assert found.keys() == expected.keys()
    for url, answer in expected.items():
        before, after = (json.dumps(one, indent=1, sort_keys=True).splitlines() for one in (answer, found[url]))
        assert before == after, "\n".join([url, *unified_diff(before, after, "before", "after", lineterm="")])


def contents(place: Path) -> tuple[dict[str, tuple[int, str]], set[str]]:
    """Of the latest backup: how many rows each table has and what they say; and the hashes of its files."""
    manifest = json.loads(sorted(place.glob("backups/*/manifest.json"))[-1].read_text())
    assert manifest["missing_count"] == 0
    return (
        {table["model"]: (table["rows"], table["digest"]) for table in manifest["tables"]},
        {path.name for path in place.glob("objects/*/*")},
    )


@pytest.fixture(scope="module")
def original(sites: Sites, closing: ExitStack) -> tuple[Stack, Path, dict[str, Any]]:
    """The demo on SQLite, grown and developed; its backup, and all its answers."""
    site, place = sites.open("original", "sqlite", closing, migrate=True), sites.folder / "of sqlite"
    site.manage("demo")
    # No command may take five minutes (tests/stack.py).
    for first in range(0, ASSETS, AT_A_TIME):
        last = min(first + AT_A_TIME, ASSETS)
        run(site, GROW.replace("{first}", str(first)).replace("{last}", str(last)))
    site.manage("backup", str(place), "--with-derived")
    return site, place, answers(site)


@pytest.fixture(scope="module")
def on_postgres(original: Any, sites: Sites, closing: ExitStack) -> tuple[Stack, Path]:
    """The same on PostgreSQL, by its backup; and a backup of that."""
    site, place = sites.open("postgres", "postgresql", closing), sites.folder / "of postgres"
    site.manage("restore", str(original[1]))
    site.manage("backup", str(place), "--with-derived")
    return site, place


def test_sqlite_onto_postgresql(original: Any, on_postgres: Any) -> None:
    _site, place, said = original

    assert len(said) > ASSETS
    assert_same(answers(on_postgres[0]), said)
    assert contents(on_postgres[1]) == contents(place)


@pytest.mark.parametrize(
    ("source", "target"), [("postgresql", "sqlite"), ("postgresql", "postgresql"), ("sqlite", "sqlite")]
)
def test_each_onto_each(
    source: str, target: str, original: Any, on_postgres: Any, sites: Sites, closing: ExitStack
) -> None:
    place = on_postgres[1] if source == "postgresql" else original[1]
    site, again = sites.open(f"{source} to {target}", target, closing), sites.folder / f"of {source} to {target}"

    site.manage("restore", str(place))
    site.manage("backup", str(again), "--with-derived")

    assert_same(answers(site), original[2])
    assert contents(again) == contents(original[1])


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_backups_are_verified_in_a_scratch_database(kind: str, original: Any, on_postgres: Any) -> None:
    for site in (original[0], on_postgres[0]):
        place = original[1] if kind == "sqlite" else on_postgres[1]
        assert "is whole" in site.manage("backup", str(place), "--verify")


def test_nul_gives_way_on_postgresql(original: Any, on_postgres: Any, sites: Sites) -> None:
    site, place = original[0], sites.folder / "with nul"
    run(
        site,
        "from media_library.models import *\n"
        "Asset.objects.filter(pk=2).update(caption='a\\0b', metadata={'a': '\\0'})",
    )
    site.manage("backup", str(place))

    on_postgres[0].manage("restore", str(place), "--replace")

    said = run(
        on_postgres[0],
        "from media_library.models import *; a = Asset.objects.get(pk=2); print(ascii((a.caption, a.metadata)))",
    )
    assert said.strip().endswith(r"('a\ufffdb', {'a': '\ufffd'})")


def test_text_too_long_for_postgresql_is_named_and_changes_nothing(
    original: Any, on_postgres: Any, sites: Sites
) -> None:
    site, place = original[0], sites.folder / "too long"
    run(site, "from media_library.models import *; Asset.objects.filter(pk=3).update(credit='long ' * 100)")
    site.manage("backup", str(place))

    with pytest.raises(StackError, match=r"media_library\.Asset doesn't fit this database: value too long"):
        on_postgres[0].manage("restore", str(place), "--replace")

    said = run(on_postgres[0], "from media_library.models import *; print(Asset.objects.count())")
    assert int(said) > ASSETS


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_backup_of_the_first_version_is_brought_forward(kind: str, sites: Sites, closing: ExitStack) -> None:
    place = sites.folder / f"older {kind}"
    older = sites.open(f"older {kind}", "sqlite", closing)
    run(older, OLDER.replace("{place!r}", repr(str(place))))
    site = sites.open(f"brought forward {kind}", kind, closing)

    site.manage("restore", str(place))

    said = run(
        site, "from media_library.models import *; print(Video.objects.get().title, Asset.objects.get().status)"
    )
    assert said.split() == ["Tide", "uploaded"]
    assert "No planned migration" in site.manage("migrate", "--plan")
