"""What is in the trash is in no listing, resolves for what refers to it, and comes back."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import ModelLogEntry
from wagtail.permissions import policy_registry

from blog.models import PostPage
from cms.models import User
from media_library.admin.permissions import AssetPermissionPolicy, changeable_assets, trashed_assets, visible_assets
from media_library.deletion import delete_asset, empty_trash, restore_asset, trash_asset, trash_assets
from media_library.exceptions import AssetInUse
from media_library.models import Asset, Audio, CustomDocument, CustomImage, Video
from media_library.usage import unused, usage_counts
from tests.blog.content import make_blog, make_image, make_person, make_post


@pytest.fixture
def trashed(photo: CustomImage, admin_user: User) -> CustomImage:
    trash_asset(photo, admin_user)
    photo.refresh_from_db()
    return photo


@pytest.mark.parametrize("model", [CustomImage, Video, Audio, CustomDocument])
def test_policy_of_each_kind_is_ours(model: type[Asset]):
    assert isinstance(policy_registry.get_by_type(model), AssetPermissionPolicy)


def test_trash_notes_when_and_who(trashed: CustomImage, admin_user: User):
    assert trashed.trashed_at
    assert trashed.trashed_by == admin_user
    assert ModelLogEntry.objects.get(action="media_library.trash").user == admin_user
    assert str(trashed) == "Harbour (in the trash)"


def test_used_asset_does_not_go_to_the_trash(photo: CustomImage):
    make_person(portrait=photo)

    with pytest.raises(AssetInUse):
        trash_asset(photo)
    assert not Asset.objects.get().trashed_at


def test_trashing_twice_keeps_the_first(trashed: CustomImage, admin_user: User):
    trash_asset(trashed)

    again = Asset.objects.get()
    assert (again.trashed_at, again.trashed_by) == (trashed.trashed_at, admin_user)


def test_trashing_what_is_gone_is_no_error(photo: CustomImage):
    photo.delete()
    trash_asset(photo)
    assert not restore_asset(photo)


def test_trash_is_in_no_queryset_of_a_user(trashed: CustomImage, admin_user: User):
    assert not visible_assets(admin_user).exists()
    assert not changeable_assets(admin_user).exists()
    assert trashed_assets(admin_user).get().pk == trashed.pk


@pytest.mark.parametrize("action", ["change", "choose", "delete"])
def test_nothing_but_leaving_is_allowed_in_the_trash(trashed: CustomImage, admin_user: User, action: str):
    policy = policy_registry.get(trashed)

    assert not policy.user_has_permission_for_instance(admin_user, action, trashed)
    assert policy.user_has_permission_for_instance(admin_user, "restore", trashed)
    assert policy.user_has_permission_for_instance(admin_user, "delete_for_good", trashed)


def test_search_finds_it_again_after_restoring(trashed: CustomImage, admin_user: User):
    assert not CustomImage.objects.search("Harbour")

    assert restore_asset(trashed, admin_user)

    assert [one.pk for one in CustomImage.objects.search("Harbour")] == [trashed.pk]
    assert ModelLogEntry.objects.filter(action="media_library.restore", user=admin_user).exists()
    assert not restore_asset(trashed)


def test_saving_what_is_in_the_trash_leaves_it_there(trashed: CustomImage):
    stale = CustomImage.objects.get()
    stale.trashed_at = None
    stale.save()

    assert CustomImage.objects.get().trashed_at
    assert not CustomImage.objects.search("Harbour")


@pytest.fixture
def old_draft(photo: CustomImage, admin_user: User) -> PostPage:
    """A post that used the photograph in an older draft; the photograph is in the trash since."""
    post = make_post(make_blog(), 1)
    for post.featured_image in (photo, None):
        post.save_revision()
    trash_asset(photo, admin_user)
    return post


def test_old_revision_opens_and_marks_it(admin_client: Client, old_draft: PostPage):
    first = old_draft.revisions.order_by("pk")[0]

    assert first.as_object().featured_image.title == "Harbour"
    url = reverse("wagtailadmin_pages:revisions_revert", args=(old_draft.pk, first.pk))
    assert "Harbour (in the trash)" in admin_client.get(url).content.decode()


def test_draft_that_takes_it_up_again_restores_it(old_draft: PostPage, photo: CustomImage, admin_user: User):
    old_draft.featured_image = photo
    old_draft.save_revision(user=admin_user)

    assert not Asset.objects.get().trashed_at
    assert ModelLogEntry.objects.get(action="media_library.restore").user == admin_user


def test_old_revision_that_is_published_restores_it(old_draft: PostPage):
    old_draft.revisions.order_by("pk")[0].publish()

    assert not Asset.objects.get().trashed_at


def test_history_restores_nothing(old_draft: PostPage):
    old_draft.revisions.order_by("pk")[0].save()

    assert Asset.objects.get().trashed_at


def test_film_and_its_poster_go_together(film: Video):
    film.poster_image = make_image("Poster")
    film.save()

    assert trash_assets([film.poster_image, film]) == []
    assert not Asset.objects.filter(trashed_at=None).exists()
    # What counts and what filters say the same.
    assert set(usage_counts([one.pk for one in Asset.objects.all()]).values()) == {0}
    assert unused(Asset.objects.all()).count() == 2


def test_poster_of_a_film_in_the_trash_is_not_deleted_for_good(film: Video, admin_user: User):
    film.poster_image = poster = make_image("Poster")
    film.save()
    trash_assets([poster, film])

    with pytest.raises(AssetInUse) as caught:
        delete_asset(poster, admin_user)
    assert [place.title for place in caught.value.places] == ["Tide (in the trash)"]

    delete_asset(film)
    delete_asset(poster)
    assert not Asset.objects.exists()


@pytest.fixture
def month_old(trashed: CustomImage) -> CustomImage:
    Asset.objects.update(trashed_at=timezone.now() - timedelta(days=30, minutes=1))
    return trashed


def test_trash_is_emptied_after_its_time(month_old: CustomImage):
    fresh = make_image("Quay")
    trash_asset(fresh)

    assert empty_trash() == 1
    assert list(Asset.objects.all()) == [fresh.asset_ptr]


def test_trash_days_are_a_setting(month_old: CustomImage, settings):
    settings.MEDIA_LIBRARY = {**settings.MEDIA_LIBRARY, "TRASH_DAYS": 31}

    assert empty_trash() == 0
    assert Asset.objects.exists()


def test_what_is_used_again_is_restored_instead(month_old: CustomImage):
    # No revision tells of a person.
    make_person(portrait=month_old)

    assert empty_trash() == 0
    assert not Asset.objects.get().trashed_at


def test_one_that_fails_does_not_keep_the_others(month_old: CustomImage, film: Video, monkeypatch):
    Asset.objects.update(trashed_at=month_old.trashed_at - timedelta(days=31))

    def fail(asset: Asset, **options: object) -> None:
        if asset.kind == "video":
            raise OSError("The database is away.")
        delete_asset(asset)

    monkeypatch.setattr("media_library.deletion.trash.delete_asset", fail)

    assert empty_trash() == 1
    assert Asset.objects.get().kind == "video"


def test_film_goes_before_its_poster(film: Video):
    film.poster_image = make_image("Poster")
    film.save()
    trash_assets([film.poster_image, film])
    Asset.objects.update(trashed_at=timezone.now() - timedelta(days=31))

    assert empty_trash() == 2
