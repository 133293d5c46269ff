"""What of the library a user may see, asked at once, is what Wagtail's policies say of each kind."""

from collections.abc import Callable
from itertools import combinations

import pytest
from django.contrib.auth.models import AnonymousUser
from wagtail.models import Collection
from wagtail.permissions import policy_registry

from cms.models import User
from media_library.admin.permissions import KINDS, changeable_assets, visible_assets, visible_collections
from media_library.models import Asset

GIVEN = [
    "wagtailimages.add_image",
    "wagtailimages.change_image",
    "wagtailimages.choose_image",
    "wagtaildocs.add_document",
    "choose_video",
    "change_audio",
]


def by_policies(user: User, actions: set[str]) -> set[int]:
    return {
        asset.pk
        for model in KINDS
        for asset in policy_registry.get_by_type(model).instances_user_has_any_permission_for(user, actions)
    }


def put(model: type[Asset], collection: Collection, owner: User) -> None:
    """A row without a file: only its columns are asked for."""
    parent = Asset.objects.create(kind=model.KIND, title="x", collection=collection, uploaded_by_user=owner)
    model(asset_ptr=parent, file="x").save_base(raw=True)


@pytest.fixture
def everything(harbour: Collection, archive: Collection, admin_user: User) -> Callable[[User], None]:
    """Put one asset of each kind into each collection, one of the user's and one of somebody else's."""

    def fill(user: User) -> None:
        for collection in (harbour, archive, harbour.add_child(name="Docks")):
            for model in KINDS:
                for owner in (user, admin_user):
                    put(model, collection, owner)

    return fill


@pytest.mark.parametrize("given", [*combinations(GIVEN, 1), *combinations(GIVEN, 2), ()])
def test_one_query_is_what_the_policies_say(
    grant: Callable[..., User], harbour: Collection, everything: Callable[[User], None], given: tuple[str, ...]
):
    user = grant(harbour, *given)
    everything(user)

    assert set(visible_assets(user).values_list("pk", flat=True)) == by_policies(user, {"choose", "change", "delete"})
    assert set(changeable_assets(user).values_list("pk", flat=True)) == by_policies(user, {"change"})


def test_superuser_sees_everything(admin_user: User, everything: Callable[[User], None]):
    everything(admin_user)

    assert visible_assets(admin_user).count() == Asset.objects.count() == 24


def test_who_is_not_active_or_not_logged_in_sees_nothing(
    grant: Callable[..., User], harbour: Collection, admin_user: User, everything: Callable[[User], None]
):
    user = grant(harbour, *GIVEN)
    everything(user)
    user.is_active = admin_user.is_active = False

    for nobody in (user, admin_user, AnonymousUser()):
        assert not visible_assets(nobody).exists()
        assert not visible_collections(nobody).exists()


def test_folders_are_those_with_a_permission_and_what_is_below(
    grant: Callable[..., User], harbour: Collection, archive: Collection
):
    docks = harbour.add_child(name="Docks")

    assert set(visible_collections(grant(harbour, "choose_video"))) == {harbour, docks}


def test_permissions_of_any_number_of_assets_are_one_condition(
    grant: Callable[..., User],
    harbour: Collection,
    everything: Callable[[User], None],
    django_assert_max_num_queries: Callable,
):
    user = grant(harbour, *GIVEN)
    everything(user)

    with django_assert_max_num_queries(3):
        list(visible_assets(user))
