from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.files import File

from media_library.models import Video
from tests.media_library.video.films import generated

TALL = "color=red:size=180x320:rate=10:duration=1,drawbox=y=160:w=180:h=160:color=blue:t=fill"


@pytest.fixture
def tall_film(db: None, tmp_path: Path, develop: Callable[..., None]) -> Video:
    """A film of 180 by 320 pixels that is red above and blue below, whose poster is to keep what is at its bottom."""
    with generated(tmp_path / "tall.mp4", TALL).open("rb") as file:
        video = Video(title="Pier", alt_text="A pier", file=File(file, name="tall.mp4"))
        video.save()
    develop(video)
    video.poster_focus = [0.4, 0.9, 0.1, 0.1]
    video.save()
    develop(video)
    return video
