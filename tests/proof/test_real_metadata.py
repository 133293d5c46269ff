"""What real photographs say of themselves, and that none of it gets out. Run by `make proof` (DARKROOM_MEDIA)."""

import os
import time
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from media_library.imaging.engine import first_look
from media_library.imaging.tags import read_tags
from media_library.intake.metadata import PhotoMetadata, photo_metadata

MEDIA = Path(os.environ["DARKROOM_MEDIA"])


def _files(*folders: str) -> list[pytest.param]:
    return [pytest.param(path, id=path.name) for one in folders for path in sorted((MEDIA / one).iterdir())]


def _read(path: Path) -> PhotoMetadata:
    with path.open("rb") as file:
        return photo_metadata(read_tags(file))


@pytest.mark.parametrize("path", _files("photos"))
def test_camera_and_moment_of_a_photograph_are_known(path: Path):
    found = _read(path)

    assert found.camera_make and found.camera_model
    assert found.exposure_time and found.focal_length
    assert found.taken_at and 2000 < found.taken_at.year < 2030


@pytest.mark.parametrize("path", _files("odd", "bad"))
def test_odd_and_broken_files_are_read_within_a_moment(path: Path):
    started = time.perf_counter()

    said = _read(path).to_json(with_location=True)

    assert time.perf_counter() - started < 0.5
    assert "\x00" not in str(said)


@pytest.mark.parametrize("path", _files("photos"))
def test_nothing_of_the_camera_is_in_the_ladder(path: Path):
    made = path.read_bytes()
    model = read_tags(BytesIO(made)).exif["Model"].rstrip(b" \x00")
    assert model in made

    for one in first_look(BytesIO(made)).renditions:
        assert model not in one.data
        assert not Image.open(BytesIO(one.data)).getexif()
