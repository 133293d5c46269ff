import pytest

from media_library.models import Asset, CustomImage, ProcessingJob
from tests.readiness import wait_until_all_is_ready


def test_goes_on_when_all_is_ready(photo: CustomImage, develop):
    develop(photo)
    wait_until_all_is_ready(0)


def test_says_what_is_not_ready_when_time_is_up(photo: CustomImage):
    with pytest.raises(TimeoutError) as raised:
        wait_until_all_is_ready(0)
    assert f"image {photo.pk} “Harbour”, version 1: uploaded" in str(raised.value)
    assert "develop_image of version 1: queued" in str(raised.value)


def test_says_at_once_why_an_asset_has_failed(photo: CustomImage):
    ProcessingJob.objects.filter(asset=photo.pk).update(state="failed", reason="The file is cut off.")
    CustomImage.objects.filter(pk=photo.pk).update(status=Asset.Status.FAILED, status_reason="The file is cut off.")
    with pytest.raises(TimeoutError, match=r"failed.*\n.*The file is cut off"):
        wait_until_all_is_ready()
