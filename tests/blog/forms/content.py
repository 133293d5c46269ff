"""Forms for tests, as an editor would have made them."""

from typing import Any

from blog.models import BlogIndexPage, FormField, FormPage


def question(label: str, field_type: str = "singleline", **values: Any) -> FormField:
    return FormField(**{"label": label, "field_type": field_type, "required": False} | values)


def make_form(blog: BlogIndexPage, *questions: FormField, **values: Any) -> FormPage:
    """A published form; by default with a name that is required, and a message."""
    questions = questions or (question("Your name", required=True), question("Message", "multiline"))
    defaults = {
        "title": "Write to us",
        "slug": "contact",
        "intro": "<p>We read <b>everything</b>.</p>",
        "thank_you_text": "<p>Thank you.</p>",
    }
    page = FormPage(**defaults | values)
    page.form_fields = list(questions)
    for number, one in enumerate(questions):
        one.sort_order = number
    blog.add_child(instance=page)
    return page
