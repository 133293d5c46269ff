from django.core.checks import run_checks
from django.test import override_settings


@override_settings(MEDIA_LIBRARY={"JOB_LEASE_SECOND": 5})
def test_misspelt_setting_is_refused_with_the_right_name():
    errors = [error for error in run_checks() if error.id == "media_library.E001"]

    assert errors[0].hint == "Did you mean 'JOB_LEASE_SECONDS'?"


def test_default_settings_pass():
    assert not [error for error in run_checks() if error.id == "media_library.E001"]
