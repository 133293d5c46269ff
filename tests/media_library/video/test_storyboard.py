import re
from itertools import pairwise

import av
import pytest
from PIL import Image

from media_library.video.ladder import encode, plan_ladder
from media_library.video.probe import probe
from media_library.video.storyboard import MAX_TILES, drawn_sheets, plan_storyboard
from tests.media_library.video.films import generated

CUE = re.compile(r"(\d\d):(\d\d):(\d\d\.\d{3}) --> (\d\d):(\d\d):(\d\d\.\d{3})\n(\S+)#xywh=(\d+),(\d+),(\d+),(\d+)\n")


def _long_film(path, seconds: float):
    from dataclasses import replace

    return replace(probe(path, "video/mp4"), duration=seconds)


def test_tile_shows_the_moment_of_its_cue(tmp_path):
    # Brighter by 16 of 255 each second.
    source = generated(
        tmp_path / "steps.mp4", "color=black:size=320x180:rate=10:duration=13,geq=lum='30+16*floor(T)':cb=128:cr=128"
    )
    plan = plan_ladder(probe(source, "video/mp4"))
    encode(plan, plan.passes(())[0], tmp_path)
    (sheet,) = drawn_sheets(tmp_path)

    image = Image.open(sheet).convert("L")
    cues = CUE.findall(plan.storyboard.vtt([sheet.name]))

    assert len(cues) == 13
    seen = []
    for cue in cues:
        x, y, width, height = map(int, cue[7:])
        seen.append(image.getpixel((x + width // 2, y + height // 2)))
    steps = [later - earlier for earlier, later in pairwise(seen)]
    assert all(10 <= step <= 26 for step in steps)


def test_cues_cover_the_film_to_its_end(path):
    storyboard = plan_storyboard(_long_film(path, 3671.5))

    cues = CUE.findall(storyboard.vtt([f"sprite-{number}.jpg" for number in (1, 2)]))

    assert len(cues) <= MAX_TILES
    assert cues[0][:3] == ("00", "00", "00.000")
    assert cues[-1][3:6] == ("01", "01", "11.500")
    assert {cue[6] for cue in cues} == {"sprite-1.jpg", "sprite-2.jpg"}


@pytest.mark.parametrize("seconds", [0.04, 9.0, 150.0, 7200.0, 40_000.0])
def test_no_sheet_has_more_than_a_hundred_tiles_and_no_film_more_than_200(path, seconds):
    storyboard = plan_storyboard(_long_film(path, seconds))

    assert storyboard.columns * storyboard.rows <= 100
    assert 1 <= len(CUE.findall(storyboard.vtt(["a", "b"]))) <= MAX_TILES


def test_tiles_of_an_upright_film_are_upright(tmp_path):
    source = generated(tmp_path / "upright.mp4", "testsrc2=size=180x320:rate=5:duration=0.4")

    storyboard = plan_storyboard(probe(source, "video/mp4"))

    assert (storyboard.width, storyboard.height) == (90, 160)


def test_sheet_is_a_jpeg_of_whole_tiles(path, tmp_path):
    plan = plan_ladder(probe(path, "video/mp4"))
    encode(plan, plan.passes(())[0], tmp_path)

    (sheet,) = drawn_sheets(tmp_path)
    with av.open(str(sheet)) as image:
        stream = image.streams.video[0]
        columns, rows = plan.storyboard.columns, plan.storyboard.rows
        assert (stream.width, stream.height) == (160 * columns, 90 * rows)
