import pytest

from media_library.transforms.negotiation import choose_format

CHROME = "image/avif,image/webp,image/apng,image/svg+xml,image/*,*/*;q=0.8"
FIREFOX = "image/avif,image/webp,image/png,image/svg+xml,image/*;q=0.8,*/*;q=0.5"
OLD_CHROME = "image/webp,image/apng,image/*,*/*;q=0.8"


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        (CHROME, "avif"),
        (FIREFOX, "avif"),
        (OLD_CHROME, "webp"),
        # What clients say that know nothing of new formats.
        ("", "jpeg"),
        ("*/*", "jpeg"),
        ("image/*", "jpeg"),
        ("image/png,image/jpeg", "jpeg"),
        # Weights.
        ("image/avif;q=0,image/webp,*/*", "webp"),
        ("image/avif;q=0.5,image/webp;q=0.9", "webp"),
        ("image/avif;q=0.5,image/jpeg", "jpeg"),
        ("image/avif;q=0.5,image/webp;q=0.5,image/jpeg;q=0.5", "avif"),
        ("image/webp;q=0.1,image/jpeg;q=0,*/*", "webp"),
        ("image/avif;q=0, image/webp;q=0, */*", "jpeg"),
        # The more specific range wins: JPEG is worth 0.2 here.
        ("image/webp;q=0.3,image/jpeg;q=0.2,image/*", "webp"),
        # Letter case, spaces, other parameters, nonsense.
        ("IMAGE/AVIF ; Q=1.0 , */*", "avif"),
        ("image/avif;level=1;q=0", "jpeg"),
        ("image/avif;q=much", "jpeg"),
        ("image/avif;q=nan,image/webp", "webp"),
        (",;,;q=,", "jpeg"),
        # Nothing that we have: a picture all the same.
        ("text/html", "jpeg"),
        ("*/*;q=0", "jpeg"),
    ],
)
def test_client_gets_the_best_format_it_names(accept: str, expected: str) -> None:
    assert choose_format(accept, ("avif", "webp", "jpeg")) == expected


@pytest.mark.parametrize(
    ("accept", "expected"), [("*/*", "png"), (CHROME, "avif"), ("image/png;q=0,image/webp", "webp")]
)
def test_transparent_picture_falls_back_to_png(accept: str, expected: str) -> None:
    assert choose_format(accept, ("avif", "webp", "png")) == expected


def test_only_what_is_offered_is_chosen() -> None:
    assert choose_format(CHROME, ("webp", "jpeg")) == "webp"
    assert choose_format(CHROME, ("jpeg",)) == "jpeg"
    assert choose_format("*/*", ("avif",)) == "avif"
