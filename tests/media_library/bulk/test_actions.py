from collections.abc import Callable
from datetime import date

import pytest
from wagtail.models import Collection, ModelLogEntry
from wagtail.search.models import IndexEntry

from cms.models import User
from media_library.models import (
    Asset,
    BulkOperation,
    CollectionSettings,
    CustomDocument,
    CustomImage,
    MediaCollection,
    ProcessingJob,
)
from tests.blog.content import make_person

pytestmark = pytest.mark.django_db


def test_files_are_moved(start: Callable, work: Callable, make_documents: Callable, harbour: Collection):
    tides, prices = make_documents("Tides", "Prices")
    operation = start("move", [tides, prices], collection=harbour.pk)

    assert work(operation) == []

    assert operation.state == BulkOperation.State.DONE
    assert set(Asset.objects.values_list("collection", flat=True)) == {harbour.pk}


def test_picture_that_moves_takes_on_the_mark_and_forgets_its_place(
    start: Callable, work: Callable, develop: Callable, harbour: Collection, photo: CustomImage
):
    develop(photo)
    Asset.objects.filter(pk=photo.pk).update(metadata={"gps": [47.0, 8.0]})
    CollectionSettings.objects.create(collection=harbour, watermark_text="© Harbour")

    work(start("move", [photo], collection=harbour.pk))

    photo.refresh_from_db()
    assert photo.version == 2
    assert "gps" not in photo.metadata
    assert ProcessingJob.objects.get(asset=photo).state == ProcessingJob.State.QUEUED


def test_moving_needs_permission_where_they_go(
    start: Callable,
    work: Callable,
    make_documents: Callable,
    grant: Callable[..., User],
    harbour: Collection,
    archive: Collection,
):
    (tides,) = make_documents("Tides", collection=harbour)
    edith = grant(harbour, "wagtaildocs.add_document", "wagtaildocs.change_document")

    (failure,) = work(start("move", [tides], user=edith, collection=archive.pk))

    assert failure["reason"] == "You may not add files of this kind (Document) to “Archive”."
    tides.refresh_from_db()
    assert tides.collection == harbour


def test_collection_that_is_deleted_meanwhile_is_told(
    start: Callable, work: Callable, make_documents: Callable, harbour: Collection
):
    operation = start("move", make_documents("Tides"), collection=harbour.pk)
    harbour.delete()

    (failure,) = work(operation)

    assert failure["reason"] == "The collection has been deleted. Choose another one."


def test_tags_are_added_and_found(start: Callable, work: Callable, make_documents: Callable, photo: CustomImage):
    (tides,) = make_documents("Tides")
    tides.tags.add("Night")

    assert work(start("tag", [tides, photo], tags=["night", "Fog"])) == []

    assert set(tides.tags.names()) == {"Night", "Fog"}
    assert {one.pk for one in CustomDocument.objects.all().search("Fog")} == {tides.pk}
    assert {one.pk for one in CustomImage.objects.all().autocomplete("nigh")} == {photo.pk}
    # Indexed as what they are, and not once more as bare assets.
    assert not IndexEntry.objects.filter(content_type__model="asset").exists()


def test_tags_are_removed_and_not_found(start: Callable, work: Callable, make_documents: Callable):
    tides, prices = make_documents("Tides", "Prices")
    tides.tags.add("Fog", "Night")

    assert work(start("untag", [tides, prices], tags=["fog"])) == []

    assert list(tides.tags.names()) == ["Night"]
    assert not CustomDocument.objects.all().search("Fog")


def test_only_the_rights_that_were_chosen_change(start: Callable, work: Callable, make_documents: Callable):
    (tides,) = make_documents("Tides")
    CustomDocument.objects.filter(pk=tides.pk).update(credit="Ada", licence="All rights reserved")

    work(start("rights", [tides], licence="CC BY 4.0", expires_on="2027-12-31", model_release="signed"))

    tides.refresh_from_db()
    assert (tides.credit, tides.licence, tides.expires_on) == ("Ada", "CC BY 4.0", date(2027, 12, 31))
    assert tides.model_release == Asset.ModelRelease.SIGNED


def test_rights_are_cleared(start: Callable, work: Callable, make_documents: Callable):
    (tides,) = make_documents("Tides")
    CustomDocument.objects.filter(pk=tides.pk).update(credit="Ada", expires_on=date(2027, 1, 1))

    work(start("rights", [tides], credit="", expires_on=None))

    tides.refresh_from_db()
    assert (tides.credit, tides.expires_on) == ("", None)


def test_files_come_into_a_media_collection_in_their_order(start: Callable, work: Callable, make_documents: Callable):
    press = MediaCollection.objects.create(title="Press kit")
    tides, prices = make_documents("Tides", "Prices")

    work(start("collect", [prices, tides], media_collection=press.pk))

    assert [item.asset_id for item in press.items.order_by("sort_order")] == [prices.pk, tides.pk]


def test_media_collection_that_is_deleted_meanwhile_is_told(start: Callable, work: Callable, make_documents: Callable):
    press = MediaCollection.objects.create(title="Press kit")
    operation = start("collect", make_documents("Tides"), media_collection=press.pk)
    press.delete()

    (failure,) = work(operation)

    assert failure["reason"] == "The media collection has been deleted. Choose another one."


def test_pictures_and_sounds_are_developed_again(
    start: Callable, work: Callable, develop: Callable, photo: CustomImage, sound: Asset
):
    develop(photo, sound)

    work(start("develop", [photo, sound]))

    photo.refresh_from_db()
    sound.refresh_from_db()
    assert (photo.version, sound.version) == (2, 1)
    assert set(ProcessingJob.objects.values_list("state", flat=True)) == {ProcessingJob.State.QUEUED}
    assert {photo.status, sound.status} == {Asset.Status.UPLOADED}


def test_what_is_used_stays_with_the_reason(
    start: Callable, work: Callable, photo: CustomImage, sound: Asset, admin_user: User
):
    make_person(portrait=photo)

    (failure,) = work(start("delete", [photo, sound]))

    assert failure["code"] == "in_use"
    assert "“Harbour” is used in 1 place" in failure["reason"]
    assert list(Asset.objects.filter(trashed_at=None).values_list("pk", flat=True)) == [photo.pk]
    assert Asset.objects.get(pk=sound.pk).trashed_by == admin_user


def test_what_only_others_of_them_use_goes_with_these(
    start: Callable, work: Callable, photo: CustomImage, film: Asset
):
    film.poster_image = photo
    film.save()

    assert work(start("delete", [photo, film])) == []

    assert not Asset.objects.filter(trashed_at=None).exists()


def test_files_come_back_from_the_trash(start: Callable, work: Callable, make_documents: Callable):
    tides, prices = make_documents("Tides", "Prices")
    work(start("delete", [tides, prices]))

    assert work(start("restore", [tides, prices])) == []

    assert Asset.objects.filter(trashed_at=None).count() == 2
    assert CustomDocument.objects.all().search("Tides").count() == 1


def test_what_is_in_the_trash_is_changed_by_nothing_else(start: Callable, work: Callable, make_documents: Callable):
    (tides,) = make_documents("Tides")
    operation = start("tag", [tides], tags=["fog"])
    work(start("delete", [tides]))

    (failure,) = work(operation)

    assert failure["reason"] == "You may not do this to it, or not any more."


@pytest.mark.parametrize(
    ("action", "parameters", "data"),
    [
        ("tag", {"tags": ["fog"]}, {"tags": ["fog"]}),
        ("rights", {"licence": "CC0"}, {"fields": ["licence"]}),
    ],
)
def test_log_says_who_did_what_in_which_operation(
    start: Callable, work: Callable, make_documents: Callable, admin_user: User, action: str, parameters, data
):
    operation = start(action, make_documents("Tides"), **parameters)

    work(operation)

    entry = ModelLogEntry.objects.get(action=f"media_library.bulk_{action}")
    assert (entry.user, entry.uuid, entry.data, entry.label) == (admin_user, operation.pk, data, "Tides")


@pytest.mark.parametrize(
    ("action", "parameters"), [("tag", {"tags": ["fog"]}), ("untag", {"tags": ["fog"]}), ("rights", {"credit": "Ada"})]
)
def test_doing_it_twice_changes_nothing_more(
    start: Callable, work: Callable, make_documents: Callable, action: str, parameters
):
    (tides,) = make_documents("Tides")
    if action == "untag":
        tides.tags.add("fog")
    work(start(action, [tides], **parameters))
    entries = ModelLogEntry.objects.count()

    assert work(start(action, [tides], **parameters)) == []

    assert ModelLogEntry.objects.count() == entries
