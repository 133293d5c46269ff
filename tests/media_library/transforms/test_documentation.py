"""The examples of docs/front-end.md sign as the server does; Playwright brings a Node that runs them."""

import json
import subprocess
from pathlib import Path

import pytest
from django.test import override_settings
from playwright._impl._driver import compute_driver_executable

from media_library.models import CustomImage
from media_library.transforms import revision, transform_url
from media_library.transforms.signing import sign
from tests.media_library.transforms.documentation import KEY, VECTORS, example

NODE = compute_driver_executable()[0]
CALL = """
import { transformUrl } from './example.mjs';
console.log(await transformUrl(...%s));
"""


def javascript(folder: Path, module: str, *arguments: object) -> str:
    """What ``transformUrl`` of an example returns."""
    (folder / "example.mjs").write_text(example(module))
    (folder / "call.mjs").write_text(CALL % json.dumps(arguments))
    done = subprocess.run([NODE, "call.mjs"], cwd=folder, capture_output=True, text=True, timeout=300, check=True)
    return done.stdout.strip()


def test_there_are_vectors() -> None:
    assert len(VECTORS) == 3


@pytest.mark.parametrize("text", VECTORS)
def test_server_signs_as_the_vectors_say(text: str) -> None:
    assert sign(text, KEY.encode()) == VECTORS[text]


@pytest.mark.parametrize("module", ["node", "web"])
@pytest.mark.parametrize("text", [text for text in VECTORS if "-" in text.split("/")[1]])
def test_example_signs_as_the_vectors_say(tmp_path: Path, module: str, text: str) -> None:
    expires, picture, name = text.split("/")
    image = dict(zip(("id", "revision"), picture.split("-"), strict=True))
    assert javascript(tmp_path, module, KEY, image, name, expires) == f"/transform/{VECTORS[text]}/{text}"


@pytest.mark.parametrize("module", ["node", "web"])
def test_example_makes_the_address_that_the_server_makes(tmp_path: Path, photo: CustomImage, module: str) -> None:
    with override_settings(MEDIA_LIBRARY={"TRANSFORM_KEYS": [KEY, "an older one"]}):
        expected = transform_url(photo, "width-800|webpquality-70")
    image = {"id": photo.pk, "revision": revision(photo)}
    assert javascript(tmp_path, module, KEY, image, "width-800_webpquality-70") == expected
