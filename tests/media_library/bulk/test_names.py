import pytest

from media_library.bulk.names import UniqueNames, safe_name


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("harbour.jpg", "harbour.jpg"),
        ("../../etc/passwd", "-..-etc-passwd"),
        ("C:\\photos\\quay.jpg", "C-photos-quay.jpg"),
        ("a/b.jpg", "a-b.jpg"),
        ("exe\u202egpj.exe", "exegpj.exe"),
        ("quay\x00\n.jpg", "quay.jpg"),
        ("con.txt", "_con.txt"),
        ("LPT1", "_LPT1"),
        (".jpg", "jpg"),
        ("  quay. ", "quay"),
        ("", "file"),
        ("🌊.png", "🌊.png"),
        ("e\u0301te\u0301.jpg", "été.jpg"),
        ("St. Ives at low tide", "St. Ives at low tide"),
    ],
)
def test_names_can_be_unpacked_anywhere(name: str, safe: str):
    assert safe_name(name) == safe


def test_long_names_keep_their_ending_and_no_half_character():
    name = safe_name("ü" * 250 + ".jpeg")

    assert len(name.encode()) <= 150
    assert name.endswith("ü.jpeg")


def test_another_extension_takes_the_place_of_the_own_one():
    assert safe_name("harbour.HEIC", ".jpg") == "harbour.jpg"


def test_names_that_differ_in_capitals_are_the_same():
    unique = UniqueNames()

    names = [unique(name) for name in ("a.jpg", "A.jpg", "a (2).jpg", "a.jpg", "b")]

    assert names == ["a.jpg", "A (2).jpg", "a (2) (2).jpg", "a (3).jpg", "b"]
