import pytest
from django.core.checks import WARNING, run_checks
from django.test import override_settings


@override_settings(MEDIA_LIBRARY={"JOB_LEASE_SECOND": 5})
def test_misspelt_setting_is_refused_with_the_right_name():
    errors = [error for error in run_checks() if error.id == "media_library.E001"]

    assert errors[0].hint == "Did you mean 'JOB_LEASE_SECONDS'?"


@override_settings(MEDIA_LIBRARY={"TRANSFORM_KEYS": ["k" * 32, "secret"]})
def test_short_key_for_transforms_is_warned_of():
    assert [warning.id for warning in run_checks() if "IMAGE_TRANSFORM_KEY" in warning.msg] == ["media_library.W001"]


@pytest.mark.parametrize(
    ("watermark", "problem"),
    [
        ({}, "neither an image nor a text"),
        ({"image": "no/such/logo.png"}, "there is no file"),
        ({"text": "© Ada", "position": "left"}, "the position is one of"),
        ({"text": "© Ada", "opacity": 3}, "the opacity is a number"),
        ({"text": "© Ada", "size": 3}, "unknown: size"),
    ],
)
def test_watermark_that_cannot_be_stamped_is_refused(watermark: dict, problem: str):
    with override_settings(MEDIA_LIBRARY={"WATERMARKS": {"press": watermark}}):
        errors = [error for error in run_checks() if error.id == "media_library.E003"]

    assert "'press'" in errors[0].msg
    assert problem in errors[0].msg


@override_settings(MEDIA_LIBRARY={"WATERMARKS": {"press": {"text": "© Ada"}}})
def test_watermark_that_can_be_stamped_passes():
    assert not [error for error in run_checks() if error.id == "media_library.E003"]


def test_default_settings_pass():
    assert not [error for error in run_checks() if error.id == "media_library.E001"]


def test_missing_tesseract_is_told_before_a_deployment_and_no_warning(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("PATH", "")

    [told] = [one for one in run_checks(include_deployment_checks=True) if one.id == "media_library.W005"]

    assert "apt-get install tesseract-ocr" in told.msg
    assert not told.is_serious(WARNING)


def test_languages_for_words_in_pictures_that_nobody_has_installed_are_warned_of():
    with override_settings(MEDIA_LIBRARY={"INSIGHT_TEXT_LANGUAGES": ["tlh"]}):
        [told] = [one for one in run_checks(include_deployment_checks=True) if one.id == "media_library.W005"]

    assert told.is_serious(WARNING)
