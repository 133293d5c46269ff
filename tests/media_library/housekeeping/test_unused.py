"""Media that nothing uses: announced first, and never gone when something uses it again."""

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from cms.models import User
from media_library.housekeeping.unused import clean_up_unused, keep, note_unused
from media_library.models import Asset, CollectionSettings, CustomImage, UnusedAsset
from tests.media import photo_file

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _ninety_days(settings, admin_user):
    settings.MEDIA_LIBRARY = settings.MEDIA_LIBRARY | {"UNUSED_CLEANUP_DAYS": 90, "UNUSED_NOTICE_DAYS": 14}


def use(image: CustomImage) -> CollectionSettings:
    return CollectionSettings.objects.create(collection=image.collection, watermark_image=image)


def pass_days(days: int) -> None:
    for row in UnusedAsset.objects.all():
        row.since -= timedelta(days=days)
        row.announced_at = row.announced_at and row.announced_at - timedelta(days=days)
        row.save()


def is_in_trash(asset: Asset) -> bool:
    return Asset.objects.get(pk=asset.pk).trashed_at is not None


def test_clock_begins_when_it_is_seen_unused_and_stops_with_use(photo):
    note_unused()
    since = UnusedAsset.objects.get().since
    note_unused()
    assert UnusedAsset.objects.get().since == since

    used = use(photo)
    note_unused()
    assert not UnusedAsset.objects.exists()

    used.delete()
    note_unused()
    assert UnusedAsset.objects.get().since > since


def test_unused_picture_is_announced_then_goes_to_the_trash(photo):
    clean_up_unused()
    pass_days(75)
    assert clean_up_unused() == 0
    assert not mail.outbox

    pass_days(1)
    assert clean_up_unused() == 0
    (message,) = mail.outbox
    assert message.to == ["ada@example.org"]
    assert "Harbour (harbour.jpg)" in message.body
    assert "/admin/media/health/" in message.body
    assert UnusedAsset.objects.get().announced_at

    pass_days(13)
    assert clean_up_unused() == 0
    pass_days(1)
    assert clean_up_unused() == 1
    assert is_in_trash(photo)
    assert not UnusedAsset.objects.exists()
    assert len(mail.outbox) == 1


def test_whoever_uploaded_it_is_told_in_place_of_the_administrators(photo):
    user = User.objects.create_user("edith", "edith@example.org", "a long password")
    Asset.objects.filter(pk=photo.pk).update(uploaded_by_user=user)
    note_unused()
    pass_days(80)
    clean_up_unused()
    assert [message.to for message in mail.outbox] == [["edith@example.org"]]


def test_what_is_used_again_stays_even_at_the_last_moment(photo, monkeypatch):
    note_unused()
    pass_days(100)
    UnusedAsset.objects.update(announced_at=timezone.now() - timedelta(days=20))
    use(photo)
    # As if it were taken up just after the look at what is unused.
    monkeypatch.setattr("media_library.housekeeping.unused.note_unused", lambda: None)
    assert clean_up_unused() == 0
    assert not is_in_trash(photo)
    assert not UnusedAsset.objects.exists()


def test_what_somebody_keeps_is_neither_announced_nor_goes(photo):
    note_unused()
    keep(Asset.objects.filter(pk=photo.pk))
    pass_days(300)
    assert clean_up_unused() == 0
    assert not mail.outbox


def test_nothing_goes_of_which_nobody_could_be_told(photo, monkeypatch):
    def refuse(*args, **kwargs):
        raise ConnectionRefusedError

    monkeypatch.setattr("media_library.housekeeping.letters.send_mail", refuse)
    note_unused()
    for _ in range(3):
        pass_days(100)
        assert clean_up_unused() == 0
    assert not is_in_trash(photo)


def test_it_is_off_unless_asked_for_and_begins_with_an_announcement_when_switched_on(photo, settings):
    note_unused()
    UnusedAsset.objects.update(announced_at=timezone.now())
    pass_days(300)
    off = settings.MEDIA_LIBRARY | {"UNUSED_CLEANUP_DAYS": 0}
    on, settings.MEDIA_LIBRARY = settings.MEDIA_LIBRARY, off
    assert clean_up_unused() == 0
    assert UnusedAsset.objects.get().announced_at is None

    settings.MEDIA_LIBRARY = on
    assert clean_up_unused() == 0
    assert len(mail.outbox) == 1


def test_queries_of_the_daily_look_dont_grow_with_the_library(photo, django_assert_max_num_queries):
    for number in range(20):
        CustomImage(title=f"{number}", file=photo_file()).save()
    with django_assert_max_num_queries(12):
        note_unused()
    assert UnusedAsset.objects.count() == 21
