from pathlib import Path

import pytest
from django.test import override_settings

from media_library.audio.probe import DEMUXERS, probe
from media_library.exceptions import DamagedFile, FileTooLarge
from media_library.intake.sniff import AUDIO_TYPES
from tests.media import SOUNDS, film_bytes, photo_bytes, sound_bytes

MIME_TYPES = {ending: one.mime_type for one in AUDIO_TYPES for ending in one.extensions}


@pytest.fixture
def write(tmp_path: Path):
    def write(data: bytes) -> Path:
        path = tmp_path / "bells with 'quotes' & spaces?"
        path.write_bytes(data)
        return path

    return write


def test_every_accepted_type_has_a_demuxer():
    assert {one.mime_type for one in AUDIO_TYPES} == set(DEMUXERS)


@pytest.mark.parametrize("ending", SOUNDS)
def test_probe_says_duration_channels_and_rate(write, ending):
    sound = probe(write(sound_bytes(ending)), MIME_TYPES[ending])

    assert sound.duration == pytest.approx(1.0, abs=0.05)
    assert (sound.channels, sound.sample_rate) == (2, 48_000)
    assert sound.bitrate > 0


def test_sound_without_duration_in_its_header_is_counted(write):
    # As programs write it that stream, and as recorders leave it that lost their power.
    recorded = bytearray(sound_bytes("wav"))
    recorded[4:8] = b"\xff" * 4
    place = recorded.index(b"data") + 4
    recorded[place : place + 4] = b"\xff" * 4

    assert probe(write(bytes(recorded)), "audio/wav").duration == pytest.approx(1.0, abs=0.05)


@pytest.mark.parametrize("ending", ["aiff", "flac"])
def test_sound_that_is_cut_off_is_refused_with_both_lengths(write, ending):
    whole = sound_bytes(ending, seconds=4, noise=True)

    with pytest.raises(DamagedFile, match=r"should last 4\.0 seconds, and only 2\.\d"):
        probe(write(whole[: int(len(whole) * 0.55)]), MIME_TYPES[ending])


def test_m4a_without_its_index_is_damaged(write):
    whole = sound_bytes("m4a")

    with pytest.raises(DamagedFile, match="damaged"):
        probe(write(whole[: whole.index(b"moov")]), "audio/mp4")


def test_ten_hours_in_the_header_of_a_tiny_file_are_refused(write):
    data = bytearray(sound_bytes("flac"))
    # STREAMINFO: 36 bits for the number of samples, at the end of bytes 18 to 25 of the file (RFC 9639, 8.2).
    claimed = 10 * 3600 * 48_000
    data[22:26] = (claimed & 0xFFFFFFFF).to_bytes(4, "big")
    data[21] = data[21] & 0xF0 | claimed >> 32

    with pytest.raises(DamagedFile, match=r"should last 36000\.0 seconds"):
        probe(write(bytes(data)), "audio/flac")


@override_settings(MEDIA_LIBRARY={"MAX_AUDIO_HOURS": 0.0005})
def test_sound_that_lasts_too_long_is_refused(write):
    with pytest.raises(FileTooLarge, match="Cut it into parts"):
        probe(write(sound_bytes("wav", seconds=2)), "audio/wav")


def test_silent_film_in_the_name_of_a_sound_is_refused(write, tmp_path):
    with pytest.raises(DamagedFile, match="There is no sound"):
        probe(write(film_bytes(tmp_path, sound=False)), "audio/mp4")


def test_header_without_samples_is_no_sound(write):
    empty = sound_bytes("wav")
    empty = empty[: empty.index(b"data") + 8]

    with pytest.raises(DamagedFile):
        probe(write(empty), "audio/wav")


@pytest.mark.parametrize("mime_type", sorted(DEMUXERS))
def test_playlist_in_the_name_of_a_sound_opens_nothing(write, tmp_path, mime_type):
    playlist = f"#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nfile://{tmp_path}/secret.ts\n"

    with pytest.raises(DamagedFile):
        probe(write(playlist.encode()), mime_type)


@pytest.mark.parametrize("ending", ["mp3", "flac"])
def test_cover_is_noticed(write, ending):
    assert probe(write(sound_bytes(ending)), MIME_TYPES[ending]).cover is None
    assert probe(write(sound_bytes(ending, cover=photo_bytes(64, 64))), MIME_TYPES[ending]).cover is not None
