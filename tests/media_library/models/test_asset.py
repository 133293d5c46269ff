import pytest

from media_library.models import Asset, CustomImage

pytestmark = pytest.mark.django_db


def test_saving_a_form_does_not_bring_back_an_old_status(photo, develop):
    loaded_before = CustomImage.objects.get(pk=photo.pk)
    develop(photo)

    loaded_before.title = "Harbour at dawn"
    loaded_before.save()

    photo.refresh_from_db()
    assert (photo.title, photo.status) == ("Harbour at dawn", "ready")


def test_asset_knows_its_concrete_kind(photo, film):
    kinds = {type(asset.specific).__name__ for asset in Asset.objects.all()}

    assert kinds == {"CustomImage", "Video"}


def test_one_search_finds_assets_of_every_kind(photo, film):
    photo.title = film.title = "Lighthouse"
    photo.save()
    film.save()

    assert {asset.pk for asset in Asset.objects.search("Lighthouse")} == {photo.pk, film.pk}


def test_image_is_found_once_after_it_was_developed(photo, develop):
    develop(photo)

    assert [image.pk for image in CustomImage.objects.search("Harbour")] == [photo.pk]


def test_saving_a_deleted_asset_does_not_bring_it_back(photo):
    stale = CustomImage.objects.get(pk=photo.pk)
    photo.delete()

    with pytest.raises(Exception, match="did not affect any rows"):
        stale.save()

    assert not Asset.objects.exists()
