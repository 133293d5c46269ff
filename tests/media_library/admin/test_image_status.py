"""Status in Wagtail's own views of images, whose templates are overridden."""

from django.test import Client
from django.urls import reverse

from media_library.models import Asset, CustomImage


def test_image_edit_page_follows_the_status(admin_client: Client, photo: CustomImage):
    Asset.objects.filter(pk=photo.pk).update(status=Asset.Status.FAILED, status_reason="It is cut off.")

    content = admin_client.get(reverse("wagtailimages:edit", args=(photo.pk,))).content.decode()

    assert f'data-asset-status-id-value="{photo.pk}"' in content
    assert "It is cut off." in content


def test_every_admin_page_loads_the_script_as_a_module_with_the_address_to_ask(admin_client: Client):
    content = admin_client.get(reverse("wagtailadmin_home")).content.decode()

    assert '<script type="module" src="/static/media_library/js/asset-status.js"' in content
    assert 'data-asset-status-url="/admin/media/status/"' in content
