from collections.abc import Callable

import pytest
from django.contrib.auth.models import Group
from django.core.files.base import ContentFile
from wagtail.models import ModelLogEntry

from media_library import media_collections
from media_library.deletion import delete_asset
from media_library.exceptions import AssetInUse, ItemGone
from media_library.models import Asset, CustomDocument, MediaCollection
from media_library.usage import places

pytestmark = pytest.mark.django_db


@pytest.fixture
def collection() -> MediaCollection:
    return MediaCollection.objects.create(title="Summer at sea")


@pytest.fixture
def papers(db: None) -> list[CustomDocument]:
    """Assets that cost little, in the order of their titles."""
    return [
        CustomDocument.objects.create(title=title, file=ContentFile(title.encode(), name=f"{title}.txt"))
        for title in "ABCDE"
    ]


@pytest.fixture
def order(collection: MediaCollection) -> Callable[[], str]:
    """The titles of what is in the collection, as one word."""
    return lambda: "".join(item.asset.title for item in collection.items.select_related("asset"))


def test_slug_is_made_from_the_title_and_is_free(collection):
    again = MediaCollection.objects.create(title="Summer at sea")
    nameless = MediaCollection.objects.create(title="🌊🌊", kind=MediaCollection.Kind.PRESS_KIT)

    assert [collection.slug, again.slug, nameless.slug] == ["summer-at-sea", "summer-at-sea-2", "press-kit"]


def test_assets_are_added_at_the_end_in_the_order_given(collection, papers, order):
    media_collections.add(collection, [papers[2], papers[0]])
    media_collections.add(collection, [papers[1], papers[4]])

    assert order() == "CABE"


def test_adding_again_changes_nothing(collection, papers, order):
    media_collections.add(collection, papers[:3])

    new = media_collections.add(collection, [papers[2], papers[0], papers[3], papers[3]])

    assert [item.asset_id for item in new] == [papers[3].pk]
    assert order() == "ABCD"


def test_an_asset_deleted_meanwhile_is_left_out(collection, papers, order):
    Asset.objects.get(pk=papers[1].pk).specific.delete()

    media_collections.add(collection, papers[:3])

    assert order() == "AC"


def test_an_item_is_put_before_another_or_at_the_end(collection, papers, order):
    a, b, c, _d, _e = media_collections.add(collection, papers)

    media_collections.move(collection, [c.pk], before=a.pk, seen=Asset.objects.all())
    assert order() == "CABDE"
    media_collections.move(collection, [b.pk], before=None, seen=Asset.objects.all())
    assert order() == "CADEB"


def test_several_items_are_put_before_another_in_their_order(collection, papers, order):
    a, _b, c, _d, e = media_collections.add(collection, papers)

    media_collections.move(collection, [e.pk, a.pk], before=c.pk, seen=Asset.objects.all())

    assert order() == "BEACD"


def test_what_the_user_may_not_see_stays_where_it_is(collection, papers, order):
    _a, _b, c, _d, _e = media_collections.add(collection, papers)
    seen = Asset.objects.exclude(title__in="BD")

    media_collections.move(collection, [c.pk], before=_a.pk, seen=seen)

    assert order() == "CBADE"


def test_moving_what_somebody_took_out_is_told(collection, papers, order):
    a, b, _c, _d, _e = media_collections.add(collection, papers)
    media_collections.remove(collection, collection.items.filter(pk=b.pk))

    for item, before in ((b, a), (a, b)):
        with pytest.raises(ItemGone):
            media_collections.move(collection, [item.pk], before=before.pk, seen=Asset.objects.all())
    with pytest.raises(ItemGone):
        media_collections.write_caption(collection, b.pk, "Dawn")
    assert order() == "ACDE"


def test_an_asset_in_a_collection_is_used_there_and_stays(collection, papers):
    media_collections.add(collection, papers[:1])

    with pytest.raises(AssetInUse) as refusal:
        delete_asset(papers[0])

    assert [place.title for place in refusal.value.places] == ["Summer at sea"]


def test_an_asset_taken_out_may_be_deleted(collection, papers):
    media_collections.add(collection, papers[:2])
    media_collections.remove(collection, collection.items.filter(asset=papers[0]))

    delete_asset(papers[0])

    assert [place.title for place in places(papers[1])] == ["Summer at sea"]


def test_changes_are_in_the_history(collection, papers):
    item = media_collections.add(collection, papers[:1])[0]
    media_collections.write_caption(collection, item.pk, "Dawn")
    media_collections.remove(collection, collection.items.all())

    entries = ModelLogEntry.objects.for_instance(collection).order_by("pk")
    assert [entry.action for entry in entries] == [
        media_collections.LOG_ADD,
        media_collections.LOG_CAPTION,
        media_collections.LOG_REMOVE,
    ]


def test_wagtails_groups_may_curate():
    for name in ("Editors", "Moderators"):
        held = Group.objects.get(name=name).permissions.filter(content_type__model="mediacollection")
        assert {one.codename.partition("_")[0] for one in held} == {"add", "change", "delete"}
