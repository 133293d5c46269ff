"""Every door of the admin, and API v3: what is used stays, and the answer says where it is used."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import Permission
from django.core.files.base import ContentFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.models import APIToken, Collection, GroupCollectionPermission

from cms.models import User
from media_library.models import Asset, CustomDocument, CustomImage, Video
from tests.blog.content import linked, make_blog, make_image, make_person, make_post, rich_text_block
from tests.blog.content import video_block as film_block

SINGLE = {"image": "wagtailimages:delete", "document": "wagtaildocs:delete", "video": "media_library_videos:delete"}
BELOW_UPLOAD = {
    "image": "wagtailimages:delete_multiple",
    "document": "wagtaildocs:delete_multiple",
    "video": "media_library_videos:delete_uploaded",
}
KINDS = ("image", "document", "video")


@pytest.fixture
def make(make_video: Callable[..., Video], root_collection: Collection) -> Callable[..., Asset]:
    def make(kind: str, title: str = "Tide", collection: Collection | None = None) -> Asset:
        if kind == "image":
            return make_image(title, collection=collection or root_collection)
        if kind == "video":
            return make_video(collection or root_collection, title)
        document = CustomDocument(title=title, collection=collection or root_collection)
        document.file = ContentFile(b"Prices", name="prices.txt")
        document.save()
        return document

    return make


@pytest.fixture
def use() -> Callable[[Asset], None]:
    """Use an asset in a post named "Post 1"."""

    def use(asset: Asset) -> None:
        if isinstance(asset, CustomImage):
            make_post(make_blog(), 1, featured_image=asset)
        else:
            made = film_block(asset) if isinstance(asset, Video) else rich_text_block(linked(asset))
            make_post(make_blog(), 1, body=[made])

    return use


def bulk(asset: Asset) -> str:
    return reverse("wagtail_bulk_action", args=("media_library", asset._meta.model_name, "delete"))


@pytest.mark.parametrize("kind", KINDS)
def test_page_of_a_used_asset_lists_its_places_and_has_no_button(
    admin_client: Client, make: Callable, use: Callable, kind: str
):
    asset = make(kind)
    use(asset)

    content = admin_client.get(reverse(SINGLE[kind], args=(asset.pk,))).content.decode()

    assert "“Tide” is used in 1 place, so it can&#x27;t be deleted." in content
    assert "Post 1</a>" in content
    assert "Yes, delete" not in content


@pytest.mark.parametrize("kind", KINDS)
def test_used_asset_is_refused(admin_client: Client, make: Callable, use: Callable, kind: str):
    asset = make(kind)
    use(asset)

    response = admin_client.post(reverse(SINGLE[kind], args=(asset.pk,)))

    assert response.status_code == 409
    assert "Post 1</a>" in response.content.decode()
    assert Asset.objects.filter(pk=asset.pk).exists()


@pytest.mark.parametrize("kind", KINDS)
def test_unused_asset_goes_to_the_trash(admin_client: Client, admin_user: User, make: Callable, kind: str):
    asset = make(kind)
    url = reverse(SINGLE[kind], args=(asset.pk,))

    content = admin_client.get(url).content.decode()
    assert "It goes to the trash, from where it can be restored until" in content
    assert "Yes, delete" in content
    response = admin_client.post(url, follow=True)
    assert "“Tide” is in the trash, and can be restored until" in str(*response.context["messages"])
    assert Asset.objects.get(trashed_at__isnull=False).trashed_by == admin_user


def test_asset_that_is_taken_up_meanwhile_is_refused(admin_client: Client, photo: CustomImage, monkeypatch):
    """Between the check of the page and the deletion."""
    make_person(portrait=photo)
    monkeypatch.setattr("media_library.admin.deletion.refusals", lambda *args: {})

    response = admin_client.post(reverse("wagtailimages:delete", args=(photo.pk,)))

    assert response.status_code == 409
    assert "Ada Example" in response.content.decode()


def test_places_of_others_are_counted_but_not_named(
    client: Client, grant: Callable[..., User], harbour: Collection, make: Callable, use: Callable
):
    image = make("image", collection=harbour)
    use(image)
    client.force_login(grant(harbour, "wagtailimages.add_image", "wagtailimages.change_image"))

    content = client.get(reverse("wagtailimages:delete", args=(image.pk,))).content.decode()

    assert "(Private post)" in content
    assert "Post 1" not in content


@pytest.mark.parametrize("door", [*SINGLE.values(), *BELOW_UPLOAD.values()])
def test_who_may_not_delete_gets_no_further(
    client: Client, grant: Callable[..., User], harbour: Collection, archive: Collection, make: Callable, door: str
):
    kind = next(one for one in KINDS if door in (SINGLE[one], BELOW_UPLOAD[one]))
    asset = make(kind, collection=archive)
    names = {"image": "wagtailimages.change_image", "document": "wagtaildocs.change_document", "video": "change_video"}
    client.force_login(grant(harbour, names[kind]))

    client.post(reverse(door, args=(asset.pk,)))

    assert Asset.objects.filter(pk=asset.pk).exists()


@pytest.mark.parametrize("kind", KINDS)
def test_link_below_an_upload_says_why_not(admin_client: Client, make: Callable, use: Callable, kind: str):
    asset = make(kind)
    use(asset)

    response = admin_client.post(reverse(BELOW_UPLOAD[kind], args=(asset.pk,)))

    assert response.status_code == 409
    assert response.json()["success"] is False
    assert "used in 1 place" in response.json()["error_message"]
    assert Asset.objects.filter(pk=asset.pk).exists()


@pytest.mark.parametrize("kind", KINDS)
def test_link_below_an_upload_leads_to_the_trash(admin_client: Client, make: Callable, kind: str):
    asset = make(kind)

    assert admin_client.post(reverse(BELOW_UPLOAD[kind], args=(asset.pk,))).json()["success"] is True
    assert Asset.objects.get().trashed_at


@pytest.mark.parametrize("kind", ("image", "document"))
def test_bulk_page_says_what_goes_and_what_stays(admin_client: Client, make: Callable, use: Callable, kind: str):
    used, unused = make(kind), make(kind, "Ebb")
    use(used)

    response = admin_client.get(bulk(used), {"id": [used.pk, unused.pk]})

    assert [one["item"].title for one in response.context["leaving"]] == ["Ebb"]
    assert [one["item"].title for one in response.context["staying"]] == ["Tide"]
    content = response.content.decode()
    assert "Post 1</a>" in content
    assert "Yes, delete" in content


def test_bulk_page_has_no_button_when_all_stay(admin_client: Client, make: Callable, use: Callable):
    image = make("image")
    use(image)

    assert "Yes, delete" not in admin_client.get(bulk(image), {"id": image.pk}).content.decode()


@pytest.mark.parametrize("kind", ("image", "document"))
def test_bulk_moves_what_may_go_to_the_trash_and_says_what_stays(
    admin_client: Client, make: Callable, use: Callable, kind: str
):
    used, unused = make(kind), make(kind, "Ebb")
    use(used)

    response = admin_client.post(f"{bulk(used)}?id={used.pk}&id={unused.pk}&next=/admin/", follow=True)

    assert [asset.title for asset in Asset.objects.filter(trashed_at=None)] == ["Tide"]
    said = [str(message) for message in response.context["messages"]]
    assert any("“Tide” is used in 1 place" in one for one in said)
    assert any("1 file is in the trash." in one for one in said)


def test_bulk_names_several_that_stay(admin_client: Client, make: Callable, db: None):
    images = [make("image", title) for title in ("Ebb", "Tide")]
    for image in images:
        make_person(image.title, portrait=image)

    ids = "&".join(f"id={image.pk}" for image in images)
    response = admin_client.post(f"{bulk(images[0])}?{ids}&next=/admin/", follow=True)

    assert [str(one).strip() for one in response.context["messages"]] == [
        "These are used, and stay: “Ebb” and “Tide”."
    ]


def test_bulk_page_counts_what_is_not_yours(
    client: Client, grant: Callable[..., User], harbour: Collection, archive: Collection, make: Callable
):
    mine, theirs = make("image", "Mine", harbour), make("image", "Theirs", archive)
    client.force_login(grant(harbour, "wagtailimages.change_image"))

    content = client.get(bulk(mine), {"id": [mine.pk, theirs.pk]}).content.decode()

    assert "1 of the chosen files is not yours to delete, and stays." in " ".join(content.split())
    assert "Theirs" not in content


def test_bulk_page_takes_as_many_queries_for_many(admin_client: Client, make: Callable):
    images = [make("image", f"Image {number}") for number in range(8)]
    for image in images:
        make_person(image.title, portrait=image)

    def queries(some: list[CustomImage]) -> int:
        with CaptureQueriesContext(connection) as captured:
            admin_client.get(bulk(some[0]), {"id": [image.pk for image in some]})
        return len(captured)

    queries(images)
    assert queries(images) == queries(images[:2])


def test_collection_with_used_assets_is_refused(admin_client: Client, make: Callable, harbour: Collection):
    make_person(portrait=make("image", collection=harbour))

    assert admin_client.post(reverse("wagtailadmin_collections:delete", args=(harbour.pk,))).status_code == 403
    assert CustomImage.objects.exists()


@pytest.fixture
def v3(client: Client, grant: Callable[..., User], root_collection: Collection) -> Callable[[str], object]:
    """Send DELETE to API v3 as somebody who may delete images, but sees no people."""
    user = grant(root_collection, "wagtailimages.change_image")
    permission = Permission.objects.get(content_type__app_label="wagtailimages", codename="delete_image")
    GroupCollectionPermission.objects.create(
        group=user.groups.get(), collection=root_collection, permission=permission
    )
    _token, secret = APIToken.create_token(user=user, name="Front end")
    return lambda address: client.delete(address, headers={"Authorization": f"Bearer {secret}"})


def test_api_v3_refuses_with_a_conflict(v3: Callable, photo: CustomImage):
    make_person(portrait=photo)

    response = v3(f"/api/v3/images/{photo.pk}/")

    assert response.status_code == 409
    assert response["Content-Type"] == "application/problem+json"
    problem = response.json()
    assert (problem["code"], problem["number"]) == ("in_use", 1)
    assert problem["places"] == [{"title": "(Private person)", "kind": "Person", "state": "live", "fields": []}]
    assert CustomImage.objects.exists()


def test_api_v3_moves_what_is_unused_to_the_trash(v3: Callable, photo: CustomImage):
    assert v3(f"/api/v3/images/{photo.pk}/").status_code == 204
    assert CustomImage.objects.get().trashed_at
