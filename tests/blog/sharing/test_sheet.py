"""An asset is shared from its page: its address, a text for each network; or why it isn't public."""

from collections.abc import Callable
from datetime import timedelta
from html import unescape

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.admin.admin_url_finder import AdminURLFinder
from wagtail.models import Collection, CollectionViewRestriction

from blog.sharing.networks import NETWORKS
from media_library.models import Asset, Audio, CustomDocument, CustomImage, Video
from media_library.models.files import public_storage
from tests.blog.content import make_image
from tests.blog.staff import hire

pytestmark = pytest.mark.django_db


@pytest.fixture
def image(develop: Callable[..., None]) -> CustomImage:
    image = make_image("Harbour", caption="Boats <b>leave</b> at dawn.", credit="Ada Example")
    image.tags.add("night sky", "sea")
    develop(image)
    return image


@pytest.fixture
def document() -> CustomDocument:
    return CustomDocument.objects.create(title="Notes", file=ContentFile(b"Notes.", name="notes.txt"), status="ready")


def look(client: Client, asset: Asset):
    return client.get(reverse("blog_share_asset", args=[asset.pk]))


def why_not(client: Client, asset: Asset) -> str:
    response = look(client, asset)
    assert response.status_code == 200
    assert "It can't be shared." in unescape(response.text)
    assert "texts" not in response.context
    return response.context["why_not"]


def test_page_of_a_picture_leads_to_its_texts(admin_client: Client, image: CustomImage) -> None:
    page = admin_client.get(AdminURLFinder().get_edit_url(image) or "")
    assert f'href="{reverse("blog_share_asset", args=[image.pk])}"' in page.text


def test_texts_say_title_caption_credit_tags_and_address_as_networks_have_room(
    admin_client: Client, image: CustomImage
) -> None:
    response = look(admin_client, image)
    url, texts = response.context["url"], {one["network"]: one["text"] for one in response.context["texts"]}
    assert texts["mastodon"] == (
        f"Harbour\n\nBoats <b>leave</b> at dawn. Credit: Ada Example\n\n#NightSky #sea\n\n{url}"
    )
    assert list(texts) == list(NETWORKS)
    assert all(NETWORKS[name].fits(text) for name, text in texts.items())
    assert "<b>leave" not in response.text


@pytest.mark.parametrize("kind", ["image", "film", "sound"])
def test_address_is_one_that_other_sites_can_embed(
    client: Client, admin_client: Client, develop: Callable[..., None], request: pytest.FixtureRequest, kind: str
) -> None:
    asset: CustomImage | Video | Audio = request.getfixturevalue(kind)
    develop(asset)
    url = look(admin_client, asset).context["url"]
    assert url.startswith("http://")
    assert client.get("/oembed/", {"url": url}).json()["title"] == asset.title


def test_address_of_a_document_is_where_it_is_served(
    client: Client, admin_client: Client, document: CustomDocument
) -> None:
    url = look(admin_client, document).context["url"]
    assert url.endswith(f"/documents/{document.pk}/{document.filename}")


def test_asset_of_a_closed_collection_says_why_it_is_not_shared(admin_client: Client, image: CustomImage) -> None:
    archive = Collection.get_first_root_node().add_child(name="Archive")
    CollectionViewRestriction.objects.create(collection=archive, restriction_type=CollectionViewRestriction.LOGIN)
    CustomImage.objects.filter(pk=image.pk).update(collection=archive)
    assert "“Archive” is not open to everybody. Move it" in why_not(admin_client, image)


def test_asset_whose_right_has_ended_says_so(admin_client: Client, image: CustomImage) -> None:
    CustomImage.objects.filter(pk=image.pk).update(expires_on=timezone.localdate() - timedelta(days=1))
    assert "“Harbour” may not be shown after" in why_not(admin_client, image)


def test_asset_whose_right_ends_soon_is_shared_with_a_warning(admin_client: Client, image: CustomImage) -> None:
    CustomImage.objects.filter(pk=image.pk).update(expires_on=timezone.localdate())
    response = look(admin_client, image)
    assert "may be shown until" in response.context["warning"]
    assert response.context["texts"]


@pytest.mark.parametrize(("status", "told"), [("processing", "Wait until it is ready"), ("failed", "see its status")])
def test_asset_that_is_not_ready_says_so(admin_client: Client, photo: CustomImage, status: str, told: str) -> None:
    CustomImage.objects.filter(pk=photo.pk).update(status=status)
    assert told in why_not(admin_client, photo)


def test_addresses_that_end_are_not_shared(
    admin_client: Client, image: CustomImage, document: CustomDocument, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(public_storage(), "querystring_auth", True, raising=False)
    assert "by a setting of the storage" in why_not(admin_client, image)
    assert look(admin_client, document).context["url"]


def test_asset_is_shared_by_who_may_see_it(client: Client, admin_client: Client, image: CustomImage) -> None:
    client.force_login(hire("Editor"))
    assert look(client, image).status_code == 200
    CustomImage.objects.filter(pk=image.pk).update(trashed_at=timezone.now())
    assert look(client, image).status_code == 404
    client.logout()
    assert look(client, image).status_code == 302
