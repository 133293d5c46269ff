import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from media_library.models import CustomDocument

pytestmark = pytest.mark.django_db

PAGES = [
    "/admin/",
    "/admin/pages/",
    "/admin/media/",
    "/admin/images/add/",
    "/admin/media/add/",
    "/admin/snippets/blog/person/",
    "/admin/snippets/blog/category/add/",
    "/admin/collections/",
    "/admin/users/",
    "/admin/users/new/",
    "/admin/groups/new/",
    "/admin/sites/",
    "/admin/account/",
    "/admin/reports/site-history/",
    "/admin/reports/locked/",
    "/admin/workflows/list/",
]


@pytest.mark.parametrize("address", PAGES)
def test_page_of_the_admin_opens(admin_client, address, photo, film):
    assert admin_client.get(address).status_code == 200


def test_document_is_uploaded_and_handed_out_by_wagtail(admin_client):
    upload = SimpleUploadedFile("Price list.pdf", b"%PDF-1.7\nprices")
    admin_client.post("/admin/documents/multiple/add/", {"title": "Prices", "files[]": upload, "collection": "1"})

    document = CustomDocument.objects.get()
    response = admin_client.get(document.url)

    assert (document.status, document.mime_type) == ("ready", "application/pdf")
    assert b"".join(response).startswith(b"%PDF")


def test_user_of_our_own_model_is_created_in_the_admin(admin_client, django_user_model):
    password = "correct horse battery"
    form = {
        "username": "grace",
        "email": "grace@example.org",
        "first_name": "Grace",
        "last_name": "H",
        "password1": password,
        "password2": password,
    }

    admin_client.post("/admin/users/new/", form)

    assert django_user_model.objects.get(username="grace").check_password(password)
