"""What is told by e-mail of what visitors send."""

from django.conf import settings
from django.core.mail import EmailMessage
from django.urls import reverse
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from wagtail.contrib.forms.models import FormSubmission


def tell_of_submission(submission_id: int) -> None:
    """Send one form that was sent to those whom its page names. Nothing, if either is gone.

    Raises what the mail server raises.
    """
    submission = FormSubmission.objects.filter(pk=submission_id).select_related("page").first()
    page = submission.page.specific if submission else None
    if page is None or not page.to_address:
        return
    fields = list(page.get_form_fields())
    lines = [f"{one.label}: {_written(submission.form_data.get(one.clean_name), one.field_type)}" for one in fields]
    answers = settings.WAGTAILADMIN_BASE_URL + reverse("wagtailforms:list_submissions", args=[page.pk])
    asked = [submission.form_data.get(one.clean_name) for one in fields if one.field_type == "email"]
    EmailMessage(
        # In a header, a line break would begin the next one.
        subject=_one_line(page.subject or page.title),
        body="\n".join([*lines, "", _("All answers, and files: %(address)s") % {"address": answers}]),
        from_email=_one_line(page.from_address) or None,
        to=[_one_line(address) for address in page.to_address.split(",") if address.strip()],
        reply_to=[_one_line(address) for address in asked[:1] if address],
        headers={"Auto-Submitted": "auto-generated"},
    ).send()


def _one_line(text: str) -> str:
    return " ".join(str(text).split())


def _written(value: object, kind: str) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value))
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if kind == "datetime" and (moment := parse_datetime(str(value))):
        return date_format(moment, "SHORT_DATETIME_FORMAT")
    if kind == "date" and (day := parse_date(str(value))):
        return date_format(day, "SHORT_DATE_FORMAT")
    return "" if value is None else str(value)
