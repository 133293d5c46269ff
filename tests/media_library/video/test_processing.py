import pytest
from django.core.checks import run_checks
from django.core.exceptions import ImproperlyConfigured
from django.test import override_settings

from media_library.video.processing import VideoProcessing, video_processing


@override_settings(VIDEO_PROCESSING=None)
def test_defaults_are_those_of_the_documentation():
    assert video_processing() == VideoProcessing(5.0, "1080p", ("mp4", "webm"), "high")


@override_settings(VIDEO_PROCESSING={"max_resolution": "720p"})
def test_setting_is_laid_over_the_defaults():
    processing = video_processing()

    assert (processing.max_short_side, processing.formats) == (720, ("mp4", "webm"))


@override_settings(VIDEO_PROCESSING={"quality": "low"})
def test_lower_quality_is_a_higher_factor():
    assert video_processing().crf.h264 > VideoProcessing().crf.h264


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ({"max_resolution": "999p"}, "one of 1080p, 720p, 480p, 360p"),
        ({"formats": ["avi"]}, "one of mp4, webm"),
        ({"formats": "mp4"}, r"a list such as \['mp4'\]"),
        ({"quality": 11}, "one of low, medium, high"),
        ({"thumbnail_time": -1}, "seconds, 0 or more"),
        ({"thumbnail_time": "soon"}, "seconds, 0 or more"),
        ({"format": ["mp4"]}, "Did you mean 'formats'"),
        (["mp4"], "must be a dictionary"),
    ],
)
def test_mistake_is_told_at_start(setting, message):
    with override_settings(VIDEO_PROCESSING=setting):
        with pytest.raises(ImproperlyConfigured, match=message):
            video_processing()
        assert [one.id for one in run_checks() if one.id == "media_library.E004"] == ["media_library.E004"]
