import json
import math
from pathlib import Path

import av
import numpy as np
import pytest
from django.core.files.base import ContentFile
from django.test import override_settings
from PIL import Image
from wagtail.search.backends import get_search_backend

from media_library.audio.develop import encode
from media_library.audio.probe import probe
from media_library.exceptions import DamagedFile
from media_library.models import Asset, Audio, PosterRendition, ProcessingJob, SupersededFile, Transcode
from tests.media import photo_bytes, sound_bytes, sound_file

TAGS = {"title": "Low tide", "artist": "Ada", "album": "Harbours", "comment": "Our address", "copyright": "© Bo"}


@pytest.fixture
def made(tmp_path: Path):
    """Encode a sound; returns what was made, by preset."""

    def make(ending: str = "wav", mime_type: str = "audio/wav", **options):
        path = tmp_path / f"bells.{ending}"
        path.write_bytes(sound_bytes(ending, **options))
        return encode(probe(path, mime_type), tmp_path, lambda done: None)

    return make


@pytest.fixture
def upload(db: None, develop):
    """Upload a sound, and let a worker develop it."""

    def upload(name: str = "tide.mp3", title: str = "tide.mp3", **options) -> Audio:
        audio = Audio(title=title, file=sound_file(name, **options))
        audio.save()
        develop(audio)
        return audio

    return upload


def _samples(path: Path) -> np.ndarray:
    """The first channel."""
    with av.open(str(path)) as container:
        resampler = av.AudioResampler("fltp", rate=48_000)
        frames = [part for frame in container.decode(audio=0) for part in resampler.resample(frame)]
        return np.concatenate([frame.to_ndarray()[0] for frame in frames])


def test_each_preset_is_what_it_says(made):
    found = {}
    for name, one in made().items():
        with av.open(str(one.path)) as container:
            stream = container.streams.audio[0]
            found[name] = (container.format.name.split(",")[0], stream.codec_context.name, stream.rate)
            assert one.duration == pytest.approx(1.0, abs=0.05)

    assert found["mp3"] == ("mp3", "mp3float", 48_000)
    assert found["aac"] == ("mov", "aac", 48_000)
    assert found["opus"] == ("matroska", "libopus", 48_000) or found["opus"] == ("matroska", "opus", 48_000)


def test_index_of_the_m4a_stands_before_the_sound(made):
    data = made()["aac"].path.read_bytes()

    assert data.index(b"moov") < data.index(b"mdat")


def test_index_of_the_webm_stands_before_the_sound(made):
    data = made()["opus"].path.read_bytes()

    # Cues and Cluster, RFC 9559, 5.1.5 and 5.1.3.
    assert data.index(b"\x1c\x53\xbb\x6b") < data.index(b"\x1f\x43\xb6\x75")


@pytest.mark.parametrize(("layout", "channels"), [("mono", 1), ("stereo", 2), ("5.1", 2), ("7.1", 2)])
def test_sound_is_stereo_at_most(made, layout, channels):
    for one in made(layout=layout, loudness=0.1).values():
        with av.open(str(one.path)) as container:
            assert container.streams.audio[0].codec_context.channels == channels


@pytest.mark.parametrize("layout", ["mono", "stereo"])
@pytest.mark.parametrize("loudness", [0.02, 0.7])
def test_quiet_and_loud_sounds_come_out_equally_loud(made, layout, loudness):
    tone = _samples(made(layout=layout, loudness=loudness, seconds=4.0)["aac"].path)[48_000:72_000]

    # BS.1770-5, annex 1: -0.691 + 10 log10 of the power of both channels, hardly weighted at 440 Hz.
    assert 20 * math.log10(np.sqrt(np.mean(tone**2))) == pytest.approx(-23 + 0.691 - 3.01, abs=0.7)


def test_silence_stays_silent(made):
    assert np.abs(_samples(made(loudness=0.0)["mp3"].path)).max() < 0.001


def test_nothing_of_the_files_metadata_is_in_public_files(made):
    for one in made("mp3", "audio/mpeg", tags=TAGS, chapters=[(0.0, 1.0, "Our chapter")]).values():
        data = one.path.read_bytes()
        assert b"Our address" not in data
        assert b"Low tide" not in data
        assert b"Our chapter" not in data


def test_sound_whose_middle_is_missing_is_refused(tmp_path):
    path = tmp_path / "bells.m4a"
    whole = sound_bytes("m4a", seconds=6, noise=True)
    start = whole.index(b"mdat") + 4
    path.write_bytes(whole[: start + 4000] + b"\0" * (len(whole) - start - 8000) + whole[-4000:])

    with pytest.raises(DamagedFile):
        encode(probe(path, "audio/mp4"), tmp_path, lambda done: None)


def test_developed_sound_is_ready_with_all_that_belongs_to_it(upload, public_files):
    sound = upload()

    assert (sound.status, sound.status_reason) == ("ready", "")
    assert sound.duration == pytest.approx(1.0, abs=0.05)
    rows = {row.preset: (row.mime_type, row.codecs, row.width) for row in sound.transcodes.all()}
    assert rows == {
        "mp3": ("audio/mpeg", "", None),
        "aac": ("audio/mp4", "mp4a.40.2", None),
        "opus": ("audio/webm", "opus", None),
    }
    waveform = sound.sidecars.get(kind="waveform")
    assert json.loads(waveform.file.open().read())["version"] == 2
    named = {row.file.name for row in sound.transcodes.all()} | {waveform.file.name}
    assert public_files() == named
    assert all(row.file_size == row.file.size for row in sound.transcodes.all())


def test_progress_is_told_for_each_preset(sound, develop):
    develop(sound)

    assert sound.jobs.get().parts == {"opus": 1.0, "aac": 1.0, "mp3": 1.0}


def test_damaged_sound_fails_with_a_sentence(db, develop):
    whole = sound_bytes("m4a")
    sound = Audio(title="Bells", file=ContentFile(whole[: whole.index(b"moov")], name="bells.m4a"))
    sound.save()

    develop(sound)

    assert sound.status == "failed"
    assert "damaged, cut off or protected" in sound.status_reason
    assert not sound.transcodes.exists()


def test_tags_fill_what_nobody_has_written(upload):
    sound = upload(tags=TAGS)

    assert (sound.title, sound.credit) == ("Low tide", "Ada")
    assert sound.metadata["album"] == "Harbours"


def test_title_that_an_editor_wrote_stays(upload):
    assert upload(title="Gulls", tags=TAGS).title == "Gulls"


def test_what_an_editor_writes_while_the_worker_is_at_it_stays(sound, develop, monkeypatch):
    sound.file = sound_file("tide.mp3", tags=TAGS)
    sound.title = "tide"
    sound.save()
    read = probe

    def edited_meanwhile(path, mime_type):
        Asset.objects.filter(pk=sound.pk).update(title="Gulls at noon")
        return read(path, mime_type)

    monkeypatch.setattr("media_library.jobs.sounds.probe", edited_meanwhile)
    develop(sound)

    assert (sound.title, sound.credit) == ("Gulls at noon", "Ada")


def test_sound_is_found_by_its_tags(upload):
    sound = upload(tags=TAGS)

    assert list(get_search_backend().search("Harbours", Audio)) == [sound]
    assert list(get_search_backend().autocomplete("Harbo", Asset.objects.all())) == [sound.asset_ptr]


def test_sound_is_found_by_the_title_of_a_chapter(upload):
    sound = upload("tide.m4a", chapters=[(0.0, 0.5, "Gulls"), (0.5, 1.0, "Waves")])

    assert sound.metadata["chapters"][0] == {"start": 0.0, "end": 0.5, "title": "Gulls"}
    assert list(get_search_backend().search("Waves", Audio)) == [sound]


def test_words_of_a_replaced_file_give_way_to_those_of_the_new_one(upload, develop):
    sound = upload(tags=TAGS)
    sound.file = sound_file("ebb.mp3", tags={"title": "Ebb", "artist": "Cy"})
    sound.save()

    develop(sound)

    assert (sound.title, sound.credit) == ("Ebb", "Cy")
    assert "album" not in sound.metadata


def test_cover_becomes_the_poster(upload):
    sound = upload(cover=photo_bytes(400, 400))

    rows = sound.poster_renditions.all()
    assert {row.file.name.rpartition(".")[2] for row in rows} >= {"jpg"}
    assert max(row.width for row in rows) == 400
    assert sound.thumbhash
    assert sound.dominant_color
    with Image.open(rows.filter(file__endswith=".jpg").first().file.open()) as rendition:
        assert not rendition.getexif()


def test_sound_without_a_cover_has_no_poster(upload):
    sound = upload()

    assert not sound.poster_renditions.exists()
    assert sound.thumbhash == ""


def test_broken_cover_is_left_out(upload):
    sound = upload(cover=photo_bytes(64, 64)[:700])

    assert (sound.status, sound.poster_renditions.count()) == ("ready", 0)


def test_replaced_sound_keeps_nothing_of_the_former(upload, develop, public_files):
    sound = upload(cover=photo_bytes(100, 100))
    former = public_files()
    sound.file = sound_file("bells.wav")
    sound.save()

    develop(sound)

    assert not PosterRendition.objects.exists()
    assert (sound.thumbhash, sound.dominant_color) == ("", "")
    assert set(Transcode.objects.values_list("version", flat=True)) == {2}
    assert former <= set(SupersededFile.objects.values_list("name", flat=True))


def test_deleted_sound_leaves_no_file(upload, public_files, django_capture_on_commit_callbacks):
    sound = upload(cover=photo_bytes(100, 100))

    with django_capture_on_commit_callbacks(execute=True):
        sound.delete()

    assert public_files() == set()


def test_attempt_that_died_before_the_sounds_is_made_up_for(sound, develop, monkeypatch):
    from media_library.exceptions import ProcessingError

    def dies(*args, **kwargs):
        raise ProcessingError("The machine went down.")

    with monkeypatch.context() as patched:
        patched.setattr("media_library.jobs.sounds.encode", dies)
        develop(sound)
    assert sound.jobs.get().state == ProcessingJob.State.QUEUED
    assert sound.duration

    with override_settings(MEDIA_LIBRARY={"JOB_BACKOFF_SECONDS": 0}):
        ProcessingJob.objects.update(available_at=sound.created_at)
        develop(sound)

    assert (sound.status, sound.transcodes.count(), sound.sidecars.count()) == ("ready", 3, 1)
