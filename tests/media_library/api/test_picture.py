from media_library.api.picture import Picture, Rendition, Source, make_picture
from media_library.imaging.presets import EXTENSIONS, Preset


def rung(width: int, form: str, spec: str = "") -> Rendition:
    return Rendition(spec or f"width-{width}|format-{form}", width, width // 2, f"{width}.{EXTENSIONS[form]}")


def address(name: str) -> str:
    return f"https://cdn/{name}"


def test_ladder_becomes_sources_best_first_and_a_fallback() -> None:
    rungs = [rung(width, form) for form in ("jpeg", "webp", "avif") for width in (640, 320)]
    assert make_picture(rungs, "jpeg", address, (1000, 500)) == Picture(
        src="https://cdn/640.jpg",
        srcset="https://cdn/320.jpg 320w, https://cdn/640.jpg 640w",
        sources=(
            Source("image/avif", "https://cdn/320.avif 320w, https://cdn/640.avif 640w"),
            Source("image/webp", "https://cdn/320.webp 320w, https://cdn/640.webp 640w"),
        ),
        width=1000,
        height=500,
        largest="https://cdn/640.jpg",
    )


def test_src_is_the_rung_of_1280_or_the_largest_below() -> None:
    assert make_picture([rung(one, "jpeg") for one in (320, 1280, 2560)], "jpeg", address).src == address("1280.jpg")
    assert make_picture([rung(one, "jpeg") for one in (320, 900)], "jpeg", address).src == address("900.jpg")
    assert make_picture([rung(2560, "jpeg")], "jpeg", address).src == address("2560.jpg")


def test_other_renditions_are_no_rungs() -> None:
    others = [rung(165, "jpeg", "max-165x165"), rung(300, "jpeg", "fill-300x150|format-jpeg"), rung(9, "png")]
    assert make_picture([rung(320, "jpeg"), *others], "jpeg", address).srcset == "https://cdn/320.jpg 320w"


def test_without_renditions_there_is_only_a_size() -> None:
    assert make_picture([], "jpeg", address, (1000, 500)) == Picture(width=1000, height=500)


def test_without_a_size_the_largest_rung_stands_for_it() -> None:
    picture = make_picture([rung(320, "jpeg"), rung(640, "jpeg")], "jpeg", address)
    assert (picture.width, picture.height) == (640, 320)


def test_order_of_rows_decides_nothing_where_one_format_stands_in_for_another() -> None:
    thumbnail = Preset("thumbnail", "fill-150x150", ("avif", "webp", "jpeg"))
    rows = [
        rung(320, "jpeg"),
        Rendition("fill-150x150|format-jpeg", 150, 150, "fill.jpg"),
        Rendition("fill-150x150|format-webp", 150, 150, "fill-webp.webp"),
        Rendition("fill-150x150|format-avif", 150, 150, "fill-avif.webp"),
    ]
    pictures = [make_picture(order, "jpeg", address, presets=[[thumbnail]]) for order in (rows, rows[::-1])]
    assert pictures[0] == pictures[1]
    assert pictures[0].crops["thumbnail"].sources == (Source("image/webp", address("fill-webp.webp")),)
