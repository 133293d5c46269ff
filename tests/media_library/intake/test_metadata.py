from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import override_settings

from media_library.imaging.tags import RawTags
from media_library.intake.metadata import PhotoMetadata, photo_metadata


def read(**tags: Any) -> PhotoMetadata:
    return photo_metadata(RawTags(**tags))


def test_file_that_says_nothing_has_no_metadata():
    assert read().to_json(with_location=True) == {}


def test_camera_and_exposure_are_typed():
    found = read(
        exif={
            "Make": b"NIKON CORPORATION",
            "Model": b"NIKON D850",
            "LensModel": b"24.0-70.0 mm f/2.8",
            "ExposureTime": (0.004,),
            "FNumber": (4.0,),
            "ISOSpeedRatings": (200.0,),
            "FocalLength": (35.0,),
            "FocalLengthIn35mmFilm": (52.0,),
            "Flash": (25.0,),
        }
    )

    assert found.to_json(with_location=False) == {
        "camera_make": "Nikon",
        "camera_model": "D850",
        "lens": "24.0-70.0 mm f/2.8",
        "exposure_time": 0.004,
        "aperture": 4.0,
        "iso": 200,
        "focal_length": 35.0,
        "focal_length_35mm": 52,
        "flash": True,
    }


def test_exposure_is_worked_out_from_apex_values_where_that_is_all_there_is():
    found = read(exif={"ShutterSpeedValue": (8.0,), "ApertureValue": (4.0,)})

    assert (found.exposure_time, found.aperture) == (1 / 256, 4.0)


def test_exposure_comes_from_xmp_where_there_is_no_exif():
    found = read(xmp={"exif:ExposureTime": ["1/250"], "exif:FNumber": ["28/10"], "exif:ISOSpeedRatings": ["400"]})

    assert (found.exposure_time, found.aperture, found.iso) == (0.004, 2.8, 400)


@pytest.mark.parametrize(
    "exif",
    [
        {"ExposureTime": (0.0,)},
        {"ExposureTime": (-1.0,)},
        {"FNumber": (float("inf"),)},
        {"ISOSpeedRatings": (0.0,)},
        {"FocalLengthIn35mmFilm": (0.0,)},
        {"FocalLength": b"35 mm"},
        {"Flash": (-4.0,)},
        {"Make": (4.0,)},
        {"GPSLatitude": b"54"},
    ],
    ids=str,
)
def test_value_that_makes_no_sense_is_left_out(exif: dict[str, Any]):
    assert read(exif=exif).to_json(with_location=True) == {}


def test_lens_is_described_by_its_specification_where_it_has_no_name():
    assert read(exif={"LensSpecification": (24.0, 70.0, 2.8, 2.8)}).lens == "24–70 mm f/2.8"


def test_xmp_is_believed_before_iptc_and_that_before_exif():
    exif, iptc, xmp = {"ImageDescription": b"EXIF"}, {(2, 120): [b"IPTC"]}, {"dc:description": ["XMP"]}

    assert read(exif=exif, iptc=iptc, xmp=xmp).caption == "XMP"
    assert read(exif=exif, iptc=iptc).caption == "IPTC"
    assert read(exif=exif).caption == "EXIF"


def test_source_that_says_null_gives_way_to_the_next():
    assert read(xmp={"dc:description": ["null"]}, exif={"ImageDescription": b"Boats"}).caption == "Boats"


@pytest.mark.parametrize(
    "written",
    [b"OLYMPUS DIGITAL CAMERA         ", b"SONY DSC", b"KODAK Digital Still Camera", b"Nikon D850", b"DSC_0412.JPG"],
)
def test_what_the_camera_writes_for_a_caption_is_none(written: bytes):
    found = read(exif={"Make": b"NIKON CORPORATION", "Model": b"NIKON D850", "ImageDescription": written})

    assert found.caption == ""


def test_caption_that_names_a_camera_is_kept_whole():
    caption = b"Grandfather with his first Olympus digital camera"

    assert read(exif={"Make": b"OLYMPUS", "ImageDescription": caption}).caption == caption.decode()


def test_title_is_that_of_iptc_where_xmp_has_none():
    assert read(iptc={(2, 5): [b"Boats at dawn"], (2, 105): [b"Headline"]}).title == "Boats at dawn"


def test_what_windows_wrote_is_read():
    found = read(exif={"XPTitle": "Häfen".encode("utf-16-le") + b"\0\0", "XPKeywords": "sea;dawn".encode("utf-16-le")})

    assert (found.title, found.keywords) == ("Häfen", ("sea", "dawn"))


def test_text_of_a_png_is_read():
    found = read(text={"Title": [b"Harbour"], "Author": ["Rügen".encode()], "Description": [b"Boats"]})

    assert (found.title, found.creator, found.caption) == ("Harbour", "Rügen", "Boats")


def test_keywords_come_once_whatever_their_case():
    assert read(iptc={(2, 25): [b"Sea", b"sea", b" dawn ", b""]}).keywords == ("Sea", "dawn")


def test_keywords_in_one_value_are_separated():
    assert read(xmp={"dc:subject": ["sea, dawn; boats"]}).keywords == ("sea", "dawn", "boats")


def test_keyword_with_a_comma_among_others_stays_whole():
    assert read(xmp={"dc:subject": ["Lincoln, Abraham", "beard"]}).keywords == ("Lincoln, Abraham", "beard")


def test_no_more_than_fifty_keywords_are_kept():
    assert len(read(xmp={"dc:subject": [f"word {number}" for number in range(200)]}).keywords) == 50


def test_keyword_that_is_too_long_for_a_tag_is_left_out():
    assert read(xmp={"dc:subject": ["x" * 101, "sea"]}).keywords == ("sea",)


def test_several_photographers_are_all_named():
    assert read(exif={"Artist": b"Ada; Grace"}).creator == "Ada, Grace"


def test_copyright_of_photographer_and_editor_are_both_kept():
    assert read(exif={"Copyright": b"Ada\x00Agency\x00"}).copyright == "Ada, Agency"


def test_alt_text_of_iptc_is_read():
    found = read(xmp={"Iptc4xmpExt:AltTextAccessibility": ["Two boats"]})

    assert found.alt_text == "Two boats"


def test_moment_is_that_of_the_offset_beside_it():
    found = read(exif={"DateTimeOriginal": b"2024:05:17 08:31:09\x00", "OffsetTimeOriginal": b"+10:00"})

    assert found.taken_at == datetime(2024, 5, 16, 22, 31, 9, tzinfo=UTC)
    assert found.to_json(with_location=False)["taken_at"] == "2024-05-17T08:31:09+10:00"


@override_settings(TIME_ZONE="Europe/Berlin")
def test_moment_without_an_offset_is_in_the_time_zone_of_the_site():
    found = read(exif={"DateTimeOriginal": b"2024:05:17 08:31:09"})

    assert found.taken_at == datetime(2024, 5, 17, 8, 31, 9, tzinfo=ZoneInfo("Europe/Berlin"))


def test_moment_of_iptc_is_put_together_from_date_and_time():
    found = read(iptc={(2, 55): [b"20170617"], (2, 60): [b"203513+0100"]})

    assert found.taken_at == datetime(2017, 6, 17, 19, 35, 13, tzinfo=UTC)


def test_moment_that_is_broken_in_exif_is_that_of_xmp():
    found = read(exif={"DateTimeOriginal": b"    :  :     :  :  "}, xmp={"photoshop:DateCreated": ["2016-07-02"]})

    assert found.taken_at == datetime(2016, 7, 2, tzinfo=UTC)


@pytest.mark.parametrize(
    ("references", "position"),
    [((b"N", b"E"), (54.5, 13.25)), ((b"S\x00", b"W\x00"), (-54.5, -13.25))],
)
def test_position_is_in_signed_degrees(references: tuple[bytes, bytes], position: tuple[float, float]):
    found = read(
        exif={
            "GPSLatitude": (54.0, 30.0, 0.0),
            "GPSLatitudeRef": references[0],
            "GPSLongitude": (13.0, 15.0, 0.0),
            "GPSLongitudeRef": references[1],
        }
    ).gps

    assert found is not None
    assert (found.latitude, found.longitude) == position


def test_position_of_xmp_is_read():
    found = read(xmp={"exif:GPSLatitude": ["54,30.0N"], "exif:GPSLongitude": ["13,15,0W"]}).gps

    assert found is not None
    assert (found.latitude, found.longitude) == (54.5, -13.25)


@pytest.mark.parametrize(
    "exif",
    [
        {"GPSLatitude": (0.0, 0.0, 0.0), "GPSLongitude": (0.0, 0.0, 0.0)},
        {"GPSLatitude": (91.0, 0.0, 0.0), "GPSLongitude": (13.0, 0.0, 0.0)},
        {"GPSLatitude": (54.0, 0.0, 0.0)},
        {"GPSLatitude": (54.0, 0.0, 0.0), "GPSLongitude": (13.0, 0.0, 0.0), "GPSLongitudeRef": b""},
        {"GPSLatitude": (float("inf"), 0.0, 0.0), "GPSLongitude": (13.0, 0.0, 0.0)},
    ],
    ids=["no fix", "beyond the pole", "half", "no direction", "infinite"],
)
def test_position_that_is_none_is_left_out(exif: dict[str, Any]):
    assert read(exif={"GPSLatitudeRef": b"N", "GPSLongitudeRef": b"E"} | exif).gps is None


def test_position_is_left_out_of_json_unless_it_is_asked_for():
    found = read(xmp={"exif:GPSLatitude": ["54,30.0N"], "exif:GPSLongitude": ["13,15,0E"]})

    assert found.to_json(with_location=False) == {}
    assert found.to_json(with_location=True) == {"gps": {"latitude": 54.5, "longitude": 13.25}}
