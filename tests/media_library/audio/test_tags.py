from pathlib import Path

import pytest

from media_library.audio.probe import probe
from media_library.audio.tags import Chapter, sound_metadata
from media_library.intake.sniff import AUDIO_TYPES
from tests.media import sound_bytes

MIME_TYPES = {ending: one.mime_type for one in AUDIO_TYPES for ending in one.extensions}
TAGS = {
    "title": "Low tide",
    "artist": "Ada",
    "composer": "Bo",
    "album": "Harbours",
    "date": "2024",
    "genre": "Field recording",
    "track": "3/12",
    "comment": "From the pier",
    "copyright": "© 2024 Ada",
}


@pytest.mark.parametrize("ending", ["mp3", "m4a", "ogg", "opus", "flac"])
def test_tags_are_the_same_in_every_format(tmp_path: Path, ending: str) -> None:
    path = tmp_path / "tide"
    path.write_bytes(sound_bytes(ending, tags=TAGS))

    sound = probe(path, MIME_TYPES[ending])

    assert sound_metadata(sound.tags).to_json() == {
        "title": "Low tide",
        "artist": "Ada",
        "composer": "Bo",
        "album": "Harbours",
        "date": "2024",
        "year": 2024,
        "genre": "Field recording",
        "track_number": 3,
        "comment": "From the pier",
        "copyright": "© 2024 Ada",
    }


def test_chapters_of_the_file_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "tide"
    path.write_bytes(sound_bytes("m4a", chapters=[(0.0, 0.4, "Gulls"), (0.4, 1.0, "Waves")]))

    assert probe(path, "audio/mp4").chapters == (Chapter(0.0, 0.4, "Gulls"), Chapter(0.4, 1.0, "Waves"))


@pytest.mark.parametrize(
    ("written", "date", "year"),
    [
        ("2024-05-17", "2024-05-17", 2024),
        ("20240517", "2024-05-17", 2024),
        ("2024-05-17T08:31:09", "2024-05-17", 2024),
        ("1968", "1968", 1968),
        ("2024-00-00", "2024", 2024),
    ],
)
def test_date_is_a_day_or_a_year(written: str, date: str, year: int) -> None:
    found = sound_metadata({"date": written})

    assert (found.date, found.year) == (date, year)


@pytest.mark.parametrize("written", ["0", "1066", "9999", "soon", "12345678901"])
def test_absurd_date_is_left_out(written: str) -> None:
    assert sound_metadata({"date": written}).to_json() == {}


@pytest.mark.parametrize(("written", "number"), [("3", 3), ("3/12", 3), ("0", None), ("A1", None), ("", None)])
def test_track_number_is_a_number(written: str, number: int | None) -> None:
    assert sound_metadata({"track": written}).track_number == number


@pytest.mark.parametrize("written", ["Track 01", "AudioTrack 5", "Titel 3", "New Recording 12", "Untitled"])
def test_title_that_a_program_wrote_is_none(written: str) -> None:
    assert sound_metadata({"title": written}).title == ""


def test_title_in_another_script_that_was_written_as_latin_is_left_out() -> None:
    assert sound_metadata({"title": "민경훈".encode("euc-kr").decode("latin-1")}).title == ""


@pytest.mark.parametrize("written", ["Für Elise", "Águas de Março", "민경훈", "Ça ira", "Ænigma"])
def test_title_with_accents_or_in_another_script_is_kept(written: str) -> None:
    assert sound_metadata({"title": written}).title == written


@pytest.mark.parametrize(("written", "language"), [("eng", "eng"), ("pt-BR", "pt-BR"), ("und", ""), ("a b", "")])
def test_language_is_a_code(written: str, language: str) -> None:
    assert sound_metadata({"language": written}).language == language
