"""Somebody is told by e-mail of what was sent, by a worker, and no answer gets into the head of the letter."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from wagtail.contrib.forms.models import FormSubmission

from blog.forms.letters import tell_of_submission
from blog.models import BlogIndexPage
from blog.tasks import tell_of_submission_task
from tests.blog.forms.content import make_form, question

pytestmark = pytest.mark.django_db


def test_worker_is_told_after_commit(
    client: Client,
    blog: BlogIndexPage,
    django_capture_on_commit_callbacks: Callable,
    monkeypatch: pytest.MonkeyPatch,
):
    sent: list[int] = []
    monkeypatch.setattr(tell_of_submission_task, "delay", sent.append)
    page = make_form(blog, to_address="chief@example.org")

    with django_capture_on_commit_callbacks() as waiting:
        client.post(f"/api/v2/forms/{page.pk}/", {"your_name": "Ada"})
        assert not sent
    for callback in waiting:
        callback()

    assert sent == [FormSubmission.objects.get().pk]
    assert not mail.outbox


def test_letter_has_all_answers_and_is_answered_to_the_visitor(blog: BlogIndexPage):
    page = make_form(
        blog,
        question("Your name"),
        question("Mail", "email"),
        question("Topics", "checkboxes", choices="Sea\nLight"),
        question("Agreed", "checkbox"),
        question("Day", "date"),
        to_address="chief@example.org, desk@example.org",
        from_address="forms@example.org",
        subject="News",
    )
    answers: dict[str, Any] = {"your_name": "Ada\nBcc: x@example.org", "mail": "ada@example.org"}
    answers |= {"topics": ["Sea", "Light"], "agreed": True, "day": "2026-11-26"}
    submission = FormSubmission.objects.create(page=page, form_data=answers)

    tell_of_submission_task(submission.pk)

    letter = mail.outbox[0]
    assert (letter.subject, letter.from_email) == ("News", "forms@example.org")
    assert letter.to == ["chief@example.org", "desk@example.org"]
    assert letter.reply_to == ["ada@example.org"]
    assert letter.recipients() == letter.to
    for line in ("Your name: Ada", "Topics: Sea, Light", "Agreed: yes", "Day: 11/26/2026"):
        assert line in letter.body
    assert f"/admin/forms/submissions/{page.pk}/" in letter.body


def test_break_in_a_subject_begins_no_header(blog: BlogIndexPage):
    page = make_form(blog, to_address="chief@example.org", subject="News\r\nBcc: x@example.org")
    submission = FormSubmission.objects.create(page=page, form_data={})

    tell_of_submission(submission.pk)

    assert mail.outbox[0].subject == "News Bcc: x@example.org"
    assert mail.outbox[0].recipients() == ["chief@example.org"]


def test_submission_that_is_gone_is_told_to_nobody(blog: BlogIndexPage):
    tell_of_submission(12345)

    assert not mail.outbox
