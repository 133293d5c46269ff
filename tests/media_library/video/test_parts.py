"""Films cut, made in parts and joined, as against made in one go."""

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import pytest
from django.conf import settings
from django.test import override_settings

from media_library.exceptions import DamagedFile, PartsDiffer
from media_library.video.joining import join_fragments, join_tiles
from media_library.video.ladder import MadeRung, encode, plan_ladder
from media_library.video.parts import Part, encode_part, join_parts, plan_parts
from media_library.video.probe import probe
from media_library.video.stretches import stretches
from tests.media_library.video.films import ffmpeg, generated

MP4, MATROSKA = "video/mp4", "video/x-matroska"
PATTERN = "testsrc2=size=160x96:rate=30000/1001:duration=7"
KEYS = ("-g", "30", "-bf", "2", "-pix_fmt", "yuv420p")


def _starts(path: Path, mime_type: str = MP4, seconds: float = 2) -> list[int]:
    film = probe(path, mime_type)
    return [one.start for one in stretches(film, plan_ladder(film).rate, seconds, 0.5)]


def _in_one_go_and_in_parts(path: Path, mime_type: str, folder: Path) -> tuple[MadeRung, MadeRung, int]:
    """The first rung made either way, and of how many parts."""
    for name in ("whole", "joined"):
        (folder / name).mkdir()
    plan = plan_ladder(probe(path, mime_type))
    rungs = [plan.first]
    (whole,) = (one for one in encode(plan, rungs, folder / "whole") if one.rung)
    with override_settings(MEDIA_LIBRARY=settings.MEDIA_LIBRARY | {"VIDEO_SPLIT_SECONDS": 2}):
        parts = plan_parts(plan, rungs, 0.0, 1.0)
    made = []
    for number, part in enumerate(parts):
        (folder / str(number)).mkdir()
        made.append(encode_part(plan, part, folder / str(number), lambda done: None))

    def files(preset: str) -> Iterator[tuple[Path, Fraction]]:
        for part, found in zip(parts, made, strict=True):
            if preset in found:
                yield found[preset], part.stretch.start / part.stretch.rate

    (joined,) = (one for one in join_parts(plan, rungs, files, folder / "joined") if one.rung)
    return whole, joined, len([part for part in parts if part.rungs])


def _pictures(path: Path) -> list[tuple[int, Any]]:
    """Times, and each picture in a few pixels."""
    with av.open(str(path)) as container:
        return [
            (frame.pts, frame.reformat(32, 18, "gray").to_ndarray().astype(int)) for frame in container.decode(video=0)
        ]


def _apart(one: list[tuple[int, Any]], other: list[tuple[int, Any]]) -> float:
    """How far pictures at the same place are from each other at most, in greys of 255; neighbours are by 1.1 or more.

    Encoders that begin elsewhere make up to 0.8 of it.
    """
    assert [time for time, _ in one] == [time for time, _ in other]
    return max(float(abs(left - right).mean()) for (_, left), (_, right) in zip(one, other, strict=True))


VARIANTS = {
    "odd rate": (".mp4", MP4, KEYS),
    "times in thousandths": (".mkv", MATROSKA, KEYS),
    "variable rate": (".mkv", MATROSKA, ("-vf", "select='mod(n,7)*mod(n,5)'", "-fps_mode", "passthrough", *KEYS)),
    "open groups": (".mp4", MP4, (*KEYS, "-x264-params", "open-gop=1:bframes=3:b-adapt=0:scenecut=0")),
    "interlaced": (".mp4", MP4, ("-vf", "fps=60000/1001,interlace", "-flags", "+ildct+ilme", *KEYS)),
    "times from later on": (".mp4", MP4, ("-output_ts_offset", "3.3", *KEYS)),
}


@pytest.mark.parametrize("name", VARIANTS)
def test_joined_parts_are_the_film_made_in_one_go(name, tmp_path):
    suffix, mime_type, options = VARIANTS[name]
    path = generated(tmp_path / f"film{suffix}", PATTERN, *options)

    whole, joined, number = _in_one_go_and_in_parts(path, mime_type, tmp_path)

    assert number >= 3
    assert _apart(_pictures(whole.path), _pictures(joined.path)) < 1.0
    fragments = [[(one.start, one.duration) for one in made.fragmented.fragments] for made in (whole, joined)]
    assert fragments[0] == fragments[1]
    assert whole.fragmented.codec == joined.fragmented.codec


def test_parts_begin_where_groups_of_pictures_begin(tmp_path):
    path = generated(tmp_path / "film.mp4", PATTERN, *KEYS)

    # Groups of 60 pictures, two seconds.
    assert _starts(path) == [0, 60, 120, 180]


def test_film_without_key_pictures_is_not_cut(tmp_path):
    path = generated(tmp_path / "film.mp4", PATTERN, "-g", "1000", "-sc_threshold", "0", "-pix_fmt", "yuv420p")

    assert _starts(path) == [0]


def test_film_that_refreshes_bit_by_bit_is_not_cut(tmp_path):
    path = generated(tmp_path / "film.mp4", PATTERN, *KEYS, "-x264-params", "intra-refresh=1")

    assert _starts(path) == [0]


def test_film_that_breaks_off_is_cut_where_it_is_there(tmp_path):
    path = generated(tmp_path / "film.mp4", PATTERN, *KEYS, "-movflags", "+faststart")
    assert _starts(path)[-1] == 180
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])

    assert _starts(path)[-1] < 180


def test_film_whose_sound_outlasts_its_pictures_is_cut_in_these(tmp_path):
    pictures = generated(tmp_path / "pictures.mp4", PATTERN, *KEYS)
    path = tmp_path / "both.mp4"
    ffmpeg("-i", pictures, "-f", "lavfi", "-i", "sine=duration=20", "-c:v", "copy", path)

    assert _starts(path) == _starts(pictures)


def test_part_without_all_its_pictures_is_refused(tmp_path):
    path = generated(tmp_path / "film.mp4", PATTERN, *KEYS)
    plan = plan_ladder(probe(path, MP4))
    beyond = Part((plan.first.name,), 180, 300, str(plan.rate), 0.0, 1.0)

    with pytest.raises(DamagedFile):
        encode_part(plan, beyond, tmp_path, lambda done: None)


def test_parts_with_a_hole_between_them_are_not_joined(tmp_path):
    path = generated(tmp_path / "film.mp4", PATTERN, *KEYS)
    plan = plan_ladder(probe(path, MP4))
    part = Part((plan.first.name,), 0, 60, str(plan.rate), 0.0, 1.0)
    rung = encode_part(plan, part, tmp_path, lambda done: None)[plan.first.name]

    with pytest.raises(PartsDiffer):
        join_fragments([(rung, Fraction(0)), (rung, Fraction(3))], tmp_path / "joined.mp4")


def test_parts_of_different_sizes_are_not_joined(tmp_path):
    rungs = []
    for size in ("160x90", "320x180"):
        (tmp_path / size).mkdir()
        path = generated(tmp_path / f"{size}.mp4", f"testsrc2=size={size}:rate=30:duration=2", *KEYS)
        plan = plan_ladder(probe(path, MP4))
        rungs.append(encode(plan, [plan.first], tmp_path / size)[0])

    with pytest.raises(PartsDiffer):
        join_fragments([(rungs[0].path, Fraction(0)), (rungs[1].path, Fraction(2))], tmp_path / "joined.mp4")


def test_tiles_of_different_sizes_are_not_joined(tmp_path):
    for size in ("160x90", "90x160"):
        ffmpeg("-f", "lavfi", "-i", f"testsrc2=size={size}:duration=0.1", tmp_path / f"{size}.y4m")

    with pytest.raises(PartsDiffer):
        join_tiles([tmp_path / "160x90.y4m", tmp_path / "90x160.y4m"], tmp_path / "joined.y4m")
