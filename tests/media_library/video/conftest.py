from pathlib import Path

import pytest


@pytest.fixture
def path(tmp_path: Path, small_film: bytes) -> Path:
    """A film of 320 by 180 pixels that lasts a second, with sound."""
    path = tmp_path / "film with 'quotes' & spaces?.mp4"
    path.write_bytes(small_film)
    return path
