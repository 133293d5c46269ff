"""Front ends show a form and send it: as JSON or with files, without cookies, and to nothing that isn't open."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from wagtail.contrib.forms.models import FormSubmission
from wagtail.models import Page, PageViewRestriction

from blog.forms import flood, traps
from blog.models import BlogIndexPage, FormFile, FormPage
from media_library.models import FileRemoval
from media_library.statistics.throttle import Throttle
from tests.blog.content import embedded, make_image, make_post
from tests.blog.forms.content import make_form, question
from tests.media import photo_bytes

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    """What one test sends is not held against the next one."""
    monkeypatch.setattr(flood, "_throttle", Throttle())


def send(client: Client, page: Page, answers: Any, **headers: str) -> Any:
    return client.post(f"/api/v2/forms/{page.pk}/", answers, content_type="application/json", headers=headers)


def upload(client: Client, page: Page, **answers: Any) -> Any:
    return client.post(f"/api/v2/forms/{page.pk}/", answers)


def stored_files() -> list[Path]:
    folder = Path(django_settings.DATA_DIR) / "originals" / "forms"
    return [path for path in folder.rglob("*") if path.is_file()]


def pdf(name: str = "letter.pdf", body: bytes = b"%PDF-1.7\n%letter") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, body, content_type="application/pdf")


# What a front end is told


def test_page_tells_its_questions(client: Client, blog: BlogIndexPage):
    page = make_form(
        blog,
        question("Your name", required=True, help_text="As on <letters>"),
        question("Topics", "checkboxes", choices="Sea\nLight", default_value="Sea"),
        question("Plate", "file"),
        question("Agreed", "checkbox", default_value="yes"),
    )

    form = client.get(f"/api/v2/pages/{page.pk}/").json()["form"]

    assert form["action"].endswith(f"/api/v2/forms/{page.pk}/")
    assert (form["method"], form["honeypot"]) == ("POST", "website")
    name, topics, plate, agreed = form["fields"]
    assert name == {
        "name": "your_name",
        "label": "Your name",
        "type": "singleline",
        "required": True,
        "help_text": "As on <letters>",
        "choices": [],
        "default": "",
        "max_length": 255,
        "accept": [],
    }
    assert (topics["choices"], topics["default"]) == (["Sea", "Light"], ["Sea"])
    assert ".pdf" in plate["accept"] and ".svg" not in plate["accept"] and ".exe" not in plate["accept"]
    assert agreed["default"] is True


def test_page_keeps_to_itself_who_is_told_by_email(client: Client, blog: BlogIndexPage):
    page = make_form(blog, to_address="chief@example.org", subject="Hush")

    for version in ("v2", "v3"):
        text = client.get(f"/api/{version}/pages/{page.pk}/").content.decode()
        assert "chief@example.org" not in text
        assert "Hush" not in text


def test_introduction_and_thanks_come_with_links_and_pictures_resolved(client: Client, blog: BlogIndexPage):
    post, image = make_post(blog), make_image()
    text = f'<p>See <a linktype="page" id="{post.pk}">there</a>.</p>{embedded(image)}'
    page = make_form(blog, intro=text, thank_you_text=text)

    answer = client.get(f"/api/v2/pages/{page.pk}/").json()
    thanks = send(client, page, {"your_name": "Ada"}).json()["thank_you_text"]

    for html in (answer["intro"], answer["thank_you_text"], thanks):
        assert "post-1" in html
        assert "<picture" in html
        assert "linktype" not in html and "<embed" not in html


def test_trap_never_has_the_name_of_a_question(client: Client, blog: BlogIndexPage):
    page = make_form(blog, question("Website", "url"))

    assert client.get(f"/api/v2/pages/{page.pk}/").json()["form"]["honeypot"] == "homepage"


def test_ten_forms_are_listed_in_as_many_queries_as_one(
    client: Client, blog: BlogIndexPage, django_assert_max_num_queries: Callable
):
    url = "/api/v2/pages/?type=blog.FormPage&fields=form"

    def count() -> int:
        client.get(url)
        with django_assert_max_num_queries(100) as counted:
            assert client.get(url).status_code == 200
        return len(counted)

    make_form(blog)
    one = count()
    for number in range(9):
        make_form(blog, slug=f"form-{number}")

    assert count() == one


# What is sent


def test_answers_are_kept_as_wagtail_keeps_them(client: Client, blog: BlogIndexPage):
    page = make_form(
        blog,
        question("Your name", required=True),
        question("Topics", "checkboxes", choices="Sea\nLight\nSalt"),
        question("Prints", "number"),
        question("Agreed", "checkbox"),
        question("Day", "date"),
    )
    answers = {"your_name": "Ada", "topics": ["Sea", "Salt"], "prints": 3, "agreed": True, "day": "2026-11-26"}

    response = send(client, page, answers, origin="https://front.example")

    assert response.status_code == 201, response.content
    assert response.json() == {"thank_you_text": "<p>Thank you.</p>"}
    assert response["Access-Control-Allow-Origin"] == "*"
    assert response["Cache-Control"] == "private, no-store"
    assert FormSubmission.objects.get(page=page).form_data == answers | {"prints": "3"}


def test_form_of_html_is_taken_without_cookies_from_any_page(blog: BlogIndexPage):
    page = make_form(blog)
    strict = Client(enforce_csrf_checks=True)

    response = strict.post(f"/api/v2/forms/{page.pk}/", {"your_name": "Ada"}, headers={"origin": "https://x.example"})

    assert response.status_code == 201
    assert FormSubmission.objects.get().form_data == {"your_name": "Ada", "message": ""}


def test_what_is_wrong_is_told_beside_each_question(client: Client, blog: BlogIndexPage):
    page = make_form(
        blog,
        question("Your name", required=True),
        question("Mail", "email"),
        question("Paper", "dropdown", choices="Matt\nGloss"),
        question("Message", "multiline"),
    )
    answers = {"mail": "ada@", "paper": "Silk", "message": "x" * 20_001, "nmae": "Ada"}

    response = send(client, page, answers)

    assert response.status_code == 422
    assert response["Content-Type"] == "application/problem+json"
    problem = response.json()
    assert problem["code"] == "invalid"
    assert set(problem["errors"]) == {"your_name", "mail", "paper", "message", "nmae"}
    assert all(isinstance(messages, list) and messages[0] for messages in problem["errors"].values())
    assert not FormSubmission.objects.exists()


@pytest.mark.parametrize(
    ("body", "content_type", "status"),
    [
        (b" ", "application/json", 400),
        (b"[]", "application/json", 400),
        (b'"Ada"', "application/json", 400),
        (b"[" * 100_000, "application/json", 400),
        (b"\xff\xfe", "application/json", 400),
        (b'{"your_name": {"a": 1}}', "application/json", 422),
        (b'{"your_name": [["a"]]}', "application/json", 422),
        (b'{"your_name": null}', "application/json", 422),
        (b'{"your_name": "a\\u0000b"}', "application/json", 201),
        (b'{"your_name": "a\\ud800b"}', "application/json", 201),
        (b'{"your_name": "' + b"x" * 1024**2 + b'"}', "application/json", 413),
        (b"your_name=Ada", "text/plain", 415),
        (b"nothing", "multipart/form-data; boundary=x", 422),
        (b"nothing", "multipart/form-data", 400),
        (b"your_name=" + b"x" * 3 * 1024**2, "application/x-www-form-urlencoded", 413),
        (b"&".join(b"a=1" for _ in range(10_001)), "application/x-www-form-urlencoded", 413),
        (b"your_name=%00%ff", "application/x-www-form-urlencoded", 422),
    ],
)
def test_bodies_of_any_kind_are_answered(
    client: Client, blog: BlogIndexPage, body: bytes, content_type: str, status: int
):
    page = make_form(blog)

    response = client.post(f"/api/v2/forms/{page.pk}/", body, content_type=content_type)

    assert response.status_code == status, response.content
    if status != 201:
        assert response.json()["detail"]
        assert not FormSubmission.objects.exists()


def test_other_methods_are_refused(client: Client, blog: BlogIndexPage):
    page = make_form(blog)

    assert client.delete(f"/api/v2/forms/{page.pk}/").status_code == 405
    assert client.put(f"/api/v2/forms/{page.pk}").status_code == 405


def test_script_in_an_answer_is_text(client: Client, blog: BlogIndexPage, admin_client: Client):
    page = make_form(blog)
    send(client, page, {"your_name": "<script>alert(1)</script>"})

    html = admin_client.get(f"/admin/forms/submissions/{page.pk}/").content.decode()

    assert "<script>alert(1)" not in html
    assert "&lt;script&gt;alert(1)" in html


# Which pages


def test_only_what_is_live_open_and_a_form_is_sent_to(client: Client, blog: BlogIndexPage):
    draft = make_form(blog, slug="draft", live=False)
    closed = make_form(blog, slug="closed")
    PageViewRestriction.objects.create(page=closed, restriction_type=PageViewRestriction.LOGIN)
    post = make_post(blog)

    for page in (draft, closed, post):
        assert send(client, page, {"your_name": "Ada"}).status_code == 404
        assert client.get(f"/api/v2/forms/{page.pk}/").status_code == 404
    assert client.post("/api/v2/forms/999999999999999999999/", {}).status_code == 404
    assert not FormSubmission.objects.exists()


# Programs


def test_who_fills_in_what_people_dont_see_is_thanked_and_forgotten(client: Client, blog: BlogIndexPage):
    page = make_form(blog, to_address="chief@example.org")
    answer = {"your_name": "Bot", "website": "https://spam.example"}

    response = send(client, page, answer)

    assert (response.status_code, response.json()) == (201, {"thank_you_text": "<p>Thank you.</p>"})
    assert not FormSubmission.objects.exists()
    assert not mail.outbox


def test_who_answers_sooner_than_people_read_is_thanked_and_forgotten(client: Client, blog: BlogIndexPage):
    page = make_form(blog)
    token = client.get(f"/api/v2/forms/{page.pk}/").json()["token"]

    assert send(client, page, {"your_name": "Bot", "form-token": token}).status_code == 201
    assert not FormSubmission.objects.exists()


def test_who_took_their_time_is_heard(client: Client, blog: BlogIndexPage, monkeypatch: pytest.MonkeyPatch):
    page = make_form(blog)
    answer = client.get(f"/api/v2/forms/{page.pk}/")
    assert answer["Cache-Control"] == "private, no-store"
    now = traps.time.time()
    monkeypatch.setattr(traps.time, "time", lambda: now + 3)

    assert send(client, page, {"your_name": "Ada", "form-token": answer.json()["token"]}).status_code == 201
    assert FormSubmission.objects.count() == 1


def test_token_that_is_forged_of_another_form_or_old_is_told_so(
    client: Client, blog: BlogIndexPage, monkeypatch: pytest.MonkeyPatch
):
    page, other = make_form(blog), make_form(blog, slug="other")
    now = traps.time.time()
    monkeypatch.setattr(traps.time, "time", lambda: now - 2 * 24 * 60 * 60)
    old = traps.make_token(page.pk)
    monkeypatch.setattr(traps.time, "time", lambda: now)

    for token in ("x", "[]", old, traps.make_token(other.pk)):
        response = send(client, page, {"your_name": "Ada", "form-token": token})
        assert response.status_code == 422
        assert "send it again" in response.json()["errors"]["__all__"][0]
    assert not FormSubmission.objects.exists()


def test_token_can_be_required(client: Client, blog: BlogIndexPage, settings: Any):
    settings.FORM_TOKEN_REQUIRED = True

    assert send(client, make_form(blog), {"your_name": "Bot"}).status_code == 422


def test_form_that_is_flooded_takes_ten_a_minute_from_one_address(client: Client, blog: BlogIndexPage, settings: Any):
    settings.MEDIA_LIBRARY = settings.MEDIA_LIBRARY | {"TRUSTED_PROXIES": 1}
    page = make_form(blog)

    def flood_from(address: str, number: int) -> list[int]:
        headers = {"x-forwarded-for": f"203.0.113.9, {address}"}
        return [send(client, page, {"your_name": "Ada"}, **headers).status_code for _ in range(number)]

    answers = flood_from("198.51.100.1", 100)
    refused = send(client, page, {"your_name": "Ada"}, **{"x-forwarded-for": "198.51.100.1"})

    assert answers == [201] * 10 + [429] * 90
    assert int(refused["Retry-After"]) <= 60
    assert refused.json()["code"] == "busy"
    assert flood_from("198.51.100.2", 1) == [201]
    assert FormSubmission.objects.count() == 11


# Files


def test_file_is_kept_in_private_beside_the_answers(client: Client, blog: BlogIndexPage):
    page = make_form(blog, question("Your name"), question("Letter", "file"))

    response = upload(client, page, your_name="Ada", letter=pdf("../../etc/My letter.pdf"))

    assert response.status_code == 201, response.content
    file = FormFile.objects.get()
    assert (file.field_name, file.filename, file.file_size) == ("letter", "My letter.pdf", 16)
    assert file.mime_type == "application/pdf"
    assert [path.read_bytes() for path in stored_files()] == [b"%PDF-1.7\n%letter"]
    assert FormSubmission.objects.get().form_data == {"your_name": "Ada", "letter": "My letter.pdf"}
    assert "letter" not in file.file.name
    with pytest.raises(NotImplementedError):
        _ = file.file.url


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("page.html", b"<!doctype html><script>alert(1)</script>"),
        ("page.pdf", b"<!doctype html><script>alert(1)</script>"),
        ("drawing.svg", b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'),
        ("drawing.png", b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'),
        ("run.exe", b"MZ" + bytes(200)),
        ("run.pdf", b"MZ" + bytes(200)),
        ("run.sh", b"#!/bin/sh\nrm -rf /\n"),
        ("run", b"\x7fELF" + bytes(200)),
        ("run.jpg", b"\x7fELF" + bytes(200)),
        ("many.zip", b"PK\x03\x04" + bytes(60)),
        ("macro.docm", b"PK\x03\x04" + bytes(60)),
        ("letter.docx", b"PK\x03\x04" + bytes(60)),
        ("letter.exe", b"%PDF-1.7\n%letter"),
        ("letter.pdf.html", b"%PDF-1.7\n%letter"),
        ("letter", b"%PDF-1.7\n%letter"),
        ("notes.txt", b"Only words."),
        ("empty.pdf", b""),
        ("code.js", b"alert(1)"),
        ("page.swf", b"CWS" + bytes(100)),
        ("class.wasm", b"\0asm\x01\0\0\0"),
    ],
)
def test_file_of_any_bad_kind_is_refused_and_nothing_is_kept(
    client: Client, blog: BlogIndexPage, name: str, body: bytes
):
    page = make_form(blog, question("Letter", "file"))

    response = upload(client, page, letter=SimpleUploadedFile(name, body, content_type="application/pdf"))

    assert response.status_code == 422, response.content
    assert response.json()["errors"]["letter"][0]
    assert not FormSubmission.objects.exists()
    assert not stored_files()


def test_files_of_good_kinds_are_taken(client: Client, blog: BlogIndexPage, small_film: bytes):
    page = make_form(blog, question("Letter", "file"))

    for name, body in (("a.jpg", photo_bytes()), ("a.JPEG", photo_bytes()), ("film.mp4", small_film)):
        assert upload(client, page, letter=SimpleUploadedFile(name, body)).status_code == 201
    assert set(FormFile.objects.values_list("mime_type", flat=True)) == {"image/jpeg", "video/mp4"}


def test_file_that_is_too_large_is_told_so(client: Client, blog: BlogIndexPage, settings: Any):
    settings.FORM_MAX_FILE_BYTES = 1000
    page = make_form(blog, question("Letter", "file"))

    response = upload(client, page, letter=pdf(body=b"%PDF-1.7" + bytes(1000)))

    assert response.status_code == 422
    assert "too large" in response.json()["errors"]["letter"][0]


def test_request_that_is_too_large_is_not_even_read(client: Client, blog: BlogIndexPage, settings: Any):
    settings.FORM_MAX_FILE_BYTES = 1000
    page = make_form(blog, question("Letter", "file"))

    assert upload(client, page, letter=pdf(body=b"%PDF-1.7" + bytes(2 * 1024**2))).status_code == 413


def test_files_that_nobody_asked_for_are_refused(client: Client, blog: BlogIndexPage):
    page = make_form(blog, question("Your name"), question("Letter", "file"))

    assert set(upload(client, page, your_name="Ada", extra=pdf()).json()["errors"]) == {"extra"}
    assert set(upload(client, page, your_name=pdf()).json()["errors"]) == {"your_name"}
    assert set(upload(client, page, your_name="Ada", letter=[pdf(), pdf()]).json()["errors"]) == {"letter"}
    many = {f"file{number}": pdf() for number in range(101)}
    assert upload(client, page, **many).status_code == 413
    assert not stored_files()


def test_file_that_is_required_is_asked_for(client: Client, blog: BlogIndexPage):
    page = make_form(blog, question("Letter", "file", required=True))

    assert set(send(client, page, {}).json()["errors"]) == {"letter"}


def test_what_a_program_sends_leaves_no_file(client: Client, blog: BlogIndexPage):
    page = make_form(blog, question("Letter", "file"))

    assert upload(client, page, letter=pdf(), website="x").status_code == 201
    assert not stored_files()


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_nothing_is_left_of_what_could_not_be_kept_whole(blog: BlogIndexPage, monkeypatch: pytest.MonkeyPatch):
    page = make_form(blog, question("Letter", "file"), question("Plate", "file"))
    client, create = Client(raise_request_exception=False), FormFile.objects.create

    def fail_at_the_second(**values: Any) -> FormFile:
        if FormFile.objects.exists():
            raise OSError("no room")
        return create(**values)

    monkeypatch.setattr(FormFile.objects, "create", fail_at_the_second)

    assert upload(client, page, letter=pdf(), plate=pdf()).status_code == 500
    assert not FormSubmission.objects.exists()
    assert not stored_files()
    assert not FileRemoval.objects.exists()


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
@pytest.mark.parametrize("delete", ["submission", "page"])
def test_files_go_with_what_they_were_sent_with(client: Client, blog: BlogIndexPage, delete: str):
    page = make_form(blog, question("Letter", "file"))
    upload(client, page, letter=pdf())
    assert len(stored_files()) == 1

    FormSubmission.objects.all().delete() if delete == "submission" else FormPage.objects.get().delete()

    assert not FormFile.objects.exists()
    assert not stored_files()
    assert not FileRemoval.objects.exists()


def test_json_of_the_form_holds_no_more_than_the_answers(client: Client, blog: BlogIndexPage):
    page = make_form(blog)
    send(client, page, {"your_name": "Ada", "website": ""})

    assert json.loads(json.dumps(FormSubmission.objects.get().form_data)) == {"your_name": "Ada", "message": ""}
