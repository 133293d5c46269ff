from django.core.files.storage import Storage, storages
from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel
from wagtail.api import APIField
from wagtail.contrib.forms.models import (
    FORM_FIELD_CHOICES,
    AbstractEmailForm,
    AbstractFormField,
    FormSubmission,
)
from wagtail.contrib.forms.panels import FormSubmissionsPanel
from wagtail.fields import RichTextField

from blog.blocks.text import RICH_TEXT_FEATURES
from blog.models.content_page import ContentPage


class FormField(AbstractFormField):
    """A question of a form."""

    page = ParentalKey("blog.FormPage", on_delete=models.CASCADE, related_name="form_fields")
    field_type = models.CharField(
        verbose_name=_("field type"), max_length=16, choices=(*FORM_FIELD_CHOICES, ("file", _("File")))
    )


class FormPage(ContentPage, AbstractEmailForm):
    """A form: questions for visitors, and what they answered."""

    intro = RichTextField(_("introduction"), blank=True, features=RICH_TEXT_FEATURES)
    thank_you_text = RichTextField(
        _("thanks"), blank=True, features=RICH_TEXT_FEATURES, help_text=_("What a visitor reads after sending it.")
    )

    content_panels = [
        FormSubmissionsPanel(),
        *ContentPage.content_panels,
        FieldPanel("intro"),
        InlinePanel("form_fields", label=_("Question"), heading=_("Questions")),
        FieldPanel("thank_you_text"),
        MultiFieldPanel(
            [FieldRowPanel([FieldPanel("from_address"), FieldPanel("to_address")]), FieldPanel("subject")],
            heading=_("Tell somebody by e-mail"),
        ),
    ]
    api_fields = [
        *(APIField(name, writable=True) for name in ("intro", "thank_you_text")),
        *ContentPage.api_fields,
    ]

    parent_page_types = ["blog.BlogIndexPage", "blog.LandingPage"]
    subpage_types: list[str] = []
    template = "blog/form_page.html"
    landing_page_template = "blog/form_page_landing.html"

    class Meta:
        verbose_name = _("form")
        verbose_name_plural = _("forms")


def private_storage() -> Storage:
    """Where what visitors send is kept: never public."""
    return storages["originals"]


class FormFile(models.Model):
    """A file that a visitor sent with a form."""

    submission = models.ForeignKey(FormSubmission, on_delete=models.CASCADE, related_name="files")
    field_name = models.CharField(max_length=255)
    file = models.FileField(storage=private_storage, upload_to="forms/", max_length=255)
    filename = models.CharField(_("file name"), max_length=255)
    file_size = models.PositiveBigIntegerField(_("size"), help_text=_("In bytes"))
    mime_type = models.CharField(_("type"), max_length=255)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("file sent with a form")
        verbose_name_plural = _("files sent with forms")

    def __str__(self) -> str:
        return self.filename
