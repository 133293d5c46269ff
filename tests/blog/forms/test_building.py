"""Editors and programs make forms that visitors can fill in."""

from typing import Any

import pytest
from django.test import Client
from wagtail.test.utils.form_data import inline_formset, nested_form_data, rich_text

from blog.models import BlogIndexPage, FormPage
from tests.api.v3.conftest import Bearer

pytestmark = pytest.mark.django_db


def written(*questions: dict[str, str]) -> dict[str, str]:
    defaults = {"help_text": "", "choices": "", "default_value": "", "field_type": "singleline"}
    return nested_form_data(
        {
            "title": "Write to us",
            "slug": "contact",
            "intro": rich_text("<p>Hello</p>"),
            "thank_you_text": rich_text("<p>Thanks</p>"),
            "form_fields": inline_formset([defaults | one for one in questions]),
            "to_address": "",
            "from_address": "",
            "subject": "",
            "seo_title": "",
            "search_description": "",
            "keywords": "",
            "canonical_url": "",
            "social_title": "",
            "social_description": "",
            "comments": inline_formset([]),
            "action-publish": "1",
        }
    )


def make(client: Client, blog: BlogIndexPage, *questions: dict[str, str]) -> str:
    response = client.post(f"/admin/pages/add/blog/formpage/{blog.pk}/", written(*questions), follow=True)
    return response.content.decode()


def test_editor_makes_a_form(admin_client: Client, blog: BlogIndexPage):
    make(admin_client, blog, {"label": "Your name"}, {"label": "Letter", "field_type": "file"})

    page = FormPage.objects.get()
    assert page.live
    assert [one.clean_name for one in page.form_fields.all()] == ["your_name", "letter"]


def test_question_without_anything_to_choose_is_refused(admin_client: Client, blog: BlogIndexPage):
    html = make(admin_client, blog, {"label": "Paper", "field_type": "dropdown", "choices": " , \n"})

    assert "Write what can be chosen" in html
    assert not FormPage.objects.exists()


def test_two_questions_of_one_name_are_refused(admin_client: Client, blog: BlogIndexPage):
    assert "conflicts with another field" in make(admin_client, blog, {"label": "Name"}, {"label": "name"})
    assert not FormPage.objects.exists()


def test_more_files_than_one_may_send_are_refused(admin_client: Client, blog: BlogIndexPage, settings: Any):
    settings.FORM_MAX_FILES = 1
    questions = [{"label": f"Letter {number}", "field_type": "file"} for number in range(2)]

    assert "A form asks for one file at most." in make(admin_client, blog, *questions)
    assert not FormPage.objects.exists()


def test_program_writes_a_form_with_its_questions(blog: BlogIndexPage, admin_user: Any, client: Client):
    chief = Bearer(admin_user)
    body = {
        "meta": {"type": "blog.FormPage", "parent_id": blog.pk, "action": "publish"},
        "title": "Write to us",
        "intro": "<p>Hello<script>alert(1)</script></p>",
        "form_fields": [
            {"label": "Your name", "field_type": "singleline", "required": True},
            {"label": "Paper", "field_type": "radio", "choices": "Matt\nGloss"},
        ],
    }

    response = chief.post("pages/", body)

    assert response.status_code == 201, response.content
    page = client.get(f"/api/v2/pages/{response.json()['id']}/").json()
    assert [one["name"] for one in page["form"]["fields"]] == ["your_name", "paper"]
    assert page["form"]["fields"][1]["choices"] == ["Matt", "Gloss"]
    assert "form_fields" not in page
    assert "<script" not in page["intro"]


def test_program_is_told_of_a_question_without_anything_to_choose(blog: BlogIndexPage, admin_user: Any):
    body = {
        "meta": {"type": "blog.FormPage", "parent_id": blog.pk},
        "title": "Write to us",
        "form_fields": [{"label": "Paper", "field_type": "radio"}],
    }

    response = Bearer(admin_user).post("pages/", body)

    assert response.status_code == 422
    assert "Write what can be chosen" in response.content.decode()
