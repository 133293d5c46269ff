"""From the questions that an editor wrote to the form that visitors fill in."""

from typing import Any, TypedDict

from django import forms
from django.conf import settings
from django.core import signing
from django.core.exceptions import ValidationError
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.contrib.forms.forms import BaseForm, WagtailAdminFormPageForm
from wagtail.contrib.forms.forms import FormBuilder as StockFormBuilder

from blog.editorial.forms import EditorialPageForm, WrittenEditorialPageForm
from blog.forms import traps
from blog.forms.files import EXTENSIONS, SentFileField

LONGEST_TEXT = 20_000
"""Characters of an answer of several lines."""

LONGEST_LINE = 2_000
"""Characters of an answer that Wagtail gives no bounds, such as an address."""

CHOICES = {"dropdown", "radio", "checkboxes", "multiselect"}
SEVERAL = {"checkboxes", "multiselect"}


class Question(TypedDict):
    """A question of a form. ``type`` is one of Wagtail's (``singleline``, ``radio``, …), or ``file``.

    ``default`` is a list where several answers may be chosen, and true or false for a checkbox. ``max_length`` is in
    characters, null without bounds; ``accept`` holds endings of file names, as ``.pdf``.
    """

    name: str
    label: str
    type: str
    required: bool
    help_text: str
    choices: list[str]
    default: str | bool | list[str]
    max_length: int | None
    accept: list[str]


class VisitorForm(BaseForm):
    """A form with its traps (``blog/forms/traps.py``)."""

    @property
    def honeypot(self) -> str:
        return traps.honeypot_name(self.fields)

    @property
    def is_caught(self) -> bool:
        """Whether a program has filled it in: what people don't see, or sooner than people read."""
        return bool(self.data.get(self.honeypot)) or self._is_too_quick()

    @property
    def trap(self) -> SafeString:
        """The hidden fields, for templates."""
        return render_to_string(
            "blog/forms/trap.html",
            {"honeypot": self.honeypot, "token_name": traps.TOKEN, "token": traps.make_token(self.page.pk or 0)},
        )

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        token = self.data.get(traps.TOKEN)
        if token or settings.FORM_TOKEN_REQUIRED:
            try:
                traps.age_of(str(token or ""), self.page.pk)
            except signing.BadSignature as error:
                message = _("This form has been open for too long. Please send it again.")
                raise ValidationError(message, code="token_expired") from error
        return data

    def _is_too_quick(self) -> bool:
        token = self.data.get(traps.TOKEN)
        return bool(token) and traps.age_of(str(token), self.page.pk) < settings.FORM_MIN_SECONDS


class FormBuilder(StockFormBuilder):
    """Wagtail's, with files, and with bounds for every text."""

    def create_file_field(self, field: Any, options: dict[str, Any]) -> forms.Field:
        return SentFileField(**{name: value for name, value in options.items() if name != "initial"})

    def create_multiline_field(self, field: Any, options: dict[str, Any]) -> forms.Field:
        return super().create_multiline_field(field, options | {"max_length": LONGEST_TEXT})

    def create_url_field(self, field: Any, options: dict[str, Any]) -> forms.Field:
        return super().create_url_field(field, options | {"max_length": LONGEST_LINE})

    def create_hidden_field(self, field: Any, options: dict[str, Any]) -> forms.Field:
        return super().create_hidden_field(field, options | {"max_length": LONGEST_LINE})

    def create_multiselect_field(self, field: Any, options: dict[str, Any]) -> forms.Field:
        return super().create_multiselect_field(field, options | {"initial": self.get_formatted_field_initial(field)})

    def get_form_class(self) -> type[VisitorForm]:
        return type("VisitorForm", (VisitorForm,), self.formfields)

    def describe(self) -> list[Question]:
        """The questions for a front end, in their order."""
        built = self.formfields
        questions: list[Question] = []
        for field in self.fields:
            name = field.clean_name or field.get_field_clean_name()
            questions.append(
                {
                    "name": name,
                    "label": field.label,
                    "type": field.field_type,
                    "required": field.required,
                    "help_text": field.help_text,
                    "choices": [str(value) for value, _label in getattr(built[name], "choices", ())],
                    "default": self._default(field),
                    "max_length": None if field.field_type == "file" else getattr(built[name], "max_length", None),
                    "accept": [f".{ending}" for ending in EXTENSIONS] if field.field_type == "file" else [],
                }
            )
        return questions

    def _default(self, field: Any) -> str | bool | list[str]:
        if field.field_type == "checkbox":
            return bool(field.default_value)
        if field.field_type in SEVERAL:
            return [one for one in self.get_formatted_field_initial(field) if one]
        return "" if field.field_type == "file" else field.default_value


class QuestionsMixin:
    """Of an editor's form: questions that nobody could answer are refused."""

    instance: Any
    formsets: dict[str, Any]

    def clean(self) -> dict[str, Any]:
        data = super().clean()  # type: ignore[misc]
        files = 0
        for form in self.formsets["form_fields"].forms if "form_fields" in self.formsets else ():
            answers = getattr(form, "cleaned_data", {})
            if not answers or answers.get("DELETE"):
                continue
            if answers.get("field_type") in CHOICES and not answers.get("choices", "").strip(" ,\r\n"):
                form.add_error("choices", _("Write what can be chosen, each in a line of its own."))
            files += answers.get("field_type") == "file"
            if files == settings.FORM_MAX_FILES + 1 and answers.get("field_type") == "file":
                form.add_error("field_type", _too_many_files())
        return data


def _too_many_files() -> str:
    most = settings.FORM_MAX_FILES
    return ngettext("A form asks for one file at most.", "A form asks for %(most)s files at most.", most) % {
        "most": most
    }


class FormPageForm(QuestionsMixin, EditorialPageForm, WagtailAdminFormPageForm):
    """Of a form page, in the admin."""


class WrittenFormPageForm(QuestionsMixin, WrittenEditorialPageForm, WagtailAdminFormPageForm):
    """Of a form page, by API v3."""
