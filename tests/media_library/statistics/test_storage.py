from datetime import timedelta

import pytest
from django.utils import timezone

from media_library.models import Asset, AssetStorage, AssetVersion, CustomImage, Transcode
from media_library.statistics.storage import measure_storage
from tests.media import photo_file

pytestmark = pytest.mark.django_db


def test_only_what_is_new_or_changed_or_measured_long_ago_is_measured(photo):
    other = CustomImage(title="Other", file=photo_file())
    other.save()
    assert measure_storage() == 2
    assert measure_storage() == 0

    Asset.objects.filter(pk=photo.pk).update(updated_at=timezone.now())
    assert measure_storage() == 1
    AssetStorage.objects.filter(pk=other.pk).update(measured_at=timezone.now() - timedelta(days=8))
    Asset.objects.filter(pk=other.pk).update(updated_at=timezone.now() - timedelta(days=9))
    assert measure_storage() == 1


def test_films_count_with_all_that_was_made_of_them(film):
    for preset, mime_type, size in (("hls", "application/vnd.apple.mpegurl", 10), ("mp4", "video/mp4", 3000)):
        Transcode.objects.create(
            asset=film,
            version=1,
            preset=preset,
            mime_type=mime_type,
            file_size=size,
            file=preset,
            bitrate=1,
            duration=1,
        )
    measure_storage()
    stored = AssetStorage.objects.get()
    assert (stored.transcodes, stored.shown) == (3010, 3000)


def test_queries_dont_grow_with_the_number_of_assets(photo, django_assert_max_num_queries):
    for number in range(20):
        CustomImage(title=f"{number}", file=photo_file()).save()
    with django_assert_max_num_queries(20):
        assert measure_storage() == 21


def test_earlier_versions_count_as_long_as_they_are_kept(photo):
    AssetVersion.objects.create(
        asset=photo, number=1, file="image/1/1/a.jpg", file_size=700, created_at=timezone.now()
    )
    # The current one's file is the asset's own.
    AssetVersion.objects.create(asset=photo, number=2, file_size=900, created_at=timezone.now())
    measure_storage()
    assert AssetStorage.objects.get().versions == 700
