"""What resembles an asset, on its page."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.models import Collection

from cms.models import User
from media_library.models import CustomImage
from tests.blog.content import make_image

pytestmark = pytest.mark.django_db


def panel(client: Client, image: CustomImage) -> str:
    content = client.get(reverse("wagtailimages:edit", args=(image.pk,))).content.decode()
    return content.partition('<section class="resembling"')[2].partition("</section>")[0]


def test_page_of_an_asset_leads_to_similar_ones_with_the_reasons(admin_client: Client, db: None) -> None:
    image, alike = make_image("<b>Boats</b>"), make_image("<i>Alike</i>")
    image.tags.add("sea")
    alike.tags.add("sea")
    shown = panel(admin_client, image)
    assert f'href="{reverse("wagtailimages:edit", args=(alike.pk,))}"' in shown
    assert "&lt;i&gt;Alike&lt;/i&gt;" in shown and "<i>" not in shown
    assert "The same file, looks alike, tagged sea" in shown
    assert alike.renditions.get(filter_spec="max-165x165").url in shown


def test_page_shows_nothing_similar_from_folders_that_its_reader_may_not_see(
    grant: Callable[..., User], harbour: Collection, archive: Collection
) -> None:
    image = make_image("Boats", collection=harbour)
    make_image("Secret", collection=archive)
    make_image("Open", collection=harbour)
    client = Client()
    client.force_login(grant(harbour, "wagtailimages.change_image", "wagtailimages.choose_image", username="will"))
    shown = panel(client, image)
    assert "Open" in shown
    assert "Secret" not in shown


def test_page_of_what_nothing_resembles_has_no_heading_for_it(admin_client: Client, db: None) -> None:
    assert panel(admin_client, make_image()) == ""
