import pytest

from media_library.intake.camera import lens_by_specification, maker, model_without_maker


@pytest.mark.parametrize(
    ("written", "brand"),
    [
        ("NIKON CORPORATION", "Nikon"),
        ("OLYMPUS IMAGING CORP.", "Olympus"),
        ("CASIO COMPUTER CO.,LTD.", "Casio"),
        ("SONY", "Sony"),
        ("samsung", "Samsung"),
        ("Konica Minolta Camera, Inc.", "Konica Minolta Camera"),
        ("EASTMAN KODAK COMPANY", "Kodak"),
        ("JK Imaging, Ltd.", "Kodak"),
        ("HTC", "HTC"),
        ("LGE", "LG"),
        ("Leica Camera AG", "Leica Camera"),
        ("Co., Ltd.", "Co., Ltd."),
        ("", ""),
    ],
)
def test_maker_is_shortened_to_its_brand(written: str, brand: str):
    assert maker(written) == brand


def test_model_does_not_repeat_the_maker():
    assert model_without_maker("Canon EOS 5D", "Canon") == "EOS 5D"


def test_model_that_begins_like_the_maker_is_left_alone():
    assert model_without_maker("Canonet QL17", "Canon") == "Canonet QL17"


@pytest.mark.parametrize(
    ("numbers", "words"),
    [
        ((50.0, 50.0, 1.4, 1.4), "50 mm f/1.4"),
        ((18.0, 55.0, 3.5, 5.6), "18–55 mm f/3.5–5.6"),
        ((18.0, 55.0, 0.0, 0.0), "18–55 mm"),
        ((0.0, 0.0, 0.0, 0.0), ""),
        ((18.0, 55.0), ""),
    ],
)
def test_lens_is_put_into_words(numbers: tuple[float, ...], words: str):
    assert lens_by_specification(numbers) == words
