from io import BytesIO

import pytest
from django.core.files.base import ContentFile
from django.test import override_settings

from media_library.exceptions import DamagedFile, FileTooLarge, UnknownFileType
from media_library.intake import inspect, kind_of
from media_library.models import Asset, Audio
from media_library.models.files import originals_storage
from media_library.storage import list_folder
from tests.media import SOUNDS, photo_bytes, sound_bytes, sound_file

IMAGE, VIDEO, AUDIO = Asset.Kind.IMAGE, Asset.Kind.VIDEO, Asset.Kind.AUDIO

TYPES = {
    "mp3": "audio/mpeg",
    "m4a": "audio/mp4",
    "aac": "audio/aac",
    "opus": "audio/ogg",
    "ogg": "audio/ogg",
    "flac": "audio/flac",
    "wav": "audio/wav",
    "aiff": "audio/aiff",
    "weba": "audio/webm",
    "mka": "audio/x-matroska",
}


@pytest.mark.parametrize("ending", SOUNDS)
def test_sound_is_recognised_by_its_bytes(ending):
    assert inspect(AUDIO, BytesIO(sound_bytes(ending, seconds=0.1)), f"bells.{ending}").mime_type == TYPES[ending]


@pytest.mark.parametrize("ending", SOUNDS)
def test_kind_of_a_sound_is_audio(ending):
    assert kind_of(BytesIO(sound_bytes(ending, seconds=0.1)), "whatever") == "audio"


def test_kind_of_a_picture_and_of_a_film_is_theirs(small_film):
    assert kind_of(BytesIO(photo_bytes(64, 64)), "harbour.jpg") == "image"
    assert kind_of(BytesIO(small_film), "tide.mp4") == "video"
    assert kind_of(BytesIO(b"%PDF-1.7 "), "paper.pdf") is None


def _id3(size: int) -> bytes:
    """A tag of ``size`` bytes beside its ten of header."""
    return b"ID3\x04\0\0" + bytes(size >> shift & 0x7F for shift in (21, 14, 7, 0)) + b"\0" * size


def test_mp3_behind_a_large_tag_is_recognised():
    assert inspect(AUDIO, BytesIO(_id3(100_000) + sound_bytes("mp3")), "bells.mp3").mime_type == "audio/mpeg"


def test_flac_behind_a_tag_is_not_taken_for_mp3():
    with pytest.raises(UnknownFileType, match=r"contents are FLAC.*“\.flac”"):
        inspect(AUDIO, BytesIO(_id3(20_000) + sound_bytes("flac")), "bells.mp3")


def test_mp3_without_a_tag_is_recognised():
    whole = sound_bytes("mp3")
    bare = whole[whole.index(b"\xff\xfb") :]

    assert inspect(AUDIO, BytesIO(bare), "bells.mp3").mime_type == "audio/mpeg"


def test_wav_of_more_than_four_gigabytes_is_recognised():
    large = b"RF64\xff\xff\xff\xffWAVEds64" + b"\0" * 100

    assert inspect(AUDIO, BytesIO(large), "concert.wav").mime_type == "audio/wav"


def test_iso_media_of_a_general_brand_is_a_sound_if_its_name_says_so(small_film):
    assert inspect(AUDIO, BytesIO(small_film), "bells.m4a").mime_type == "audio/mp4"


def test_audio_book_is_recognised():
    book = sound_bytes("m4a").replace(b"M4A ", b"M4B ")

    assert inspect(AUDIO, BytesIO(book), "book.m4b").mime_type == "audio/mp4"


def test_text_that_begins_like_a_frame_of_mpeg_is_no_sound():
    with pytest.raises(UnknownFileType, match="not recognised"):
        inspect(AUDIO, BytesIO("Bells, and more bells.".encode("utf-16")), "bells.mp3")


def test_name_that_says_another_sound_is_refused_with_the_right_ending():
    with pytest.raises(UnknownFileType, match=r"named “\.wav”, but its contents are MP3.*“\.mp3”"):
        inspect(AUDIO, BytesIO(sound_bytes("mp3")), "bells.wav")


@pytest.mark.parametrize("kind", [IMAGE, VIDEO])
def test_sound_at_another_door_is_shown_the_right_one(kind):
    with pytest.raises(UnknownFileType, match=r"a sound \(MP3\).*under “Audio”"):
        inspect(kind, BytesIO(sound_bytes("mp3")), "bells.mp3")


def test_film_at_the_door_of_sounds_is_shown_its_own_or_another_name(small_film):
    with pytest.raises(UnknownFileType, match=r"a video \(MP4\).*under “Videos”.*“\.m4a”"):
        inspect(AUDIO, BytesIO(small_film), "tide.mp4")


def test_playlist_that_is_named_like_a_sound_is_refused():
    with pytest.raises(UnknownFileType):
        inspect(AUDIO, BytesIO(b"#EXTM3U\n#EXTINF:10,\nfile:///etc/passwd\n"), "bells.mp3")


def test_empty_sound_is_refused():
    with pytest.raises(DamagedFile, match="empty"):
        inspect(AUDIO, BytesIO(b""), "bells.mp3")


@override_settings(MEDIA_LIBRARY={"MAX_AUDIO_BYTES": 1000})
def test_sound_over_its_own_limit_is_refused():
    with pytest.raises(FileTooLarge, match="at most 1000"):
        inspect(AUDIO, BytesIO(sound_bytes("mp3")), "bells.mp3")


def test_saved_sound_waits_for_its_workers(sound):
    assert (sound.kind, sound.status, sound.mime_type, sound.version) == ("audio", "uploaded", "audio/mpeg", 1)
    assert list(sound.jobs.values_list("operation", "state")) == [("develop_audio", "queued")]


def test_original_of_a_sound_is_private(sound):
    with pytest.raises(NotImplementedError, match="private"):
        _ = sound.file.url


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_replaced_original_is_kept_as_a_version():
    audio = Audio(title="Bells", file=sound_file())
    audio.save()
    former = audio.file.name

    audio.file = sound_file("tower.mp3", seconds=0.5)
    audio.save()

    assert sorted(list_folder(originals_storage(), "audio")) == [former, audio.file.name]
    assert audio.versions.get(number=1).file.name == former
    assert audio.version == 2


@pytest.mark.django_db
def test_refused_sound_leaves_no_row_and_no_file():
    with pytest.raises(UnknownFileType):
        Audio(title="Bells", file=ContentFile(b"No sound at all", name="bells.mp3")).save()

    assert not Asset.objects.exists()
    assert list(list_folder(originals_storage(), "audio")) == []
