from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import av
import pytest

from media_library.exceptions import DamagedFile
from media_library.video.ladder import MadeRung, encode, join, plan_ladder
from media_library.video.probe import probe
from media_library.video.storyboard import drawn_sheets
from tests.media import CORNERS, film_bytes
from tests.media_library.video.films import colour_at, converted, generated, turned

# White at the reference level of HLG (ITU-R BT.2408-7, table 1: 75 % of the signal), 10 bits of limited range.
HLG_WHITE = "color=color=0xBFBFBF:size={size}:rate=10:duration=0.5,format=yuv420p10le"
HLG = (
    *("-c:v", "libx265", "-pix_fmt", "yuv420p10le"),
    *("-x265-params", "log-level=none:colorprim=bt2020:transfer=arib-std-b67:colormatrix=bt2020nc:range=limited"),
)


def _encoded(source: Path, folder: Path, mime_type: str = "video/mp4") -> dict[str, MadeRung]:
    """All that is made of a film, by name."""
    plan = plan_ladder(probe(source, mime_type))
    return {one.name: one for rungs in plan.passes(()) for one in encode(plan, rungs, folder)}


def _stream(path: Path) -> tuple[str, int, int, str, Fraction]:
    with av.open(str(path)) as container:
        video = container.streams.video[0]
        return (
            video.codec_context.name,
            video.width,
            video.height,
            video.codec_context.pix_fmt,
            Fraction(video.average_rate),
        )


def _near(colour: tuple[int, int, int], other: tuple[int, int, int], by: int = 45) -> bool:
    return all(abs(one - two) <= by for one, two in zip(colour, other, strict=True))


def test_film_becomes_rungs_of_h264_and_one_of_aac(tmp_path):
    source = tmp_path / "large.mp4"
    source.write_bytes(film_bytes(tmp_path, seconds=0.5, width=1920, height=1080))

    made = _encoded(source, tmp_path)

    assert set(made) == {"1080p", "720p", "480p", "360p", "audio"}
    assert _stream(made["1080p"].path) == ("h264", 1920, 1080, "yuv420p", 12)
    assert _stream(made["480p"].path) == ("h264", 854, 480, "yuv420p", 12)
    with av.open(str(made["audio"].path)) as container:
        assert container.streams.audio[0].codec_context.name == "aac"
        assert not container.streams.video


def test_first_pass_makes_one_rung_with_sound_and_storyboard(tmp_path):
    source = tmp_path / "large.mp4"
    source.write_bytes(film_bytes(tmp_path, seconds=0.5, width=1280, height=720))
    plan = plan_ladder(probe(source, "video/mp4"))

    made = encode(plan, plan.passes(())[0], tmp_path)

    assert [one.name for one in made] == ["480p", "audio"]
    assert drawn_sheets(tmp_path)


def test_rungs_that_are_there_are_not_made_again(path):
    plan = plan_ladder(probe(path, "video/mp4"))

    assert plan.passes({"180p"}) == []


def test_small_film_keeps_its_size(path, tmp_path):
    assert set(_encoded(path, tmp_path)) == {"180p", "audio"}


def test_film_without_sound_stays_silent(tmp_path):
    source = tmp_path / "silent.mp4"
    source.write_bytes(film_bytes(tmp_path, sound=False))

    assert set(_encoded(source, tmp_path)) == {"180p"}


def test_odd_sides_become_even(path, tmp_path):
    odd = converted(path, tmp_path / "odd.mkv", "-vf", "scale=321:177", "-pix_fmt", "yuv444p")

    (rung,) = [one for one in _encoded(odd, tmp_path, "video/x-matroska").values() if one.rung]

    assert _stream(rung.path)[1:4] == (320, 176, "yuv420p")


def test_turned_film_is_encoded_upright(path, tmp_path):
    made = _encoded(turned(path, tmp_path / "turned.mp4"), tmp_path)

    assert _stream(made["180p"].path)[1:3] == (180, 320)
    # Turned to the left: what was top right is top left.
    assert _near(colour_at(made["180p"].path, 0, 0), CORNERS["green"])


def test_stretched_pixels_become_square(path, tmp_path):
    made = _encoded(converted(path, tmp_path / "stretched.mp4", "-vf", "setsar=2"), tmp_path)

    assert _stream(made["180p"].path)[1:3] == (640, 180)


def test_variable_rate_becomes_constant(tmp_path):
    # Every third picture is missing: 20 a second on average.
    source = generated(
        tmp_path / "variable.mp4",
        "testsrc2=size=320x180:rate=30:duration=2",
        *("-vf", "select='mod(n,3)'", "-fps_mode", "passthrough"),
    )

    made = _encoded(source, tmp_path)["180p"]

    with av.open(str(made.path)) as container:
        times = sorted(packet.pts for packet in container.demux(video=0) if packet.pts is not None)
    assert len({later - earlier for earlier, later in pairwise(times)}) == 1
    assert made.rate == 20


def test_colours_stay_what_they_are(path, tmp_path):
    made = _encoded(path, tmp_path)

    assert _near(colour_at(made["180p"].path, 0, 0), CORNERS["red"])
    with av.open(str(made["180p"].path)) as container:
        frame = next(container.decode(video=0))
        # BT.709 in all three, limited range: ITU-T H.273.
        assert (frame.color_primaries, frame.color_trc, frame.colorspace, frame.color_range) == (1, 1, 1, 1)


def test_upright_hdr_film_is_tone_mapped(tmp_path):
    lying = generated(tmp_path / "lying.mp4", HLG_WHITE.format(size="640x360"), *HLG, "-tag:v", "hvc1")

    made = _encoded(turned(lying, tmp_path / "upright.mp4"), tmp_path)["360p"]

    assert _stream(made.path)[1:4] == (360, 640, "yuv420p")
    with av.open(str(made.path)) as container:
        assert next(container.decode(video=0)).color_trc == 1
    red, green, blue = colour_at(made.path, 0.5, 0.5)
    # The white of paper is bright, and leaves room for what shines.
    assert 205 <= green <= 225
    assert max(red, green, blue) - min(red, green, blue) <= 6


def test_surround_becomes_stereo_of_the_usual_loudness(tmp_path):
    tones = "|".join(f"0.05*sin({pitch}*2*PI*t)" for pitch in (440, 550, 660, 60, 770, 880))
    source = generated(
        tmp_path / "surround.mp4",
        "testsrc2=size=64x48:rate=10:duration=3",
        sound=f"aevalsrc='{tones}':channel_layout=5.1:duration=3",
    )

    made = _encoded(source, tmp_path)["audio"]

    with av.open(str(made.path)) as container:
        assert container.streams.audio[0].channels == 2
        samples = [abs(float(v)) for frame in container.decode(audio=0) for v in frame.to_ndarray()[0][::50]]
    # A level of -23 LUFS is some 0.07 of full scale in each channel.
    assert 0.02 < sum(samples) / len(samples) < 0.15


def test_sound_and_pictures_begin_together(tmp_path):
    # A flash and a click at the same time, once a second.
    source = generated(
        tmp_path / "clap.mp4",
        "color=color=black:size=64x48:rate=30:duration=3,drawbox=color=white:t=fill:enable='lt(mod(t,1),0.03)'",
        sound="aevalsrc='if(lt(mod(t\\,1)\\,0.03)\\,sin(1000*2*PI*t)\\,0)':sample_rate=48000:duration=3",
    )

    made = _encoded(source, tmp_path)

    with av.open(str(made["48p"].path)) as container:
        start = container.start_time / av.time_base
        seen = next(
            frame.time - start
            for frame in container.decode(video=0)
            if frame.time - start > 0.5 and frame.to_image().convert("L").resize((1, 1)).getpixel((0, 0)) > 128
        )
    with av.open(str(made["audio"].path)) as container:
        heard = next(
            frame.time + offset / frame.sample_rate
            for frame in container.decode(audio=0)
            for offset, value in enumerate(frame.to_ndarray()[0])
            if frame.time > 0.5 and abs(value) > 0.05
        )
    assert seen == pytest.approx(1.0, abs=0.04)
    assert heard == pytest.approx(seen, abs=0.03)


def test_metadata_of_the_camera_is_left_out(path, tmp_path):
    located = converted(path, tmp_path / "located.mp4", "-c", "copy", "-metadata", "title=Our address")
    assert b"Our address" in located.read_bytes()

    for one in _encoded(located, tmp_path).values():
        assert b"Our address" not in one.path.read_bytes()


def test_film_whose_end_is_missing_is_refused_with_what_is_there(tmp_path):
    source = tmp_path / "long.mp4"
    source.write_bytes(film_bytes(tmp_path, seconds=4))
    # With its index first, a film that was cut off still plays: up to the cut.
    whole = converted(source, tmp_path / "fast.mp4", "-c", "copy", "-movflags", "+faststart").read_bytes()
    source.write_bytes(whole[: len(whole) // 2])

    with pytest.raises(DamagedFile, match="cut off: it should last 4 seconds"):
        _encoded(source, tmp_path)


def test_mp4_is_a_copy_of_a_rung_with_sound_whose_index_stands_first(path, tmp_path):
    made = _encoded(path, tmp_path)

    film = join(probe(path, "video/mp4"), made["180p"].path, made["audio"].path, tmp_path / "joined.mp4")

    data = film.read_bytes()
    assert data.index(b"moov") < data.index(b"mdat")
    with av.open(str(film)) as joined, av.open(str(made["180p"].path)) as rung:
        assert joined.streams.audio
        frames = [sum(1 for packet in one.demux(video=0) if packet.size) for one in (joined, rung)]
        assert frames[0] == frames[1]
