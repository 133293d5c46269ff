import struct
import zlib
from io import BytesIO

import pytest
from PIL import Image

from media_library.imaging.icc import PRIMARIES, SRGB_CURVE, matrix_profile, named_profile
from media_library.imaging.source import decode, open_image
from tests.colours import (
    ADOBE_RGB,
    D50_TO_D65,
    DISPLAY_P3,
    PROPHOTO,
    cmyk_profile,
    difference,
    grey_profile,
    in_srgb,
    lab_to_srgb,
    mean_difference,
    multiply,
    srgb_encoded,
    srgb_linear,
)
from tests.media import photo_bytes, picture, transparent_png

JUST_SEEN = 2.3
PATCHES = [(128, 128, 128), (255, 255, 255), (0, 0, 0), (200, 60, 50), (60, 160, 70), (40, 60, 180), (220, 190, 60)]
"""Colours that stay within sRGB whichever space they are in."""
VIVID = [(255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 0)]
ADOBE_XY = (0.3127, 0.3290, 0.64, 0.33, 0.21, 0.71, 0.15, 0.06)
PROPHOTO_XY = (0.3457, 0.3585, 0.734699, 0.265301, 0.159597, 0.840403, 0.036598, 0.000105)


def _gamma(value: float) -> bytes:
    return b"para\0\0\0\0" + struct.pack(">HHi", 0, 0, round(value * 65536))


P3 = named_profile(12, 13)
ADOBE = matrix_profile(ADOBE_XY, _gamma(563 / 256))


def _seen(data: bytes) -> Image.Image:
    with open_image(BytesIO(data)) as image:
        return decode(image)


def _file(image: Image.Image, format: str = "PNG", **options) -> bytes:
    output = BytesIO()
    image.save(output, format, **options)
    return output.getvalue()


def _patch(colour, mode: str = "RGB", format: str = "PNG", **options) -> tuple[int, ...]:
    """What a picture of one colour is seen as."""
    return _seen(_file(Image.new(mode, (16, 16), colour), format, **options)).getpixel((8, 8))


def _png_chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _with_chunk(png: bytes, kind: bytes, data: bytes) -> bytes:
    """Put a chunk behind IHDR."""
    return png[:33] + _png_chunk(kind, data) + png[33:]


@pytest.mark.parametrize("format", ["PNG", "JPEG", "TIFF", "WEBP", "AVIF"])
@pytest.mark.parametrize("colour", [*PATCHES, *VIVID])
def test_display_p3_looks_as_it_should(colour, format):
    options = {"lossless": True} if format == "WEBP" else {"quality": 100, "subsampling": "4:4:4"}

    seen = _patch(colour, format=format, icc_profile=P3, **({} if format in ("PNG", "TIFF") else options))

    assert difference(seen, in_srgb(colour, DISPLAY_P3, srgb_linear)) < JUST_SEEN


@pytest.mark.parametrize("colour", [*PATCHES, *VIVID])
def test_adobe_rgb_looks_as_it_should(colour):
    assert (
        difference(_patch(colour, icc_profile=ADOBE), in_srgb(colour, ADOBE_RGB, lambda value: value ** (563 / 256)))
        < JUST_SEEN
    )


@pytest.mark.parametrize("colour", [(128, 128, 128), (255, 255, 255), (140, 110, 100), (100, 120, 90)])
def test_prophoto_rgb_looks_as_it_should(colour):
    profile = matrix_profile(PROPHOTO_XY, _gamma(1.8))
    to_d65 = tuple(zip(*(multiply(D50_TO_D65, column) for column in zip(*PROPHOTO, strict=True)), strict=True))

    seen = _patch(colour, icc_profile=profile)

    assert difference(seen, in_srgb(colour, to_d65, lambda value: value**1.8)) < JUST_SEEN


def test_srgb_profile_changes_nothing():
    profile = matrix_profile(
        PRIMARIES[1], b"para\0\0\0\0" + struct.pack(">HH5i", 3, 0, *(round(one * 65536) for one in SRGB_CURVE))
    )
    source = picture(64, 48)

    assert _seen(_file(source, icc_profile=profile)).tobytes() == source.tobytes()


def test_colours_of_a_transparent_picture_are_converted_and_its_alpha_is_not():
    seen = _patch((200, 60, 50, 77), "RGBA", icc_profile=P3)

    assert difference(seen[:3], in_srgb((200, 60, 50), DISPLAY_P3, srgb_linear)) < JUST_SEEN
    assert seen[3] == 77


@pytest.mark.parametrize("value", [0, 60, 128, 200, 255])
def test_grey_with_a_profile_looks_as_it_should(value):
    wanted = (round(255 * srgb_encoded((value / 255) ** 1.4)),) * 3

    assert difference(_patch(value, "L", icc_profile=grey_profile(1.4)), wanted) < JUST_SEEN


def test_grey_with_a_profile_for_rgb_looks_as_it_should():
    wanted = in_srgb((128, 128, 128), ADOBE_RGB, lambda value: value ** (563 / 256))

    assert difference(_patch(128, "L", icc_profile=ADOBE), wanted) < JUST_SEEN


INKS = {(1, 0, 0, 0): (55, -37, -50), (0, 1, 0, 0): (48, 74, -3), (0, 0, 1, 0): (89, -5, 93), (0, 0, 0, 0): (96, 0, 0)}
"""L*a*b* of cyan, magenta, yellow and paper (ISO 12647-2)."""


@pytest.mark.parametrize("format", ["JPEG", "TIFF"])
@pytest.mark.parametrize("inks", [(1, 0, 0, 0), (0, 1, 0, 0), (0, 0, 1, 0), (0, 0, 0, 1)])
def test_inks_of_cmyk_look_as_their_profile_says(inks, format):
    profile = cmyk_profile(lambda node: INKS.get(node, (0 if node[3] else 40, 0, 0)))

    seen = _patch(tuple(255 * ink for ink in inks), "CMYK", format, icc_profile=profile)

    # Relative to paper: what is paper becomes white, and all else becomes lighter with it.
    wanted = lab_to_srgb(INKS.get(inks, (0, 0, 0)))
    assert difference(seen, wanted) < 6


def test_paper_of_cmyk_is_white():
    profile = cmyk_profile(lambda node: INKS.get(node, (0 if node[3] else 40, 0, 0)))

    assert difference(_patch((0, 0, 0, 0), "CMYK", "JPEG", icc_profile=profile), (245, 244, 244)) < 5


@pytest.mark.parametrize(
    ("inks", "colour"), [((0, 255, 255, 0), (255, 0, 0)), ((255, 0, 0, 0), (0, 255, 255)), ((0, 0, 0, 255), (0, 0, 0))]
)
def test_cmyk_without_a_profile_is_subtracted_from_white(inks, colour):
    assert difference(_patch(inks, "CMYK", "JPEG"), colour) < JUST_SEEN


def test_grey_of_16_bits_is_scaled_and_not_cut():
    seen = _seen(_file(Image.new("I;16", (16, 16), 32896)))

    assert seen.getpixel((8, 8)) == (128, 128, 128)


def test_rgb_of_16_bits_is_scaled_and_not_cut():
    rows = (b"\0" + struct.pack(">3H", 51400, 15420, 12850) * 4) * 4
    header = struct.pack(">IIBBBBB", 4, 4, 16, 2, 0, 0, 0)
    png = b"\x89PNG\r\n\x1a\n" + _png_chunk(b"IHDR", header) + _png_chunk(b"IDAT", zlib.compress(rows))

    assert _seen(png + _png_chunk(b"IEND", b"")).getpixel((1, 1)) == (200, 60, 50)


def test_lab_looks_as_it_should():
    # Pillow's LAB: L* from 0 to 255, a* and b* about 128.
    seen = _patch((round(60 * 2.55), 128 + 40, 128 + 30), "LAB", "TIFF")

    assert difference(seen, lab_to_srgb((60, 40, 30))) < JUST_SEEN


def test_transparent_colour_of_a_palette_stays_transparent():
    source = Image.new("P", (16, 16), 3)
    source.putpalette([value for index in range(4) for value in (index * 80, 20, 20)])

    assert _seen(_file(source, transparency=3)).getpixel((8, 8))[3] == 0


def test_gamma_of_a_png_is_obeyed():
    png = _with_chunk(_file(Image.new("RGB", (16, 16), (128, 128, 128))), b"gAMA", struct.pack(">I", 100_000))

    assert difference(_seen(png).getpixel((8, 8)), (188, 188, 188)) < JUST_SEEN


def test_usual_gamma_of_a_png_changes_nothing():
    source = picture(64, 48)
    png = _with_chunk(_file(source), b"gAMA", struct.pack(">I", 45_455))

    assert _seen(png).tobytes() == source.tobytes()


def test_primaries_that_span_nothing_are_ignored():
    png = _with_chunk(_file(Image.new("RGB", (16, 16), (128, 90, 60))), b"cHRM", struct.pack(">8I", *([31270] * 8)))

    assert _seen(_with_chunk(png, b"gAMA", struct.pack(">I", 45_455))).getpixel((8, 8)) == (128, 90, 60)


def test_colours_that_a_png_names_by_number_are_obeyed():
    png = _with_chunk(_file(Image.new("RGB", (16, 16), (200, 60, 50))), b"cICP", bytes((12, 13, 0, 1)))

    assert difference(_seen(png).getpixel((8, 8)), in_srgb((200, 60, 50), DISPLAY_P3, srgb_linear)) < JUST_SEEN


@pytest.mark.parametrize("colour", PATCHES)
def test_display_p3_that_an_avif_names_by_number_is_obeyed(colour):
    avif = _file(Image.new("RGB", (16, 16), colour), "AVIF", quality=100, subsampling="4:4:4")
    # Pillow writes sRGB: primaries 1, transfer 13.
    assert b"colrnclx\0\x01\0\x0d" in avif
    avif = avif.replace(b"colrnclx\0\x01\0\x0d", b"colrnclx\0\x0c\0\x0d")

    assert difference(_seen(avif).getpixel((8, 8)), in_srgb(colour, DISPLAY_P3, srgb_linear)) < JUST_SEEN


@pytest.mark.parametrize(("transfer", "white"), [(16, 0.58), (18, 0.75)], ids=["PQ", "HLG"])
def test_white_of_hdr_is_bright_and_its_peak_is_not_cut(transfer, white):
    """White of 203 cd/m² is coded as 58% of PQ and 75% of HLG (ITU-R BT.2408, table 1)."""
    profile = named_profile(1, transfer)

    white_seen = _patch((round(white * 255),) * 3, icc_profile=profile)[0]
    middle_seen = _patch((round((white + 0.75) / 2 * 255),) * 3, icc_profile=named_profile(1, 16))[0]

    assert 180 < white_seen < 245
    assert middle_seen <= 255
    assert _patch((0, 0, 0), icc_profile=profile) == (0, 0, 0)


@pytest.mark.parametrize(
    "profile", [b"not a profile", b"\0" * 200, P3[:100], grey_profile(2.2), P3[:140] + b"\xff" * 100]
)
def test_profile_that_is_broken_or_of_another_kind_is_ignored(profile):
    assert _patch((200, 60, 50), icc_profile=profile) == (200, 60, 50)


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP", "AVIF", "TIFF", "HEIF"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_whole_picture_is_upright_whatever_the_orientation(orientation, format):
    assert mean_difference(_seen(photo_bytes(96, 64, orientation=orientation, format=format)), picture(96, 64)) < 4


def test_orientation_that_does_not_exist_is_ignored():
    assert _seen(photo_bytes(96, 64, orientation=9)).size == (96, 64)


@pytest.mark.parametrize("orientation", [1, 6])
def test_scaling_while_decoding_gives_the_size_as_seen(orientation):
    with open_image(BytesIO(photo_bytes(96, 64, orientation=orientation))) as image:
        assert mean_difference(decode(image, (48, 32)), picture(96, 64).resize((48, 32))) < 5


def test_transparent_picture_over_a_ground_looks_as_before():
    source = transparent_png(96, 64)
    ground = Image.new("RGBA", (96, 64), (90, 140, 200, 255))

    seen = Image.alpha_composite(ground, _seen(source))

    assert mean_difference(seen, Image.alpha_composite(ground, Image.open(BytesIO(source)))) < 0.1
