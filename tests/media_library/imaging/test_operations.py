import math

import pytest
from PIL import Image

from media_library.exceptions import UnacceptableRecipe
from media_library.imaging.operations import OwnWatermark, Recipe

RED, GREEN, BLUE, YELLOW = (220, 40, 40), (40, 180, 60), (40, 60, 220), (230, 210, 40)


def corners(image: Image.Image) -> list[tuple[int, ...]]:
    """Colours at the top left, top right, bottom left and bottom right."""
    right, bottom = image.width - 2, image.height - 2
    return [image.getpixel(place)[:3] for place in ((1, 1), (right, 1), (1, bottom), (right, bottom))]


@pytest.fixture
def quarters() -> Image.Image:
    """Sixty by forty pixels: a colour in each quarter."""
    image = Image.new("RGB", (60, 40), RED)
    image.paste(GREEN, (30, 0, 60, 20))
    image.paste(BLUE, (0, 20, 30, 40))
    image.paste(YELLOW, (30, 20, 60, 40))
    return image


@pytest.mark.parametrize(
    ("recipe", "expected"),
    [
        (Recipe(rotate=90), [BLUE, RED, YELLOW, GREEN]),
        (Recipe(rotate=180), [YELLOW, BLUE, GREEN, RED]),
        (Recipe(rotate=270), [GREEN, YELLOW, RED, BLUE]),
        (Recipe(flip_horizontal=True), [GREEN, RED, YELLOW, BLUE]),
        (Recipe(flip_vertical=True), [BLUE, YELLOW, RED, GREEN]),
        (Recipe(rotate=90, flip_horizontal=True), [RED, BLUE, GREEN, YELLOW]),
        (Recipe(crop=(0.5, 0, 1, 0.5)), [GREEN] * 4),
        (Recipe(rotate=90, crop=(0, 0, 0.5, 0.5)), [BLUE] * 4),
        (Recipe(straighten=5), [RED, GREEN, BLUE, YELLOW]),
    ],
)
def test_corners_go_where_the_recipe_says(quarters: Image.Image, recipe: Recipe, expected: list[tuple[int, ...]]):
    assert corners(recipe.apply(quarters)) == expected


@pytest.mark.parametrize(
    "recipe",
    [
        Recipe(),
        Recipe(rotate=90),
        Recipe(crop=(0.1, 0.25, 0.95, 0.5)),
        Recipe(straighten=-12.5),
        Recipe(rotate=270, flip_vertical=True, straighten=30, crop=(0.2, 0.1, 0.9, 0.7)),
        Recipe(straighten=45, crop=(0, 0, 0.01, 0.01)),
    ],
)
@pytest.mark.parametrize("size", [(60, 40), (401, 263), (33, 200), (1, 1)])
def test_size_is_that_of_the_pixels(recipe: Recipe, size: tuple[int, int]):
    assert recipe.apply(Image.new("RGB", size)).size == recipe.size(*size)


def test_straightening_turns_clockwise():
    image = Image.new("RGB", (201, 201), "white")
    image.paste("black", (100, 0, 101, 100))  # a hand of a clock, pointing at twelve

    edited = Recipe(straighten=20).apply(image)

    # The hand points at 20 degrees: to the right of the middle at the top.
    row = [edited.getpixel((x, 20))[0] for x in range(edited.width)]
    assert row.index(min(row)) > edited.width / 2 + 10


@pytest.mark.parametrize("angle", [-45, -17, -0.5, 0.5, 3, 30, 45])
def test_straightening_leaves_no_empty_corner(angle: float):
    edited = Recipe(straighten=angle).apply(Image.new("RGB", (321, 214), "white"))

    assert edited.getextrema() == ((255, 255),) * 3


@pytest.mark.parametrize("angle", [2, 45])
def test_straightening_keeps_the_aspect(angle: float):
    width, height = Recipe(straighten=angle).size(3000, 2000)

    assert width / height == pytest.approx(1.5, rel=0.002)


def test_straightening_keeps_as_much_as_it_can():
    # A square in a square that is turned by 45 degrees: 1 / (cos + sin) of the side.
    assert Recipe(straighten=45).size(1000, 1000) == (math.floor(1000 / math.sqrt(2)),) * 2


@pytest.mark.parametrize(
    "recipe",
    [
        Recipe(rotate=90),
        Recipe(rotate=270, flip_horizontal=True),
        Recipe(flip_vertical=True, straighten=10),
        Recipe(rotate=180, straighten=-20, crop=(0.25, 0.1, 0.9, 0.8)),
    ],
)
def test_point_is_mapped_to_where_its_pixel_went(recipe: Recipe):
    image = Image.new("RGB", (300, 200))
    image.paste("white", (147, 87, 156, 96))

    edited = recipe.apply(image)
    x, y = recipe.geometry.map_point(151.5, 91.5, 300, 200)

    assert edited.getpixel((int(x), int(y))) == (255, 255, 255)
    assert recipe.geometry.unmap_point(x, y, 300, 200) == pytest.approx((151.5, 91.5))


def pixel(recipe: Recipe, *colour: int) -> tuple[int, ...]:
    mode = "RGBA" if len(colour) == 4 else "RGB"
    return recipe.apply(Image.new(mode, (4, 4), colour)).getpixel((1, 1))


@pytest.mark.parametrize(
    ("recipe", "expected"),
    [
        (Recipe(brightness=0.5), (150, 75, 255)),
        (Recipe(brightness=-1), (0, 0, 0)),
        (Recipe(contrast=-1), (128, 128, 128)),
        (Recipe(contrast=0.5), (86, 11, 236)),
        (Recipe(saturation=-1), (71, 71, 71)),
        (Recipe(tone="greyscale"), (71, 71, 71)),
        (Recipe(tone="sepia"), (116, 103, 80)),
    ],
)
def test_colours_follow_the_formulas_of_filter_effects(recipe: Recipe, expected: tuple[int, ...]):
    assert pixel(recipe, 100, 50, 200) == expected


def test_more_saturation_goes_away_from_grey():
    red, green, blue = pixel(Recipe(saturation=0.5), 150, 100, 100)

    assert red > 150
    assert green == blue < 100


def test_blur_is_relative_to_the_size():
    def edge(size: int) -> float:
        image = Image.new("L", (size, size)).convert("RGB")
        image.paste("white", (size // 2, 0, size, size))
        blurred = Recipe(blur=0.05).apply(image)
        return blurred.getpixel((int(size * 0.45), size // 2))[0]

    assert 20 < edge(100) < 60
    assert edge(100) == pytest.approx(edge(400), abs=12)


@pytest.mark.parametrize(
    "recipe",
    [
        Recipe(rotate=90, brightness=0.2),
        Recipe(saturation=0.4, tone="sepia"),
        Recipe(blur=0.02),
        Recipe(straighten=3),
    ],
)
def test_transparency_is_kept(recipe: Recipe):
    image = Image.new("RGBA", (80, 80), (10, 20, 30, 0))
    image.paste((200, 100, 50, 255), (20, 20, 60, 60))

    edited = recipe.apply(image)

    assert edited.mode == "RGBA"
    assert edited.getpixel((2, 2))[3] == 0
    assert edited.getpixel((edited.width // 2, edited.height // 2))[3] == 255


def test_blur_takes_no_colour_from_what_is_transparent():
    image = Image.new("RGBA", (80, 80), (0, 255, 0, 0))
    image.paste((200, 0, 0, 255), (0, 0, 40, 80))

    red, green, _blue, alpha = Recipe(blur=0.05).apply(image).getpixel((42, 40))

    assert 0 < alpha < 255
    assert green < 10 < red


def test_picture_given_stays_as_it_is(quarters: Image.Image):
    before = quarters.tobytes()

    Recipe(rotate=90, brightness=0.5, blur=0.05, tone="sepia").apply(quarters)

    assert quarters.tobytes() == before


def test_empty_recipe_is_the_original(quarters: Image.Image):
    recipe = Recipe.from_json({})

    assert recipe.is_empty
    assert recipe.apply(quarters).tobytes() == quarters.tobytes()


def test_recipe_survives_the_database():
    data = {
        "rotate": 90,
        "flip_horizontal": True,
        "straighten": -2.5,
        "crop": [0.1, 0.0, 1.0, 0.75],
        "brightness": 0.1,
        "tone": "sepia",
        "watermark": {"image": None, "text": "© Ada", "position": "top-left", "opacity": 0.4},
    }

    recipe = Recipe.from_json(data)

    assert recipe.to_json() == data
    assert recipe.watermark == OwnWatermark(text="© Ada", position="top-left", opacity=0.4)
    assert Recipe.from_json(recipe.to_json()) == recipe


def test_what_changes_nothing_is_left_out():
    recipe = Recipe.from_json({"rotate": 0, "crop": [0, 0, 1, 1], "contrast": 0, "watermark": "collection"})

    assert recipe.to_json() == {}


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({"sharpen": 1}, "sharpen"),
        ({"rotate": 45}, "90, 180 or 270"),
        ({"rotate": True}, "90, 180 or 270"),
        ({"rotate": "90"}, "90, 180 or 270"),
        ({"straighten": 46}, "from -45 to 45"),
        ({"straighten": float("nan")}, "from -45 to 45"),
        ({"flip_vertical": 1}, "true or false"),
        ({"brightness": 1.01}, "brightness"),
        ({"contrast": None}, "contrast"),
        ({"saturation": "0.5"}, "saturation"),
        ({"blur": -0.01}, "blur"),
        ({"tone": "cyan"}, "greyscale or sepia"),
        ({"tone": []}, "greyscale or sepia"),
        ({"crop": [0.5, 0, 0.5, 1]}, "Nothing is left"),
        ({"crop": [0.9, 0, 0.1, 1]}, "Nothing is left"),
        ({"crop": [0, 0, 1]}, "four edges"),
        ({"crop": 3}, "four edges"),
        ({"crop": [0, 0, 1, 2]}, "from 0 to 1"),
        ({"watermark": "mine"}, "watermark"),
        ({"watermark": {}}, "write a text"),
        ({"watermark": {"text": "x" * 101}}, "100 characters"),
        ({"watermark": {"text": "x", "position": "left"}}, "corner"),
        ({"watermark": {"text": "x", "opacity": 0}}, "opacity"),
        ({"watermark": {"image": "7"}}, "id of an image"),
        ({"watermark": {"text": "x", "size": 3}}, "size"),
        ([], "can't be read"),
        (None, "can't be read"),
    ],
)
def test_nonsense_is_refused_with_a_sentence(data: object, message: str):
    with pytest.raises(UnacceptableRecipe, match=message):
        Recipe.from_json(data)
