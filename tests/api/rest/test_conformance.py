"""The running server does what its OpenAPI document says, whatever it is sent."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.stack import Stack

SEED = """
from django.core.files.base import ContentFile
from wagtail.models import APIToken, Collection
from cms.models import User
from media_library import media_collections
from media_library.deletion import trash_asset
from media_library.models import CustomDocument, MediaCollection
from tests.media import photo_file
from tests.blog.content import block, make_blog, make_image, make_post

images = [make_image(f"Harbour {number}") for number in range(3)]
CustomDocument.objects.create(title="Prices", file=ContentFile(b"Paper", name="paper.txt"))
make_post(make_blog(), body=[block("image", {"image": images[0].pk, "alt_text": "", "decorative": False})])
trash_asset(images[2])
summer = MediaCollection.objects.create(title="Summer", is_public=True)
media_collections.add(summer, images[:2])
admin = User.objects.create_superuser("ada", "ada@example.org", "a long password")
print(APIToken.create_token(user=admin, name="Conformance")[1])
"""

# What each parameter may be at its edges, always; random requests besides in `make proof`, which names a folder.
PHASES = "coverage,fuzzing" if "DARKROOM_MEDIA" in os.environ else "coverage"

CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
    "unsupported_method",
    "allow_header_conformance",
    "ignored_auth",
)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Stack, str]]:
    """A server with a bit of everything in its library, and a superuser's token."""
    environment = {"API_REQUESTS_PER_MINUTE": "0", "WEB_WORKERS": "1", "EVENT_STREAM_SECONDS": "2"}
    with Stack(tmp_path_factory.mktemp("conformance"), environment, names=["web"]) as stack:
        yield stack, stack.manage("shell", "-v", "0", "-c", SEED).split()[-1]


@pytest.mark.parametrize("who", ["superuser", "anybody"])
def test_every_answer_is_as_documented(server: tuple[Stack, str], who: str, tmp_path: Path) -> None:
    stack, token = server
    command = [
        *(sys.executable, "-m", "schemathesis.cli", "run", f"{stack.url}/api/media/openapi.json"),
        *("--checks", ",".join(CHECKS), "--phases", PHASES, "--max-examples", "5"),
        # The same requests each time.
        *("--generation-deterministic", "--continue-on-failure", "--suppress-health-check", "all", "--no-color"),
        *("--warnings", "off", "--request-timeout", "60"),
        *(("--header", f"Authorization: Bearer {token}") if who == "superuser" else ()),
    ]
    environment = {**os.environ, "SCHEMATHESIS_HOOKS": str(Path(__file__).with_name("conformance_hooks.py"))}
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=1800)
    assert done.returncode == 0, done.stdout[-20_000:] + done.stderr[-2_000:]
    assert " passed" in done.stdout
    assert "Traceback" not in stack.log("web")
