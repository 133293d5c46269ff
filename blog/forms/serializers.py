from typing import Annotated, Any, TypedDict

from django.urls import reverse
from rest_framework.fields import Field
from wagtail.models import Page

from blog.forms.building import Question
from blog.forms.traps import honeypot_name
from media_library.api.library import library


class PublicForm(TypedDict):
    """A form for a front end that builds it. ``honeypot`` names a field that people must not see, and leave empty."""

    action: str
    method: str
    fields: list[Question]
    honeypot: str


class FormField(Field):
    """The form of a form page::

    {"action": "https://…/api/v2/forms/12/", "method": "POST", "fields": [{"name": "your_name", …}],
     "honeypot": "website"}
    """

    def __init__(self, **options: Any):
        super().__init__(read_only=True, **options)

    def to_representation(self, page: Page) -> Annotated[dict[str, Any], PublicForm]:
        return dict(represent_form(page))


def represent_form(page: Page) -> PublicForm:
    questions = page.describe_form()
    return {
        "action": library().absolute(reverse("api_form", args=[page.pk])) if page.pk else "",
        "method": "POST",
        "fields": questions,
        "honeypot": honeypot_name([one["name"] for one in questions]),
    }
