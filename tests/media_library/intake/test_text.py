import pytest

from media_library.intake.text import clean


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("Rügen".encode(), "Rügen"),
        ("Rügen – “Hafen”".encode("cp1252"), "Rügen – “Hafen”"),
        (b"\x81R\xfcgen", "Rügen"),
        ("Rügen".encode()[:2], "R"),
        ("RÃ¼gen", "Rügen"),
        ("Ã la carte", "Ã la carte"),
        ("Ru\u0308gen", "R\u00fcgen"),
    ],
    ids=["UTF-8", "Windows", "Latin-1 with a control", "UTF-8 cut off", "read wrongly", "rightly odd", "decomposed"],
)
def test_text_is_decoded_as_it_was_meant(value: bytes | str, text: str):
    assert clean(value, 100) == text


@pytest.mark.parametrize(
    "value",
    [
        b"Nikon\x00garbage",
        b"Nikon      ",
        b"\x00\x00Nikon",
        "Ni\x07kon",
        "\ufeffNikon",
        "Ni\ud800kon",
        "\u202eNikon\u202c",
    ],
)
def test_what_cannot_be_stored_or_shown_is_left_out(value: bytes | str):
    assert clean(value, 100) == "Nikon"


def test_name_is_put_on_one_line():
    assert clean("Boats\r\n\tat  dawn", 100) == "Boats at dawn"


def test_lines_of_a_caption_are_kept():
    assert clean("Boats \r at   dawn\r\n\r\n\r\n\r\nRügen", 100, lines=True) == "Boats\nat dawn\n\nRügen"


def test_text_is_cut_to_its_limit():
    assert clean("x" * 10_000, 255) == "x" * 255


@pytest.mark.parametrize("value", [b"null", b"None", b" UNKNOWN ", b"-", b"   ", b"\x00"])
def test_word_for_nothing_is_nothing(value: bytes):
    assert clean(value, 100) == ""
