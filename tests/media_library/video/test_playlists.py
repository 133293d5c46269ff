"""What a player does with playlists: it reads each segment by its bytes alone."""

import re
from dataclasses import dataclass
from fractions import Fraction
from io import BytesIO
from itertools import pairwise
from pathlib import Path

import av
import pytest

from media_library.video.ladder import MadeRung, encode, plan_ladder
from media_library.video.playlists import Sound, Variant, master_playlist, media_playlist, peak_bandwidth, segments
from media_library.video.probe import probe
from tests.media_library.video.films import generated


@dataclass(frozen=True)
class _Segment:
    """A segment as a player finds it: seconds that the playlist says, and the bytes with the header before them."""

    duration: float
    data: bytes


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[str, MadeRung]:
    """Rungs of a film of 9.4 seconds at 30000/1001 pictures a second, with cuts where an encoder would like keys."""
    folder = tmp_path_factory.mktemp("ladder")
    source = generated(
        folder / "film.mp4",
        "testsrc2=size=852x480:rate=30000/1001:duration=9.4,hue=h='if(lt(mod(t,1.7),0.85),0,120)'",
        sound="sine=duration=9.4",
    )
    plan = plan_ladder(probe(source, "video/mp4"))
    return {one.name: one for rungs in plan.passes(()) for one in encode(plan, rungs, folder)}


def _walk(one: MadeRung) -> list[_Segment]:
    text = media_playlist(one.fragmented, one.path.name)
    data = one.path.read_bytes()
    size, start = map(int, re.search(rf'#EXT-X-MAP:URI="{one.path.name}",BYTERANGE="(\d+)@(\d+)"', text).groups())
    head = data[start : start + size]
    found = re.findall(rf"#EXTINF:([\d.]+),\n#EXT-X-BYTERANGE:(\d+)@(\d+)\n{one.path.name}\n", text)
    return [_Segment(float(length), head + data[int(at) : int(at) + int(size)]) for length, size, at in found]


def _times(segment: _Segment) -> tuple[list[float], list[float]]:
    """Decoding times of all packets, and of key pictures."""
    with av.open(BytesIO(segment.data)) as container:
        packets = [packet for packet in container.demux(container.streams[0]) if packet.dts is not None]
        times = [float(packet.dts * packet.time_base) for packet in packets]
        return times, [time for time, packet in zip(times, packets, strict=True) if packet.is_keyframe]


def test_segments_last_as_long_as_the_playlist_says(made):
    for one in made.values():
        step = 1 / float(one.rate) if one.rate else 1024 / 48_000
        for segment in _walk(one):
            times, _keys = _times(segment)
            assert times[-1] + step - times[0] == pytest.approx(segment.duration, abs=step)


def test_segments_follow_each_other_without_holes(made):
    for one in made.values():
        parts = [_times(segment)[0] for segment in _walk(one)]
        step = parts[0][1] - parts[0][0]
        assert len(parts) == 3
        for before, after in pairwise(parts):
            assert after[0] - before[-1] == pytest.approx(step, abs=0.001)


def test_segments_can_be_decoded_by_themselves(made):
    for segment in _walk(made["480p"]):
        with av.open(BytesIO(segment.data)) as container:
            frames = list(container.decode(video=0))
        assert frames[0].key_frame
        assert len(frames) == pytest.approx(segment.duration * 30_000 / 1001, abs=0.5)


def test_key_pictures_are_at_the_same_times_in_all_rungs(made):
    keys = {name: [_times(segment)[1] for segment in _walk(made[name])] for name in ("480p", "360p")}

    assert keys["480p"] == keys["360p"]
    assert [len(one) for one in keys["480p"]] == [2, 2, 1]


def test_no_segment_is_longer_than_the_target(made):
    for one in made.values():
        text = media_playlist(one.fragmented, "x")
        target = int(re.search(r"TARGETDURATION:(\d+)", text)[1])
        assert all(round(segment.duration) <= target for segment in _walk(one))


def test_all_rungs_are_as_long_as_the_film(made):
    for one in made.values():
        assert sum(segment.duration for segment in _walk(one)) == pytest.approx(9.4, abs=0.05)


def test_segments_are_all_there_is_but_the_header(made):
    for one in made.values():
        assert (
            one.fragmented.header_size + sum(part.size for part in segments(one.fragmented)) == one.path.stat().st_size
        )


def test_peak_is_that_of_the_largest_segment(made):
    rung = made["480p"].fragmented
    largest = max(part.size * 8 / part.duration for part in segments(rung) if part.duration >= 2)

    assert peak_bandwidth(rung) == pytest.approx(float(largest), rel=0.01)


def test_codec_is_named_as_browsers_ask_for_it(made):
    assert re.fullmatch(r"avc1\.6400[0-9a-f]{2}", made["480p"].fragmented.codec)
    assert made["audio"].fragmented.codec == "mp4a.40.2"


def test_master_names_rungs_from_small_to_large_with_their_sound():
    variants = [Variant(f"{height}.m3u8", "avc1.640028", height * 1000, height * 900, 2 * height, height, 29.97)
                for height in (720, 360)]  # fmt: skip

    lines = master_playlist(variants, Sound("sound.m3u8", "mp4a.40.2", 130, 128)).splitlines()

    assert lines[3] == (
        '#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="sound",NAME="Sound",DEFAULT=YES,AUTOSELECT=YES,CHANNELS="2",URI="sound.m3u8"'
    )
    assert lines[4:] == [
        '#EXT-X-STREAM-INF:BANDWIDTH=360130,AVERAGE-BANDWIDTH=324128,CODECS="avc1.640028,mp4a.40.2",'
        'RESOLUTION=720x360,FRAME-RATE=29.970,AUDIO="sound"',
        "360.m3u8",
        '#EXT-X-STREAM-INF:BANDWIDTH=720130,AVERAGE-BANDWIDTH=648128,CODECS="avc1.640028,mp4a.40.2",'
        'RESOLUTION=1440x720,FRAME-RATE=29.970,AUDIO="sound"',
        "720.m3u8",
    ]


def test_master_of_a_silent_film_names_no_sound():
    text = master_playlist([Variant("a.m3u8", "avc1.64001e", 10, 9, 4, 2, 25)], None)

    assert "AUDIO" not in text
    assert 'CODECS="avc1.64001e"' in text


def test_exact_times_survive_a_fractional_rate(made):
    assert made["480p"].fragmented.fragments[1].start == Fraction(60 * 1001, 30_000)


def test_file_without_fragments_is_no_rung(tmp_path: Path):
    from media_library.exceptions import FFmpegError
    from media_library.video.fragments import read_fragments

    empty = tmp_path / "empty.mp4"
    empty.write_bytes(b"\0\0\0\x08free")
    with pytest.raises(FFmpegError):
        read_fragments(empty)
