"""Without a front end, a template shows the same form, and sends it without JavaScript."""

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from wagtail.contrib.forms.models import FormSubmission

from blog.forms import traps
from blog.models import BlogIndexPage, FormFile
from tests.blog.forms.content import make_form, question

pytestmark = pytest.mark.django_db


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever sends a form has had it open for three seconds."""
    now, age_of = traps.time.time, traps.age_of
    monkeypatch.setattr(traps, "age_of", lambda token, page_id: age_of(token, page_id) + 3)
    assert now


def open_and_send(client: Client, url: str, **answers: Any) -> Any:
    html = client.get(url).content.decode()
    hidden = dict(re.findall(r'<input type="hidden" name="([\w-]+)" value="([^"]*)"', html))
    return client.post(url, hidden | answers)


def test_form_is_sent_with_its_files(blog: BlogIndexPage, later: None):
    page = make_form(blog, question("Your name", required=True), question("Letter", "file"))
    strict = Client(enforce_csrf_checks=True)

    response = open_and_send(
        strict, page.url, your_name="Ada", letter=SimpleUploadedFile("a.pdf", b"%PDF-1.7\n"), website=""
    )

    assert response.status_code == 200
    assert "Thank you." in response.content.decode()
    assert FormSubmission.objects.get().form_data["your_name"] == "Ada"
    assert FormFile.objects.get().filename == "a.pdf"


def test_form_of_another_page_is_refused(blog: BlogIndexPage):
    page = make_form(blog)

    assert Client(enforce_csrf_checks=True).post(page.url, {"your_name": "Ada"}).status_code == 403


def test_what_is_wrong_is_told_and_what_was_written_is_kept(client: Client, blog: BlogIndexPage, later: None):
    page = make_form(blog, question("Your name", required=True), question("Message", "multiline"))

    html = open_and_send(client, page.url, your_name="", message="<b>Long</b> words").content.decode()

    assert "This field is required." in html
    assert "&lt;b&gt;Long&lt;/b&gt; words" in html
    assert not FormSubmission.objects.exists()


def test_program_is_thanked_and_forgotten(client: Client, blog: BlogIndexPage):
    page = make_form(blog)

    for answers in ({"website": "https://spam.example"}, {}):
        assert "Thank you." in open_and_send(client, page.url, your_name="Bot", **answers).content.decode()
    assert not FormSubmission.objects.exists()


def test_flood_is_told_to_wait_and_loses_nothing(client: Client, blog: BlogIndexPage, settings: Any):
    settings.FORM_SUBMISSIONS_PER_MINUTE = 1
    page = make_form(blog)
    client.post(page.url, {"your_name": "Ada"})

    response = client.post(page.url, {"your_name": "Ada", "message": "A long letter"})

    assert response.status_code == 429
    assert int(response["Retry-After"]) <= 60
    assert "A long letter" in response.content.decode()
    assert "Wait a minute" in response.content.decode()
    assert FormSubmission.objects.count() == 1


def test_thanks_are_previewed(client: Client, blog: BlogIndexPage):
    page = make_form(blog)

    form, landing = (page.make_preview_request(preview_mode=mode) for mode in ("form", "landing"))

    assert "<form" in form.content.decode()
    assert "Thank you." in landing.content.decode()
    assert "<form" not in landing.content.decode()
