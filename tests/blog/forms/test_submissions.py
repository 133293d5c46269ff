"""Editors read what was sent in Wagtail's own list, and fetch the files; nobody else does."""

import csv
import io
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from wagtail.models import GroupPagePermission

from blog.models import BlogIndexPage, FormFile, FormPage
from cms.models import User
from tests.blog.forms.content import make_form, question

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(blog: BlogIndexPage, client: Client) -> FormPage:
    """A form to which somebody has sent a letter."""
    page = make_form(blog, question("Your name"), question("Letter", "file"))
    letter = SimpleUploadedFile("My <b>letter</b>.pdf", b"%PDF-1.7\n%letter")
    answer = client.post(f"/api/v2/forms/{page.pk}/", {"your_name": "=cmd()", "letter": letter})
    assert answer.status_code == 201
    return page


@pytest.fixture
def editor_of() -> Callable[..., Client]:
    """A client of somebody who may change pages below this one."""

    def make(*pages: Any) -> Client:
        group = Group.objects.create(name="Editors of some")
        group.permissions.add(Permission.objects.get(codename="access_admin"))
        for page in pages:
            change = Permission.objects.get(codename="change_page")
            GroupPagePermission.objects.create(group=group, page=page, permission=change)
        user = User.objects.create_user("edith", "edith@example.org", "a long password")
        user.groups.add(group)
        client = Client()
        client.force_login(user)
        return client

    return make


def file_address() -> str:
    return f"/admin/forms/files/{FormFile.objects.get().pk}/"


def test_list_leads_to_the_file(page: FormPage, admin_client: Client):
    html = admin_client.get(f"/admin/forms/submissions/{page.pk}/").content.decode()

    assert f'<a href="{file_address()}">' in html
    assert "<b>letter</b>" not in html


def test_export_has_addresses_of_files_and_no_formulas(page: FormPage, admin_client: Client):
    response = admin_client.get(f"/admin/forms/submissions/{page.pk}/?export=csv")
    rows = list(csv.reader(io.StringIO(b"".join(response.streaming_content).decode())))

    assert rows[1][1] == "'=cmd()"
    assert rows[1][2].endswith(file_address()) and rows[1][2].startswith("http")
    assert admin_client.get(f"/admin/forms/submissions/{page.pk}/?export=xlsx").status_code == 200


def test_file_is_saved_and_never_shown(page: FormPage, editor_of: Callable[..., Client]):
    response = editor_of(page).get(file_address())

    assert response.status_code == 200
    assert b"".join(response.streaming_content) == b"%PDF-1.7\n%letter"
    assert response["Content-Disposition"].startswith("attachment")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response["Content-Security-Policy"]
    assert "no-store" in response["Cache-Control"]


def test_file_is_for_those_who_may_read_the_answers(
    page: FormPage, blog: BlogIndexPage, client: Client, editor_of: Callable[..., Client]
):
    other = make_form(blog, slug="other")
    stranger = editor_of(other)

    assert client.get(file_address()).status_code == 302
    # Wagtail sends those who may not home, with a message.
    assert stranger.get(file_address()).status_code == 302
    assert stranger.get(f"/admin/forms/submissions/{page.pk}/").status_code == 302


def test_file_that_is_lost_is_not_found(page: FormPage, admin_client: Client):
    file = FormFile.objects.get().file
    file.storage.delete(file.name)

    assert admin_client.get(file_address()).status_code == 404
