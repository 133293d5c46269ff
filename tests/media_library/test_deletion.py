"""What is used can't be deleted from Python, and what isn't leaves nothing behind."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection, transaction
from wagtail.models import Collection, ModelLogEntry

from blog.models import PostPage
from cms.models import User
from media_library.deletion import delete_asset, delete_assets, refusals, require_unused
from media_library.editing import edit
from media_library.exceptions import AssetInUse
from media_library.imaging.operations import Recipe
from media_library.models import Asset, CollectionSettings, CustomImage, MediaUsage, Video
from tests.blog.content import make_blog, make_image, make_person, make_post


@pytest.fixture
def portrait(db: None) -> CustomImage:
    """An image that a person uses."""
    image = make_image("Portrait")
    make_person(portrait=image)
    return image


def test_unused_asset_is_deleted_with_its_files(
    photo: CustomImage, public_files: Callable, admin_user: User, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        delete_asset(photo, admin_user)

    assert not Asset.objects.exists()
    assert public_files() == set()


def test_history_tells_who_deleted(photo: CustomImage, admin_user: User):
    delete_asset(photo, admin_user)

    entry = ModelLogEntry.objects.get(action="wagtail.delete")
    assert (entry.label, entry.user) == ("Harbour", admin_user)


def test_asset_is_deleted_as_its_kind(photo: CustomImage):
    delete_asset(Asset.objects.get())

    assert not CustomImage.objects.exists()


def test_used_asset_stays(portrait: CustomImage):
    with pytest.raises(AssetInUse) as caught:
        delete_asset(portrait)

    assert CustomImage.objects.get() == portrait
    assert not ModelLogEntry.objects.filter(action="wagtail.delete").exists()
    assert str(caught.value) == (
        "“Portrait” is used in 1 place, so it can't be deleted. Replace it or take it out there, then delete it."
    )
    assert [place.title for place in caught.value.places] == ["Ada Example"]


def test_places_are_not_named_to_who_may_not_see_them(portrait: CustomImage):
    stranger = User.objects.create_user("edith", "edith@example.org", "a long password")
    with pytest.raises(AssetInUse) as caught:
        delete_asset(portrait, stranger)

    assert [place.title for place in caught.value.places] == ["(Private person)"]
    assert "Ada" not in str(caught.value)


@pytest.mark.parametrize(
    "delete",
    [
        lambda image: image.delete(),
        lambda image: CustomImage.objects.filter(pk=image.pk).delete(),
        lambda image: Asset.objects.get(pk=image.pk).delete(),
        lambda image: Asset.objects.all().delete(),
        lambda image: image.collection.delete(),
    ],
    ids=["delete", "queryset", "asset", "queryset of assets", "collection"],
)
def test_python_cannot_delete_what_is_used(portrait: CustomImage, delete: Callable):
    with pytest.raises(AssetInUse), transaction.atomic():
        delete(portrait)

    assert CustomImage.objects.get() == portrait


def test_draft_keeps_its_assets(photo: CustomImage):
    post = make_post(make_blog(), 1)
    post.featured_image = photo
    post.save_revision()

    with pytest.raises(AssetInUse):
        delete_asset(photo)


def test_older_revision_keeps_nothing(photo: CustomImage):
    post = make_post(make_blog(), 1)
    for post.featured_image in (photo, None):
        post.save_revision()

    delete_asset(photo)
    assert not MediaUsage.objects.exists()


def test_deleted_page_frees_its_assets(photo: CustomImage):
    post = make_post(make_blog(), 1, featured_image=photo)
    post.save_revision()
    PostPage.objects.get(pk=post.pk).delete()

    delete_asset(photo)
    assert not Asset.objects.exists()


def test_deleted_snippet_frees_its_assets(photo: CustomImage):
    make_person(portrait=photo).delete()

    delete_asset(photo)
    assert not Asset.objects.exists()


def test_poster_of_a_film_stays(film: Video, photo: CustomImage):
    film.poster_image = photo
    film.save()

    assert [place.title for place in refusals([photo])[photo.pk].places] == ["Tide"]
    with pytest.raises(AssetInUse):
        delete_asset(photo)


def test_logo_of_a_picture_stays_until_the_watermark_goes(photo: CustomImage):
    logo = make_image("Logo")
    edit(photo, Recipe.from_json({"watermark": {"image": logo.pk}}), user=None)
    with pytest.raises(AssetInUse):
        delete_asset(logo)

    edit(photo, Recipe(), user=None)
    delete_asset(logo)


def test_logo_of_a_collection_stays(photo: CustomImage, root_collection: Collection):
    CollectionSettings.objects.create(collection=root_collection, watermark_image=photo)

    with pytest.raises(AssetInUse):
        delete_asset(photo)


def test_of_several_what_is_used_stays(portrait: CustomImage, photo: CustomImage):
    refused = delete_assets([portrait, photo])

    assert [one.asset for one in refused] == [portrait]
    assert CustomImage.objects.get() == portrait


def test_what_only_the_others_use_goes_with_them(db: None):
    logo, photo = make_image("Logo"), make_image()
    edit(photo, Recipe.from_json({"watermark": {"image": logo.pk}}), user=None)

    assert delete_assets([logo, photo]) == []
    assert not Asset.objects.exists()


def test_deleting_twice_is_no_error(photo: CustomImage):
    same = CustomImage.objects.get()
    delete_asset(photo)
    delete_asset(same)

    assert ModelLogEntry.objects.filter(action="wagtail.delete").count() == 1


def test_refusals_of_many_take_as_many_queries_as_of_one(django_assert_max_num_queries, db: None):
    images = [make_image(f"Image {number}") for number in range(5)]
    for image in images:
        make_person(image.title, portrait=image)

    with django_assert_max_num_queries(5):
        assert len(refusals(images)) == 5


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_draft_that_is_saved_meanwhile_is_seen_or_waits():
    """Whoever comes first: never is a draft left with an image that is gone."""
    image = make_image()
    post = make_post(make_blog(), 1)
    post.featured_image = image
    ready = Barrier(2)

    def at_once(work: Callable[[], object]) -> None:
        try:
            ready.wait()
            work()
        finally:
            connection.close()

    with ThreadPoolExecutor() as threads:
        saved = threads.submit(at_once, lambda: post.save_revision(clean=False))
        deleted = threads.submit(at_once, lambda: delete_asset(CustomImage.objects.get()))

    assert saved.exception() is None
    assert isinstance(deleted.exception(), AssetInUse | None)
    assert MediaUsage.objects.count() == Asset.objects.count()
    if Asset.objects.exists():
        with pytest.raises(AssetInUse):
            require_unused(image)
