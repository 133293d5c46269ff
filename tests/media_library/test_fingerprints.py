from collections.abc import Callable
from random import Random

import pytest
from django.core.files.base import ContentFile
from django.core.management import call_command

from media_library import duplicates, fingerprints
from media_library.models import Asset, Audio, CustomDocument, CustomImage, DuplicatePair, Fingerprint, Video
from tests.media import drawing_file, film_file, photo_bytes, photo_file, smaller, sound_bytes, transparent_png

pytestmark = pytest.mark.django_db


def small_photo() -> ContentFile:
    """The picture of ``photo_file``, as somebody sent it by mail."""
    return ContentFile(smaller(photo_bytes()), name="small.jpg")


@pytest.fixture
def upload(django_capture_on_commit_callbacks) -> Callable[..., CustomImage]:
    """Save a picture, as if it were committed."""

    def save(file: ContentFile, title: str = "Harbour", kind: type = CustomImage) -> CustomImage:
        asset = kind(title=title, file=file)
        with django_capture_on_commit_callbacks(execute=True):
            asset.save()
        return asset

    return save


def test_smaller_picture_is_near_and_another_one_is_not(upload):
    large, other = upload(photo_file()), upload(ContentFile(transparent_png(), name="other.png"))
    small = upload(small_photo())

    assert [pk for pk, _distance in fingerprints.near(small)] == [large.pk]
    assert fingerprints.near(other) == []


def test_every_neighbour_within_ten_bits_is_found_and_none_beyond(root_collection):
    """What the index finds is what comparing all would find."""
    random = Random(4)
    wanted = random.getrandbits(64)
    rows = {}
    for number in range(150):
        bits = number % 15
        value = wanted
        for bit in random.sample(range(64), bits):
            value ^= 1 << bit
        [asset] = Asset.objects.bulk_create([Asset(title=str(number), kind="image", collection=root_collection)])
        fingerprints.record(asset, [value])
        rows[asset.pk] = bits

    found = fingerprints.near_values([wanted])

    assert found == {pk: bits for pk, bits in rows.items() if bits <= 10}


def test_lookup_is_one_query(photo, django_assert_num_queries):
    values = [1, 2, 3, 4, 5, 6]

    with django_assert_num_queries(1):
        fingerprints.near_values(values)


def test_film_is_found_by_its_poster_and_its_length(upload, develop, tmp_path, django_capture_on_commit_callbacks):
    first = upload(film_file(tmp_path), kind=Video)
    again = upload(film_file(tmp_path, fps=24), kind=Video)
    longer = upload(film_file(tmp_path, seconds=4.0), kind=Video)
    with django_capture_on_commit_callbacks(execute=True):
        develop(first, again, longer)

    assert [pk for pk, _distance in fingerprints.near(first)] == [again.pk]
    assert DuplicatePair.objects.filter(first=first, second=again, is_exact=False).exists()


def test_new_file_has_new_fingerprints_and_forgets_its_pairs(upload):
    large, small = upload(photo_file()), upload(small_photo())
    assert DuplicatePair.objects.filter(first=large, second=small).exists()

    small.file = ContentFile(transparent_png(), name="other.png")
    small.save()

    assert not DuplicatePair.objects.exists()
    assert fingerprints.near(small) == []


@pytest.mark.parametrize("kind", [Audio, CustomDocument])
def test_same_file_is_an_exact_pair_whatever_its_kind(upload, kind):
    data = sound_bytes("mp3")
    first, second = (upload(ContentFile(data, name="bells.mp3"), kind=kind) for _ in range(2))

    pair = DuplicatePair.objects.get()
    assert (pair.first_id, pair.second_id, pair.is_exact) == (first.pk, second.pk, True)


def test_drawings_have_no_fingerprints_and_the_same_one_is_an_exact_pair(upload):
    upload(drawing_file()), upload(drawing_file())

    assert not Fingerprint.objects.exists()
    assert DuplicatePair.objects.get().is_exact


def test_dismissed_pair_is_not_found_again(upload, admin_user):
    upload(photo_file())
    small = upload(small_photo())
    duplicates.dismiss(DuplicatePair.objects.all(), admin_user)

    duplicates.find(small.pk)

    assert DuplicatePair.objects.get().dismissed_by == admin_user
    assert not duplicates.with_duplicates(CustomImage.objects.all()).exists()


def test_pair_counts_only_where_both_are_visible(upload):
    large, small = upload(photo_file()), upload(small_photo())

    assert set(duplicates.with_duplicates(CustomImage.objects.all())) == {large, small}
    assert not duplicates.with_duplicates(CustomImage.objects.filter(pk=large.pk)).exists()


def test_command_fingerprints_what_was_there_before(upload, develop, tmp_path, capsys):
    large, small = upload(photo_file()), upload(small_photo())
    film = upload(film_file(tmp_path), kind=Video)
    develop(film)
    Fingerprint.objects.all().delete()
    DuplicatePair.objects.all().delete()

    call_command("find_duplicates", verbosity=0)

    assert film.fingerprints.exists()
    assert DuplicatePair.objects.filter(first=large, second=small).exists()
    assert "3 assets looked at" in capsys.readouterr().out
